"""What is said of findings that somebody accepted, and of the baseline."""

PHRASES: dict[str, tuple[str, str]] = {
    "ignore.baseline": ("in the baseline of {day}", "{day} のベースラインに含まれています"),
    "ignore.ended": (
        "was ignored until {day} ({reason}); that day has passed",
        "{day} まで無視する設定でしたが ({reason})、期限を過ぎました",
    ),
    "ignore.until": ("until {day}: {reason}", "{day} まで: {reason}"),
}

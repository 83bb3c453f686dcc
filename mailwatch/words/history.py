"""What the history adds to a report, and what history and diff print."""

PHRASES: dict[str, tuple[str, str]] = {
    "history.stored_on": ("from the figures stored on {day}", "{day} に保存された値"),
    "history.from_store": (
        "has no past; its figures are those that the run of {day} stored",
        "過去の値は取得できません。{day} の実行時に保存された値です",
    ),
    "history.since": ("since {day}", "{day} から"),
    "history.worse": ("worse than in the last run: was {before}", "前回より悪化 (前回: {before})"),
    "history.better": (
        "better than in the last run: was {before}",
        "前回より改善 (前回: {before})",
    ),
    "history.recovered": ("recovered", "回復"),
    "history.recovered_what": (
        "{title}, now {value} (was {before})",
        "{title}、現在 {value} (前回: {before})",
    ),
    "history.new": ("new", "新規"),
}

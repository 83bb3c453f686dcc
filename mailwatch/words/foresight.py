"""What early warning says."""

PHRASES: dict[str, tuple[str, str]] = {
    "forecast.trend": (
        "at this pace passes {limit} on {day} ({earliest} to {latest})",
        "このままでは {day} ({earliest}〜{latest}) に {limit} を超えます",
    ),
    "forecast.change": (
        "the last two days are past {limit}; it was {before} before",
        "直近 2 日間が {limit} を超えています (それまでは {before})",
    ),
}

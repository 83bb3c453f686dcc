"""What early warning and the backtest say."""

PHRASES: dict[str, tuple[str, str]] = {
    "forecast.trend": (
        "at this pace passes {limit} on {day} ({earliest} to {latest})",
        "このままでは {day} ごろ（{earliest} 〜 {latest}）に {limit} を超えます",
    ),
    "forecast.change": (
        "the last two days are past {limit}; it was {before} before",
        "直近 2 日間が {limit} を超えています (それまでは {before})",
    ),
    "related.same_days": (
        "worse since {day}, as on the same days: {checks}",
        "{day} から悪化。同じ日に悪化: {checks}",
    ),
    "backtest.nothing": (
        "No warning and no breach.",
        "警告も要対応もありません。",
    ),
    "backtest.lead": (
        "{whose}{day} the 7-day rate passed the limit, {days:day/days} after the first warning.",
        "{whose}{day} に 7 日間の率が基準を超えました（最初の警告の {days} 日後）。",
    ),
    "backtest.unannounced": (
        "{whose}{day} the 7-day rate passed the limit, without a warning before.",
        "{whose}{day} に 7 日間の率が基準を超えました（事前の警告なし）。",
    ),
    "backtest.false_alarms": (
        "False alarms: {rate} a year (a forecast with no breach in the 21 days after it).",
        "誤警報: 年 {rate} 回（予測から 21 日以内に基準を超えなかったもの）。",
    ),
}

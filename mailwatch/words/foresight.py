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
    "budget.bounces": (
        "{n:more bounce/more bounces} {when} reach {limit}",
        "{when}あと バウンス {n:,} 件で {limit} に達します",
    ),
    "budget.blocks": (
        "{n:more block/more blocks} {when} reach {limit}",
        "{when}あと ブロック {n:,} 件で {limit} に達します",
    ),
    "budget.spam_reports": (
        "{n:more spam report/more spam reports} {when} reach {limit}",
        "{when}あと 迷惑メール報告 {n:,} 件で {limit} に達します",
    ),
    "budget.drops": (
        "{n:more drop/more drops} {when} reach {limit}",
        "{when}あと ドロップ {n:,} 件で {limit} に達します",
    ),
    "budget.invalid": (
        "{n:more invalid address/more invalid addresses} {when} reach {limit}",
        "{when}あと 無効なアドレス {n:,} 件で {limit} に達します",
    ),
    "budget.not_delivered": (
        "{n:more message not delivered/more messages not delivered} {when} reach {limit}",
        "{when}あと 未配信 {n:,} 件で {limit} に達します",
    ),
    "budget.events": (
        "{n:more event/more events} {when} reach {limit}",
        "{when}あと イベント {n:,} 件で {limit} に達します",
    ),
    "budget.this_week": ("this week", "この 7 日間で"),
    "budget.these_days": ("in these {days:day/days}", "この {days} 日間で"),
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

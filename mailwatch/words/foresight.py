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
    "forecast.sudden": (
        "a sudden change since {day}: from {before} to {after} ({sure} % sure)",
        "{day} から急な変化: {before} → {after} (確度 {sure} %)",
    ),
    "forecast.first": (
        "the first since {days:clean day/clean days}, on {day}",
        "{days} 日間なかったものが {day} に初めて発生しました",
    ),
    "forecast.word": (
        "was {before} on {day}, now {now}",
        "{day} は {before}、現在は {now}",
    ),
    "budget.bounces": (
        "{n:more bounce/more bounces} {when} reach {limit}",
        "{when}バウンスがあと {n:,} 件で {limit} に達します",
    ),
    "budget.blocks": (
        "{n:more block/more blocks} {when} reach {limit}",
        "{when}ブロックがあと {n:,} 件で {limit} に達します",
    ),
    "budget.spam_reports": (
        "{n:more spam report/more spam reports} {when} reach {limit}",
        "{when}迷惑メール報告があと {n:,} 件で {limit} に達します",
    ),
    "budget.drops": (
        "{n:more drop/more drops} {when} reach {limit}",
        "{when}ドロップがあと {n:,} 件で {limit} に達します",
    ),
    "budget.invalid": (
        "{n:more invalid address/more invalid addresses} {when} reach {limit}",
        "{when}無効なアドレスがあと {n:,} 件で {limit} に達します",
    ),
    "budget.not_delivered": (
        "{n:more message not delivered/more messages not delivered} {when} reach {limit}",
        "{when}未配信があと {n:,} 件で {limit} に達します",
    ),
    "budget.events": (
        "{n:more event/more events} {when} reach {limit}",
        "{when}イベントがあと {n:,} 件で {limit} に達します",
    ),
    "budget.this_week": ("this week", "この 7 日間で"),
    "budget.these_days": ("in these {days:day/days}", "この {days} 日間で"),
    "related.same_days": (
        "worse since {day}, as on the same days: {checks}",
        "{day} から悪化。同じ日に悪化: {checks}",
    ),
    "whatif.send": (
        "If {n:message is/messages are} sent as all mail of one day, and {rate} of them bounce:",
        "{n:,} 通を 1 日の全送信として送り、バウンスが {rate} の場合:",
    ),
    "whatif.row": ("{before} → {after}", "{before} → {after}"),
    "whatif.within": (
        "the schedule allows it: {allowed:,} on the next sending day",
        "スケジュールの範囲内です: 次の送信日は {allowed:,} 通まで",
    ),
    "whatif.beyond": (
        "more than the schedule allows: {allowed:,} on the next sending day",
        "スケジュールを超えます: 次の送信日は {allowed:,} 通まで",
    ),
    "whatif.busiest": (
        "the busiest of the {days:day/days} known had {most:message/messages}",
        "把握している {days} 日間の最多は {most:,} 通です",
    ),
    "warmup.title": ("Warm-up", "ウォームアップ"),
    "warmup.plan": (
        "{target:,} messages a day after {days:sending day/sending days}, schedule {name}",
        "{days} 送信日で 1 日 {target:,} 通 (スケジュール: {name})",
    ),
    "warmup.addresses": (
        "{n:IP address/IP addresses} for that volume (SendGrid's table)",
        "この送信数に必要な IP アドレスは {n} 個 (SendGrid の表による)",
    ),
    "warmup.per_hour": (
        "at most {n:,} an hour from one IP address",
        "1 IP アドレスあたり毎時 {n:,} 通まで",
    ),
    "warmup.ends_below": (
        "The schedule ends below the target of {target:,} messages a day.",
        "スケジュールは目標の 1 日 {target:,} 通に届きません。",
    ),
    "warmup.sending_days": (
        "Days without mail do not count. After more than 30 of them it begins anew.",
        "送信しない日は数えません。30 日を超えて空くと最初からやり直しです。",
    ),
    "warmup.day": (
        "{sent:,} of {allowed:,}",
        "{allowed:,} 通中 {sent:,} 通",
    ),
    "warmup.no_mail": (
        "No mail was sent since {start}.",
        "{start} 以降、メールは送信されていません。",
    ),
    "warmup.continue": (
        "Go on: at most {n:,} on the next sending day (step {step}).",
        "続行: 次の送信日は {n:,} 通まで (段階 {step})。",
    ),
    "warmup.less": (
        "The schedule has {scheduled:,} for it, but the volume that was sent is behind the "
        "schedule.",
        "スケジュールでは {scheduled:,} 通ですが、実際の送信数がそれより遅れています。",
    ),
    "warmup.hold": (
        "Hold this step: at most {n:,} on the next sending day.",
        "この段階に留まってください: 次の送信日は {n:,} 通まで。",
    ),
    "warmup.over": (
        "The warm-up is over: {target:,} messages a day were reached.",
        "ウォームアップは完了です: 1 日 {target:,} 通に達しました。",
    ),
    "warmup.risen_bounces": (
        "bounces rose from {before} to {now} of the messages",
        "バウンスが送信数の {before} から {now} に増えました",
    ),
    "warmup.risen_blocks": (
        "blocks rose from {before} to {now} of the messages",
        "ブロックが送信数の {before} から {now} に増えました",
    ),
    "warmup.risen_deferred": (
        "deferrals rose from {before} to {now} of the messages",
        "遅延が送信数の {before} から {now} に増えました",
    ),
    "warmup.risen_together": (
        "deferrals and blocks together rose from {before} to {now} of the messages",
        "遅延とブロックの合計が送信数の {before} から {now} に増えました",
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

"""What the Postfix source says."""

PHRASES: dict[str, tuple[str, str]] = {
    "postfix.unreadable": ("{file} cannot be read: {why}.", "{file} を読み取れません: {why}。"),
    "postfix.damaged": ("it is damaged or incomplete", "ファイルが壊れているか途中で切れている"),
    "postfix.not_a_log": (
        "{file} is not a log: no line begins with a time stamp of syslog or of the journal.",
        "{file} はログではありません。syslog やジャーナルのタイムスタンプで始まる行がありません。",
    ),
    "postfix.out_of_time": (
        "There was not enough time to read all of {file}, so the newest mail is missing. Allow "
        "more time with --timeout.",
        "時間が足りず {file} を最後まで読めなかったため、新しいメールが含まれていません。"
        "--timeout を長くしてください。",
    ),
    "postfix.no_mail": (
        "The logs have no mail that Postfix sent to another machine.",
        "Postfix が他のマシンへ送ったメールがログにありません。",
    ),
    "postfix.only_today": (
        "The logs begin on {day}; the newest day that is over is {newest}.",
        "ログは {day} から始まっていますが、終了している最新の日は {newest} です。",
    ),
    "postfix.none_processed": (
        "No mail was sent to another machine in these days.",
        "この期間に他のマシンへ送ったメールがありません。",
    ),
    "postfix.none_delivered": (
        "No mail was delivered to another machine in these days.",
        "この期間に他のマシンへ配信されたメールがありません。",
    ),
    "postfix.from_before": (
        "{counted} is {numerator:,}, but only {denominator:,} were processed: the rest waited from "
        "days before. Count over more days with postfix.window_days.",
        "processed {denominator:,} に対し {counted} が {numerator:,} です。"
        "超過分は以前の日から待機していたメールです。postfix.window_days を長くしてください。",
    ),
    "postfix.days_missing": (
        "Days in the logs: {found} of {asked}.",
        "{asked} 日間のうち {found} 日分しかログにありません。",
    ),
    "postfix.day": (
        "{day}: processed {processed:,}, delivered {delivered:,}, deferred {deferred:,}, "
        "bounced {bounced:,}, expired {expired:,}.",
        "{day}: 処理 {processed:,}、配信 {delivered:,}、遅延 {deferred:,}、"
        "バウンス {bounced:,}、期限切れ {expired:,}。",
    ),
    "postfix.worst_domains": (
        "By recipient domain ({counted}/processed): {names}.",
        "宛先ドメイン別 ({counted}/processed): {names}。",
    ),
    "postfix.worst_domains_and_more": (
        "By recipient domain ({counted}/processed): {names}; {more:,} elsewhere.",
        "宛先ドメイン別 ({counted}/processed): {names}、その他 {more:,} 件。",
    ),
    "postfix.worst_relays": (
        "By relay ({counted}/processed): {names}.",
        "配送先サーバ別 ({counted}/processed): {names}。",
    ),
    "postfix.worst_relays_and_more": (
        "By relay ({counted}/processed): {names}; {more:,} elsewhere.",
        "配送先サーバ別 ({counted}/processed): {names}、その他 {more:,} 件。",
    ),
    "postfix.policy": (
        "{count:of the bounces was a refusal/of the bounces were refusals} for policy or "
        "reputation (5.7); SendGrid counts such as blocks.",
        "バウンスのうち {count:,} 件はポリシーやレピュテーションによる拒否 (5.7) です。"
        "SendGrid では block に数えられます。",
    ),
    "postfix.percentiles": (
        "Half of the mail arrived within {half} s, 95 % within {most} s, 99 % within "
        "{nearly_all} s; the slowest took {slowest} s.",
        "50 % が {half} 秒、95 % が {most} 秒、99 % が {nearly_all} 秒以内に届き、"
        "最長は {slowest} 秒でした。",
    ),
    "postfix.inside": (
        "{count:recipient was/recipients were} passed on within this machine (a mailbox, a "
        "program or a content filter), which is not counted.",
        "マシン内部での受け渡し (メールボックス、プログラム、コンテンツフィルタ) {count:,} 件は"
        "集計していません。",
    ),
    "postfix.notices": (
        "{count:notice to a sender/notices to senders} from Postfix itself (bounces, delays): not "
        "counted.",
        "Postfix 自身が送信者へ送った通知 (バウンス、遅延) {count:,} 件は集計していません。",
    ),
    "postfix.dropped": (
        "Too many recipients waited at the same time: {count:was/were} forgotten, and may have "
        "been counted twice.",
        "同時に待機中の宛先が多すぎたため {count:,} 件の記憶を破棄しました。"
        "二重に数えられている可能性があります。",
    ),
    "postfix.strange": (
        "{count:line/lines} of Postfix could not be read.",
        "読み取れない Postfix の行が {count:,} 行ありました。",
    ),
    "postfix.days_dropped": (
        "The logs have too many days; left out: the oldest {count:day/days}.",
        "ログの日数が多すぎるため、古い {count:,} 日分を除きました。",
    ),
    "postfix.copies": (
        "Left out: {count:log that is a copy/logs that are copies} of another one ({file}).",
        "他のログと同じ内容の {count:,} ファイルを除きました ({file})。",
    ),
    "postfix.two": ("{first} {second}", "{first}{second}"),
    "doctor.postfix_log": ("Postfix log {file}", "Postfix のログ {file}"),
    "doctor.postfix_empty": ("It is empty.", "空です。"),
    "doctor.postfix_begins": ("It begins on {day}.", "{day} から始まっています。"),
}

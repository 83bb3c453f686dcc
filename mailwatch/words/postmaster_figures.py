"""What the Postmaster source says of its figures."""

PHRASES: dict[str, tuple[str, str]] = {
    "postmaster.no_data": (
        "Gmail has no figures between {first} and {last}. It publishes none for days with too "
        "little mail to personal Gmail accounts, and they come one to three days late.",
        "{first}〜{last} の Gmail のデータがありません。個人の Gmail 宛の送信が少ない日は"
        "公開されず、公開も 1〜3 日遅れます。",
    ),
    "postmaster.no_reputation": (
        "Gmail has neither a verdict nor figures from which to derive the reputation.",
        "Gmail に判定がなく、レピュテーションを推定するためのデータもありません。",
    ),
    "postmaster.few_spam_days": (
        "Gmail has spam rates for only {days:day/days}; the reputation is derived from at least "
        "{least}.",
        "迷惑メール率が {days} 日分しかありません。レピュテーションの推定には {least} 日分以上が"
        "必要です。",
    ),
    "postmaster.spam_at_least": (
        "SPAM_RATE at or above {limit} on {found} of the last {days:day/days} with data: {listed}",
        "データのある直近 {days} 日間のうち {found} 日で SPAM_RATE が {limit} 以上: {listed}",
    ),
    "postmaster.spam_below": (
        "SPAM_RATE below {limit} on {found} of the last {days:day/days} with data: {listed}",
        "データのある直近 {days} 日間のうち {found} 日で SPAM_RATE が {limit} 未満: {listed}",
    ),
    "postmaster.verdict_unclear": (
        "Google's verdict ({verdict}) says nothing about reputation, and there are no figures from "
        "which to derive it.",
        "Google の判定 ({verdict}) からはレピュテーションが分からず、"
        "推定するためのデータもありません。",
    ),
    "postmaster.no_compliance": (
        "Gmail has no compliance status for the domain yet.",
        "このドメインのコンプライアンス状況はまだありません。",
    ),
    "postmaster.only_parent": (
        "Gmail has a compliance status for {domain} only, not for this subdomain.",
        "コンプライアンス状況は {domain} のもののみで、このサブドメイン単独のものはありません。",
    ),
    "postmaster.compliance_no_past": (
        "Google gives only the current compliance status, not that of a past day.",
        "コンプライアンス状況は現在のものしか取得できません (過去の日付は不可)。",
    ),
    "postmaster.unspecified": (
        "Google does not say whether this requirement is met.",
        "この要件を満たしているかどうかを Google が示していません。",
    ),
    "postmaster.unknown_word": (
        "Google answered {word}, a status that mailwatch does not know. Check whether there is a "
        "newer version of mailwatch.",
        "Google が未知のステータス {word} を返しました。"
        "mailwatch に新しいバージョンがないか確認してください。",
    ),
    "postmaster.unknown_requirement": (
        "Google answered {status} for {word}, a requirement that mailwatch does not know. Check "
        "whether there is a newer version of mailwatch.",
        "Google が未知の要件 {word} について {status} を返しました。"
        "mailwatch に新しいバージョンがないか確認してください。",
    ),
    "postmaster.no_ip_reputation": (
        "API v1 has no reputation of the domain's IP addresses on these days.",
        "この期間について、API v1 に IP アドレスのレピュテーションがありません。",
    ),
    "postmaster.without_evidence": (
        "Feedback loops, message counts or older days are missing: {what}",
        "フィードバックループ、件数、過去の日付のいずれかのデータがありません: {what}",
    ),
    "postmaster.older_days": (
        "{days:day/days} with data before ({first} to {last}): median {median}, highest {highest} "
        "on {day}",
        "それ以前のデータ {days} 日分 ({first}〜{last}): 中央値 {median}、最大 {highest} ({day})",
    ),
    "postmaster.first_rejection": (
        "first on {day}, after {before:day/days} without; on {found} of the last {days:day/days} "
        "with data",
        "{day} に初めて発生 (それまで {before} 日間は 0)。データのある直近 {days} 日間のうち "
        "{found} 日で発生",
    ),
    "postmaster.rejected_since": (
        "since {day} or before; on {found} of the last {days:day/days} with data",
        "{day} 以前から発生。データのある直近 {days} 日間のうち {found} 日で発生",
    ),
    "postmaster.rejected_messages": (
        "{n:message/messages} on these days",
        "該当日の合計は {n} 通",
    ),
    "postmaster.worst_loops": (
        "the {named} worst of {n} identifiers are listed",
        "{n} 個の識別子のうち、値の悪い {named} 個を表示",
    ),
    "postmaster.volume_low": (
        "Google has no verdict: not enough outgoing mail (MESSAGE_VOLUME_LOW).",
        "送信数が少ないため、Google の判定がありません (MESSAGE_VOLUME_LOW)。",
    ),
    "postmaster.reason": ("{word}: {meaning}", "{word}: {meaning}"),
    "postmaster.not_honoring": (
        "requests to unsubscribe are not honoured",
        "配信停止の申請が反映されていません",
    ),
    "postmaster.too_few_campaigns": (
        "requests to unsubscribe end too few of the campaigns",
        "配信停止の申請で停止されるキャンペーンが少なすぎます",
    ),
    "postmaster.too_many_campaigns": (
        "requests to unsubscribe end too many of the campaigns",
        "配信停止の申請で停止されるキャンペーンが多すぎます",
    ),
    "postmaster.no_unsub_general": (
        "most of the messages have no one-click unsubscribe",
        "大半のメールにワンクリック解除がありません",
    ),
    "postmaster.no_unsub_spam_reports": (
        "most of the messages that were reported as spam have no one-click unsubscribe",
        "迷惑メールと報告されたメールの大半にワンクリック解除がありません",
    ),
    "postmaster.no_unsub_promo": (
        "most of the promotional messages that were reported as spam have no one-click unsubscribe",
        "迷惑メールと報告されたプロモーションメールの大半にワンクリック解除がありません",
    ),
    "postmaster.feedback_low": (
        "users do not take action on the messages",
        "受信者がメールに反応していません",
    ),
    "postmaster.smtp_errors_high": (
        "many messages have delivery errors",
        "配信エラーになったメールが多くあります",
    ),
    "postmaster.sender_not_compliant": (
        "the domain does not meet the sender requirements",
        "送信者要件を満たしていません",
    ),
    "postmaster.spam_rate_high": (
        "the spam rate is above 0.1 %",
        "迷惑メール率が 0.1 % を超えています",
    ),
    "postmaster.feedback_negative": (
        "users do not want to receive the messages",
        "受信者がメールを望んでいません",
    ),
}

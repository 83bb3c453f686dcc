"""What the SendGrid source says."""

PHRASES: dict[str, tuple[str, str]] = {
    "sendgrid.no_key": (
        "No API key: {what}. Set it there, or name another place with sendgrid.api_key in "
        "mailwatch.yaml.",
        "API キーがありません({what})。値を設定するか、mailwatch.yaml の sendgrid.api_key で"
        "別の場所を指定してください。",
    ),
    "sendgrid.wrong_key": (
        "SendGrid does not accept the API key (401): it is wrong, expired or revoked. "
        "Create a new one under Settings, API Keys.",
        "SendGrid が API キーを拒否しました(401)。キーが誤っているか、失効しています。"
        "Settings の API Keys で作り直してください。",
    ),
    "sendgrid.address": (
        "SendGrid does not accept calls from this machine's IP address (403). Add it under "
        "Settings, IP Access Management, or run from an address that is listed.",
        "SendGrid がこのマシンの IP アドレスからの呼び出しを拒否しました(403)。"
        "Settings の IP Access Management に追加するか、許可済みのアドレスから実行してください。",
    ),
    "sendgrid.scope": (
        "The API key may not read this (403). Give it the scope {scope}; if it has it, the "
        "account's plan does not include the feature.",
        "API キーに読み取り権限がありません(403)。スコープ {scope} を付与してください。"
        "付与済みの場合、契約プランにその機能が含まれていません。",
    ),
    "sendgrid.no_days": (
        "SendGrid answered without a single day between {first} and {last}.",
        "SendGrid の応答に {first} から {last} までのデータが 1 日もありませんでした。",
    ),
    "sendgrid.no_mail": (
        "No mail in the last {days:day/days}.",
        "直近 {days} 日間に送信がありません。",
    ),
    "sendgrid.days_missing": (
        "Only {found} of {asked} days have data.",
        "{asked} 日間のうち {found} 日分のデータしかありません。",
    ),
    "sendgrid.zone_unknown": (
        "The account's time zone is not set (sendgrid.timezone), so the newest day taken is one "
        "that is over everywhere.",
        "アカウントのタイムゾーン(sendgrid.timezone)が未設定のため、"
        "世界中で終了している最新の日までを集計しています。",
    ),
    "sendgrid.reputation_no_past": (
        "SendGrid tells the reputation of this moment only, not of a past day.",
        "SendGrid のレピュテーションは現在の値しか取得できません(過去の日付は不可)。",
    ),
    "sendgrid.growth_since": (
        "The busiest of the 30 days before was {day} with {volume:message/messages}.",
        "直前 30 日間で最も多かった日は {day} の {volume:,} 通です。",
    ),
    "sendgrid.growth_from_nothing": (
        "No mail in the 30 days before; held against the {step:message/messages} that SendGrid's "
        "warm-up schedule starts with.",
        "直前 30 日間に送信がないため、"
        "SendGrid のウォームアップ計画の初日 {step} 通と比較しています。",
    ),
}

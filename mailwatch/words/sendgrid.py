"""What the SendGrid source says."""

PHRASES: dict[str, tuple[str, str]] = {
    "sendgrid.no_key": (
        "No API key: {what}. Set it there, or point sendgrid.api_key in mailwatch.yaml to "
        "another place.",
        "API キーがありません ({what})。値を設定するか、mailwatch.yaml の sendgrid.api_key で"
        "別の場所を指定してください。",
    ),
    "sendgrid.wrong_key": (
        "SendGrid does not accept the API key (401): it is wrong, expired or revoked. "
        "Create a new one under Settings, API Keys.",
        "SendGrid が API キーを拒否しました (401)。キーが誤っているか、失効しています。"
        "Settings の API Keys で作り直してください。",
    ),
    "sendgrid.address": (
        "SendGrid does not accept calls from this machine's IP address (403). Add it under "
        "Settings, IP Access Management, or run mailwatch from an address that is listed there.",
        "SendGrid がこのマシンの IP アドレスからの呼び出しを拒否しました (403)。"
        "Settings の IP Access Management に追加するか、許可済みのアドレスから実行してください。",
    ),
    "sendgrid.forbidden": (
        "SendGrid refuses the API key (403). Check in the SendGrid console that the key is active.",
        "SendGrid が API キーを拒否しました(403)。"
        "SendGrid コンソールでキーが有効か確認してください。",
    ),
    "sendgrid.scope": (
        "The API key is not allowed to read this (403). Give it the scope {scope}; if it already "
        "has it, the account's plan does not include this feature.",
        "API キーに読み取り権限がありません (403)。スコープ {scope} を付与してください。"
        "付与済みの場合、契約プランにその機能が含まれていません。",
    ),
    "sendgrid.no_days": (
        "SendGrid's answer has no data for any day between {first} and {last}.",
        "SendGrid の応答に {first}〜{last} のデータが 1 日もありませんでした。",
    ),
    "sendgrid.no_mail": (
        "No mail in the last {days:day/days}.",
        "直近 {days} 日間に送信がありません。",
    ),
    "sendgrid.days_missing": (
        "Only {found} of {asked} days have data.",
        "{asked} 日間のうち {found} 日分のデータしかありません。",
    ),
    "sendgrid.counts_missing": (
        "SendGrid's answer does not have these counts on {days:day/days}: {names}. "
        "Such a day is left out of the figures that need them; it does not count as 0.",
        "SendGrid の応答の {days} 日分に次の件数がありません: {names}。"
        "その日は 0 とはみなさず、この件数を使う指標の集計から除いています。",
    ),
    "sendgrid.day_twice": (
        "SendGrid's answer has {day} twice, with different counts, so none of its statistics were "
        "used. Try again later; if it stays, ask SendGrid's support.",
        "SendGrid の応答に {day} が 2 回あり、件数が異なるため、統計を使用していません。"
        "時間をおいて再実行し、続く場合は SendGrid のサポートに問い合わせてください。",
    ),
    "sendgrid.contradiction": (
        "The counts contradict each other: {counted} is {numerator:,}, but {of} is only "
        "{denominator:,}.",
        "件数が互いに矛盾しています ({of} {denominator:,} に対し {counted} が {numerator:,})。",
    ),
    "sendgrid.negative_days": (
        "On {days:day/days}, most recently {day}, more messages were processed than requested "
        "(SendGrid counts an event on the day it happens). Such a day is shown with 0 drops; "
        "in the total its surplus is subtracted from the drops of the other days.",
        "processed が requests を上回る日が {days} 日あります (直近は {day})。"
        "イベントは発生日に計上されるためです。該当日のドロップ数は 0 と表示し、"
        "期間合計では超過分を他の日のドロップ数から差し引いています。",
    ),
    "sendgrid.negative_window": (
        "Over the whole window {excess:more message was/more messages were} processed than "
        "requested, so the drops are taken as 0.",
        "期間全体で processed が requests を {excess:,} 通上回るため、"
        "ドロップ数を 0 としています。",
    ),
    "sendgrid.zone_unknown": (
        "The account's time zone is not set (sendgrid.timezone), so the newest day used is one "
        "that has ended everywhere on Earth.",
        "アカウントのタイムゾーン (sendgrid.timezone) が未設定のため、"
        "世界中で終了している最新の日までを集計しています。",
    ),
    "sendgrid.reputation_no_past": (
        "SendGrid gives only the current reputation, not that of a past day.",
        "SendGrid のレピュテーションは現在の値しか取得できません (過去の日付は不可)。",
    ),
    "sendgrid.growth_since": (
        "The busiest of the 30 days before was {day} with {volume:message/messages}.",
        "直前 30 日間で最も多かった日は {day} の {volume:,} 通です。",
    ),
    "sendgrid.growth_from_nothing": (
        "No mail in the 30 days before, so the newest day is compared with the "
        "{step:message/messages} of the first step of SendGrid's warm-up schedule.",
        "直前 30 日間に送信がないため、"
        "SendGrid のウォームアップ計画の初日 {step} 通と比較しています。",
    ),
    "sendgrid.usual_weekday": (
        "{volume:message/messages}; usual on this weekday: {usual:,} (median of four weeks).",
        "{volume:,} 通。同じ曜日の通常は {usual:,} 通 (4 週間の中央値)。",
    ),
    "sendgrid.eu_key": (
        "The subuser {name} is in SendGrid's EU region, where only its own API key can read. "
        "Give the key under sendgrid.eu_subusers.",
        "サブユーザー {name} は SendGrid の EU リージョンにあり、本人の API キーでしか"
        "読み取れません。sendgrid.eu_subusers にキーを指定してください。",
    ),
    "sendgrid.no_such_subuser": (
        "The account has no active subuser {name}. Correct sendgrid.subusers.",
        "有効なサブユーザー {name} がアカウントにありません。"
        "sendgrid.subusers を修正してください。",
    ),
    "sendgrid.subusers_cut": (
        "The account has more subusers: only the first {most:,} of the list were measured. Name "
        "the others under sendgrid.subusers.",
        "サブユーザーはさらにあります。一覧の先頭 {most:,} 件だけを測定しました。"
        "ほかは sendgrid.subusers に指定してください。",
    ),
    "sendgrid.bounced_at": (
        "{rows:address/addresses} bounced hard; {domains}",
        "ハードバウンスした宛先は {rows:,} 件 ({domains})",
    ),
    "sendgrid.blocked_at": (
        "{rows:address/addresses} blocked; {domains}",
        "ブロックされた宛先は {rows:,} 件 ({domains})",
    ),
    "sendgrid.invalid_at": (
        "{rows:invalid address/invalid addresses}; {domains}",
        "無効なアドレスは {rows:,} 件 ({domains})",
    ),
    "sendgrid.reported_at": (
        "{rows:address/addresses} reported spam; {domains}",
        "迷惑メールを報告した宛先は {rows:,} 件 ({domains})",
    ),
    "sendgrid.list_cut": (
        "The list is longer: only the newest {most:row/rows} were counted.",
        "リストはさらに長く、新しい方から {most:,} 行だけを数えています。",
    ),
    "sendgrid.list_unfinished": (
        "Incomplete: the list could not be read to its end, only {rows:row/rows} of it.",
        "一部のみ: リストを最後まで読み取れず、{rows:,} 行だけを数えています。",
    ),
    "sendgrid.classified": (
        "SendGrid's classification: {classes}",
        "SendGrid による分類: {classes}",
    ),
    "sendgrid.not_classified": (
        "SendGrid's classification of bounces is unavailable.",
        "SendGrid によるバウンスの分類は取得できません。",
    ),
    "sendgrid.groups_left_out": (
        "Without {bounces:bounce/bounces} at {groups}; the denominator is still all mail, "
        "since SendGrid does not count processed mail by recipient domain.",
        "{groups} のバウンス {bounces:,} 件を除いています。SendGrid は宛先ドメイン別の"
        "処理数を出さないため、分母は全体のままです。",
    ),
    "sendgrid.plan_used": (
        "{used:email/emails} since {since}; at {a_day:,} a day until {until}.",
        "{since} から {used:,} 通。1 日 {a_day:,} 通で {until} まで続くとした見込みです。",
    ),
    "sendgrid.plan_no_past": (
        "SendGrid gives only the plan's current use, not that of a past day.",
        "SendGrid の契約プランの使用量は現在の値しか取得できません (過去の日付は不可)。",
    ),
    "sendgrid.warmup_day": (
        "Sending day {step} of the warm-up: the published schedule has {allowed:message/messages}.",
        "ウォームアップの送信 {step} 日目。公開されている計画では {allowed:,} 通です。",
    ),
    "sendgrid.warmup_resistance": (
        "Deferrals and blocks: {recent} on the newest two sending days, {earlier} before.",
        "遅延とブロックは直近 2 送信日で {recent}、それ以前は {earlier} です。",
    ),
    "sendgrid.warmup_no_mail": (
        "No mail since {start}, the configured start of the warm-up (sendgrid.warmup_start).",
        "ウォームアップの開始日 {start} (sendgrid.warmup_start) 以降に送信がありません。",
    ),
    "sendgrid.notes": ("{first} {second}", "{first}{second}"),
    "sendgrid.settings_not_asked": (
        "Some settings were not looked at, since the API key does not have the scopes for them. "
        "To have them checked, add: {names}.",
        "API キーにスコープがないため、確認していない設定があります。"
        "確認するには次のスコープを追加してください: {names}。",
    ),
    "sendgrid.not_offered": (
        "SendGrid has no such endpoint for this account (404, {path}): its plan may not include "
        "the feature.",
        "このアカウントには該当するエンドポイントがありません (404、{path})。"
        "契約プランにその機能が含まれていない可能性があります。",
    ),
    "sendgrid.not_on_plan": (
        "SendGrid refuses this (403) although the API key has the scope {scope}: the account's "
        "plan does not include the feature.",
        "API キーにスコープ {scope} がありますが、SendGrid に拒否されました (403)。"
        "契約プランにこの機能が含まれていません。",
    ),
    "sendgrid.too_many_rows": (
        "The account has more entries than one run reads, and the domain is not among those.",
        "アカウントの登録数が 1 回の実行で読む上限を超えており、"
        "読んだ範囲にこのドメインがありません。",
    ),
    "sendgrid.selector": (
        "selector of SendGrid's domain authentication",
        "SendGrid の Domain Authentication のセレクタ",
    ),
    "sendgrid.sender": (
        "from SendGrid's domain authentication",
        "SendGrid の Domain Authentication による",
    ),
    "sendgrid.settings_row": (
        "SendGrid lists it as {domain} (id {number}).",
        "SendGrid では {domain} (id {number}) として登録されています。",
    ),
    "sendgrid.record_missing": (
        "{name} has no {rdtype} record; SendGrid expects {value}.",
        "{name} に {rdtype} レコードがありません。SendGrid が求める値は {value} です。",
    ),
    "sendgrid.record_differs": (
        "{name} {rdtype} is {found}; SendGrid expects {value}.",
        "{name} の {rdtype} レコードは {found} ですが、SendGrid が求める値は {value} です。",
    ),
    "sendgrid.addresses_allowed": (
        "{count:address or range is/addresses or ranges are} allowed.",
        "許可されている IP アドレスまたは範囲は {count} 件です。",
    ),
    "sendgrid.events_missing": (
        "Not delivered by any webhook: {names}.",
        "どの Webhook でも通知されないイベント: {names}。",
    ),
    "sendgrid.webhook_at": (
        "The webhook to {place}.",
        "{place} への Webhook です。",
    ),
    "sendgrid.allowed_domain": (
        "The whole domain {domain} is on the list.",
        "ドメイン {domain} 全体が許可リストにあります。",
    ),
    "sendgrid.allowed_addresses": (
        "{count:single address/single addresses} at {domain} on the list.",
        "{domain} の個別アドレス {count} 件が許可リストにあります。",
    ),
    "sendgrid.own_domains_unknown": (
        "The list has other domains than the configured ones, and which domains the account has "
        "authenticated is not known.",
        "許可リストに設定ファイル以外のドメインがありますが、"
        "アカウントの認証済みドメインが不明なため判定できません。",
    ),
    "sendgrid.and_others": ("and {count} more", "他 {count} 件"),
    "sendgrid.dedicated_ips": (
        "{count:dedicated IP address/dedicated IP addresses}.",
        "固定 IP アドレスは {count} 件です。",
    ),
    "sendgrid.warming": ("{ip} is in warm-up.", "{ip} はウォームアップ中です。"),
    "sendgrid.warming_since": (
        "{ip} is in warm-up since {began}, day {day}.",
        "{ip} は {began} からウォームアップ中です ({day} 日目)。",
    ),
    "sendgrid.reverse_missing": (
        "{ip} has no reverse DNS at SendGrid.",
        "{ip} の逆引きが SendGrid に設定されていません。",
    ),
    "sendgrid.reverse_invalid": (
        "{ip}: SendGrid's last validation of its reverse DNS failed.",
        "{ip} の逆引きは、SendGrid の最後の検証で失敗しています。",
    ),
    "sendgrid.scopes_beyond": (
        "Not needed for monitoring: {names}.",
        "監視に不要なスコープ: {names}。",
    ),
    "sendgrid.both_kinds": (
        "Categories of both kinds: {marketing}, {transactional}.",
        "両方の種類のカテゴリがあります: {marketing}、{transactional}。",
    ),
    "sendgrid.settings_no_past": (
        "Settings are of this moment, so they were not looked at for a past day.",
        "設定は現在の値しか取得できないため、過去の日付では確認していません。",
    ),
    "sendgrid.not_revalidated": (
        "The domains were not validated again: {why}",
        "ドメインを再検証できませんでした: {why}",
    ),
}

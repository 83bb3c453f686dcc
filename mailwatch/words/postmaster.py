"""What the Postmaster source says."""

PHRASES: dict[str, tuple[str, str]] = {
    "postmaster.not_named": (
        "No Google credentials. Give the path of a token file in GOOGLE_APPLICATION_CREDENTIALS, "
        "or in postmaster.credentials in mailwatch.yaml.",
        "Google の認証情報がありません。GOOGLE_APPLICATION_CREDENTIALS か、mailwatch.yaml の "
        "postmaster.credentials でトークンファイルを指定してください。",
    ),
    "postmaster.unreadable": (
        "The Google credentials could not be read: {what}. Fix this, or change "
        "postmaster.credentials.",
        "Google の認証情報を読めません ({what})。修正するか、postmaster.credentials を"
        "変更してください。",
    ),
    "postmaster.not_json": (
        "The Google credentials are not a JSON object. Use the token file that was written when "
        "you gave consent, or a service account's key file.",
        "Google の認証情報が JSON オブジェクトではありません。"
        "同意時に作成されたトークンファイルか、サービスアカウントの鍵ファイルを指定してください。",
    ),
    "postmaster.client_file": (
        "This file describes an OAuth client and contains no token. Use it to give consent once in "
        "a browser, then use the token file that this writes.",
        "これは OAuth クライアントのファイルで、トークンではありません。このクライアントで"
        "一度ブラウザから同意し、作成されたトークンファイルを指定してください。",
    ),
    "postmaster.other_file": (
        "These Google credentials are neither a person's token (with a refresh_token) nor a "
        "service account's key.",
        "この Google 認証情報は、ユーザーのトークン (refresh_token を含むもの) でも"
        "サービスアカウントの鍵でもありません。",
    ),
    "postmaster.fields_missing": (
        "The Google credentials do not contain {names}. Create the file again.",
        "Google の認証情報に {names} がありません。ファイルを作り直してください。",
    ),
    "postmaster.token_uri": (
        "The Google credentials say to get a token from {host}. That is not "
        "googleapis.com over https, so they were not sent there. Check that the file is from "
        "Google.",
        "Google の認証情報に書かれたトークン取得先 {host} が https の googleapis.com ではないため、"
        "認証情報を送信していません。Google から取得したファイルか確認してください。",
    ),
    "postmaster.no_subject": (
        "A service account has no domains of its own. Set postmaster.subject to the user it acts "
        "for, and delegate the scope to it in the Workspace admin console.",
        "サービスアカウント単独では何も参照できません。postmaster.subject で代理対象の"
        "ユーザーを指定し、Workspace 管理コンソールでスコープを委任してください。",
    ),
    "postmaster.bad_key": (
        "The service account's private key cannot be read. Download the key file again.",
        "サービスアカウントの秘密鍵を読み取れません。鍵ファイルをダウンロードし直してください。",
    ),
    "postmaster.revoked": (
        "Google no longer accepts the token (invalid_grant): it was revoked or has expired. Give "
        "consent again. While the consent screen is in Testing, every token expires after 7 days: "
        "set it to Internal or In production.",
        "Google がトークンを受け付けません (invalid_grant)。取り消されたか期限切れです。"
        "再度同意してください。同意画面が「テスト」の間はトークンが 7 日で失効するため、"
        "「内部」または「本番環境」にしてください。",
    ),
    "postmaster.wrong_client": (
        "Google does not know the OAuth client of the token (invalid_client): it was deleted, or "
        "its secret was replaced. Create a client and give consent again.",
        "トークンの OAuth クライアントが Google に認識されません (invalid_client)。"
        "クライアントが削除されたか、シークレットが変更されています。"
        "クライアントを作り直し、再度同意してください。",
    ),
    "postmaster.not_delegated": (
        "Google does not grant the scope to these credentials. Delegate {scope} to the service "
        "account in the Workspace admin console, or give consent again.",
        "この認証情報にスコープが許可されていません。Workspace 管理コンソールで {scope} を"
        "サービスアカウントに委任するか、再度同意してください。",
    ),
    "postmaster.token_refused": (
        "Google did not give an access token ({reason}). Try again later, or give consent again.",
        "Google からアクセストークンを取得できません ({reason})。時間をおいて再実行するか、"
        "再度同意してください。",
    ),
    "postmaster.unauthorized": (
        "Google does not accept the access token that it gave (401). Check that this machine's "
        "clock is right; if it is, give consent again.",
        "Google が発行したアクセストークンが拒否されました (401)。このマシンの時刻を確認し、"
        "正しければ再度同意してください。",
    ),
    "postmaster.disabled": (
        "The Gmail Postmaster Tools API is not enabled in the Google Cloud project of these "
        "credentials. Enable it: {where}",
        "この認証情報の Google Cloud プロジェクトで Gmail Postmaster Tools API が無効です。"
        "有効にしてください: {where}",
    ),
    "postmaster.scope": (
        "The token does not have the scope {scope}. Give consent again with that scope; the one "
        "for API v1 does not work for v2.",
        "トークンにスコープ {scope} がありません。このスコープで再度同意してください"
        "(API v1 用のスコープでは v2 を利用できません)。",
    ),
    "postmaster.not_shared": (
        "The domain is not shared with this Google account. Add and verify it in Postmaster Tools, "
        "or ask its owner to add the account under Manage users.",
        "このドメインは Google アカウントに共有されていません。Postmaster Tools で追加して"
        "所有権を確認するか、所有者に「ユーザーを管理」で追加してもらってください。",
    ),
    "postmaster.shut_down": (
        "Google has shut down this version of the Postmaster Tools API. Update mailwatch.",
        "このバージョンの Postmaster Tools API は Google により提供が終了しました。"
        "mailwatch を更新してください。",
    ),
    "postmaster.endless_pages": (
        "Google's answer has more than {n:page/pages}, so mailwatch stopped reading it. "
        "Try again later.",
        "Google の応答が {n} ページを超えても終わらないため、読み込みを中止しました。"
        "時間をおいて再実行してください。",
    ),
    "postmaster.repeated_page": (
        "Google's answer points back to a page that was already read, so mailwatch stopped "
        "reading it. Try again later.",
        "Google の応答が読み込み済みのページに戻るため、読み込みを中止しました。"
        "時間をおいて再実行してください。",
    ),
    "postmaster.malformed": (
        "Google's answer does not match the documentation of its API. Check postmaster.endpoint, "
        "and whether there is a newer version of mailwatch.",
        "Google の応答が API の仕様と異なります。postmaster.endpoint の設定と、"
        "mailwatch に新しいバージョンがないかを確認してください。",
    ),
    "postmaster.rows_broken": (
        "{rows:row/rows} of Google's statistics could not be used, the first in {metric}: "
        "{reason}. Such a day is left out; the other days and figures are used as they are.",
        "Google の統計のうち {rows} 行を使用できません (最初は {metric}: {reason})。"
        "該当日は集計から除き、他の日と指標はそのまま使用しています。",
    ),
    "postmaster.row_date": (
        "the row has no valid date",
        "日付が正しくありません",
    ),
    "postmaster.row_rate": (
        "the value for {day} is not a rate from 0 to 1",
        "{day} の値が 0〜1 の割合ではありません",
    ),
    "postmaster.row_twice": (
        "{day} is listed twice, with different values",
        "{day} の値が複数あり、一致しません",
    ),
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
    "postmaster.v1_shut_down": (
        "Google has shut down API v1 for this account. Remove legacy_v1 from the configuration.",
        "このアカウントでは API v1 の提供が終了しています。設定から legacy_v1 を削除してください。",
    ),
    "postmaster.v1_scope": (
        "API v1 needs the scope {scope} too. Give consent again with legacy_v1: true in the "
        "configuration, or remove legacy_v1.",
        "API v1 にはスコープ {scope} も必要です。設定に legacy_v1: true がある状態で"
        "再度同意するか、legacy_v1 を削除してください。",
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

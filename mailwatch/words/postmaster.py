"""What the Postmaster source says of credentials and refusals."""

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
        "This file describes an OAuth client and contains no token. Give consent with it once: "
        "mailwatch login google --client FILE. Then use the token file that this writes.",
        "これは OAuth クライアントのファイルで、トークンではありません。mailwatch login google "
        "--client FILE で一度同意し、作成されたトークンファイルを指定してください。",
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
        "for, and give it domain-wide delegation of the scope in the Workspace admin console.",
        "サービスアカウント単独では何も参照できません。postmaster.subject で代理対象の"
        "ユーザーを指定し、Workspace 管理コンソールの「ドメイン全体の委任」でスコープを"
        "許可してください。",
    ),
    "postmaster.bad_key": (
        "The service account's private key cannot be read. Download the key file again.",
        "サービスアカウントの秘密鍵を読み取れません。鍵ファイルをダウンロードし直してください。",
    ),
    "postmaster.revoked": (
        "Google no longer accepts the token (invalid_grant): it was revoked or has expired. Give "
        "consent again (mailwatch login google). While the consent screen is in Testing, every "
        "token expires after 7 days: set it to Internal or In production.",
        "Google がトークンを受け付けません (invalid_grant)。取り消されたか期限切れです。"
        "再度同意してください (mailwatch login google)。"
        "同意画面が「テスト」の間はトークンが 7 日で失効するため、"
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
        "Google does not grant the scope to these credentials. A service account needs domain-wide "
        "delegation of {scope} in the Workspace admin console; a person gives consent again.",
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
    "postmaster.not_impersonated": (
        "Google does not let the service account act for postmaster.subject (invalid_grant). Check "
        "that the subject is a user of your Workspace, that the key still exists, and that this "
        "machine's clock is right; domain-wide delegation has to list {scope}.",
        "サービスアカウントは postmaster.subject のユーザーの代理になれません (invalid_grant)。"
        "Workspace のユーザーか、鍵が削除されていないか、このマシンの時刻が正しいかを"
        "確認してください。「ドメイン全体の委任」に {scope} が必要です。",
    ),
}

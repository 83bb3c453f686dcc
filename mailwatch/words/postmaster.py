"""What the Postmaster source says."""

PHRASES: dict[str, tuple[str, str]] = {
    "postmaster.not_named": (
        "No Google credentials: name a token file with GOOGLE_APPLICATION_CREDENTIALS, or with "
        "postmaster.credentials in mailwatch.yaml.",
        "Google の認証情報がありません。GOOGLE_APPLICATION_CREDENTIALS か、mailwatch.yaml の "
        "postmaster.credentials でトークンファイルを指定してください。",
    ),
    "postmaster.unreadable": (
        "No Google credentials: {what}. Mend that, or change postmaster.credentials.",
        "Google の認証情報を読めません({what})。修正するか、postmaster.credentials を"
        "変更してください。",
    ),
    "postmaster.not_json": (
        "The Google credentials are no JSON object. Name the token file that the consent wrote, "
        "or a service account's key file.",
        "Google の認証情報が JSON ではありません。同意時に作成されたトークンファイルか、"
        "サービスアカウントの鍵ファイルを指定してください。",
    ),
    "postmaster.client_file": (
        "This is an OAuth client's file, not a token: consent with it once in a browser, and name "
        "the token file that this writes.",
        "これは OAuth クライアントのファイルで、トークンではありません。ブラウザで一度同意し、"
        "作成されたトークンファイルを指定してください。",
    ),
    "postmaster.other_file": (
        "These Google credentials are neither a person's token (with a refresh_token) nor a "
        "service account's key.",
        "この Google 認証情報は、ユーザーのトークン(refresh_token を含むもの)でも"
        "サービスアカウントの鍵でもありません。",
    ),
    "postmaster.fields_missing": (
        "The Google credentials lack {names}. Create the file again.",
        "Google の認証情報に {names} がありません。ファイルを作り直してください。",
    ),
    "postmaster.token_uri": (
        "The Google credentials ask for their token at {host}, which is not googleapis.com over "
        "https; they were not sent there. Is the file from Google?",
        "Google の認証情報のトークン取得先 {host} が https の googleapis.com ではないため、"
        "送信していません。Google から取得したファイルか確認してください。",
    ),
    "postmaster.no_subject": (
        "A service account sees nothing by itself: name the person it acts for with "
        "postmaster.subject, and delegate the scope to it in the Workspace admin console.",
        "サービスアカウント単独では何も参照できません。postmaster.subject で代理対象の"
        "ユーザーを指定し、Workspace 管理コンソールでスコープを委任してください。",
    ),
    "postmaster.bad_key": (
        "The service account's private key cannot be read. Download the key file again.",
        "サービスアカウントの秘密鍵を読み取れません。鍵ファイルをダウンロードし直してください。",
    ),
    "postmaster.revoked": (
        "Google does not accept the token any more (invalid_grant): it was revoked or has expired. "
        "Consent again. While the consent screen is in Testing, every token dies after seven "
        "days: set it to Internal or In production.",
        "Google がトークンを受け付けません(invalid_grant)。取り消されたか期限切れです。"
        "再度同意してください。同意画面が「テスト」の間はトークンが 7 日で失効するため、"
        "「内部」または「本番環境」にしてください。",
    ),
    "postmaster.wrong_client": (
        "Google does not know the OAuth client of the token (invalid_client): it was deleted, or "
        "its secret replaced. Create a client and consent again.",
        "トークンの OAuth クライアントが Google に認識されません(invalid_client)。"
        "削除されたかシークレットが変更されています。作り直して再度同意してください。",
    ),
    "postmaster.not_delegated": (
        "Google does not grant the scope to these credentials. Delegate {scope} to the service "
        "account in the Workspace admin console, or consent again.",
        "この認証情報にスコープが許可されていません。Workspace 管理コンソールで {scope} を"
        "サービスアカウントに委任するか、再度同意してください。",
    ),
    "postmaster.token_refused": (
        "Google gave no access token ({reason}). Try again later, or consent again.",
        "Google からアクセストークンを取得できません({reason})。時間をおいて再実行するか、"
        "再度同意してください。",
    ),
    "postmaster.unauthorized": (
        "Google does not accept the access token it gave (401). Is the clock of this machine "
        "right? Otherwise consent again.",
        "Google が発行したアクセストークンが拒否されました(401)。このマシンの時刻を確認し、"
        "正しければ再度同意してください。",
    ),
    "postmaster.disabled": (
        "The Gmail Postmaster Tools API is switched off in the Google Cloud project of these "
        "credentials. Switch it on: {where}",
        "この認証情報の Google Cloud プロジェクトで Gmail Postmaster Tools API が無効です。"
        "有効にしてください: {where}",
    ),
    "postmaster.scope": (
        "The token was not given the scope {scope}. Consent again with that scope; the one for "
        "API v1 does not open v2.",
        "トークンにスコープ {scope} がありません。このスコープで再度同意してください"
        "(API v1 用のスコープでは v2 を利用できません)。",
    ),
    "postmaster.not_shared": (
        "The domain is not shared with this Google account. Add and verify it in Postmaster Tools, "
        "or have its owner add the account under Manage users.",
        "このドメインは Google アカウントに共有されていません。Postmaster Tools で追加して"
        "所有権を確認するか、所有者に「ユーザーを管理」で追加してもらってください。",
    ),
    "postmaster.shut_down": (
        "Google has shut down this version of the Postmaster Tools API. Update mailwatch.",
        "この版の Postmaster Tools API は Google により停止されました。"
        "mailwatch を更新してください。",
    ),
    "postmaster.endless_pages": (
        "Google's answer goes on after {n:page/pages}, so it was given up. Try again later.",
        "Google の応答が {n} ページを超えても終わらないため中止しました。"
        "時間をおいて再実行してください。",
    ),
    "postmaster.repeated_page": (
        "Google's answer leads back to a page that was read already, so it was given up. "
        "Try again later.",
        "Google の応答が読み込み済みのページに戻るため中止しました。"
        "時間をおいて再実行してください。",
    ),
    "postmaster.malformed": (
        "Google's answer is not what its API documents. Check postmaster.endpoint, and whether "
        "there is a newer mailwatch.",
        "Google の応答が API の仕様と異なります。postmaster.endpoint と、"
        "mailwatch の新しい版がないかを確認してください。",
    ),
    "postmaster.no_data": (
        "Gmail has no figures between {first} and {last}: it publishes none for days with too "
        "little mail to personal Gmail accounts, and they come one to three days late.",
        "Gmail に {first} から {last} までのデータがありません。個人の Gmail 宛の送信が少ない日は"
        "公開されず、公開は 1~3 日遅れます。",
    ),
    "postmaster.no_reputation": (
        "Gmail has neither a verdict nor figures to derive the reputation from.",
        "Gmail に判定も、レピュテーションを導くためのデータもありません。",
    ),
    "postmaster.verdict_unclear": (
        "Google's verdict ({verdict}) tells no reputation, and there are no figures to derive it "
        "from.",
        "Google の判定({verdict})からレピュテーションは分からず、導くためのデータもありません。",
    ),
    "postmaster.no_compliance": (
        "Gmail has no compliance status of the domain yet.",
        "このドメインのコンプライアンス状況はまだありません。",
    ),
    "postmaster.only_parent": (
        "Gmail has a compliance status of {domain} only, not of this subdomain alone.",
        "コンプライアンス状況は {domain} のもののみで、このサブドメイン単独のものはありません。",
    ),
    "postmaster.compliance_no_past": (
        "Google tells the compliance status of this moment only, not of a past day.",
        "コンプライアンス状況は現在のものしか取得できません(過去の日付は不可)。",
    ),
    "postmaster.unspecified": (
        "Google does not say whether this requirement is met.",
        "この要件を満たしているかどうかを Google が示していません。",
    ),
    "postmaster.unknown_word": (
        "Google answered {word}, a status that mailwatch does not know. Is there a newer version?",
        "Google が未知の状態 {word} を返しました。mailwatch の新しい版を確認してください。",
    ),
    "postmaster.unknown_requirement": (
        "Google answered {status} for {word}, a requirement that mailwatch does not know. Is there "
        "a newer version?",
        "Google が未知の要件 {word} について {status} を返しました。"
        "mailwatch の新しい版を確認してください。",
    ),
}

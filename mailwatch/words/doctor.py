"""What `mailwatch doctor` says."""

PHRASES: dict[str, tuple[str, str]] = {
    "doctor.sendgrid_key": ("SendGrid API key", "SendGrid API キー"),
    "doctor.sendgrid_scopes": ("SendGrid scopes", "SendGrid スコープ"),
    "doctor.sendgrid_zone": ("SendGrid time zone", "SendGrid タイムゾーン"),
    "doctor.scopes_missing": (
        "Missing: {scopes}. Edit the key under Settings, API Keys, and add read access.",
        "不足: {scopes}。Settings の API Keys でキーに読み取り権限を追加してください。",
    ),
    "doctor.scopes_too_many": (
        "The key can read what is needed, but it can also change things ({example} and others, "
        "{count:scope/scopes}). A key that can only read is safer.",
        "必要な読み取り権限はありますが、変更権限も付いています ({example} など {count} 件)。"
        "読み取り専用のキーのほうが安全です。",
    ),
    "doctor.scopes_enough": ("Read access to what is needed.", "必要な読み取り権限があります。"),
    "doctor.sendgrid_settings": ("SendGrid settings", "SendGrid 設定"),
    "doctor.settings_scopes_missing": (
        "Not looked at without these scopes: {scopes}. They only read; add them, or set "
        "sendgrid.audit: false.",
        "次のスコープがない設定は確認できません: {scopes}。読み取り専用のスコープです。"
        "追加するか、sendgrid.audit: false を設定してください。",
    ),
    "doctor.settings_scopes_enough": (
        "Read access to all settings that are looked at.",
        "確認対象のすべての設定に読み取り権限があります。",
    ),
    "doctor.google_credentials": ("Google credentials", "Google 認証情報"),
    "doctor.google_token": ("Google access token", "Google アクセストークン"),
    "doctor.google_granted": ("Google issues one.", "取得できます。"),
    "doctor.google_domain": ("Postmaster {domain}", "Postmaster {domain}"),
    "doctor.google_shared": ("Its statistics can be read.", "統計を読み取れます。"),
    "doctor.google_no_data": (
        "It is shared, and there are no figures yet. Gmail publishes them one to three days late, "
        "and only for days with enough mail to personal Gmail accounts; for a domain that is not "
        "verified in Postmaster Tools, never.",
        "共有されていますが、まだデータがありません。公開は 1〜3 日遅れ、個人の Gmail 宛の送信が"
        "十分にあった日に限られます。Postmaster Tools で所有権を確認していないドメインの"
        "データはありません。",
    ),
    "doctor.clock": ("Clock", "時刻"),
    "doctor.clock_right": (
        "Within {seconds:second/seconds} of the servers that were asked.",
        "接続先サーバとの差は {seconds} 秒以内です。",
    ),
    "doctor.clock_wrong": (
        "{seconds:second/seconds} different from the servers that were asked. Set the clock, for "
        "example with NTP: days and tokens depend on it.",
        "接続先サーバと {seconds:,} 秒ずれています。NTP などで合わせてください。"
        "日付とトークンの判定に影響します。",
    ),
    "doctor.clock_unknown": (
        "Not compared: no server sent its time.",
        "比較できませんでした (時刻を返すサーバがありません)。",
    ),
    "doctor.works": ("works", "正常"),
    "doctor.fails": ("FAILS", "異常"),
    "doctor.note": ("note", "注意"),
}

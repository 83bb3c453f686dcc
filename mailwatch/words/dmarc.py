"""What the source of DMARC aggregate reports says."""

PHRASES: dict[str, tuple[str, str]] = {
    # Why a file or message was refused.
    "dmarc.refused": ("{place}: {why}", "{place}: {why}"),
    "dmarc.and_then": ("{one}; {rest}", "{one}、{rest}"),
    "dmarc.refusals": (
        "{n:file/files} could not be read, and nothing in what was refused was counted. {listed}",
        "{n} 件のファイルを読み取れず、その内容は集計していません。{listed}",
    ),
    "dmarc.malformed": (
        "not well-formed XML: {why}, line {line}",
        "XML として正しくない ({line} 行目: {why})",
    ),
    "dmarc.entities": (
        "it declares XML entities, which no report needs",
        "XML の実体宣言を含む (レポートには不要)",
    ),
    "dmarc.not_feedback": (
        "XML, but not a DMARC aggregate report",
        "XML だが DMARC 集計レポートではない",
    ),
    "dmarc.no_metadata": (
        "the report has no report_metadata",
        "report_metadata がない",
    ),
    "dmarc.bad_count": (
        "{count} is not a possible count",
        "件数 {count} が不正",
    ),
    "dmarc.bad_time": (
        "the time {time} in date_range is not valid",
        "date_range の時刻 {time} が不正",
    ),
    "dmarc.element_too_large": (
        "one record, or what comes before the first, is larger than {kb} kB",
        "1 つのレコード、または先頭レコードより前の部分が {kb} kB を超過",
    ),
    "dmarc.too_many_records": (
        "more than {most:,} records",
        "レコードが {most:,} 件を超過",
    ),
    "dmarc.too_large": (
        "more than {mb} MB once it is unpacked",
        "展開後のサイズが {mb} MB を超過",
    ),
    "dmarc.message_too_large": (
        "a message of more than {mb} MB",
        "{mb} MB を超えるメール",
    ),
    "dmarc.too_many_members": (
        "it has more than {most:,} parts",
        "含まれる要素が {most:,} 個を超過",
    ),
    "dmarc.nested": (
        "too many archives inside each other",
        "アーカイブの入れ子が深すぎる",
    ),
    "dmarc.cut_off": (
        "it is cut off",
        "途中で切れている",
    ),
    "dmarc.archive_broken": (
        "the archive is broken",
        "アーカイブが壊れている",
    ),
    "dmarc.encrypted": (
        "the archive is encrypted",
        "アーカイブが暗号化されている",
    ),
    "dmarc.unreadable": ("{why}", "{why}"),
    "dmarc.empty": ("it is empty", "空のファイル"),
    "dmarc.not_a_report": (
        "neither XML, JSON, gzip, zip nor a message",
        "XML、JSON、gzip、zip、メールのいずれでもない",
    ),
    "dmarc.not_tls_report": (
        "JSON, but not a TLS report",
        "JSON だが TLS レポートではない",
    ),
    "dmarc.no_report_in_message": (
        "the message has no report in it",
        "レポートの添付がないメール",
    ),
    "dmarc.message_broken": (
        "the message cannot be taken apart",
        "メールの構造を解析できない",
    ),
    "dmarc.process_ended": (
        "the process that read it ended early",
        "読み取りプロセスが異常終了",
    ),
    "dmarc.worker_failed": (
        "the Dask cluster could not read it: {why}",
        "Dask クラスターで読み取り失敗: {why}",
    ),
    # IMAP.
    "dmarc.imap_tls": (
        "The certificate of {host} is not trusted. For a private certificate authority, name its "
        "file with --imap-ca or dmarc.imap.ca.",
        "{host} の証明書を信頼できません。プライベート認証局の場合は、--imap-ca か "
        "dmarc.imap.ca でその証明書ファイルを指定してください。",
    ),
    "dmarc.imap_no_tls": (
        "{host} does not offer STARTTLS, so no password was sent. Use imaps://, or another server.",
        "{host} が STARTTLS に対応していないため、パスワードを送信していません。imaps:// か"
        "別のサーバを使用してください。",
    ),
    "dmarc.imap_login": (
        "{host} does not accept the user name and password. Check both.",
        "{host} にログインできません。ユーザー名とパスワードを確認してください。",
    ),
    "dmarc.imap_ca": (
        "{path} is not a file of certificates that can be read.",
        "{path} を証明書ファイルとして読み取れません。",
    ),
    "dmarc.imap_no_folder": (
        "The IMAP folder {folder} cannot be opened. Check its name.",
        "IMAP フォルダ {folder} を開けません。名前を確認してください。",
    ),
    "dmarc.imap_renumbered": (
        "{host} has numbered the folder anew while it was read. Run it again.",
        "読み取り中に {host} がフォルダの番号を付け直しました。再実行してください。",
    ),
    "dmarc.imap_refused": (
        "{host} refused an IMAP command: {why}",
        "{host} が IMAP コマンドを拒否しました: {why}",
    ),
    "dmarc.not_moved": (
        "The reports were counted, but not all messages could be moved: {why}",
        "レポートは集計しましたが、一部のメールを移動できませんでした: {why}",
    ),
    "dmarc.can_read": ("It can be read.", "読み取れます。"),
    "dmarc.cannot_read": (
        "It cannot be read. Check the path and its permissions.",
        "読み取れません。パスと権限を確認してください。",
    ),
    # The state of the source.
    "dmarc.out_of_time": (
        "Not all reports were read in time. Allow more time with --timeout, or use --jobs.",
        "時間内に読み終わらないレポートがありました。--timeout を長くするか、--jobs を"
        "使用してください。",
    ),
    "dmarc.nothing_found": (
        "No aggregate report was found.",
        "集計レポートがありませんでした。",
    ),
    "dmarc.note_and_note": ("{one} {rest}", "{one}{rest}"),
    "dmarc.more_domains": (
        "{n:more domain is/more domains are} counted, but not listed.",
        "ほかに {n} ドメインを集計しましたが、表示していません。",
    ),
    "dmarc.older_reports": (
        "Reports on days before {day} are counted, but not judged.",
        "{day} より前の日のレポートは件数に含めますが、判定には使いません。",
    ),
    "dmarc.fields_cut": (
        "Fields of more than 1 kB were cut in {n:report/reports}.",
        "{n} 件のレポートで 1 kB を超える項目を切り詰めました。",
    ),
    "dmarc.counted_together": (
        "There are too many sources to keep apart; the last ones are counted together.",
        "送信元が多すぎるため、一部をまとめて集計しました。",
    ),
    "dmarc.passed_over": (
        "{n:message/messages} without a report passed over.",
        "レポートを含まないメール {n} 通を無視しました。",
    ),
    # Figures.
    "dmarc.no_messages": (
        "The reports have no messages in these days.",
        "この期間のレポートにメールがありません。",
    ),
    "dmarc.no_sessions": (
        "The TLS reports have no sessions.",
        "TLS レポートにセッションがありません。",
    ),
    "dmarc.no_earlier_days": (
        "To tell what is new, reports on at least {days:earlier day/earlier days} are needed.",
        "新しい送信元を判断するには、それ以前の {days} 日分以上のレポートが必要です。",
    ),
    "dmarc.what_fails": (
        "failed: {broken:,} from your own sources, {spoofed:,} from unknown ones, {forwarded:,} "
        "forwarded, {listed:,} through mailing lists",
        "失敗の内訳: 自社の送信元 {broken:,} 通、不明な送信元 {spoofed:,} 通、"
        "転送 {forwarded:,} 通、メーリングリスト {listed:,} 通",
    ),
    "dmarc.disposition": (
        "receivers quarantined {quarantined:,} and rejected {rejected:,}; for {overridden:,} "
        "they made an exception",
        "受信側の処理: 隔離 {quarantined:,} 通、拒否 {rejected:,} 通、例外扱い {overridden:,} 通",
    ),
    "dmarc.stranger": (
        "{name}: {messages:message/messages}",
        "{name}: {messages:,} 通",
    ),
    "dmarc.other_strangers": (
        "{sources:other source/other sources}: {messages:message/messages}",
        "ほかの送信元 {sources:,} 件: {messages:,} 通",
    ),
    "dmarc.source_fails": (
        "{failed:,} failed: {unaligned:,} authenticated as another domain, {forwarded:,} "
        "forwarded or through mailing lists",
        "失敗 {failed:,} 通: うち別ドメインで認証 {unaligned:,} 通、"
        "転送・メーリングリスト {forwarded:,} 通",
    ),
    "dmarc.sent_from": ("sent from {addresses}", "送信元 {addresses}"),
    "dmarc.source_counted": (
        "{name}: {passed:,} of {messages:message/messages} pass",
        "{name}: {messages:,} 通中 {passed:,} 通が成功",
    ),
    "dmarc.and_more": ("and {n:,} more", "ほか {n:,} 件"),
    "dmarc.policy_in_dns": ("DNS has {policy}", "DNS の値: {policy}"),
    "dmarc.policy_seen_by": (
        "{policy}: seen by {reporters:reporter/reporters}",
        "{policy}: {reporters} 件のレポート送信元",
    ),
    "dmarc.would_survive": (
        "{percent} of {messages:message/messages} in {days:day/days} would survive {policy}",
        "{days} 日間の {messages:,} 通のうち {percent} が {policy} でも影響を受けません",
    ),
    "dmarc.would_not_survive": (
        "{n:source/sources} would not: {names}",
        "影響を受ける送信元 {n} 件: {names}",
    ),
    "dmarc.silent_since": (
        "{name}: last report on {day}, {messages:message/messages} before",
        "{name}: 最後のレポートは {day}、それまでに {messages:,} 通",
    ),
    "dmarc.reason_sessions": (
        "{reason}: {sessions:session/sessions}",
        "{reason}: {sessions:,} セッション",
    ),
    "dmarc.reason_reports": (
        "{reason}: {reports:report/reports}",
        "{reason}: {reports:,} 件",
    ),
    "dmarc.sender_reports": (
        "sender {reason}: {reports:report/reports}",
        "送信者 {reason}: {reports:,} 件",
    ),
    "dmarc.selector_seen": (
        "selector seen in DMARC reports, last for {day}",
        "DMARC レポートに現れたセレクタ (最新は{day}分)",
    ),
}

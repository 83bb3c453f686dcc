"""What is said of one message."""

_RESULTS = {
    "message.no_ip": (
        "no Received line shows who sent it; give the address with --ip",
        "送信元を示す Received 行がありません。--ip でアドレスを指定してください",
    ),
    "message.no_return_path": (
        "there is no Return-Path; give the envelope sender with --mail-from",
        "Return-Path がありません。--mail-from でエンベロープの送信者を指定してください",
    ),
    "message.spf_of": (
        "{ip} for {sender}, HELO {helo}",
        "{ip}、送信者 {sender}、HELO {helo}",
    ),
    "message.aligned_yes": (
        "{method} passes and is aligned",
        "{method}: 成功し、アラインメントも一致",
    ),
    "message.aligned_no": (
        "{method} does not pass with the domain of From",
        "{method}: From のドメインでは成功していません",
    ),
    "message.policy": (
        "the policy in force is {policy}, from the record of {domain}",
        "有効なポリシー: {policy} ({domain} のレコード)",
    ),
    "message.said": ("{receiver} said: {text}", "{receiver} の結果: {text}"),
    "message.differs": (
        "{method}: the receiver found {theirs}, we find {ours}",
        "{method}: 受信側は {theirs}、ここでは {ours}",
    ),
    "message.doubt": ("DNS could not be asked", "DNS に問い合わせできませんでした"),
    "message.arc_chain": (
        "a chain of {n:instance/instances}, last sealed by {domain}",
        "{n:,} 件の連鎖、最後の封印は {domain}",
    ),
    "message.arc_incomplete": (
        "the chain is not whole: each instance needs one field of each of the three kinds",
        "連鎖が不完全です。各インスタンスに 3 種類のフィールドが 1 つずつ必要です",
    ),
    "message.arc_long": (
        "the chain has more than {most} instances",
        "連鎖のインスタンスが {most} 件を超えています",
    ),
    "message.arc_failed_before": (
        "instance {n} says itself that the chain is broken (cv=fail)",
        "インスタンス {n} が連鎖の破損を記録しています (cv=fail)",
    ),
    "message.arc_verdict": (
        "the cv= of instance {n} is not what it has to be",
        "インスタンス {n} の cv= が正しくありません",
    ),
    "message.arc_seal": (
        "the seal of instance {n} does not verify",
        "インスタンス {n} の封印を検証できません",
    ),
    "message.arc_signs_seal": (
        "the newest signature covers ARC-Seal, which it must not",
        "最新の署名が、対象にできない ARC-Seal を対象にしています",
    ),
    "message.arc_body": (
        "the body was changed after the newest instance",
        "最新のインスタンスの後に本文が変更されています",
    ),
    "message.arc_header": (
        "the newest signature does not match the header",
        "最新の署名がヘッダと一致しません",
    ),
}

_FIELDS = {
    "message.field": ("{name}: {value}", "{name}: {value}"),
    "message.no_field": ("there is no {name}", "{name} がありません"),
    "message.from_missing": ("there is no From", "From がありません"),
    "message.from_several": (
        "From must have exactly one address",
        "From のアドレスは 1 つでなければなりません",
    ),
    "message.from_malformed": (
        "From has no address that can be read",
        "From に読み取れるアドレスがありません",
    ),
    "message.date_off": (
        "it is {hours:hour/hours} from the time the message was received",
        "受信時刻から {hours:,} 時間ずれています",
    ),
    "message.feedback_form": (
        "it must be a:b:c:SenderId, with a SenderId of 5 to 15 characters",
        "a:b:c:SenderId の形で、SenderId は 5 文字以上 15 文字以内でなければなりません",
    ),
    "message.feedback_unsigned": (
        "no valid DKIM signature covers it",
        "有効な DKIM 署名の対象になっていません",
    ),
    "message.one_click_missing": (
        "there is no List-Unsubscribe",
        "List-Unsubscribe がありません",
    ),
    "message.one_click_several": (
        "List-Unsubscribe and List-Unsubscribe-Post must each be there once",
        "List-Unsubscribe と List-Unsubscribe-Post はそれぞれ 1 つでなければなりません",
    ),
    "message.one_click_post": (
        "List-Unsubscribe-Post must be List-Unsubscribe=One-Click, and is “{value}”",
        "List-Unsubscribe-Post は List-Unsubscribe=One-Click でなければなりませんが、"
        "“{value}” です",
    ),
    "message.one_click_no_https": (
        "List-Unsubscribe has no https address",
        "List-Unsubscribe に https のアドレスがありません",
    ),
    "message.one_click_unsigned": (
        "no valid DKIM signature covers both List-Unsubscribe and List-Unsubscribe-Post",
        "List-Unsubscribe と List-Unsubscribe-Post の両方を対象とする有効な DKIM 署名がありません",
    ),
    "message.covered_in_vain": (
        "the signature that covers it does not verify; mend DKIM first",
        "対象とする署名の検証に失敗しています。先に DKIM を直してください",
    ),
    "message.mime_version": (
        "MIME-Version must be 1.0",
        "MIME-Version は 1.0 でなければなりません",
    ),
    "message.mime_types": (
        "Content-Type is there more than once",
        "Content-Type が複数あります",
    ),
    "message.mime_type": ("a Content-Type cannot be read", "読み取れない Content-Type があります"),
    "message.mime_encoding": (
        "a Content-Transfer-Encoding is not one of MIME",
        "MIME にない Content-Transfer-Encoding があります",
    ),
    "message.mime_no_boundary": (
        "a multipart has no boundary",
        "boundary のない multipart があります",
    ),
    "message.mime_open": (
        "a multipart has no closing line",
        "閉じられていない multipart があります",
    ),
    "message.mime_parts": (
        "it has more than {most} parts, or more than {depth} inside each other; no more were read",
        "パートが {most} 個、または入れ子が {depth} 段を超えるため、残りは読んでいません",
    ),
    "message.long_line": (
        "a line is longer than {most} characters",
        "{most} 文字を超える行があります",
    ),
    "message.whole_size": (
        "the whole message: {size:,} bytes in {n:part/parts}",
        "メッセージ全体: {size:,} バイト、{n:,} パート",
    ),
    "message.no_hop": (
        "no Received line shows the hop to the receiver",
        "受信側への配送を示す Received 行がありません",
    ),
    "message.tls_unknown": (
        "the Received line does not say whether the connection was encrypted",
        "Received 行からは接続が暗号化されていたか分かりません",
    ),
    "message.hop": (
        "{n}. {client} to {by} with {protocol}",
        "{n}. {client} から {by} へ ({protocol})",
    ),
    "message.hop_delay": (
        "{n}. {client} to {by} with {protocol}, after {seconds:,} s",
        "{n}. {client} から {by} へ ({protocol})、{seconds:,} 秒後",
    ),
    "message.many_hops": (
        "{n} Received lines; the last {most} were read",
        "Received 行が {n} 行あり、新しい {most} 行を読みました",
    ),
    "message.more_hops": ("{n} more", "ほか {n} 件"),
}

_FILE = {
    "message.first_of": (
        "the file has {n} more; the first message was judged",
        "ファイルにはほかに {n} 通あります。最初のメッセージを判定しました",
    ),
    "message.unreadable": (
        "{file} has no mail message: {why}",
        "{file} からメールを読み取れません: {why}",
    ),
    "message.doctor_file": ("Message {file}", "メッセージ {file}"),
    "message.doctor_readable": ("It can be read.", "読み取れます。"),
    "message.doctor_unreadable": (
        "No mail message can be read from it: {why}",
        "メールを読み取れません: {why}",
    ),
}

PHRASES: dict[str, tuple[str, str]] = {**_RESULTS, **_FIELDS, **_FILE}

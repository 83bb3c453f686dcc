"""What is said of the signatures of a message."""

PHRASES: dict[str, tuple[str, str]] = {
    "message.signature": ("{selector} of {domain}: {result}", "{domain} の {selector}: {result}"),
    "message.signature_why": (
        "{selector} of {domain}: {result}; {why}",
        "{domain} の {selector}: {result}。{why}",
    ),
    "message.and": ("{first}; {second}", "{first}。{second}"),
    "message.dkim_no_tag": ("the tag {tag}= is missing", "タグ {tag}= がありません"),
    "message.dkim_bad_tag": ("the tag {tag}= is not valid", "タグ {tag}= が不正です"),
    "message.dkim_sha1": (
        "a=rsa-sha1 no longer counts (RFC 8301); sign with rsa-sha256",
        "a=rsa-sha1 は無効です (RFC 8301)。rsa-sha256 で署名してください",
    ),
    "message.dkim_algorithm": (
        "the algorithm “{algorithm}” is not known",
        "アルゴリズム “{algorithm}” は未知のものです",
    ),
    "message.dkim_identity": (
        "i= is not in the domain of d=",
        "i= が d= のドメインに属していません",
    ),
    "message.dkim_no_from": (
        "h= does not list From, which must be signed",
        "h= に、署名が必須の From がありません",
    ),
    "message.dkim_many": (
        "not verified: the message has more than {most} signatures",
        "署名が {most} 個を超えるため、検証していません",
    ),
    "message.dkim_no_key": ("there is no key at {name}", "{name} に鍵がありません"),
    "message.dkim_revoked": (
        "the key at {name} is revoked",
        "{name} の鍵は失効しています",
    ),
    "message.dkim_other_kind": (
        "the key is for {kind}, and the signature for {wanted}",
        "鍵は {kind} 用ですが、署名は {wanted} です",
    ),
    "message.dkim_short_key": (
        "the RSA key has {n} bits; under {least} it does not count",
        "RSA 鍵が {n} ビットです。{least} ビット未満は無効です",
    ),
    "message.dkim_large_key": (
        "the RSA key has {n} bits; over {most} it cannot be used",
        "RSA 鍵が {n} ビットです。{most} ビットを超える鍵は使えません",
    ),
    "message.dkim_strict": (
        "the key allows no subdomain (t=s), and i= is in one",
        "鍵はサブドメインを許可していませんが (t=s)、i= はサブドメインです",
    ),
    "message.dkim_expired": (
        "the signature had expired (x=) {days:day/days} before the message was received",
        "受信の {days:,} 日前に署名の期限 (x=) が切れていました",
    ),
    "message.dkim_expired_since": (
        "it was valid when the message was received, and has expired since (x=)",
        "受信時には有効で、その後に期限 (x=) が切れました",
    ),
    "message.dkim_length": (
        "l={length:,} signs only the first bytes of {total:,} of the body: what follows can be "
        "changed",
        "l={length:,} のため、本文 {total:,} バイトのうち先頭だけが署名の対象です。"
        "残りは変更できます",
    ),
    "message.dkim_testing": (
        "the key is marked as a test (t=y)",
        "鍵にテスト中の印 (t=y) があります",
    ),
    "message.dkim_body": (
        "the body was changed after it was signed",
        "署名の後に本文が変更されています",
    ),
    "message.dkim_line_endings": (
        "line endings changed: the body hash matches with LF instead of CRLF",
        "改行が変わっています。CRLF ではなく LF とすると本文のハッシュが一致します",
    ),
    "message.dkim_trailing_space": (
        "trailing white space changed at the ends of lines; c=relaxed would have passed",
        "行末の空白 (trailing white space) が変わっています。c=relaxed なら成功していました",
    ),
    "message.dkim_other": (
        "white space in the body changed: c={method} fails, the other canonicalization ({other}) "
        "would have passed",
        "本文の空白が変わっています。c={method} では失敗しますが、もう一方の正規化 ({other}) なら"
        "成功していました",
    ),
    "message.dkim_footer": (
        "a footer was added to the body: its first {kept:,} of {total:,} bytes are as they were "
        "signed",
        "本文にフッター (footer) が追加されています。{total:,} バイトのうち先頭の {kept:,} バイトは"
        "署名時のままです",
    ),
    "message.dkim_too_short": (
        "the body has {total:,} bytes, fewer than the l={length:,} that were signed",
        "本文は {total:,} バイトで、署名された l={length:,} より短くなっています",
    ),
    "message.dkim_no_body": (
        "the file has no body; save all of the message, not only its header",
        "ファイルに本文がありません。ヘッダだけでなくメッセージ全体を保存してください",
    ),
    "message.dkim_header": (
        "a signed header field was changed, or the key is another one; the body is unchanged",
        "署名されたヘッダが変更されたか、鍵が別のものです。本文は署名時のままです",
    ),
    "message.dkim_header_line_endings": (
        "line endings changed: the header matches with LF instead of CRLF",
        "改行が変わっています。CRLF ではなく LF とするとヘッダが一致します",
    ),
    "message.dkim_header_other": (
        "the header fails with c={method}; the other canonicalization ({other}) would have passed",
        "ヘッダは c={method} では失敗します。もう一方の正規化 ({other}) なら成功していました",
    ),
}

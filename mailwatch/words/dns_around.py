"""What is said of all that is around the records of a domain."""

_SPF = {
    "dns.spf_merged": (
        "publish this one instead, after a look at it: {record}",
        "内容を確認のうえ、代わりにこの 1 つを公開してください: {record}",
    ),
    "dns.spf_open": (
        "{term} lets everybody send as this domain; publish: {record}",
        "{term} は誰にでもこのドメインでの送信を許可します。代わりに公開してください: {record}",
    ),
    "dns.spf_leads_nowhere": (
        "{term} leads to a name that does not exist, a permanent error; remove it: whoever "
        "registers the name can say who sends as you",
        "{term} の先の名前が存在せず、恒久エラーになります。第三者がその名前を取得すると送信元を"
        "決められるため、取り除いてください",
    ),
    "dns.spf_stray": (
        "receivers do not read “{text}”: a TXT record by itself; join it to the record that begins "
        "with v=spf1",
        "“{text}” は独立した TXT レコードのため読まれません。v=spf1 で始まるレコードにつなげて"
        "ください",
    ),
    "dns.spf_glued": (
        "“{term}” looks like two terms: put a space before {second}; the strings of one TXT record "
        "are joined with nothing between them",
        "“{term}” は 2 つの項目のように見えます。{second} の前に空白を入れてください。"
        "1 つの TXT レコードの文字列は、間に何も入れずに連結されます",
    ),
    "dns.spf_unread": (
        "no receiver takes “{text}” for an SPF record: it must begin with exactly v=spf1 and a "
        "space",
        "“{text}” は SPF レコードとして認識されません。先頭は正確に v=spf1 と空白でなければ"
        "なりません",
    ),
    "dns.spf_quoted": (
        "the quotes are part of the record, so that no receiver can use it: {text}; enter it "
        "without quotes",
        "引用符がレコードの一部になっているため、受信側は使えません: {text}。引用符なしで入力して"
        "ください",
    ),
    "dns.spf_answer_of": (
        "{n:TXT record/TXT records} of the name in one answer",
        "この名前の TXT レコード {n} 個が 1 つの応答に入ります",
    ),
    "dns.spf_answer_part": ("{size:,} bytes: {text}", "{size:,} バイト: {text}"),
    "dns.spf_ptr_term": (
        "{term}: remove it, and list the addresses with ip4:, ip6: or include:",
        "{term}: 取り除き、アドレスを ip4:、ip6: か include: で列挙してください",
    ),
    "dns.spf_needless": (
        "{term} costs {n} of 10 lookups and does nothing for mail whose return path is a subdomain "
        "of yours, as with SendGrid's domain authentication; remove it if that is all of it",
        "{term} は 10 回のうち {n} 回のルックアップを使いますが、SendGrid の Domain Authentication "
        "のように Return-Path が自社のサブドメインのメールには効果がありません。"
        "すべてのメールがそうであれば取り除いてください",
    ),
    "dns.spf_obsolete_type": (
        "no receiver asks for the record type SPF (99) any more; delete this record, and keep the "
        "TXT one",
        "SPF 型 (99) のレコードを問い合わせる受信側はもうありません。削除し、TXT レコードだけを"
        "残してください",
    ),
    "dns.spf_decided": (
        "decided by {term} in the record of {domain}",
        "判定した項目: {domain} のレコードの {term}",
    ),
    "dns.spf_no_match": (
        "no term of the record matches the address; add ip4: or ip6: with it",
        "どの項目もこのアドレスに一致しません。ip4: か ip6: で追加してください",
    ),
    "dns.spf_at_return_path": (
        "receivers check the return path: where that is a subdomain, add it under domains: with "
        "its sending_ips, instead of {domain}",
        "受信側が確認するのは Return-Path です。サブドメインの場合は、{domain} ではなくその"
        "サブドメインを sending_ips とともに domains: に加えてください",
    ),
}

_ADDRESSES = {
    "dns.no_ptr": (
        "there is no PTR record at {name}; who owns the address must publish it",
        "{name} に PTR レコードがありません。アドレスの保有者による登録が必要です",
    ),
    "dns.ptr_confirmed": (
        "its name is {name}, whose addresses include it",
        "名前は {name} で、そのアドレスに含まれています",
    ),
    "dns.ptr_elsewhere": (
        "its name is {name}, whose addresses are others: {addresses}",
        "名前は {name} ですが、アドレスは別のものです: {addresses}",
    ),
    "dns.ptr_no_address": (
        "its name is {name}, which has no address",
        "名前は {name} ですが、アドレスがありません",
    ),
    "dns.mx_null_beside": (
        "“0 .” (no mail) is beside other MX records; remove it, or all others",
        "“0 .” (受信しない) が他の MX レコードと並んでいます。どちらかを削除してください",
    ),
    "dns.mx_literal": (
        "{host} is an IP address; an MX record must name a host",
        "{host} は IP アドレスです。MX レコードにはホスト名が必要です",
    ),
    "dns.mx_no_address": (
        "{host} has no address; publish one, or remove the MX record",
        "{host} にアドレスがありません。登録するか、MX レコードを削除してください",
    ),
    "dns.mx_alias": (
        "{host} is a CNAME to {target}, which an MX must not lead to; name {target} itself",
        "{host} は {target} への CNAME ですが、MX の先に CNAME は使えません。"
        "{target} を直接指定してください",
    ),
    "dns.tlsa_usable": ("{name}: {text}", "{name}: {text}"),
    "dns.tlsa_unusable": (
        "{name} has no record that SMTP can use (2 or 3, 0 or 1, 0 to 2, a whole digest): {text}",
        "{name} に SMTP で使えるレコードがありません (用途は 2 か 3): {text}",
    ),
    "dns.tlsa_unsigned": (
        "{name} is not signed with DNSSEC, so the record has no effect",
        "{name} が DNSSEC で署名されていないため、レコードは効果がありません",
    ),
}

_SIGNED = {
    "dns.dnssec_not_local": (
        "only a resolver on this machine can be believed; use one that validates: --resolver "
        "127.0.0.1",
        "信用できるのはこのマシン上のリゾルバだけです。"
        "検証するものを --resolver 127.0.0.1 で指定してください",
    ),
    "dns.dnssec_not_validating": (
        "the resolver does not validate: it does not mark a signed name as authentic",
        "リゾルバが検証をしていません (署名済みの名前に AD ビットが付きません)",
    ),
    "dns.caa_at": ("CAA records at {name}", "CAA レコードの場所: {name}"),
    "dns.caa_limited": (
        "only these issuers may give mta-sts its certificate",
        "mta-sts の証明書を発行できるのは、この認証局だけです",
    ),
    "dns.caa_closed": (
        "nobody may issue a certificate, so mta-sts cannot have one; name your issuer: "
        '0 issue "letsencrypt.org"',
        "どの認証局も発行できないため、mta-sts の証明書を取得できません。認証局を指定して"
        'ください: 0 issue "letsencrypt.org"',
    ),
    "dns.caa_vmc": (
        "issuevmc says who may issue a mark certificate (BIMI)",
        "issuevmc は BIMI のマーク証明書を発行できる認証局です",
    ),
    "dns.too_many_questions": (
        "the domain costs more than {most} questions, and no more are asked",
        "このドメインの問い合わせが {most} 回を超えるため、打ち切りました",
    ),
    "dns.rewrites": (
        "the resolver answers {address} for a name that cannot exist, so what is missing may seem "
        "to be there; use another name server with --resolver",
        "リゾルバが存在しえない名前に {address} を返すため、"
        "存在しないものが存在するように見えます。--resolver で別のサーバを指定してください",
    ),
    "dns.made_up": (
        "the resolver makes up {address} for names that do not exist; use another with --resolver",
        "リゾルバが存在しない名前に {address} を返します。"
        "--resolver で別のサーバを指定してください",
    ),
    "dns.doctor_rewrites": (
        "it has an address for {name}, which does not exist; what is missing cannot be seen "
        "through it; use another name server with --resolver",
        "存在しない {name} にアドレスを返します。存在しないものを見分けられないため、"
        "--resolver で別のサーバを指定してください",
    ),
    "dns.dkim_alias_dangling": (
        "the CNAME leads to {name}, which does not exist; the service may have withdrawn the key",
        "CNAME の先の {name} は存在しません。サービス側が鍵を取り下げた可能性があります",
    ),
    "dns.dkim_only_seen": (
        "only seen in DMARC reports, so it may be an old key",
        "DMARC レポートに現れただけで、古い鍵の可能性があるため",
    ),
    "dns.dkim_large": (
        "over 4096 bits: not every receiver can verify it",
        "4096 ビットを超えるため、検証できない受信側があります",
    ),
}

_REQUIREMENTS = {
    "dns.requirement": ("{state}: {what} ({by})", "{state}: {what} ({by})"),
    "dns.requirement_by": ("{state}: {what} ({by}; {source})", "{state}: {what} ({by}、{source})"),
    "dns.requirement_met": ("met", "適合"),
    "dns.requirement_not_met": ("not met", "不適合"),
    "dns.requirement_cannot_tell": ("cannot tell", "判定不可"),
    "dns.require_spf": ("a valid SPF record", "有効な SPF レコード"),
    "dns.require_dkim": ("a DKIM key", "DKIM 鍵"),
    "dns.require_dkim_bits": (
        "a DKIM key of 1024 bits, better 2048",
        "1024 ビット以上 (推奨 2048) の DKIM 鍵",
    ),
    "dns.require_dmarc": ("a DMARC record, p=none or stricter", "DMARC レコード (p=none 以上)"),
    "dns.require_reverse_dns": (
        "a name for each sending address, and back",
        "送信元アドレスの正引きと逆引きの一致",
    ),
    "dns.require_replies": ("a domain that takes replies", "返信を受け取れるドメイン"),
    "dns.require_alignment": (
        "SPF or DKIM of the domain in From:",
        "From: のドメインと SPF か DKIM の一致",
    ),
    "dns.require_one_click": ("one-click unsubscribe", "ワンクリック登録解除"),
    "dns.require_spam_rate": ("spam reports below 0.3 %", "0.3 % 未満の迷惑メール率"),
    "dns.require_tls": ("TLS", "TLS"),
}

PHRASES: dict[str, tuple[str, str]] = {**_SPF, **_ADDRESSES, **_SIGNED, **_REQUIREMENTS}

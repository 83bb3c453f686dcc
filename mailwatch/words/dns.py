"""What DNS figures say: what is wrong with a record, and what could not be asked."""

_LOOKUP = {
    "dns.skipped_no_domain": (
        "no domain to check; give one on the command line or under domains: in mailwatch.yaml",
        "ドメインの指定がありません。"
        "コマンドラインか mailwatch.yaml の domains: で指定してください",
    ),
    "dns.skipped_no_past": (
        "DNS shows only the present; it cannot be checked for a past day",
        "DNS で分かるのは現在の状態だけです。過去の日付では確認できません",
    ),
    "dns.could_not_ask": (
        "could not look up {rdtype} of {name}: {why}",
        "{name} の {rdtype} を問い合わせられませんでした: {why}",
    ),
    "dns.timeout": (
        "{server} did not answer in time; check the network, or use another with --resolver",
        "{server} から時間内に応答がありません。"
        "ネットワークを確認するか、--resolver で別のサーバを指定してください",
    ),
    "dns.unreachable": (
        "{server} cannot be reached ({error}); check its address, or use another with --resolver",
        "{server} に到達できません ({error})。"
        "アドレスを確認するか、--resolver で別のサーバを指定してください",
    ),
    "dns.bad_nameserver": (
        "“{server}” is not a valid name server; write an IP address, such as 192.0.2.53 or "
        "[2001:db8::53]:53, or a host name",
        "“{server}” はネームサーバとして正しくありません。"
        "192.0.2.53 や [2001:db8::53]:53 のような IP アドレスか、ホスト名で指定してください",
    ),
    "dns.unresolved_nameserver": (
        "the system could not find the address of the name server {server} ({error}); check the "
        "spelling, or give its IP address",
        "ネームサーバ {server} のアドレスが見つかりません ({error})。"
        "綴りを確認するか、IP アドレスで指定してください",
    ),
    "dns.no_nameserver": (
        "this system has no name server configured; give one with --resolver",
        "このシステムにはネームサーバの設定がありません。--resolver で指定してください",
    ),
    "dns.servfail": (
        "{server} answered SERVFAIL; the domain's own name servers or its DNSSEC may be broken",
        "{server} が SERVFAIL を返しました。"
        "ドメイン側のサーバか DNSSEC に問題がある可能性があります",
    ),
    "dns.refused": (
        "{server} refused to answer; use another name server with --resolver",
        "{server} が応答を拒否しました。--resolver で別のサーバを指定してください",
    ),
    "dns.rcode": (
        "{server} answered {rcode}; try again, or use another with --resolver",
        "{server} が {rcode} を返しました。再度試すか、--resolver で別のサーバを指定してください",
    ),
    "dns.dislikes_edns": (
        "{server} answered {rcode}; it may not support EDNS; use another with --resolver",
        "{server} が {rcode} を返しました。EDNS に対応していない可能性があります。"
        "--resolver で別のサーバを指定してください",
    ),
    "dns.tcp": (
        "the answer is too long for UDP, and TCP failed: {why}; allow TCP port 53",
        "応答が UDP に収まらず、TCP でも失敗しました: {why}。TCP の 53 番ポートを許可してください",
    ),
    "dns.malformed": (
        "the answer is not valid DNS; use another name server with --resolver",
        "応答が DNS として正しくありません。--resolver で別のサーバを指定してください",
    ),
    "dns.out_of_time": (
        "the time limit of the run was reached; raise it with --timeout",
        "実行時間の上限に達しました。--timeout で延ばしてください",
    ),
    "dns.cname_loop": (
        "its CNAME records form a loop; correct them",
        "CNAME レコードが循環しています。修正してください",
    ),
    "dns.cname_chain": (
        "its chain of CNAME records is longer than {n}; shorten it",
        "CNAME レコードの連鎖が {n} 段を超えています。短くしてください",
    ),
    "dns.doctor_server": ("Name server {server}", "ネームサーバ {server}"),
    "dns.doctor_servers": ("Name servers", "ネームサーバ"),
    "dns.doctor_answers": ("answered about {name}", "{name} について応答がありました"),
    "dns.doctor_selectors": ("DKIM selectors of {domain}", "{domain} の DKIM セレクタ"),
    "dns.alias": ("CNAME to {name}", "CNAME の先: {name}"),
    "dns.more": ("and {n:,} more", "ほか {n:,} 件"),
    "dns.no_such_domain": (
        "the domain does not exist in DNS",
        "このドメインは DNS に存在しません",
    ),
    "dns.tag_malformed": (
        "“{tag}” is not of the form tag=value",
        "“{tag}” は タグ=値 の形になっていません",
    ),
    "dns.tag_twice": (
        "the tag {tag}= is defined twice, which makes the whole record invalid",
        "{tag}= タグが重複しているため、レコード全体が無効です",
    ),
}

_SPF = {
    "dns.spf_none": ("there is no SPF record", "SPF レコードがありません"),
    "dns.spf_several": (
        "there are {n} SPF records, and receivers then use none; merge them into one",
        "SPF レコードが {n} 個あり、受信側はどれも使いません。1 つにまとめてください",
    ),
    "dns.spf_bad_term": (
        "“{term}” is not valid SPF syntax, which makes the whole record invalid",
        "“{term}” の書き方が SPF の文法に合わないため、レコード全体が無効です",
    ),
    "dns.spf_unknown_term": (
        "“{term}” is not an SPF term, which makes the whole record invalid",
        "“{term}” は SPF にないため、レコード全体が無効です",
    ),
    "dns.spf_twice": (
        "{term}= is defined twice, which makes the whole record invalid",
        "{term}= が重複しているため、レコード全体が無効です",
    ),
    "dns.spf_ignored": (
        "receivers ignore “{term}”",
        "“{term}” は受信側で無視されます",
    ),
    "dns.spf_leads_to_none": (
        "{term} leads to a domain without an SPF record, a permanent error; remove it",
        "{term} の先に SPF レコードがなく、恒久エラーになります。取り除いてください",
    ),
    "dns.spf_leads_to_several": (
        "{term} leads to {n} SPF records at once, a permanent error; ask their owner to fix it",
        "{term} の先に SPF レコードが {n} 個あり、恒久エラーになります。公開元に連絡してください",
    ),
    "dns.spf_leads_to_invalid": (
        "{term} leads to an invalid record: {why}",
        "{term} の先のレコードが無効です: {why}",
    ),
    "dns.spf_many_hosts": (
        "{term} has {n} hosts, over the 10 that receivers accept",
        "{term} のホストが {n} 個あり、受信側の上限 10 を超えています",
    ),
    "dns.spf_loop": (
        "{term} in the record of {domain} leads back to a record that includes it: a loop, and a "
        "permanent error",
        "{domain} のレコードの {term} が参照元に戻って循環し、恒久エラーになります",
    ),
    "dns.spf_stopped": (
        "the record leads to too many others to look them all up",
        "参照先が多すぎるため、すべてを問い合わせることはできませんでした",
    ),
    "dns.spf_over_limit": (
        "receivers give up with a permanent error (permerror): {n} lookups, and {most} are "
        "allowed; see dns.spf_lookups",
        "DNS ルックアップが {n} 回で上限の {most} 回を超えるため、受信側は恒久エラー (permerror) "
        "で評価を打ち切ります。dns.spf_lookups を参照してください",
    ),
    "dns.spf_at_least": (
        "at least {n}: not all of the tree could be counted",
        "少なくとも {n} 回 (全体を数えることはできませんでした)",
    ),
    "dns.spf_one_too_many": (
        "{term} is one lookup too many; receivers allow {most}",
        "{term} で DNS ルックアップが上限の {most} 回を超えます",
    ),
    "dns.spf_many_voids": (
        "more than {most} lookups found nothing; receivers allow no more",
        "見つからないルックアップ (void lookup) が上限の {most} 回を超えます",
    ),
    "dns.spf_not_a_domain": (
        "“{name}” is not a domain name that SPF can be checked for",
        "“{name}” は SPF を確認できるドメイン名ではありません",
    ),
    "dns.spf_macro": (
        "{term} contains a macro, whose value depends on the message",
        "{term} はマクロを含み、メールごとに決まります",
    ),
    "dns.spf_hidden": (
        "{term} counts as one; what it leads to depends on the message (a macro)",
        "{term} は 1 回と数えました。マクロのため、その先は分かりません",
    ),
    "dns.spf_cost": ("{term} costs {n}", "{term}: {n} 回"),
    "dns.spf_void": (
        "{term} leads to nothing; remove it",
        "{term} の先には何もありません。取り除いてください",
    ),
}

_DKIM = {
    "dns.dkim_no_selector": (
        "no selector is configured; give them with --selector or dkim_selectors",
        "セレクタの指定がありません。--selector か dkim_selectors で指定してください",
    ),
    "dns.dkim_none_possible": (
        "{name} does not exist, so there can be no key under it",
        "{name} が存在しないため、その下に鍵はありません",
    ),
    "dns.dkim_missing": ("there is no key at this selector", "このセレクタに鍵がありません"),
    "dns.dkim_alias_empty": (
        "the CNAME leads to {name}, where there is no key",
        "CNAME の先の {name} に鍵がありません",
    ),
    "dns.dkim_several": (
        "there are {n} key records, and which one counts is undefined; keep one",
        "鍵レコードが {n} 個あり、どれが使われるか決まりません。1 つだけ残してください",
    ),
    "dns.dkim_revoked": (
        "p= is empty: the key was revoked",
        "p= が空です。鍵は失効しています",
    ),
    "dns.dkim_is": ("{kind}, {n} bits", "{kind} {n} ビット"),
    "dns.dkim_one_size": ("Ed25519 keys have one size", "Ed25519 の鍵の長さは 1 種類だけです"),
    "dns.dkim_version": (
        "v= must come first and be exactly DKIM1",
        "v= は先頭に置き、値は DKIM1 でなければなりません",
    ),
    "dns.dkim_no_key": ("the record has no p=", "レコードに p= がありません"),
    "dns.dkim_kind": (
        "receivers do not support the key type “{kind}”",
        "鍵の種類 “{kind}” は受信側が対応していません",
    ),
    "dns.dkim_service": (
        "s={service} does not allow mail; it must contain email or *",
        "s={service} ではメールに使えません。email か * が必要です",
    ),
    "dns.dkim_hash": (
        "h={hash} does not allow sha256, the only hash that receivers accept",
        "h={hash} では、受信側が唯一認める sha256 を使えません",
    ),
    "dns.dkim_not_base64": (
        "p= is not base64; it may have been cut off when it was copied",
        "p= が base64 ではありません。コピー時に途中で切れた可能性があります",
    ),
    "dns.dkim_ed25519_size": (
        "p= contains {n} bytes; an Ed25519 key has 32",
        "p= は {n} バイトです。Ed25519 の鍵は 32 バイトです",
    ),
    "dns.dkim_broken": (
        "p= is not a public key; it may have been cut off when it was copied",
        "p= が公開鍵として読めません。コピー時に途中で切れた可能性があります",
    ),
    "dns.dkim_not_rsa": ("p= is not an RSA key", "p= は RSA の鍵ではありません"),
}

_DMARC = {
    "dns.dmarc_none": (
        "no DMARC record applies, neither at {name} nor above",
        "{name} にも上位にも、有効な DMARC レコードがありません",
    ),
    "dns.dmarc_found": ("record at {name}", "レコードの場所: {name}"),
    "dns.dmarc_several": (
        "{n} records at {name}: receivers ignore them all; keep one",
        "{name} にレコードが {n} 個あり、受信側はすべて無視します。1 つだけ残してください",
    ),
    "dns.dmarc_spoilt": (
        "receivers ignore this record at {name}: {why}",
        "{name} のこのレコードは受信側で無視されます: {why}",
    ),
    "dns.dmarc_version": (
        "it must begin with exactly v=DMARC1;",
        "先頭は正確に v=DMARC1; でなければなりません",
    ),
    "dns.dmarc_through": (
        "the policy applies through {tag}= of {domain}",
        "ポリシーは {domain} の {tag}= によるものです",
    ),
    "dns.dmarc_testing": (
        "t=y (testing): the policy applies one level lower",
        "t=y (試験中) のため、ポリシーは 1 段階弱く適用されます",
    ),
    "dns.dmarc_acts_as_none": (
        "a policy in the record is missing or invalid, so receivers treat it as p=none",
        "ポリシーの欠落か誤りのため、受信側は p=none として扱います",
    ),
    "dns.dmarc_no_effect": (
        "a policy in the record is missing or invalid and there is no rua=, so the record has no "
        "effect",
        "ポリシーに欠落か誤りがあり rua= もないため、レコードは効果がありません",
    ),
    "dns.dmarc_discarded": (
        "receivers ignore “{tag}”",
        "“{tag}” は受信側で無視されます",
    ),
    "dns.dmarc_no_p": ("there is no valid p=", "正しい p= がありません"),
    "dns.dmarc_historic": (
        "{tag}= has no effect since RFC 9989; remove it",
        "{tag}= は RFC 9989 で廃止され効果がありません。取り除いてください",
    ),
    "dns.dmarc_unknown": (
        "{tag}= is not a DMARC tag; receivers ignore it",
        "{tag}= は未定義のタグで、無視されます",
    ),
}

PHRASES: dict[str, tuple[str, str]] = {**_LOOKUP, **_SPF, **_DKIM, **_DMARC}

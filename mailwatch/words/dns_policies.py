"""What is said of DMARC beyond the domain, of MTA-STS, TLS-RPT and BIMI."""

_DMARC_REACH = {
    "dns.dmarc_reports_accepted": (
        "{host} accepts reports about the domain, at {name}",
        "{host} は {name} でこのドメインのレポートを受け入れています",
    ),
    "dns.dmarc_reports_not_accepted": (
        "receivers send no reports to {host}: there is no record v=DMARC1; at {name}",
        "{name} に v=DMARC1; のレコードがないため、受信側は {host} にレポートを送りません",
    ),
    "dns.dmarc_spf_aligned": (
        "the return path {name} is aligned (SPF)",
        "リターンパス {name} はアラインしています (SPF)",
    ),
    "dns.dmarc_spf_not_aligned": (
        "the return path {name} is not aligned (SPF)",
        "リターンパス {name} はアラインしていません (SPF)",
    ),
    "dns.dmarc_dkim_aligned": (
        "the signing domain d={name} is aligned (DKIM)",
        "署名ドメイン d={name} はアラインしています (DKIM)",
    ),
    "dns.dmarc_dkim_not_aligned": (
        "the signing domain d={name} is not aligned (DKIM)",
        "署名ドメイン d={name} はアラインしていません (DKIM)",
    ),
    "dns.dmarc_strict": (
        "{tag}=s at {name} accepts only the same domain",
        "{name} の {tag}=s により、同じドメインしか認められません",
    ),
    "dns.dmarc_return_path_not_known": (
        "the return path is not known; give it as return_path: under the domain",
        "リターンパスが不明です。ドメインの return_path: で指定してください",
    ),
    "dns.dmarc_dkim_not_known": (
        "no DKIM selector is configured, so it is not known whether the mail is signed",
        "DKIM セレクタの指定がないため、署名されているかどうか分かりません",
    ),
}

_TLS = {
    "dns.sts_none": (
        "there is no MTA-STS record at {name}",
        "{name} に MTA-STS レコードがありません",
    ),
    "dns.sts_several": (
        "there are {n} MTA-STS records at {name}, and senders then use none; keep one",
        "{name} に MTA-STS レコードが {n} 個あり、送信側はどれも使いません。1 つだけ残してください",
    ),
    "dns.sts_no_id": (
        "the record has no valid id= of 1 to 32 letters and digits",
        "レコードに正しい id= (英数字 1 から 32 文字) がありません",
    ),
    "dns.sts_file": ("policy file: {url}", "ポリシーファイル: {url}"),
    "dns.sts_no_host": (
        "{name} has no address, so there is no policy file",
        "{name} のアドレスがなく、ポリシーファイルを取得できません",
    ),
    "dns.sts_timeout": (
        "{name} did not send the policy file in time",
        "{name} からポリシーファイルが時間内に届きませんでした",
    ),
    "dns.sts_unreachable": (
        "{name} cannot be reached over https ({error})",
        "{name} に https で接続できません ({error})",
    ),
    "dns.sts_certificate": (
        "the certificate of {name} is not valid for it, so senders do not use the policy",
        "{name} の証明書が正しくないため、送信側はポリシーを使いません",
    ),
    "dns.sts_status": (
        "the policy file was answered with status {status}; senders accept 200 only, and follow "
        "no redirect",
        "ポリシーファイルへの応答は {status} でした。送信側は 200 だけを認め、"
        "リダイレクトには従いません",
    ),
    "dns.sts_media_type": (
        "the policy file has the media type {type}; it must be text/plain",
        "ポリシーファイルのメディアタイプが {type} です。text/plain でなければなりません",
    ),
    "dns.sts_too_large": (
        "the policy file is larger than {n} kB",
        "ポリシーファイルが {n} kB を超えています",
    ),
    "dns.sts_version": (
        "the policy file does not have version: STSv1",
        "ポリシーファイルに version: STSv1 がありません",
    ),
    "dns.sts_mode": (
        "the policy file has no valid mode: (enforce, testing or none)",
        "ポリシーファイルに正しい mode: (enforce、testing、none) がありません",
    ),
    "dns.sts_max_age": (
        "the policy file has no valid max_age: of 0 to 31557600 seconds",
        "ポリシーファイルに正しい max_age: (0 から 31557600 秒) がありません",
    ),
    "dns.sts_no_mx": (
        "the policy file names no mx:",
        "ポリシーファイルに mx: がありません",
    ),
    "dns.sts_pattern": (
        "“{pattern}” is not a valid mx: pattern",
        "“{pattern}” は mx: のパターンとして正しくありません",
    ),
    "dns.sts_line": (
        "“{line}” is not a line of the form key: value",
        "“{line}” は キー: 値 の形になっていません",
    ),
    "dns.sts_uncovered": (
        "{host} matches no mx: of the policy; add mx: {host} to it",
        "{host} に一致する mx: がポリシーにありません。mx: {host} を加えてください",
    ),
    "dns.tls_none": (
        "there is no TLS-RPT record at {name}",
        "{name} に TLS-RPT レコードがありません",
    ),
    "dns.tls_several": (
        "there are {n} TLS-RPT records at {name}, and senders then use none; keep one",
        "{name} に TLS-RPT レコードが {n} 個あり、送信側はどれも使いません。1 つだけ残してください",
    ),
    "dns.tls_no_address": (
        "the record has no valid rua= address (mailto: or https:)",
        "レコードに正しい rua= (mailto: か https:) がありません",
    ),
    "dns.tls_bad_address": (
        "“{address}” is not a mailto: or https: address; senders ignore it",
        "“{address}” は mailto: でも https: でもないため、送信側で無視されます",
    ),
}

_BIMI = {
    "dns.bimi_none": ("there is no BIMI record at {name}", "{name} に BIMI レコードがありません"),
    "dns.bimi_several": (
        "there are {n} BIMI records at {name}, and receivers then use none; keep one",
        "{name} に BIMI レコードが {n} 個あり、受信側はどれも使いません。1 つだけ残してください",
    ),
    "dns.bimi_declined": (
        "l= and a= are empty: the domain declines to show a logo",
        "l= と a= が空です。ロゴを表示しないという宣言です",
    ),
    "dns.bimi_no_logo": (
        "the record has no l=; it has to name the logo",
        "レコードに l= がありません。ロゴの場所を指定してください",
    ),
    "dns.bimi_logo": (
        "l={url} is not an https address of an SVG file",
        "l={url} は SVG ファイルの https アドレスではありません",
    ),
    "dns.bimi_evidence": (
        "a={url} is not an https address of a PEM file",
        "a={url} は PEM ファイルの https アドレスではありません",
    ),
    "dns.bimi_no_evidence": (
        "without a= some receivers show no logo",
        "a= がないため、ロゴを表示しない受信側があります",
    ),
    "dns.bimi_not_enforced": (
        "no logo is shown while DMARC is not enforced for the domain and its subdomains",
        "ドメインとサブドメインの DMARC が強制されるまで、ロゴは表示されません",
    ),
}

PHRASES: dict[str, tuple[str, str]] = {**_DMARC_REACH, **_TLS, **_BIMI}

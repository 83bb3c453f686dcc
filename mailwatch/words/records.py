"""What the look-up commands say: spf and policy."""

PHRASES: dict[str, tuple[str, str]] = {
    "spf.heading": ("SPF of {domain}", "{domain} の SPF"),
    "spf.pass": (
        "{ip} is allowed to send mail for {domain}",
        "{ip} は {domain} のメールを送信できます",
    ),
    "spf.fail": (
        "{ip} is not allowed to send mail for {domain}",
        "{ip} は {domain} のメールを送信できません",
    ),
    "spf.softfail": (
        "{ip} is probably not allowed to send mail for {domain}",
        "{ip} は {domain} のメールの送信元ではない可能性があります",
    ),
    "spf.neutral": (
        "{domain} does not say whether {ip} is allowed to send mail for it",
        "{domain} は {ip} の送信を許可も拒否もしていません",
    ),
    "spf.none": (
        "there is nothing to check {ip} against",
        "{ip} を確認するための SPF がありません",
    ),
    "spf.permerror": (
        "receivers cannot evaluate the record of {domain} for {ip}",
        "受信側は {domain} のレコードを {ip} に対して評価できません",
    ),
    "spf.temperror": (
        "DNS could not be asked, so the result for {ip} is not known; try again later",
        "DNS に問い合わせできなかったため、{ip} の結果は不明です。後でもう一度試してください",
    ),
    "spf.decided_by": (
        "decided by {term} in the record of {domain}",
        "判定した項目: {domain} のレコードの {term}",
    ),
    "spf.no_match": (
        "no term of the record matched",
        "一致する項目がありませんでした",
    ),
    "spf.says": ("the domain's explanation: {text}", "ドメインの説明文: {text}"),
    "spf.counted": (
        "evaluated with {n} of {most} lookups, {voids} of {most_voids} void ones",
        "評価に使ったルックアップ: {n} 回 (上限 {most} 回)、うち空振り (void lookup) {voids} 回 "
        "(上限 {most_voids} 回)",
    ),
    "spf.whole": (
        "The whole record: {n} of {most} lookups, {voids} of {most_voids} void ones",
        "レコード全体のルックアップ: {n} 回 (上限 {most} 回)、うち空振り (void lookup) {voids} 回 "
        "(上限 {most_voids} 回)",
    ),
    "spf.at_least": (
        "The whole record: at least {n} of {most} lookups, {voids} of {most_voids} void ones; not "
        "all of it could be counted",
        "レコード全体のルックアップ: 少なくとも {n} 回 (上限 {most} 回)、うち空振り "
        "(void lookup) {voids} 回 (上限 {most_voids} 回)。すべてを数えることはできませんでした",
    ),
    "spf.over_limit": (
        "receivers give up with a permanent error (permerror): {n} lookups, and {most} are allowed",
        "ルックアップが {n} 回で上限の {most} 回を超えるため、受信側は恒久エラー (permerror) で"
        "評価を打ち切ります",
    ),
    "spf.evaluated": ("Evaluated, in order:", "評価した順:"),
    "spf.before": ("{n:term/terms} before these", "これより前の {n:,} 項目は省略"),
    "spf.matched": ("{term} of {domain}: match", "{domain} の {term}: 一致"),
    "spf.not_matched": ("{term} of {domain}: no match", "{domain} の {term}: 不一致"),
    "policy.heading": ("DMARC policy of {domain}", "{domain} の DMARC ポリシー"),
    "policy.none": (
        "mail that fails DMARC is to be delivered as usual",
        "DMARC に失敗したメールも通常どおり配信するよう求めています",
    ),
    "policy.quarantine": (
        "mail that fails DMARC is to be treated as suspicious, usually as spam",
        "DMARC に失敗したメールを疑わしいもの (通常は迷惑メール) として扱うよう求めています",
    ),
    "policy.reject": (
        "mail that fails DMARC is to be rejected",
        "DMARC に失敗したメールを拒否するよう求めています",
    ),
    "policy.missing": (
        "there is no DMARC policy",
        "DMARC ポリシーがありません",
    ),
    "policy.unknown": (
        "the policy is not known, since DNS could not be asked; try again later",
        "DNS に問い合わせできなかったため、ポリシーは不明です。後でもう一度試してください",
    ),
    "policy.exists": ("The domain exists in DNS.", "このドメインは DNS に存在します。"),
    "policy.missing_name": (
        "The domain does not exist in DNS.",
        "このドメインは DNS に存在しません。",
    ),
    "policy.organization": ("Organizational domain: {domain}", "組織ドメイン: {domain}"),
    "policy.queries": ("Names asked, in order:", "問い合わせた名前 (順番どおり):"),
}

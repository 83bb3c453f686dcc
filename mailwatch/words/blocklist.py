"""What is said of DNS blocklists."""

PHRASES: dict[str, tuple[str, str]] = {
    "blocklist.skipped_no_past": (
        "blocklists show only the present; they cannot be asked about a past day",
        "ブロックリストで分かるのは現在の状態だけです。過去の日付では確認できません",
    ),
    "blocklist.sbl": (
        "{answer}: on the SBL, for sending or hosting spam",
        "{answer}: SBL に掲載 (スパムの送信または関与)",
    ),
    "blocklist.css": (
        "{answer}: on the CSS, for mail that looks like spam or a bad set-up",
        "{answer}: CSS に掲載 (スパムに似た送信や設定の不備)",
    ),
    "blocklist.xbl": (
        "{answer}: on the XBL, for a machine that was taken over",
        "{answer}: XBL に掲載 (乗っ取られた機器)",
    ),
    "blocklist.drop": (
        "{answer}: on the DROP list, in a network held by criminals",
        "{answer}: DROP に掲載 (犯罪者が管理するネットワーク)",
    ),
    "blocklist.pbl": (
        "{answer}: on the PBL, in a range that should not send mail directly",
        "{answer}: PBL に掲載 (直接メールを送るべきでない範囲)",
    ),
    "blocklist.bcl": (
        "{answer}: on the BCL, for controlling a botnet",
        "{answer}: BCL に掲載 (ボットネットの制御)",
    ),
    "blocklist.low_reputation": (
        "{answer}: a domain of low reputation, mostly for spam",
        "{answer}: 評判の低いドメイン (主にスパム)",
    ),
    "blocklist.phishing": ("{answer}: used for phishing", "{answer}: フィッシングに使用"),
    "blocklist.malware": ("{answer}: used for malware", "{answer}: マルウェアに使用"),
    "blocklist.botnet": ("{answer}: controls a botnet", "{answer}: ボットネットの制御に使用"),
    "blocklist.abused": (
        "{answer}: a legitimate domain that was abused, often a website that was broken into",
        "{answer}: 悪用された正規のドメイン (サイトへの侵入など)",
    ),
    "blocklist.zombie": (
        "{answer}: sends spam as part of a botnet",
        "{answer}: ボットネットの一部としてスパムを送信",
    ),
    "blocklist.bad_reputation": (
        "{answer}: an address of bad reputation",
        "{answer}: 評判の悪いアドレス",
    ),
    "blocklist.spam": ("{answer}: seen in spam", "{answer}: スパムで検出"),
    "blocklist.cracked": (
        "{answer}: a website that was broken into",
        "{answer}: 侵入されたサイト",
    ),
    "blocklist.delist": (
        "the reason, and a request to be removed: {url}",
        "理由の確認と解除の申請: {url}",
    ),
    "blocklist.refused": (
        "{zone} refused to answer this resolver ({answer}); that is not a listing",
        "{zone} はこのリゾルバへの回答を拒否しました ({answer})。掲載ではありません",
    ),
    "blocklist.public_resolver": (
        "{zone} does not answer public resolvers ({answer}); use your own with --resolver",
        "{zone} は公開リゾルバに回答しません ({answer})。"
        "--resolver で自社のリゾルバを指定してください",
    ),
    "blocklist.too_many_questions": (
        "{zone} was asked too often by this resolver ({answer}); use your own with --resolver",
        "{zone} へのこのリゾルバからの問い合わせが多すぎます ({answer})。"
        "--resolver で自社のリゾルバを指定してください",
    ),
    "blocklist.zone_misspelt": (
        "{zone} says that its name is misspelt ({answer})",
        "{zone} がゾーン名の誤りを示しました ({answer})",
    ),
    "blocklist.address_asked": (
        "{zone} was asked about an address ({answer}); it lists domains only",
        "{zone} はドメインだけのリストですが、アドレスを問い合わせました ({answer})",
    ),
    "blocklist.rewritten": (
        "{zone} seems to answer {answer}, which no blocklist does: the resolver rewrites it; use "
        "another with --resolver",
        "{zone} の回答が {answer} になっています。ブロックリストの回答ではなく、"
        "リゾルバが書き換えています。--resolver で別のサーバを指定してください",
    ),
    "blocklist.unknown_code": (
        "{zone} answered {answer}, which its operator does not document; that is not a listing",
        "{zone} が {answer} を返しました。運営者の説明にないため、掲載とはみなしません",
    ),
    "blocklist.test_not_listed": (
        "{zone} does not list the test entry {entry}, so its other answers cannot be believed",
        "{zone} に試験用の {entry} が載っていないため、ほかの回答も信用できません",
    ),
    "blocklist.test_listed": (
        "{zone} lists {entry}, which no list may do, so its other answers cannot be believed",
        "{zone} に載ってはならない {entry} が載っているため、ほかの回答も信用できません",
    ),
    "blocklist.doctor_list": ("Blocklist {zone}", "ブロックリスト {zone}"),
    "blocklist.doctor_works": (
        "passes its test (RFC 5782)",
        "試験 (RFC 5782) に合格しました",
    ),
}

"""Why a finding has its level."""

PHRASES: dict[str, tuple[str, str]] = {
    "judge.act": (
        "{value} calls for action ({limit})",
        "{value} は対応基準に達しています ({limit})",
    ),
    "judge.past": ("{value} is past the ideal ({limit})", "{value} は理想の範囲外です ({limit})"),
    "judge.ideal": (
        "{value} is within the ideal ({limit})",
        "{value} は理想の範囲内です ({limit})",
    ),
    "judge.no_act": (
        "{value} does not call for action (that would be {limit})",
        "{value} は対応基準 ({limit}) に達していません",
    ),
    "judge.exempt": ("not judged: {why}", "判定対象外: {why}"),
    "judge.switched_off": ("not judged: no threshold is set", "判定対象外: しきい値の設定なし"),
    "judge.under_floor": (
        "not judged: {volume:message/messages} on the newest day, fewer than {floor:,}",
        "判定対象外: 最新日の送信数 {volume:,} 通が下限の {floor:,} 通未満",
    ),
    "judge.too_old": (
        "the newest figure is {age:day/days} old, more than {most}",
        "最新の値が {age} 日前のもので、上限の {most} 日を超えています",
    ),
    "judge.too_few": (
        "{messages:message is/messages are} too few to tell; "
        "{more:more message/more messages} needed",
        "{messages:,} 通では判断できません。あと {more:,} 通で判断できます",
    ),
    "judge.too_few_never": (
        "{messages:message is/messages are} too few to tell, "
        "and even 100 million more would not be enough",
        "{messages:,} 通では判断できず、あと 1 億通あっても判断できません",
    ),
    "judge.undecided": (
        "the true rate may be anywhere from {low} to {high} (95 % interval), "
        "a range too wide to judge; {needed}",
        "95 % 信頼区間が {low} 〜 {high} と広く、判断できません。{needed}",
    ),
    "judge.more_needed": (
        "about {more:more message/more messages} would settle it",
        "あと約 {more:,} 通で判断できます",
    ),
    "judge.never_enough": (
        "even 100 million more messages would not be enough",
        "あと 1 億通あっても判断できません",
    ),
    "judge.unknown_word": (
        "{value} is not a value that mailwatch knows here",
        "{value} は未知の値です",
    ),
    "judge.pooled": (
        "too little mail by itself ({messages:message/messages}); pooled with the other segments "
        "of its kind {pooled}",
        "単独ではメールが少なく ({messages:,} 通)、同種の他のセグメントと合わせた推定は "
        "{pooled} です",
    ),
    "judge.status_follows": (
        "looks right here ({seen}); Gmail's status follows days later",
        "こちらの測定では問題ありません ({seen})。Gmail の判定は数日遅れて変わります",
    ),
    "judge.differs": (
        "differs here: {seen}",
        "こちらの測定でも問題があります: {seen}",
    ),
    "judge.share_fails": (
        "differs here, {share} of the mail fails: {seen}",
        "こちらの測定でも、メールの {share} が失敗しています: {seen}",
    ),
    "judge.only_below": (
        "the status is of all mail of {domain}, of which only this is watched, and looks right: "
        "{seen}",
        "判定は {domain} のメール全体が対象です。監視中のものには問題がありません: {seen}",
    ),
    "judge.still_met": (
        "Gmail's status does not show it yet: {seen}",
        "Gmail の判定にはまだ表れていません: {seen}",
    ),
}

"""Why a finding has its level."""

PHRASES: dict[str, tuple[str, str]] = {
    "judge.act": ("{value} calls for action ({limit})", "{value} は要対応の水準です({limit})"),
    "judge.past": ("{value} is past the ideal ({limit})", "{value} は理想の水準外です({limit})"),
    "judge.ideal": ("{value} is within the ideal ({limit})", "{value} は理想の範囲内です({limit})"),
    "judge.no_act": (
        "{value} calls for no action (that would be {limit})",
        "{value} は要対応の水準({limit})に達していません",
    ),
    "judge.exempt": ("not judged: {why}", "判定対象外: {why}"),
    "judge.switched_off": ("not judged: no threshold is set", "判定対象外: しきい値の設定なし"),
    "judge.under_floor": (
        "not judged: {volume:message/messages} on the newest day, fewer than {floor:,}",
        "判定対象外: 最新日の送信数 {volume:,} 通が下限 {floor:,} 通未満",
    ),
    "judge.too_old": (
        "the newest figure is {age:day/days} old, more than {most}",
        "最新の値が {age} 日前のもので、上限の {most} 日を超えています",
    ),
    "judge.too_few": (
        "{messages:message is/messages are} too few to tell; "
        "{more:more message/more messages} would settle it",
        "{messages:,} 通では判断できません。あと {more:,} 通で判断できます",
    ),
    "judge.undecided": (
        "somewhere from {low} to {high} (95 % interval), which is within the ideal or calls for "
        "action; {settle}",
        "95 % 信頼区間が {low} ~ {high} で、理想の範囲内とも要対応とも言えません。{settle}",
    ),
    "judge.settle": (
        "about {more:more message/more messages} would settle it",
        "あと約 {more:,} 通で判断できます",
    ),
    "judge.settle_never": (
        "it sits on the limit, where no number of messages settles it soon",
        "しきい値のほぼ上にあり、送信数を増やしても当面は判断できません",
    ),
    "judge.unknown_word": (
        "{value} is not a value that is known here",
        "{value} は未知の値です",
    ),
}

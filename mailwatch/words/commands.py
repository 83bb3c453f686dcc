"""What the small commands say: checks, explain, config, doctor."""

PHRASES: dict[str, tuple[str, str]] = {
    "commands.measures": ("Measures", "測定値"),
    "commands.why": ("Why", "理由"),
    "commands.ideal": ("Ideal", "理想"),
    "commands.act": ("Act", "対応基準"),
    "commands.none": ("none", "なし"),
    "commands.min_messages": (
        "Fewer than {n:message/messages}: cannot tell",
        "{n:,} 通未満: 判断できません",
    ),
    "commands.min_daily": (
        "Fewer than {n:message/messages} on the newest day: not judged",
        "最新日が {n:,} 通未満: 判定対象外",
    ),
    "commands.max_age_days": (
        "Older than {n:day/days}: cannot tell",
        "{n} 日より古い値: 判断できません",
    ),
    "commands.override": ("For {subject}", "{subject} の場合"),
    "commands.order": ("From best to worst", "良い順"),
    "commands.risks": ("Risks", "リスク"),
    "commands.actions": ("Actions", "対応策"),
    "commands.references": ("References", "参考"),
}

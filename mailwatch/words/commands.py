"""What the small commands say: checks, explain, config, doctor."""

PHRASES: dict[str, tuple[str, str]] = {
    "commands.measures": ("Measures", "測定値"),
    "commands.why": ("Why", "理由"),
    "commands.ideal": ("Ideal", "理想"),
    "commands.act": ("Act", "対応基準"),
    "commands.none": ("none", "なし"),
    "commands.set_in": ("{file}, line {line}", "{file} の {line} 行目"),
    "commands.shipped": ("mailwatch's own {name}", "mailwatch 付属の {name}"),
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
    "commands.independent": (
        "The 95 % interval assumes that messages are independent. Mail goes out in campaigns, in "
        "which many messages fail for one reason, so the real uncertainty is larger.",
        "95 % 信頼区間は各メールが独立であると仮定しています。実際の配信はキャンペーン単位で、"
        "同じ原因で多くのメールが失敗するため、本当の不確かさはこれより大きくなります。",
    ),
    "commands.override": ("For {subject}", "{subject} の場合"),
    "commands.order": ("From best to worst", "良い順"),
    "commands.risks": ("Risks", "リスク"),
    "commands.actions": ("Actions", "対応策"),
    "commands.references": ("References", "参考"),
    "commands.not_set": ("not set", "未設定"),
    "commands.not_configured": ("not configured", "設定なし"),
    "commands.default": ("default", "既定値"),
    "commands.environment": ("environment", "環境変数"),
    "commands.found": ("found", "自動検出"),
    "commands.no_file": (
        "not found: only flags and environment are used",
        "見つかりません: オプションと環境変数のみ使用",
    ),
    "commands.comes_with": ("shipped", "mailwatch 付属"),
    "commands.beside": ("next to {file}", "{file} と同じフォルダ"),
    "commands.secret_set": ("{hidden} at {place}", "{hidden} ({place})"),
    "commands.secret_not_set": ("not set at {place}", "未設定 ({place})"),
    "commands.secret_command": (
        "a command, not run at {place}",
        "コマンド、未実行 ({place})",
    ),
}

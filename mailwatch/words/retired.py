"""What the program no longer says, but may have stored."""

PHRASES: dict[str, tuple[str, str]] = {
    "serve.open": ("Open findings", "対応が必要な項目"),
    "serve.subject": ("Subject", "対象"),
    "serve.reason": ("Reason", "理由"),
    "serve.since": ("Since", "開始日"),
    "serve.open_for": ("{day} ({n:day/days})", "{day} ({n} 日間)"),
    "serve.limits": ("Limits", "基準"),
    "serve.no_limit": ("none", "なし"),
    "serve.chart_of": ("{title} by day, {first} to {last}", "{title} の推移 ({first} 〜 {last})"),
    "serve.forecast": ("forecast", "予測"),
    "serve.risks": ("Risks", "リスク"),
    "serve.actions": ("What to do", "対処方法"),
    "spf.too_many_questions": (
        "its records lead to more than {most} DNS questions",
        "レコードの評価に {most} 件を超える DNS の問い合わせが必要です",
    ),
}

"""What the history adds to a report, and what history and diff print."""

PHRASES: dict[str, tuple[str, str]] = {
    "history.stored_on": ("from the figures stored on {day}", "{day} に保存された値"),
    "history.from_store": (
        "has no past; its figures are those that the run of {day} stored",
        "過去の値は取得できません。{day} の実行時に保存された値です",
    ),
    "history.record_changed": (
        "{rdtype} of {name} changed; until {day} it was: {old} → now: {new}",
        "{name} の {rdtype} が変更されました。{day} まで: {old} → 現在: {new}",
    ),
    "history.no_such_record": ("no record", "レコードなし"),
    "history.key_unchanged": (
        "the same key for {days:day/days}, since {day} or longer; replace it",
        "{day} 以前から {days} 日間、同じ鍵のままです。新しい鍵に交換してください",
    ),
    "history.since": ("since {day}", "{day} から"),
    "history.worse": ("worse than in the last run: was {before}", "前回より悪化 (前回: {before})"),
    "history.better": (
        "better than in the last run: was {before}",
        "前回より改善 (前回: {before})",
    ),
    "history.recovered": ("recovered", "回復"),
    "history.recovered_what": (
        "{title}, now {value} (was {before})",
        "{title}、現在 {value} (前回: {before})",
    ),
    "history.nothing": ("Nothing is stored yet.", "まだ何も保存されていません。"),
    "history.runs": ("{n:run/runs} stored; the newest:", "保存された実行: {n} 回。最新のもの:"),
    "history.checks": (
        "Checks (mailwatch history CHECK draws one):",
        "チェック (mailwatch history チェック名 で表示):",
    ),
    "history.subjects": ("{n:subject/subjects}", "対象 {n} 件"),
    "history.narrow": (
        "and {n} more; --subject KEY=VALUE shows fewer",
        "他 {n} 件。--subject KEY=VALUE で絞り込めます",
    ),
    "history.changed": (
        "▲ {day}: a sudden change; it was {before} before",
        "▲ {day}: 急な変化 (それまでは {before})",
    ),
    "history.newest": (
        "newest day {day}: {value}; {n:day/days} stored",
        "最新日 {day}: {value}。保存済み {n} 日",
    ),
    "history.word": ("{first} to {last}  {word}", "{first} 〜 {last}  {word}"),
    "history.imported": ("{n:day/days} stored.", "{n} 日分を保存しました。"),
    "history.pruned": (
        "Deleted: {runs:run/runs}, {days:day/days} of series.",
        "削除: 実行 {runs} 回、系列の日 {days} 件。",
    ),
    "history.no_events": (
        "No events in these hours. mailwatch serve receives them from SendGrid.",
        "この期間のイベントはありません。mailwatch serve が SendGrid から受信します。",
    ),
    "diff.nothing_to_compare": (
        "There are not two runs to compare yet.",
        "比較できる実行がまだ 2 回ありません。",
    ),
    "diff.since_last": ("Since the run of {moment}:", "{moment} の実行から:"),
    "diff.since_good": (
        "Since the last good run, of {moment}:",
        "最後に問題がなかった {moment} の実行から:",
    ),
    "diff.nothing": ("nothing changed", "変化はありません"),
    "diff.causes": ("What could have caused it:", "考えられる原因:"),
    "diff.worse": ("worse", "悪化"),
    "diff.better": ("better", "改善"),
    "diff.recovered": ("recovered", "回復"),
    "diff.new": ("new", "新規"),
    "diff.gone": ("gone", "対象外"),
    "diff.unknown": ("cannot tell", "判断できません"),
    "diff.changed": ("changed", "変化"),
    "diff.part": (
        "{title}: {key} {value} has {share} of the rise",
        "{title}: 増加分の {share} が {key} {value}",
    ),
    "diff.new_subject": ("a new {key}: {value}", "新しい {key}: {value}"),
    "diff.requirement": (
        "Google's requirement {requirement}: {change}",
        "Google の要件 {requirement}: {change}",
    ),
    "diff.setting": (
        "the setting {name} changed: {old} → {new}",
        "設定 {name} が変更されました: {old} → {new}",
    ),
}

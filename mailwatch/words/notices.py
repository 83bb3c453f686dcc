"""What notices and mails say besides the report."""

PHRASES: dict[str, tuple[str, str]] = {
    "notice.new": ("New", "新規"),
    "notice.worse": ("Worse", "悪化"),
    "notice.reminder": ("Still there", "継続中"),
    "notice.end": ("Over", "解消"),
    "notice.test": (
        "This is a test of mailwatch: notices reach this channel.",
        "mailwatch のテスト通知です。このチャネルに通知が届いています。",
    ),
    "notice.test_title": ("test notice", "テスト通知"),
    "notice.delivered": ("{name}: delivered", "{name}: 配信しました"),
    "notice.not_delivered": ("{name}: NOT delivered: {why}", "{name}: 配信できません: {why}"),
    "notice.for_hours": ("for {n:hour/hours}", "{n} 時間継続"),
    "notice.for_days": ("for {n:day/days}", "{n} 日間継続"),
    "notice.after_hours": ("after {n:hour/hours}", "{n} 時間後"),
    "notice.after_days": ("after {n:day/days}", "{n} 日後"),
    "notice.source_failed": (
        "{name} could not be measured: {why}",
        "{name} を測定できませんでした: {why}",
    ),
    "notice.source_back": ("{name} is measured again", "{name} を再び測定できています"),
    "notice.unknown": ("{name}: cannot tell", "{name}: 判断できません"),
    "notice.unknown_over": ("{name}: can be judged again", "{name}: 再び判断できます"),
    "notice.more_problems": ("and {n:more problem/more problems}", "ほか {n} 件の問題"),
    "notice.week": (
        "The week to {day}",
        "{day}までの 1 週間",
    ),
    "notice.week_title": ("weekly summary", "週次レポート"),
    "notice.week_verdicts": ("Verdicts: {days}", "判定: {days}"),
    "notice.week_counts": (
        "Problems: {new:,} new, {ended:,} over, {open:,} open now",
        "問題: 新規 {new:,} 件、解消 {ended:,} 件、現在 {open:,} 件",
    ),
    "notice.week_quiet": ("No problem was announced.", "通知した問題はありません。"),
    "notice.week_open": ("Open now: {names}", "継続中: {names}"),
}

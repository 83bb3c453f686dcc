"""One message to a channel, in plain text: its subject, and what to say about each problem.

The channels draw it. Strangers' text in it is on one line and without control characters, as in
the report; what is special in a channel's own format (mentions, links, markup) is its own matter.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from mailwatch.model import Finding, Lang, Level, Report, say
from mailwatch.notify.life import Announcement, Kind
from mailwatch.notify.notice_state import ChannelMemory
from mailwatch.notify.problem import SOURCE, UNKNOWN, Problem
from mailwatch.reports.facts import comma, limits, sample, value
from mailwatch.reports.glue import unglue
from mailwatch.reports.groups import chosen_actions, named
from mailwatch.reports.headline import SIGNS, marked, tally, verdict
from mailwatch.text.domain import domain_text
from mailwatch.words import day as day_text
from mailwatch.words import worded

MOST_FINDINGS = 5
"""Findings of one problem that are listed."""
LONGEST_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class Entry:
    """One problem in a message."""

    kind: Kind
    key: str
    level: Level
    """The problem's; ok where it is over."""
    title: str
    lines: tuple[str, ...] = ()
    opened: str = ""
    """When the problem began, as an ISO time stamp."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One message."""

    subject: str
    verdict: Level
    about: str
    """What is watched."""
    entries: tuple[Entry, ...] = ()
    lines: tuple[str, ...] = ()
    """What it says besides: of a week, or that it is a test."""
    report: Report | None = None
    """The report that it speaks of; None for a test."""
    lang: Lang = "en"

    def paragraphs(self) -> Iterator[str]:
        """The entries, each with its lines below, then the rest and the verdict."""
        for entry in self.entries:
            yield entry.title
            yield from (f"  {line}" for line in entry.lines)
        yield from self.lines
        if self.report is not None:
            yield _verdict_line(self.report, self.lang)

    def above_report(self) -> Iterator[str]:
        """The same above a whole report, which says itself what to do, and the verdict."""
        yield from (entry.title for entry in self.entries)
        yield from self.lines


def notice_of(said: Sequence[Announcement], report: Report, lang: Lang) -> Notice:
    """The message that says these changes."""
    entries = tuple(_entry(change, report, lang) for change in said)
    first = entries[0].title if entries else unglue(tally(report, lang))
    if len(entries) > 1:
        first += f" {worded(say('notice.more_problems', n=len(entries) - 1), lang)}"
    return Notice(
        subject=_subject(report, first, lang),
        verdict=report.verdict,
        about=watched(report),
        entries=entries,
        report=report,
        lang=lang,
    )


def report_notice(report: Report, lang: Lang) -> Notice:
    """The message around a whole report, which a mail carries."""
    return notice_of((), report, lang)


def week_notice(memory: ChannelMemory, report: Report, lang: Lang) -> Notice:
    """The summary of a week, whatever it was like."""
    today = report.generated_at.date()
    days = sorted(d for d in memory.verdicts if today - timedelta(days=7) < d <= today)
    shown = comma(lang).join(
        f"{day_text(d, lang)} {marked(memory.verdicts[d], lang)}" for d in days
    )
    since = report.generated_at - timedelta(days=7)
    kinds = [event.kind for event in memory.events if event.at > since]
    counts = say(
        "notice.week_counts",
        new=kinds.count(Kind.NEW.value),
        ended=kinds.count(Kind.END.value),
        open=len(memory.open),
    )
    lines = [
        worded(say("notice.week", day=today), lang),
        worded(say("notice.week_verdicts", days=shown), lang),
        worded(counts if kinds or memory.open else say("notice.week_quiet"), lang),
    ]
    if memory.open:
        titles = {f.check.id: f.check.title[lang] for f in report.findings}
        shown_titles = (titles.get(key, entry.title) for key, entry in memory.open.items())
        names = comma(lang).join(dict.fromkeys(shown_titles))
        lines.append(worded(say("notice.week_open", names=names), lang))
    title = worded(say("notice.week_title"), lang)
    return Notice(
        subject=_subject(report, title, lang),
        verdict=report.verdict,
        about=watched(report),
        lines=tuple(lines),
        report=report,
        lang=lang,
    )


def sample_notice(lang: Lang) -> Notice:
    """What `mailwatch notify --test` sends."""
    return Notice(
        subject=f"[mailwatch] {worded(say('notice.test_title'), lang)}",
        verdict=Level.OK,
        about="",
        lines=(worded(say("notice.test"), lang),),
        lang=lang,
    )


def watched(report: Report) -> str:
    """What the report is about, in a few words."""
    names = [domain_text(name) for name in report.subjects]
    more = f" +{len(names) - 1}" if len(names) > 1 else ""
    return f"{names[0]}{more}" if names else ", ".join(state.name for state in report.sources)


def _subject(report: Report, what: str, lang: Lang) -> str:
    """`[mailwatch] BREACH example.com: …`, on one line."""
    level = worded(say(f"console.{report.verdict.value}"), lang)
    text = f"[mailwatch] {level} {watched(report)}: {what}"
    return text if len(text) <= LONGEST_SUBJECT else text[: LONGEST_SUBJECT - 1] + "…"


def _verdict_line(report: Report, lang: Lang) -> str:
    return f"{verdict(report, lang)}: {unglue(tally(report, lang))}"


def _entry(change: Announcement, report: Report, lang: Lang) -> Entry:
    age = report.generated_at - change.known.opened
    kind = worded(say(f"notice.{change.kind.value}"), lang)
    opened = change.known.opened.isoformat(timespec="seconds")
    if change.problem is None:
        name = _over(change.key, change, report, lang)
        title = f"{SIGNS[Level.OK]} {kind}: {name} ({_age(age, lang, 'after')})"
        return Entry(change.kind, change.key, Level.OK, title, (), opened)
    since = "" if change.kind is Kind.NEW else f" ({_age(age, lang, 'for')})"
    problem = change.problem
    title = f"{SIGNS[problem.level]} {kind}: {_name(problem, lang)}{since}"
    return Entry(
        change.kind, change.key, problem.level, title, tuple(_lines(problem, lang)), opened
    )


def _name(problem: Problem, lang: Lang) -> str:
    if problem.source is not None:
        why = worded(problem.source.error, lang) if problem.source.error else ""
        return worded(say("notice.source_failed", name=problem.source.name, why=why), lang)
    if problem.key.startswith(UNKNOWN):
        return worded(say("notice.unknown", name=problem.key.split(":")[1]), lang)
    first, *others = problem.findings
    title = first.check.title[lang]
    if others:
        return f"{title} ×{len(problem.findings)}"
    about = named(first.measurement.subject.pairs)
    return unglue(f"{title} {value(first)}{f' ({about})' if about else ''}")


def _over(key: str, change: Announcement, report: Report, lang: Lang) -> str:
    if key.startswith(SOURCE):
        return worded(say("notice.source_back", name=key.removeprefix(SOURCE)), lang)
    if key.startswith(UNKNOWN):
        return worded(say("notice.unknown_over", name=key.split(":")[1]), lang)
    checks = (f.check.title[lang] for f in report.findings if f.check.id == key)
    return next(checks, change.known.title)


def _lines(problem: Problem, lang: Lang) -> Iterator[str]:
    """Each finding, then the most effective thing to do."""
    for finding in problem.findings[:MOST_FINDINGS]:
        yield unglue(_finding(finding, lang, alone=len(problem.findings) == 1))
    if (more := len(problem.findings) - MOST_FINDINGS) > 0:
        yield worded(say("console.more", n=more), lang)
    if problem.findings and not problem.key.startswith(UNKNOWN):
        label = worded(say("console.do"), lang)
        yield from (f"{label}: {one}" for one in chosen_actions(problem.findings, lang, 1))


def _finding(finding: Finding, lang: Lang, *, alone: bool) -> str:
    about = named(finding.measurement.subject.pairs)
    if finding.level is Level.UNKNOWN:
        name = " ".join(filter(None, (finding.check.title[lang], f"({about})" if about else "")))
        return f"{name}: {worded(finding.reason, lang)}"
    name = "" if alone else f"{SIGNS[finding.level]} {value(finding)} {about}".rstrip()
    parts = (name, limits(finding, lang), sample(finding.measurement, lang))
    return " · ".join(filter(None, parts))


def _age(age: timedelta, lang: Lang, word: str) -> str:
    hours = max(1, round(age.total_seconds() / 3600))
    if hours < 48:
        return worded(say(f"notice.{word}_hours", n=hours), lang)
    return worded(say(f"notice.{word}_days", n=round(hours / 24)), lang)

"""What is around the findings, as text: the heading, the verdict, the state of each source."""

from collections.abc import Iterator

from mailwatch.frozen import dataclass
from mailwatch.model import Lang, Level, Report, State, say
from mailwatch.reports.facts import comma, recovery
from mailwatch.reports.glue import glue
from mailwatch.reports.groups import failures
from mailwatch.text.domain import domain_text
from mailwatch.words import worded

SIGNS = {Level.BREACH: "✗", Level.WARN: "!", Level.UNKNOWN: "?", Level.OK: "✓"}
SHOWN_SIGN = "·"
"""The sign of a figure that is compared with no limit."""
IGNORED_SIGN = "-"
STATE_SIGNS = {State.FAILED: "✗", State.PARTIAL: "!", State.SKIPPED: "-"}


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know about a source."""

    sign: str
    what: str
    why: str = ""
    state: State = State.OK


def heading(report: Report, lang: Lang) -> str:
    """What was looked at, and when."""
    moment = report.generated_at
    date = worded(say("console.date", day=moment.date(), year=str(moment.year)), lang)
    parts = ["mailwatch", *_subjects(report, lang), f"{date} {moment:%H:%M %Z}".rstrip()]
    return " · ".join(parts)


def verdict(report: Report, lang: Lang) -> str:
    """The sign and the word of the verdict."""
    return marked(report.verdict, lang)


def marked(level: Level, lang: Lang) -> str:
    """A level's sign and word."""
    return f"{SIGNS[level]} {worded(say(f'console.{level.value}'), lang)}"


def tally(report: Report, lang: Lang) -> str:
    """How many checks need action, warn or are unknown, how many figures are ok, and which
    sources are missing."""
    parts = [glue(text) for _, text in tally_parts(report, lang)]
    return comma(lang).join(parts) or worded(say("console.nothing"), lang)


def tally_parts(report: Report, lang: Lang) -> list[tuple[str, str]]:
    """The tally's parts, each with what it counts: a level, `ignored`, or a source's state."""
    checks = {(finding.level, finding.check.id) for finding in report.counted}
    levels = [level for level, _ in checks]
    ok = sum(finding.level is Level.OK for finding in report.counted)
    states = [source.state for source in report.sources]
    numbers: dict[str, int] = {
        **{level.value: levels.count(level) for level in (Level.BREACH, Level.WARN, Level.UNKNOWN)},
        Level.OK.value: ok,
        "ignored": len(report.findings) - len(report.counted),
        **{state.value: states.count(state) for state in (State.FAILED, State.PARTIAL)},
    }
    return [
        (name, worded(say(f"console.count_{name}", n=number), lang))
        for name, number in numbers.items()
        if number
    ]


def source_notes(report: Report, lang: Lang) -> Iterator[Note]:
    """What has recovered, the sources in trouble and what to do about it, and what others had to
    assume."""
    for finding in report.recovered:
        yield Note(SIGNS[Level.OK], worded(say("history.recovered"), lang), recovery(finding, lang))
    unknown = [finding for finding in report.counted if finding.level is Level.UNKNOWN]
    failed = failures(report)
    explained = {(f.check.source, failed.get(f.check.source, f.reason)) for f in unknown}
    for trouble, sign in STATE_SIGNS.items():
        for state in report.sources:
            if state.state is not trouble or state.error is None:
                continue
            what = worded(say(f"console.{trouble.value}", name=state.name), lang)
            if (state.name, state.error) not in explained:
                yield Note(sign, what, worded(state.error, lang), trouble)
            elif trouble is not State.PARTIAL:  # else the findings say what is missing and why
                yield Note(sign, what, state=trouble)
    for state in report.sources:
        if state.note is not None:
            yield Note("-", state.name, worded(state.note, lang))


def source_summaries(report: Report, lang: Lang) -> list[str]:
    """Each source that was asked with its newest day, and how long it all took."""
    parts = []
    for state in report.sources:
        if state.state is State.SKIPPED:
            continue
        text = worded(say(f"console.source_{state.state.value}", name=state.name), lang)
        if (newest := state.newest_day) is not None:
            this_year = newest.year == report.generated_at.year
            shown = newest if this_year else say("console.date", day=newest, year=str(newest.year))
            text += worded(say("console.newest_day", day=shown), lang)
        parts.append(glue(text))
    seconds = max((state.seconds for state in report.sources), default=0.0)
    return [*parts, glue(f"{seconds:.1f} s")]


def _subjects(report: Report, lang: Lang) -> list[str]:
    names = [domain_text(name) for name in report.subjects]
    if len(names) > 2:
        return [worded(say("console.and_more", first=names[0], more=len(names) - 1), lang)]
    return [", ".join(names)] if names else []

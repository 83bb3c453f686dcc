"""What is ok and what is only shown, as data: by source, or one figure after the other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from mailwatch.frozen import dataclass
from mailwatch.model import Finding, Lang, Level, Report, say
from mailwatch.reports.facts import (
    act,
    comma,
    ideal,
    is_judged,
    newest_days,
    old,
    short_title,
    value,
    value_range,
)
from mailwatch.reports.glue import glue
from mailwatch.reports.groups import Group, Pair, by_check, distinct_names, named
from mailwatch.reports.outline import known_subject
from mailwatch.words import PHRASES, worded

WIDEST_NAMES = 24
"""Characters of the names behind a value; where they need more, only their number is shown."""


@dataclass(frozen=True, slots=True)
class Packed:
    """The figures of one source."""

    source: str
    pieces: tuple[str, ...]
    """`bounce 1.9 %`: a short title and the value, or the values' range."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure, with the limit it was compared with."""

    title: str
    value: str
    held: str
    about: str
    age: str


def split(findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """What is ok, and what is shown without having been judged."""
    fine = [finding for finding in findings if finding.level is Level.OK]
    judged = [finding for finding in fine if is_judged(finding)]
    return judged, [finding for finding in fine if not is_judged(finding)]


def pack_by_source(findings: Sequence[Finding], report: Report, lang: Lang) -> list[Packed]:
    """The ok findings by source; of an account's segments only how many are ok."""
    known, newest = known_subject(report), newest_days(report)
    pieces: dict[str, list[str]] = {}
    whole = [finding for finding in findings if finding.measurement.subject.segment is None]
    for group in by_check(whole, Level.OK):
        pieces.setdefault(group[0].check.source, []).append(_piece(group, known, newest, lang))
    if len(whole) < len(findings) and is_judged(findings[0]):
        for source, counted in _count_segments(report, lang):
            pieces.setdefault(source, []).append(counted)
    return [Packed(_source_name(name, lang), tuple(those)) for name, those in pieces.items()]


def _count_segments(report: Report, lang: Lang) -> Iterator[tuple[str, str]]:
    """Each source and `12 more subusers ok`: the segments of which every figure is."""
    levels: dict[tuple[str, str], dict[str, bool]] = {}
    for finding in report.findings:
        segment = finding.measurement.subject.segment
        if segment is not None:
            kind = levels.setdefault((finding.check.source, segment[0]), {})
            ok = finding.level is Level.OK
            kind[segment[1]] = ok and kind.get(segment[1], True)
    for (source, kind_name), names in levels.items():
        ok_ones = sum(names.values())
        code = "ok" if ok_ones == len(names) else "more_ok"
        if ok_ones:
            yield source, glue(worded(say(f"console.{code}_{kind_name}", n=ok_ones), lang))


def list_one_by_one(findings: Sequence[Finding], report: Report, lang: Lang) -> Iterator[Line]:
    """The ok findings, those of one check together."""
    known, newest = known_subject(report), newest_days(report)
    for group in by_check(findings, Level.OK):
        for finding in group:
            yield Line(
                finding.check.title[lang],
                value(finding),
                _held(finding, lang),
                named(finding.measurement.subject.pairs, known),
                old([finding], newest, lang),
            )


def list_ignored(report: Report, lang: Lang) -> Iterator[str]:
    """What somebody accepted, one line each: the figure, until when, and why."""
    known = known_subject(report)
    for finding in report.findings:
        if finding.ignored is None:
            continue
        about = named(finding.measurement.subject.pairs, known)
        shown = " ".join(filter(None, (finding.check.title[lang], value(finding))))
        why = finding.ignored.reason
        if until := finding.ignored.until:
            last = say("console.date", day=until, year=str(until.year))
            why = say("ignore.until", day=last, reason=why)
        yield " · ".join(filter(None, (shown, about, worded(why, lang))))


def _held(finding: Finding, lang: Lang) -> str:
    """What an ok figure was compared with: its ideal, else what would call for action.

    Of a figure that has limits, why it was not held against them.
    """
    if not is_judged(finding):
        limited = finding.threshold.ideal or finding.threshold.act
        return worded(finding.reason, lang) if limited else ""
    return ideal(finding, lang) or act(finding, lang)


def _piece(
    group: Group, known: Iterable[Pair], newest: Mapping[str, date | None], lang: Lang
) -> str:
    names = ", ".join(distinct_names(group, known))
    if len(group) > 1 and (not names or len(names) > WIDEST_NAMES):
        names = glue(worded(say("console.in_all", n=len(group)), lang))
    aside = comma(lang).join(filter(None, (names, old(group, newest, lang))))
    shown = f"{short_title(group[0].check, lang)} {value_range(group, lang)}"
    return f"{shown} ({aside})" if aside else shown


def _source_name(source: str, lang: Lang) -> str:
    code = f"console.name_{source}"
    return worded(say(code), lang) if code in PHRASES else source

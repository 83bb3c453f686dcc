"""Each page, from what is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mailwatch.accepted import IgnoreRule
from mailwatch.catalog.catalog import Catalog
from mailwatch.history.store import Store
from mailwatch.history.stored import StoredRun
from mailwatch.model import Finding, KnownRecords, Lang, Level, Phrase, Report, State, Subject, say
from mailwatch.reports.groups import named
from mailwatch.reports.html.card import badge
from mailwatch.reports.html.markup import EMPTY, Markup, element, join, text
from mailwatch.reports.html.overview import closing, opening, state_text, what_is_fine
from mailwatch.reports.html.report_page import trouble
from mailwatch.reports.view import View
from mailwatch.serve.event_tables import event_section
from mailwatch.serve.page_markup import (
    line,
    link,
    listed,
    page,
    part,
    plain_page,
    series_link,
    table,
)
from mailwatch.serve.stored_report import WORST_FIRST, report_of
from mailwatch.words import worded

MOST_RUNS = 15
MOST_CHANGES = 200


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who reads: the language, and the time of reading."""

    lang: Lang
    now: datetime

    def say(self, code: str, **values: str | int | date) -> str:
        """A phrase in the reader's language."""
        return self.worded(say(code, **values))

    def worded(self, phrase: Phrase) -> str:
        """What somebody else says, in the reader's language."""
        return worded(phrase, self.lang)

    def age(self, moment: datetime) -> str:
        """How long ago that was."""
        seconds = max(0.0, (self.now - moment).total_seconds())
        if seconds < 5400:
            return self.say("serve.minutes_ago", n=int(seconds // 60))
        if seconds < 36 * 3600:
            return self.say("serve.hours_ago", n=round(seconds / 3600))
        return self.say("serve.days_ago", n=round(seconds / 86400))


def overview(
    store: Store, catalog: Catalog, reader: Visitor, rules: tuple[IgnoreRule, ...] = ()
) -> str:
    """The last run as its report shows it, the last hours' events, and the way to each check."""
    runs = store.runs()
    newest = newest_run(runs)
    title = reader.say("serve.overview")
    events = event_section(store, catalog, reader)
    if newest is None:
        return plain_page(title, reader.lang, line(reader.say("serve.no_run")), events)
    report, view = report_of(newest, store, catalog, rules), View(lang=reader.lang)
    cards = trouble(report, view, series_link)
    main = element(
        "main",
        line(last_run(newest, reader), "faint"),
        *(cards or [line(reader.say("serve.none_open"))]),
        events,
        *what_is_fine(report, view),
        part(reader.say("serve.all_checks"), _check_list(report.findings, reader)),
        part(reader.say("serve.sources"), _source_table(report, reader)),
        part(reader.say("serve.runs"), _run_table(runs, reader)),
    )
    parts = (opening(report, reader.lang), main, closing(report, reader.lang))
    return page(title, reader.lang, *parts)


def dns_page(store: Store, reader: Visitor) -> str:
    """Each DNS record set that is not what it was, the newest change first."""
    known: dict[tuple[str, str], KnownRecords] = {}
    changes: list[tuple[KnownRecords, KnownRecords]] = []
    for records in store.all_records():
        before = known.get(records.records.key)
        if before is not None:
            changes.append((before, records))
        known[records.records.key] = records
    changes.sort(key=lambda change: change[1].first_seen, reverse=True)
    title = reader.say("serve.dns")
    if not changes:
        return plain_page(title, reader.lang, line(reader.say("serve.no_change")))
    headers = _said(reader, "name", "type", "changed", "before", "after")
    rows = (_change_row(before, after, reader) for before, after in changes[:MOST_CHANGES])
    more = EMPTY
    if len(changes) > MOST_CHANGES:
        more = line(reader.say("serve.more", n=len(changes) - MOST_CHANGES), "faint")
    return plain_page(title, reader.lang, table(title, headers, rows), more)


def _change_row(before: KnownRecords, after: KnownRecords, reader: Visitor) -> list[Markup]:
    days = f"{before.last_seen} – {after.first_seen}"
    old, new = (_values(records, reader) for records in (before, after))
    return [text(after.records.name), text(after.records.rdtype), text(days), old, new]


def _values(known: KnownRecords, reader: Visitor) -> Markup:
    values = known.records.values or (reader.say("serve.no_record"),)
    return join(element("div", element("code", text(value))) for value in values)


def last_run(run: StoredRun, reader: Visitor) -> str:
    """When it was, and how long ago that is."""
    moment = datetime.fromisoformat(run.generated_at)
    shown = f"{moment:%Y-%m-%d %H:%M %Z}"
    return reader.say("serve.last_run", moment=shown, age=reader.age(moment))


def _check_list(findings: Iterable[Finding], reader: Visitor) -> Markup:
    """Each check once, with its worst level."""
    worst: dict[str, Finding] = {}
    for finding in sorted(findings, key=lambda one: WORST_FIRST.index(one.level)):
        worst.setdefault(finding.check.id, finding)
    return listed(
        (
            marked(finding.level, link(f"/checks/{name}", finding.check.title[reader.lang]), reader)
            for name, finding in sorted(worst.items())
        ),
        "marked pages",
    )


def marked(level: Level | None, shown: Markup, reader: Visitor) -> Markup:
    """`shown` with the sign of its level before it, where it has one."""
    return shown if level is None else join((badge(level, reader.lang), shown), " ")


def _source_table(report: Report, reader: Visitor) -> Markup:
    rows = [[text(one.name), _state(one.state, reader)] for one in report.sources]
    return table(reader.say("serve.sources"), _said(reader, "source", "state"), rows)


def _state(state: State, reader: Visitor) -> Markup:
    return element("span", state_text(state, reader.lang), class_=f"state {state.value}")


def _run_table(runs: Sequence[StoredRun], reader: Visitor) -> Markup:
    rows = [
        [
            text(run.generated_at),
            badge(run.verdict, reader.lang),
            text(str(run.exit_code)),
            text(reader.say("serve.as_of", day=run.as_of) if run.as_of else ""),
        ]
        for run in reversed(runs[-MOST_RUNS:])
    ]
    headers = [*_said(reader, "run", "level", "status"), ""]
    return table(reader.say("serve.runs"), headers, rows)


def newest_run(runs: Sequence[StoredRun]) -> StoredRun | None:
    """The last run about its own time."""
    return next((run for run in reversed(runs) if run.as_of is None), None)


def title_of(check: str, catalog: Catalog, reader: Visitor) -> str:
    """The title of a check; of one that is not known any more its id."""
    found = catalog.checks.get(check)
    return found.title[reader.lang] if found else check


def subject_name(subject: Subject, reader: Visitor) -> str:
    """What a figure is about."""
    return named(subject.pairs) or reader.say("serve.whole")


def _said(reader: Visitor, *names: str) -> list[str]:
    return [reader.say(f"serve.{name}") for name in names]

"""Each page, from what is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from mailwatch.catalog.catalog import Catalog
from mailwatch.history.store import Store
from mailwatch.history.stored import StoredFinding, StoredRun
from mailwatch.model import KnownRecords, Lang, Level, Past, Subject, say
from mailwatch.reports.groups import named
from mailwatch.serve.event_tables import event_section
from mailwatch.serve.page_markup import (
    Html,
    Part,
    element,
    join,
    level_mark,
    link,
    listed,
    page,
    series_link,
    table,
)
from mailwatch.text.units import display
from mailwatch.words import day as worded_day
from mailwatch.words import worded

MOST_RUNS = 15
MOST_FINDINGS = 300
"""Rows of a table of findings; a run can have many thousands."""
MOST_CHANGES = 200
_ORDER = (Level.BREACH, Level.WARN, Level.UNKNOWN, Level.OK)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who reads: the language, and the time of reading."""

    lang: Lang
    now: datetime

    def say(self, code: str, **values: str | int | date) -> str:
        """A phrase in the reader's language."""
        return worded(say(code, **values), self.lang)

    def age(self, moment: datetime) -> str:
        """How long ago that was."""
        seconds = max(0.0, (self.now - moment).total_seconds())
        if seconds < 5400:
            return self.say("serve.minutes_ago", n=int(seconds // 60))
        if seconds < 36 * 3600:
            return self.say("serve.hours_ago", n=round(seconds / 3600))
        return self.say("serve.days_ago", n=round(seconds / 86400))


def overview(store: Store, catalog: Catalog, reader: Visitor) -> str:
    """The last run with what is open, the last hours' events, the sources and the runs."""
    runs = store.runs()
    newest = newest_run(runs)
    title = reader.say("serve.overview")
    events = event_section(store, catalog, reader)
    if newest is None:
        return page(title, reader.lang, element("h1", title), _faint(reader, "no_run"), events)
    findings = sorted(store.findings(newest), key=lambda finding: _ORDER.index(finding.level))
    opened = [finding for finding in findings if finding.level is not Level.OK]
    open_part = (
        _finding_table("serve.open", opened, store.past(), catalog, reader)
        if opened
        else _faint(reader, "none_open")
    )
    return page(
        title,
        reader.lang,
        element("h1", level_mark(newest.verdict, reader.lang)),
        _when(newest, reader),
        element("h2", reader.say("serve.open")),
        open_part,
        events,
        element("h2", reader.say("serve.sources")),
        _source_table(newest, reader),
        element("h2", reader.say("serve.all_checks")),
        _check_list(findings, catalog, reader),
        element("h2", reader.say("serve.runs")),
        _run_table(runs, reader),
    )


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
        return page(title, reader.lang, element("h1", title), _faint(reader, "no_change"))
    headers = _said(reader, "name", "type", "changed", "before", "after")
    rows = (_change_row(before, after, reader) for before, after in changes[:MOST_CHANGES])
    body = join((table(title, headers, rows), _more(len(changes), MOST_CHANGES, reader)))
    return page(title, reader.lang, element("h1", title), body)


def _change_row(before: KnownRecords, after: KnownRecords, reader: Visitor) -> list[Part]:
    days = f"{before.last_seen} – {after.first_seen}"
    old, new = (_values(records, reader) for records in (before, after))
    return [after.records.name, after.records.rdtype, days, old, new]


def _values(known: KnownRecords, reader: Visitor) -> Html:
    values = known.records.values or (reader.say("serve.no_record"),)
    return join(element("div", element("code", value)) for value in values)


def _when(run: StoredRun, reader: Visitor) -> Html:
    moment = datetime.fromisoformat(run.generated_at)
    return element(
        "p",
        reader.say("serve.last_run", moment=f"{moment:%Y-%m-%d %H:%M %Z}", age=reader.age(moment)),
        class_="faint",
    )


def _finding_table(
    caption: str,
    findings: Sequence[StoredFinding],
    past: Past,
    catalog: Catalog,
    reader: Visitor,
) -> Html:
    def row(finding: StoredFinding) -> list[Part]:
        check = catalog.checks.get(finding.check)
        value = finding.measurement.value
        shown = display(value, check.unit) if check else str(value or "")
        return [
            level_mark(finding.level, reader.lang),
            link(
                series_link(finding.check, finding.subject),
                title_of(finding.check, catalog, reader),
            ),
            subject_name(finding.subject, reader),
            shown,
            worded(finding.reason, reader.lang),
            since_text(past, finding, reader),
        ]

    headers = [*_said(reader, "level", "check", "subject", "value", "reason", "since")]
    rows = map(row, findings[:MOST_FINDINGS])
    return join(
        (table(reader.say(caption), headers, rows), _more(len(findings), MOST_FINDINGS, reader))
    )


def _check_list(findings: Iterable[StoredFinding], catalog: Catalog, reader: Visitor) -> Html:
    """Each check once, with its worst level."""
    worst: dict[str, Level] = {}
    for finding in findings:
        worst.setdefault(finding.check, finding.level)
    return listed(
        join(
            (
                level_mark(level, reader.lang),
                " ",
                link(f"/checks/{check}", title_of(check, catalog, reader)),
            )
        )
        for check, level in sorted(worst.items())
    )


def _source_table(run: StoredRun, reader: Visitor) -> Html:
    rows = [[name, state] for name, state in run.states.items()]
    return table(reader.say("serve.sources"), _said(reader, "source", "state"), rows)


def _run_table(runs: Sequence[StoredRun], reader: Visitor) -> Html:
    rows = [
        [
            run.generated_at,
            level_mark(run.verdict, reader.lang),
            str(run.exit_code),
            reader.say("serve.as_of", day=run.as_of) if run.as_of else "",
        ]
        for run in reversed(runs[-MOST_RUNS:])
    ]
    headers = [*_said(reader, "run", "level", "status"), ""]
    return table(reader.say("serve.runs"), headers, rows)


def newest_run(runs: Sequence[StoredRun]) -> StoredRun | None:
    """The last run about its own time."""
    return next((run for run in reversed(runs) if run.as_of is None), None)


def since_text(past: Past, finding: StoredFinding, reader: Visitor) -> str:
    """Since when a finding is open or as it is, and for how long; empty where nothing shows it."""
    standing = past.standings.get((finding.check, finding.subject))
    if standing is None:
        return ""
    began = standing.opened or standing.since
    days = max(0, (reader.now.astimezone(UTC).date() - began).days)
    return reader.say("serve.open_for", day=began, n=days)


def title_of(check: str, catalog: Catalog, reader: Visitor) -> str:
    """The title of a check; of one that is not known any more its id."""
    found = catalog.checks.get(check)
    return found.title[reader.lang] if found else check


def subject_name(subject: Subject, reader: Visitor) -> str:
    """What a figure is about."""
    return named(subject.pairs) or reader.say("serve.whole")


def day_text(day: date, reader: Visitor) -> str:
    """A day as the reader writes it."""
    return worded_day(day, reader.lang)


def _said(reader: Visitor, *names: str) -> list[str]:
    return [reader.say(f"serve.{name}") for name in names]


def _faint(reader: Visitor, name: str) -> Html:
    return element("p", reader.say(f"serve.{name}"), class_="faint")


def _more(number: int, most: int, reader: Visitor) -> Html:
    if number <= most:
        return Html("")
    return element("p", reader.say("serve.more", n=number - most), class_="faint")

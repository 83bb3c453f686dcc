"""The page of a check and a subject: its card with the series, why it matters, the newest days."""

from collections.abc import Iterable, Mapping, Sequence

from mailwatch.catalog.catalog import Catalog
from mailwatch.history.encoded import read_subject
from mailwatch.history.store import Store
from mailwatch.history.stored import StoredDay, StoredFinding, StoredRun, StoredSeries
from mailwatch.model import ACCOUNT, Check, Finding, Level, Subject
from mailwatch.reports.drawn_series import judge_series
from mailwatch.reports.html.card import card
from mailwatch.reports.html.markup import EMPTY, Markup, text
from mailwatch.reports.outline import block_of
from mailwatch.reports.view import View
from mailwatch.serve.page_markup import line, link, listed, part, plain_page, series_link, table
from mailwatch.serve.pages import Visitor, last_run, marked, newest_run, subject_name, title_of
from mailwatch.serve.stored_report import WORST_FIRST, finding_of
from mailwatch.text.units import display

LISTED_DAYS = 31
MOST_SUBJECTS = 500


def series_page(
    store: Store, catalog: Catalog, check_id: str, subject: Subject, reader: Visitor
) -> str | None:
    """The page of the check about exactly `subject`, with a list of its other subjects.

    Without a series of the subject only the list; None where nothing is stored of the check.
    """
    subjects = [read_subject(name) for _, name in store.names(check_id)]
    if not subjects:
        return None
    if subject == ACCOUNT and len(subjects) == 1:
        (subject,) = subjects
    run = newest_run(store.runs())
    newest = {
        found.subject: found
        for found in (store.findings(run) if run else ())
        if found.check == check_id
    }
    series = store.one_series(check_id, subject)
    if series is None and subject != ACCOUNT:
        return None
    parts = [line(check_id, "faint")]
    if series is not None:
        parts += _about(store, series, catalog, (run, newest.get(subject)), reader)
    if len(subjects) > 1:
        parts.append(_subject_list(check_id, subjects, newest, reader))
    title = f"{title_of(check_id, catalog, reader)} · {subject_name(subject, reader)}"
    return plain_page(title, reader.lang, *parts)


def _about(
    store: Store,
    series: StoredSeries,
    catalog: Catalog,
    newest: tuple[StoredRun | None, StoredFinding | None],
    reader: Visitor,
) -> list[Markup]:
    run, stored = newest
    check = catalog.checks.get(series.check)
    finding: Finding | None
    if run is not None and stored is not None:
        finding = finding_of(stored, series, catalog, store.past())
        title = last_run(run, reader)
    else:  # no run of its own: as one would judge the newest days
        finding = judge_series(series, catalog).finding
        title = reader.say("serve.value")
    parts: list[Markup] = []
    if finding is not None:
        block = block_of(finding, View(lang=reader.lang, all=True))
        reason = EMPTY if finding.level is Level.UNKNOWN else line(reader.worded(finding.reason))
        parts.append(part(title, reason, card(block, reader.lang, "newest")))
    if check is not None:
        parts.append(part(reader.say("serve.why"), line(check.why[reader.lang])))
    parts.append(_day_table(series.days[-LISTED_DAYS:], check, reader))
    return parts


def _subject_list(
    check: str,
    subjects: Sequence[Subject],
    newest: Mapping[Subject, StoredFinding],
    reader: Visitor,
) -> Markup:
    """The subjects, those first that the last run found worst."""
    levels: dict[Subject, Level] = {one: found.level for one, found in newest.items()}
    ordered = sorted(subjects, key=lambda one: WORST_FIRST.index(levels.get(one, Level.OK)))
    items: Iterable[Markup] = (
        marked(levels.get(one), link(series_link(check, one), subject_name(one, reader)), reader)
        for one in ordered[:MOST_SUBJECTS]
    )
    left = len(subjects) - MOST_SUBJECTS
    more = line(reader.say("serve.more", n=left), "faint") if left > 0 else EMPTY
    return part(reader.say("serve.subjects"), listed(items, "marked pages"), more)


def _day_table(days: Sequence[StoredDay], check: Check | None, reader: Visitor) -> Markup:
    rows = [
        [
            text(str(day.day)),
            text(_shown(day.value, check)),
            text(
                ""
                if day.numerator is None or day.denominator is None
                else f"{day.numerator:,} / {day.denominator:,}"
            ),
        ]
        for day in reversed(days)
    ]
    names = ("serve.day", "serve.value", "serve.counts")
    title = reader.say("serve.days")
    return part(title, table(title, [reader.say(name) for name in names], rows))


def _shown(value: float | str | None, check: Check | None) -> str:
    if check is not None:
        return display(value, check.unit)
    return f"{value:g}" if isinstance(value, int | float) else str(value or "–")

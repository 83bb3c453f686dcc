"""The page of a check and a subject: its series, what it means, and what to do."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from mailwatch.catalog.catalog import Catalog
from mailwatch.history.encoded import read_subject
from mailwatch.history.store import Store
from mailwatch.history.stored import StoredDay, StoredSeries
from mailwatch.judge.foresee import reason_of
from mailwatch.model import ACCOUNT, Check, Subject, Threshold
from mailwatch.reports.drawn_series import DrawnSeries, chart_of, judge_series
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
from mailwatch.serve.pages import (
    Visitor,
    day_text,
    newest_run,
    since_text,
    subject_name,
    title_of,
)
from mailwatch.serve.plot import Plot, draw_plot
from mailwatch.text.units import display, limit_text
from mailwatch.words import worded

MOST_DAYS = 120
"""Days in the picture."""
LISTED_DAYS = 14
MOST_SUBJECTS = 500


def series_page(
    store: Store, catalog: Catalog, check_id: str, subject: Subject, reader: Visitor
) -> str | None:
    """The page of the check about exactly `subject`, with a list of its other subjects.

    Without a series of the subject only the list; None where nothing is stored of the check.
    """
    subjects = [read_subject(text) for _, text in store.names(check_id)]
    if not subjects:
        return None
    if subject == ACCOUNT and len(subjects) == 1:
        (subject,) = subjects
    title = title_of(check_id, catalog, reader)
    parts: list[Part] = [element("h1", f"{title} · {subject_name(subject, reader)}")]
    series = store.one_series(check_id, subject)
    if series is not None:
        parts += _about(store, series, catalog, reader)
    elif subject != ACCOUNT:
        return None
    if len(subjects) > 1:
        parts += [
            element("h2", reader.say("serve.subjects")),
            listed(
                link(series_link(check_id, one), subject_name(one, reader))
                for one in subjects[:MOST_SUBJECTS]
            ),
        ]
    if len(subjects) > MOST_SUBJECTS:
        parts.append(element("p", reader.say("serve.more", n=len(subjects) - MOST_SUBJECTS)))
    return page(f"{title} {subject_name(subject, reader)}", reader.lang, *parts)


def _about(store: Store, series: StoredSeries, catalog: Catalog, reader: Visitor) -> list[Part]:
    drawn = judge_series(series, catalog)
    check = drawn.check
    parts: list[Part] = [element("p", series.check, class_="faint")]
    parts += _newest_finding(store, series, reader)
    if check is not None:
        limits = _limits(catalog.threshold(check, series.subject), check, reader)
        parts.append(element("p", limits))
    parts.append(_picture(drawn, check, reader))
    if drawn.finding and drawn.finding.forecast and check and drawn.outlooks:
        foreseen = reason_of(drawn.outlooks[-1], drawn.threshold.act, check)
        parts.append(element("p", worded(foreseen, reader.lang)))
    parts.append(_day_table(series.days[-LISTED_DAYS:], check, reader))
    if check is not None:
        parts += _meaning(check, series, reader)
    return parts


def _newest_finding(store: Store, series: StoredSeries, reader: Visitor) -> list[Part]:
    """What the last run found: level, reason, since when, and what it saw."""
    run = newest_run(store.runs())
    finding = next(
        (
            found
            for found in (store.findings(run) if run else ())
            if (found.check, found.subject) == (series.check, series.subject)
        ),
        None,
    )
    if finding is None:
        return []
    reason = worded(finding.reason, reader.lang)
    since = since_text(store.past(), finding, reader)
    seen = [worded(phrase, reader.lang) for phrase in finding.measurement.evidence]
    return [
        element("p", level_mark(finding.level, reader.lang), f" {reason}"),
        element("p", f"{reader.say('serve.since')}: {since}") if since else "",
        listed(seen) if seen else "",
    ]


def _limits(threshold: Threshold, check: Check, reader: Visitor) -> str:
    sides = (("ideal", threshold.ideal), ("act", threshold.act))
    shown = (
        f"{reader.say(f'console.{name}')} "
        f"{limit_text(limit, check.unit, readable=True) or reader.say('serve.no_limit')}"
        for name, limit in sides
    )
    return f"{reader.say('serve.limits')}: {', '.join(shown)}"


def _picture(drawn: DrawnSeries, check: Check | None, reader: Visitor) -> Html:
    chart = chart_of(drawn, reader.lang)
    if not chart.values:
        return Html("")
    first, last = min(chart.values), max([*chart.values, *chart.to_come])
    first = max(first, last - timedelta(days=MOST_DAYS - 1))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    kinds = [kind for kind in ("ideal", "act") if _has_limit(drawn, kind)]
    plot = Plot(
        [day_text(day, reader) for day in days],
        _placed(chart.values, first),
        _placed(chart.to_come, first),
        frozenset((day - first).days for day in chart.changes),
        [(kind, *limit) for kind, limit in zip(kinds, chart.limits, strict=True)],
    )
    title = reader.say(
        "serve.chart_of", title=check.title[reader.lang] if check else "", first=first, last=last
    )
    return draw_plot(plot, title, lambda value: _shown(value, check))


def _has_limit(drawn: DrawnSeries, kind: str) -> bool:
    limit = drawn.threshold.ideal if kind == "ideal" else drawn.threshold.act
    return drawn.check is not None and limit is not None and not isinstance(limit.value, str)


def _placed(values: Mapping[date, float], first: date) -> dict[int, float]:
    return {(day - first).days: value for day, value in values.items() if day >= first}


def _day_table(days: Sequence[StoredDay], check: Check | None, reader: Visitor) -> Html:
    rows = [
        [
            str(day.day),
            _shown(day.value, check),
            ""
            if day.numerator is None or day.denominator is None
            else f"{day.numerator:,} / {day.denominator:,}",
        ]
        for day in reversed(days)
    ]
    names = ("serve.day", "serve.value", "serve.counts")
    title = reader.say("serve.days")
    heading = element("h2", title)
    return join((heading, table(title, [reader.say(name) for name in names], rows)))


def _meaning(check: Check, series: StoredSeries, reader: Visitor) -> list[Part]:
    value = series.days[-1].value if series.days else None
    actions = check.fitting_actions(value, series.subject)
    return [
        element("h2", reader.say("serve.why")),
        element("p", check.why[reader.lang]),
        element("h2", reader.say("serve.risks")),
        listed(check.risks[reader.lang]),
        element("h2", reader.say("serve.actions")),
        listed(action.text[reader.lang] for action in actions),
    ]


def _shown(value: float | str | None, check: Check | None) -> str:
    if check is not None:
        return display(value, check.unit)
    return f"{value:g}" if isinstance(value, int | float) else str(value or "–")

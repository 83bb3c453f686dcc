"""What `mailwatch history` prints: the runs, the checks, and one check over time."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mailwatch.catalog.catalog import Catalog
from mailwatch.history.stored import StoredDay, StoredRun, StoredSeries
from mailwatch.judge import judge
from mailwatch.judge.foresee import foresee, reason_of
from mailwatch.judge.outlook import Outlook, look_ahead
from mailwatch.model import Check, Day, Finding, Lang, Measurement, Threshold, Window, say
from mailwatch.reports.chart import Chart, draw_chart
from mailwatch.reports.groups import named
from mailwatch.reports.headline import marked
from mailwatch.reports.sparkline import sparkline
from mailwatch.text.units import display, limit_text
from mailwatch.words import day as worded_day
from mailwatch.words import worded

MOST_RUNS = 10
MOST_LISTED = 40
WINDOW = 7
MOST_WORDS = 20


def list_runs(
    runs: Sequence[StoredRun], names: Sequence[tuple[str, str]], lang: Lang, width: int
) -> Iterator[str]:
    """The newest runs, then each check that is stored with the number of its subjects."""
    if not runs and not names:
        yield worded(say("history.nothing"), lang)
        return
    yield worded(say("history.runs", n=len(runs)), lang)
    for run in runs[-MOST_RUNS:]:
        about = f"  --as-of {run.as_of}" if run.as_of else ""
        yield f"  {run.generated_at}  {marked(run.verdict, lang)}  ({run.exit_code}){about}"[:width]
    yield ""
    yield worded(say("history.checks"), lang)
    counts = Counter(check for check, _ in names)
    size = max(map(len, counts), default=0)
    for check, number in sorted(counts.items()):
        yield f"  {check:<{size}}  {worded(say('history.subjects', n=number), lang)}"[:width]


def list_series(
    series: Iterable[StoredSeries], catalog: Catalog, lang: Lang, width: int
) -> Iterator[str]:
    """Each series on a line: its subject, its newest figure and its last days."""
    shown = 0
    for one in series:
        shown += 1
        if shown > MOST_LISTED or not one.days:
            continue
        newest = one.days[-1]
        spark = sparkline(one.counted(), newest.day)
        name = named(one.subject.pairs)
        value = _value(newest.value, catalog.checks.get(one.check))
        line = f"{one.check}  {name}  {value}  {worded_day(newest.day, lang)}  {spark}"
        yield line[:width].rstrip()
    if shown > MOST_LISTED:
        yield worded(say("history.narrow", n=shown - MOST_LISTED), lang)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A series with what judging says of it."""

    series: StoredSeries
    check: Check | None
    threshold: Threshold
    finding: Finding | None
    outlooks: tuple[Outlook, ...]

    @property
    def changes(self) -> dict[date, Outlook]:
        """The first day of each sudden change."""
        found: dict[date, Outlook] = {}
        last: date | None = None
        for outlook in self.outlooks:
            if outlook.kind == "change":
                if last is None or (outlook.day - last).days > WINDOW:
                    found[outlook.day] = outlook
                last = outlook.day
        return found


def draw_series(series: StoredSeries, catalog: Catalog, lang: Lang, width: int) -> Iterator[str]:
    """The chart of one series, with what is foreseen and its newest days."""
    drawn = _judged(series, catalog)
    check = drawn.check
    title = check.title[lang] if check else series.check
    name = named(series.subject.pairs)
    yield f"{title}{f' · {name}' if name else ''}  ({series.check})"[:width]
    if not series.days:
        return
    words = [day for day in series.days if isinstance(day.value, str)]
    if words:
        yield from _spells(words, lang)
        return
    yield from draw_chart(
        _chart(drawn, lang), width, lambda v: _value(v, check), lambda d: worded_day(d, lang)
    )
    for changed, outlook in drawn.changes.items():
        before = _value(outlook.before, check)
        yield worded(say("history.changed", day=changed, before=before), lang)[:width]
    if drawn.finding and drawn.finding.forecast and check and drawn.outlooks:
        yield worded(reason_of(drawn.outlooks[-1], drawn.threshold.act, check), lang)[:width]
    newest = series.days[-1]
    value = _value(newest.value, check)
    phrase = say("history.newest", day=newest.day, value=value, n=len(series.days))
    k, n = newest.numerator, newest.denominator
    counts = f"  {k:,} / {n:,}" if k is not None and n is not None else ""
    yield f"{worded(phrase, lang)}{counts}"[:width]


def _judged(series: StoredSeries, catalog: Catalog) -> _Drawn:
    """The series, judged as a run judges it: with its last seven days, and what is foreseen."""
    check = catalog.checks.get(series.check)
    days = series.counted()
    if check is None or check.unit == "word" or not days:
        return _Drawn(series, check, Threshold(), None, ())
    threshold = catalog.threshold(check, series.subject)
    last = days[-1].day
    window = [day for day in days if day.day > last - timedelta(days=WINDOW)]
    counted = all(day.numerator is not None and day.denominator is not None for day in window)
    k = sum(day.numerator or 0 for day in window)
    n = sum(day.denominator or 0 for day in window)
    measurement = Measurement(
        check.metric,
        series.subject,
        value=(k / n if n else None) if counted else days[-1].value,
        numerator=k if counted else None,
        denominator=n if counted else None,
        window=Window(window[0].day, last),
        daily=days,
        proportion=check.proportion and counted,
    )
    (finding,) = foresee((judge(measurement, check, threshold),))
    return _Drawn(series, check, threshold, finding, tuple(_outlooks(days, check, threshold)))


def _outlooks(days: Sequence[Day], check: Check, threshold: Threshold) -> Iterator[Outlook]:
    """What was announced on each day."""
    act = threshold.act
    counted = [
        (day.day, min(day.numerator, day.denominator), day.denominator)
        for day in days
        if day.numerator is not None and day.denominator
    ]
    if act is None or isinstance(act.value, str) or not check.proportion or not counted:
        return
    for judged in look_ahead(counted, act.value, worse=str(check.worse)):
        if judged.outlook is not None:
            yield judged.outlook


def _chart(drawn: _Drawn, lang: Lang) -> Chart:
    check, threshold = drawn.check, drawn.threshold
    sides = (("ideal", threshold.ideal), ("act", threshold.act))
    limits = [
        (
            worded(say(f"console.{name}"), lang)
            + f" {limit_text(limit, check.unit, readable=True)}",
            float(limit.value),
        )
        for name, limit in sides
        if check and limit and not isinstance(limit.value, str)
    ]
    values = {d.day: d.value for d in drawn.series.counted() if d.value is not None}
    return Chart(values, limits, _to_come(drawn, values), frozenset(drawn.changes))


def _to_come(drawn: _Drawn, values: dict[date, float]) -> dict[date, float]:
    """A straight way from the rate of now to the limit on the foreseen day, and on to the last."""
    forecast = drawn.finding.forecast if drawn.finding else None
    act = drawn.threshold.act
    if not forecast or not forecast.breach_on or not forecast.latest or not values or act is None:
        return {}
    last, now = max(values), drawn.finding.measurement.value if drawn.finding else None
    if not isinstance(now, int | float) or isinstance(act.value, str):
        return {}
    days = max(1, (forecast.breach_on - last).days)
    step = (act.value - now) / days
    length = min((forecast.latest - last).days, 60)
    return {last + timedelta(days=n): now + step * n for n in range(1, length + 1)}


def _spells(days: Sequence[StoredDay], lang: Lang) -> Iterator[str]:
    """Words, each with the days on which it was the same."""
    spells: list[list[StoredDay]] = []
    for day in days:
        if spells and spells[-1][0].value == day.value:
            spells[-1].append(day)
        else:
            spells.append([day])
    for spell in spells[-MOST_WORDS:]:
        first, last = spell[0], spell[-1]
        phrase = say(
            "history.word", first=str(first.day), last=str(last.day), word=str(first.value)
        )
        yield f"  {worded(phrase, lang)}"


def _value(value: float | str | None, check: Check | None) -> str:
    if check is not None:
        return display(value, check.unit)
    return f"{value:g}" if isinstance(value, int | float) else str(value or "-")

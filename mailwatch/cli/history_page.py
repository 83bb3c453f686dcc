"""What `mailwatch history` prints: the runs, the checks, and one check over time."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from mailwatch.catalog.catalog import Catalog
from mailwatch.history.stored import StoredDay, StoredRun, StoredSeries
from mailwatch.judge.foresee import reason_of
from mailwatch.model import Check, Lang, say
from mailwatch.reports.chart import draw_chart
from mailwatch.reports.drawn_series import chart_of, judge_series
from mailwatch.reports.groups import named
from mailwatch.reports.headline import marked
from mailwatch.reports.sparkline import sparkline
from mailwatch.text.units import display
from mailwatch.words import day as worded_day
from mailwatch.words import worded

MOST_RUNS = 10
MOST_LISTED = 40
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


def draw_series(series: StoredSeries, catalog: Catalog, lang: Lang, width: int) -> Iterator[str]:
    """The chart of one series, with what is foreseen and its newest days."""
    drawn = judge_series(series, catalog)
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
        chart_of(drawn, lang), width, lambda v: _value(v, check), lambda d: worded_day(d, lang)
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

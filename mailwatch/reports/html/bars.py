"""The days of a figure as the cells of a table, for mail clients: they show no SVG.

One cell a day with a height and a colour of its own, which every client draws, and a sentence that
says the same in words.
"""

from dataclasses import replace
from datetime import timedelta

from mailwatch.model import Finding, Lang, Limit, Window
from mailwatch.reports.facts import span
from mailwatch.reports.html.day_series import DailySeries, read_days
from mailwatch.reports.html.markup import EMPTY, Markup, element, text
from mailwatch.reports.html.svg import described

MOST_BARS = 14
HEIGHT, WIDTH = 48, 12
"""Pixels of the highest bar, and of each bar's width."""
WORDS = "margin:0 0 8px;font-size:12px;line-height:1.5;color:#545d68"
PLAIN, PAST_IDEAL, PAST_ACT, GAP = "#5b7fbd", "#c98a1b", "#b42318", "#d8dee4"


def bars(finding: Finding, lang: Lang) -> Markup:
    """The newest days as bars, red where a day is past `act`; "" without days."""
    series = read_days(finding.measurement)
    if series is None:
        return EMPTY
    first = max(series.days[0][0], series.last - timedelta(days=MOST_BARS - 1))
    series = replace(series, days=tuple(point for point in series.days if point[0] >= first))
    if not series.days:
        return EMPTY
    values = dict(series.days)
    days = [first + timedelta(days=n) for n in range((series.last - first).days + 1)]
    low, high = _base([*values.values()]), max(values.values())
    cells = []
    for day in days:
        value = values.get(day)
        share = 0.0 if value is None or high <= low else (value - low) / (high - low)
        height = 1 if value is None else max(2, round(share * HEIGHT))
        cells.append(_cell(height, _colour(finding, series, value)))
    table = _table(element("tr", *cells), style="margin:8px 0 2px")
    said = element("p", text(in_words(finding, series, lang)), class_="muted", style=WORDS)
    return Markup(table + said)


def in_words(finding: Finding, series: DailySeries, lang: Lang) -> str:
    """The days of the series, and what they show."""
    days = span(Window(series.days[0][0], series.last), lang)
    return f"{days}: {described(finding, series, lang)}"


def _base(values: list[float]) -> float:
    """The value of a bar without height: 0, unless the days are too near to each other for that."""
    low, high = min(values), max(values)
    return low - (high - low) * 0.25 if low > high / 2 and high > low else 0.0


def _cell(height: int, colour: str) -> Markup:
    """A bar that stands on the ground. The attributes are for Outlook, which reads no style here;
    short, since Gmail cuts a mail off at 102 kB."""
    bar = element(
        "td",
        text("\u00a0"),
        height=str(height),
        width=str(WIDTH),
        bgcolor=colour,
        style="font-size:1px;line-height:1px",
    )
    inner = _table(element("tr", bar))
    return element("td", inner, valign="bottom", height=str(HEIGHT), style="padding-right:2px")


def _table(row: Markup, style: str = "") -> Markup:
    """A table without a space between its cells, and nothing to a screen reader."""
    return element(
        "table", row, role="presentation", cellpadding="0", cellspacing="0", border="0", style=style
    )


def _colour(finding: Finding, series: DailySeries, value: float | None) -> str:
    if value is None:
        return GAP
    if not series.alike:
        return PLAIN
    if (act := finding.threshold.act) and _holds(act, value):
        return PAST_ACT
    if (ideal := finding.threshold.ideal) and not _holds(ideal, value):
        return PAST_IDEAL
    return PLAIN


def _holds(limit: Limit, value: float) -> bool:
    """True where `value` stands to the limit as its comparator says."""
    if isinstance(limit.value, str):
        return False
    return {
        "<": value < limit.value,
        "<=": value <= limit.value,
        ">": value > limit.value,
        ">=": value >= limit.value,
        None: False,
    }[limit.comparator]

"""The days of a figure as the cells of a table, for mail clients: they show no SVG.

One cell a day with a height and a colour of its own, which every client draws, and a sentence that
says the same in words.
"""

from datetime import timedelta

from mailwatch.model import Finding, Lang, Limit
from mailwatch.reports.html.chart import described
from mailwatch.reports.html.daily import DailySeries, read_days
from mailwatch.reports.html.markup import EMPTY, Markup, element, text
from mailwatch.words import day as day_text

MOST_BARS = 21
HEIGHT, WIDTH = 48, 12
"""Pixels of the highest bar, and of each bar's width."""
PLAIN, PAST_IDEAL, PAST_ACT, GAP = "#5b7fbd", "#c98a1b", "#b42318", "#d8dee4"


def bars(finding: Finding, lang: Lang) -> Markup:
    """The newest days as bars, red where a day is past `act`; "" without days."""
    series = read_days(finding.measurement)
    if series is None:
        return EMPTY
    values = dict(series.days)
    first = max(series.days[0][0], series.last - timedelta(days=MOST_BARS - 1))
    days = [first + timedelta(days=n) for n in range((series.last - first).days + 1)]
    low = _base(list(values.values()))
    high = max((values[day] for day in days if day in values), default=0.0)
    cells = (_cell(values.get(day), low, high, _colour(finding, series, values.get(day)))
             for day in days)  # fmt: skip
    row = element("tr", *cells)
    table = element(
        "table", row, role="presentation", cellpadding="0", cellspacing="0", border="0",
        style="border-collapse:collapse;margin:8px 0 2px",
    )  # fmt: skip
    said = f"{day_text(first, lang)} - {day_text(series.last, lang)}: "
    words = element(
        "p", text(said + described(finding, series, lang)),
        style="margin:0 0 8px;font-size:12px;line-height:1.5;color:#545d68",
    )  # fmt: skip
    return Markup(table + words)


def _base(values: list[float]) -> float:
    """The value of a bar without height: 0, unless the days are too near to each other for that."""
    low, high = min(values), max(values)
    return low - (high - low) * 0.25 if low > high / 2 and high > low else 0.0


def _cell(value: float | None, low: float, high: float, colour: str) -> Markup:
    """A bar that stands on the ground; for a day without data a line there."""
    share = 0.0 if value is None or high <= low else (value - low) / (high - low)
    height = 1 if value is None else max(2, round(share * HEIGHT))
    bar = element(
        "td", text("\u00a0"), height=str(height), width=str(WIDTH), bgcolor=colour,
        style=f"height:{height}px;width:{WIDTH}px;background:{colour};font-size:1px;line-height:1px",
    )  # fmt: skip
    inner = element(
        "table", element("tr", bar), role="presentation", cellpadding="0", cellspacing="0",
        border="0", style="border-collapse:collapse",
    )  # fmt: skip
    return element(
        "td", inner, valign="bottom", height=str(HEIGHT),
        style=f"vertical-align:bottom;height:{HEIGHT}px;padding:0 2px 0 0",
    )  # fmt: skip


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

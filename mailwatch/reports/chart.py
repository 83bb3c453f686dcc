"""A series of days as a chart of text: bars, the limits as lines, and the days to come.

Eighths of a character make a bar, so that eight lines show 64 heights. It is drawn here rather than
by a library: those that draw in a terminal need a numerical library, or draw nothing to come.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from rich.cells import cell_len

EIGHTHS = "▁▂▃▄▅▆▇█"
TO_COME = "░"
LIMIT = "─"
CHANGED = "▲"
HEIGHT = 8
NEAR = 2.0
"""A limit is drawn while it is no more than so many times as far away as the highest figure."""


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn."""

    values: Mapping[date, float]
    limits: Sequence[tuple[str, float]] = ()
    """What each limit is called, and where it is."""
    to_come: Mapping[date, float] = field(default_factory=dict)
    changes: frozenset[date] = frozenset()
    """Days on which something changed suddenly."""


def draw_chart(
    chart: Chart, width: int, shown: Callable[[float], str], day: Callable[[date], str]
) -> list[str]:
    """The lines of `chart`, at most `width` cells wide; none without values.

    `shown` is how a value is written, and `day` how a day is.
    """
    if not chart.values:
        return []
    low, high = _range(chart)
    limits = [(name, value) for name, value in chart.limits if low <= value <= high]
    labels = {_row(value, low, high): name for name, value in limits}
    labels.setdefault(HEIGHT - 1, shown(high))
    labels.setdefault(0, shown(low))
    room = max(map(cell_len, labels.values()))
    days = _days(chart, max(1, width - room - 2))
    lines = []
    for row in range(HEIGHT - 1, -1, -1):
        ruled = any(_row(value, low, high) == row for _, value in limits)
        cells = "".join(_cell(chart, one, row, (low, high), ruled=ruled) for one in days)
        label = labels.get(row, "")
        lines.append(f"{' ' * (room - cell_len(label))}{label} │{cells}".rstrip())
    lines.append(f"{' ' * room} └{LIMIT * len(days)}")
    marks = "".join(CHANGED if one in chart.changes else " " for one in days)
    if marks.strip():
        lines.append(f"{' ' * (room + 2)}{marks}".rstrip())
    first, last = day(days[0]), day(days[-1])
    gap = max(1, len(days) - cell_len(first) - cell_len(last))
    axis = f"{first}{' ' * gap}{last}" if len(days) > cell_len(first) + cell_len(last) else last
    lines.append(f"{' ' * (room + 2)}{axis}")
    return lines


def _range(chart: Chart) -> tuple[float, float]:
    """The lowest and the highest value on the axis.

    The axis begins at 0, except where all figures are far from it: 97 % and 98 % would look alike.
    """
    values = [*chart.values.values(), *chart.to_come.values()]
    low, high = min(values), max(values)
    base = 0.0 if low < high / 2 or low <= 0 else low
    reach = (high - base) or abs(high) or 1.0
    near = [value for _, value in chart.limits if base - reach <= value <= base + NEAR * reach]
    low, high = min([base, *near]), max([high, *near])
    if base and low > 0:
        low = max(0.0, low - (high - low) / HEIGHT)
    return low, high if high > low else low + 1.0


def _row(value: float, low: float, high: float) -> int:
    return min(HEIGHT - 1, int((value - low) / (high - low) * HEIGHT))


def _days(chart: Chart, most: int) -> list[date]:
    """Every day from the first to the last one, at most `most` of them, the newest."""
    first, last = min(chart.values), max([*chart.values, *chart.to_come])
    first = max(first, last - timedelta(days=most - 1))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _cell(chart: Chart, day: date, row: int, span: tuple[float, float], *, ruled: bool) -> str:
    empty = LIMIT if ruled else " "
    low, high = span
    value = chart.values.get(day)
    if value is None:
        coming = chart.to_come.get(day)
        reach = 0 if coming is None else max(1, round((coming - low) / (high - low) * HEIGHT))
        return TO_COME if row < reach else empty
    eighths = round((value - low) / (high - low) * HEIGHT * len(EIGHTHS)) - row * len(EIGHTHS)
    if row == 0:
        eighths = max(1, eighths)  # a day with a figure of 0 is not a day without one
    return empty if eighths <= 0 else EIGHTHS[min(eighths, len(EIGHTHS)) - 1]

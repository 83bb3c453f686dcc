"""The hours as bars, in the look of the report's charts, with the limits as lines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mailwatch.reports.html.markup import EMPTY, Markup, element, text

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 12, 12, 12, 26
FARTHEST = 2.0
"""A limit is drawn where it is no more than so many times as high as the highest figure."""


@dataclass(frozen=True, slots=True)
class Plot:
    """Bars by place, from the left to the right; a place without a bar is a gap."""

    names: Sequence[str]
    """What each place is called."""
    values: Mapping[int, float]
    limits: Sequence[tuple[str, str, float]] = ()
    """Class, name and value of each limit."""


def draw_plot(plot: Plot, title: str, shown: Callable[[float], str]) -> Markup:
    """The picture; empty without values. `title` is what it shows, for those who cannot see it."""
    if not plot.values:
        return EMPTY
    highest = max(plot.values.values())
    limits = [limit for limit in plot.limits if 0 <= limit[2] <= (FARTHEST * highest or 1)]
    top = max([highest, *(value for _, _, value in limits)]) * 1.1 or 1.0
    step = (WIDTH - LEFT - RIGHT) / len(plot.names)

    def height(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - max(0.0, value) / top)

    def bar(place: int, value: float) -> Markup:
        y = min(height(value), HEIGHT - BOTTOM - 1.5)  # a figure of 0 is not a gap
        drawn = element(
            "rect",
            class_="bar",
            x=f"{LEFT + place * step + step * 0.1:.1f}",
            y=f"{y:.1f}",
            width=f"{step * 0.8:.1f}",
            height=f"{HEIGHT - BOTTOM - y:.1f}",
        )
        return element("g", element("title", text(f"{plot.names[place]}: {shown(value)}")), drawn)

    lines: list[Markup] = []
    lowest = min((value for _, _, value in limits), default=0.0)
    for kind, name, value in limits:
        below = len(limits) > 1 and value == lowest
        lines.append(_line(f"limit {kind}", height(value)))
        lines.append(_label(name, LEFT + 4, height(value) + (15 if below else -5), class_=kind))
    foot = HEIGHT - 8
    return element(
        "svg",
        element("title", text(title)),
        *(bar(place, value) for place, value in plot.values.items()),
        _line("axis", HEIGHT - BOTTOM),
        *lines,
        _label(plot.names[0], LEFT, foot),
        _label(plot.names[-1], WIDTH - RIGHT, foot, text_anchor="end"),
        class_="chart hours",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label=title,
    )


def _line(kind: str, y: float) -> Markup:
    return element("path", class_=kind, d=f"M{LEFT} {y:.1f} H{WIDTH - RIGHT}")


def _label(name: str, x: float, y: float, **more: str) -> Markup:
    return element("text", text(name), x=f"{x:g}", y=f"{y:.1f}", **more)

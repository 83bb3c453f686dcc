"""A series as SVG: bars, the limits as lines, and what is to come in another shade."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from mailwatch.serve.page_markup import Html, element, join

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
    to_come: Mapping[int, float] = field(default_factory=dict)
    changes: frozenset[int] = frozenset()
    limits: Sequence[tuple[str, str, float]] = ()
    """Class, name and value of each limit."""


def draw_plot(plot: Plot, title: str, shown: Callable[[float], str]) -> Html:
    """The picture; empty without values. `title` is what it shows, for those who cannot see it."""
    if not plot.values:
        return Html("")
    highest = max([*plot.values.values(), *plot.to_come.values()])
    limits = [limit for limit in plot.limits if 0 <= limit[2] <= (FARTHEST * highest or 1)]
    top = max([highest, *(value for _, _, value in limits)]) * 1.05 or 1.0
    step = (WIDTH - LEFT - RIGHT) / len(plot.names)

    def height(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - max(0.0, value) / top)

    def bar(place: int, value: float, kind: str) -> Html:
        y = min(height(value), HEIGHT - BOTTOM - 1.5)  # a figure of 0 is not a gap
        return element(
            "rect",
            element("title", f"{plot.names[place]}: {shown(value)}"),
            class_=kind,
            x=f"{LEFT + place * step + step * 0.1:.1f}",
            y=f"{y:.1f}",
            width=f"{step * 0.8:.1f}",
            height=f"{HEIGHT - BOTTOM - y:.1f}",
        )

    bars = [
        bar(place, value, "changed" if place in plot.changes else "bar")
        for place, value in plot.values.items()
    ]
    bars += [bar(place, value, "coming") for place, value in plot.to_come.items()]
    lines = [
        join((_line(kind, height(value)), _label(name, LEFT + 4, height(value) - 4)))
        for kind, name, value in limits
    ]
    foot = HEIGHT - 8
    ends = (
        _label(plot.names[0], LEFT, foot),
        _label(plot.names[-1], WIDTH - RIGHT, foot, text_anchor="end"),
    )
    box = {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "width": str(WIDTH), "height": str(HEIGHT)}
    return element(
        "svg",
        element("title", title),
        *bars,
        _line("axis", HEIGHT - BOTTOM),
        *lines,
        *ends,
        role="img",
        aria_label=title,
        **box,
    )


def _line(kind: str, y: float) -> Html:
    return element(
        "line", class_=kind, x1=str(LEFT), x2=str(WIDTH - RIGHT), y1=f"{y:.1f}", y2=f"{y:.1f}"
    )


def _label(name: str, x: float, y: float, **more: str) -> Html:
    return element("text", name, x=f"{x:g}", y=f"{y:.1f}", **more)

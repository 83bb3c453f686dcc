"""Charts of a daily series as SVG text: pure functions of a finding.

No colour is in them: the classes get theirs from the page's stylesheet, in its light and in its
dark theme. Every chart has a title and a description in words.
"""

from datetime import date

from mailwatch.model import Finding, Lang, Unit, say, verbatim
from mailwatch.reports.html.day_series import DailySeries, Points, read_days, runs
from mailwatch.reports.html.markup import EMPTY, Markup, element, join, text
from mailwatch.reports.html.scale import BOTTOM, HEIGHT, LEFT, RIGHT, WIDTH, Scale, fit
from mailwatch.text.units import display
from mailwatch.words import day as day_text
from mailwatch.words import worded

ABOVE, BELOW = -5, 14
"""Units from a line to the ground of the text that stands on it, or hangs below it."""
LINE_OF_TEXT = 15
"""Units between two labels on the left, or they would touch."""
ROOM_FOR_A_DAY = 62
"""Units between two days below, or they would touch."""

Limits = tuple[float | None, float | None]
"""`ideal` and `act`; None where a side is not drawn."""


def chart(finding: Finding, lang: Lang, ident: str) -> Markup:
    """The days of a figure with its limits and, where there is one, its forecast; "" without days.

    `ident` is unique in its page.
    """
    series = read_days(finding.measurement)
    if series is None:
        return EMPTY
    scale = fit(finding, series)
    limits = _drawn(finding, series, scale)
    parts = (
        *_titled(finding, series, lang, ident),
        _limits(*limits, scale),
        _projection(finding, series, scale),
        _line(series.days, scale, _kind(finding, series), dots=True),
        _line(series.pooled, scale, "pooled"),
        _judged(finding, series, scale),
        _names(*limits, scale, lang),
        _crossing(finding, series, scale, lang),
        _axis(limits, _unit(finding, series), scale),
        _dates(series, scale, lang),
    )
    drawn = _svg(parts, f"0 0 {WIDTH} {HEIGHT}", "chart", ident)
    return element("figure", drawn, _legend(finding, series, lang), class_="series")


def small_chart(finding: Finding, lang: Lang, ident: str) -> Markup:
    """The days of a figure among others, with the limit that calls for action; "" without days."""
    series = read_days(finding.measurement)
    if series is None:
        return EMPTY
    scale = fit(finding, series, frame=(0.0, 120.0, 2.0, 26.0), ahead=False)
    _, act = _drawn(finding, series, scale)
    limit = (
        element("path", class_="limit act", d=f"M0 {scale.y(act):.1f} H120")
        if act is not None
        else EMPTY
    )
    points = series.pooled if len(series.pooled) > 1 else series.days
    parts = (*_titled(finding, series, lang, ident), limit, _line(points, scale, "pooled"))
    return _svg(parts, "0 0 120 28", "small chart", ident)


def described(finding: Finding, series: DailySeries, lang: Lang) -> str:
    """The series in words."""
    values = [value for _, value in series.days]
    unit = _unit(finding, series)
    low, high, newest = (display(v, unit) for v in (min(values), max(values), values[-1]))
    phrase = say("html.chart_says", n=len(values), low=low, high=high, newest=newest)
    return worded(phrase, lang)


def _titled(finding: Finding, series: DailySeries, lang: Lang, ident: str) -> tuple[Markup, Markup]:
    title = say(
        "html.chart",
        title=verbatim(finding.check.title[lang]),
        first=series.days[0][0],
        last=series.last,
    )
    return (
        element("title", text(worded(title, lang)), id=f"{ident}-title"),
        element("desc", text(described(finding, series, lang)), id=f"{ident}-desc"),
    )


def _svg(parts: tuple[Markup, ...], box: str, kind: str, ident: str) -> Markup:
    return element(
        "svg",
        *parts,
        class_=kind,
        viewBox=box,
        role="img",
        aria_labelledby=f"{ident}-title",
        aria_describedby=f"{ident}-desc",
    )


def _drawn(finding: Finding, series: DailySeries, scale: Scale) -> Limits:
    """`ideal` and `act` as numbers, where the chart reaches them."""
    ideal, act = (
        limit.value
        if series.alike
        and limit is not None
        and not isinstance(limit.value, str)
        and scale.low <= limit.value <= scale.high
        else None
        for limit in (finding.threshold.ideal, finding.threshold.act)
    )
    return ideal, act


def _limits(ideal: float | None, act: float | None, scale: Scale) -> Markup:
    """A line for each limit."""
    return join(
        element("path", class_=f"limit {name}", d=f"M{LEFT} {scale.y(value):.1f} H{WIDTH - RIGHT}")
        for name, value in (("ideal", ideal), ("act", act))
        if value is not None
    )


def _names(ideal: float | None, act: float | None, scale: Scale, lang: Lang) -> Markup:
    """The name of each limit, above or below its line, away from the other."""
    parts = []
    for name, value, other in (("ideal", ideal, act), ("act", act, ideal)):
        if value is not None:
            lower = other is not None and value < other
            at = scale.y(value) + (BELOW if lower else ABOVE)
            label = text(worded(say(f"console.{name}"), lang))
            parts.append(element("text", label, class_=name, x=f"{LEFT + 4}", y=f"{at:.1f}"))
    return join(parts)


def _crossing(finding: Finding, series: DailySeries, scale: Scale, lang: Lang) -> Markup:
    """The likely day, where the forecast meets the limit."""
    found, act, ideal = finding.forecast, finding.threshold.act, finding.threshold.ideal
    if found is None or found.breach_on is None or act is None or isinstance(act.value, str):
        return EMPTY
    if not series.last < found.breach_on <= scale.end:
        return EMPTY
    lower = ideal is not None and not isinstance(ideal.value, str) and act.value < ideal.value
    x, y = scale.x(found.breach_on), scale.y(act.value) + (BELOW if lower else ABOVE)
    anchor = "middle" if x < WIDTH - RIGHT - ROOM_FOR_A_DAY / 2 else "end"
    label = text(day_text(found.breach_on, lang))
    return element("text", label, class_="forecast", x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor)


def _projection(finding: Finding, series: DailySeries, scale: Scale) -> Markup:
    """From the figure of today to the limit: the likely day, and between the earliest and latest.

    Cut where the chart ends.
    """
    found, value, act = finding.forecast, finding.measurement.value, finding.threshold.act
    if found is None or isinstance(value, str) or value is None or act is None:
        return EMPTY
    if isinstance(act.value, str) or not (found.breach_on and found.earliest and found.latest):
        return EMPTY
    start, limit = value, act.value

    def toward(day: date) -> str:
        """The point on the way to `limit` on `day`, not beyond the end."""
        end = min(day, scale.end)
        share = (end - series.last).days / max((day - series.last).days, 1)
        return _at(scale, end, start + (limit - start) * min(share, 1.0))

    corners = [_at(scale, series.last, start), toward(found.earliest)]
    if found.earliest < scale.end < found.latest:
        corners.append(_at(scale, scale.end, limit))
    corners.append(toward(found.latest))
    fan = element("polygon", class_="interval", points=" ".join(corners))
    way = f"M{corners[0]} L{toward(found.breach_on)}".replace(",", " ")
    return join([fan, element("path", class_="projection", d=way)])


def _line(points: Points, scale: Scale, kind: str, *, dots: bool = False) -> Markup:
    """The points, joined where no day is missing between them."""
    parts = []
    for run in runs(points):
        if len(run) > 1:
            places = " L".join(_at(scale, *point).replace(",", " ") for point in run)
            parts.append(element("path", class_=kind, d=f"M{places}"))
    alone = {run[0][0] for run in runs(points) if len(run) == 1}
    for day, value in points:
        if dots or day in alone:
            x, _, y = _at(scale, day, value).partition(",")
            parts.append(element("circle", class_=kind, cx=x, cy=y, r="2"))
    return join(parts)


def _judged(finding: Finding, series: DailySeries, scale: Scale) -> Markup:
    value = finding.measurement.value
    if value is None or isinstance(value, str) or not series.alike:
        return EMPTY
    x, _, y = _at(scale, series.last, value).partition(",")
    return element("circle", class_=f"judged {finding.level.value}", cx=x, cy=y, r="4.5")


def _axis(limits: Limits, unit: Unit, scale: Scale) -> Markup:
    """The numbers on the left: the limits first, then the ends where they do not touch."""
    taken: list[float] = []
    parts = [element("path", class_="axis", d=f"M{LEFT} {HEIGHT - BOTTOM} H{WIDTH - RIGHT}")]
    for value in (*limits, scale.low, scale.top):
        if value is None:
            continue
        y = scale.y(value)
        if any(abs(y - other) < LINE_OF_TEXT for other in taken):
            continue
        taken.append(y)
        label = text(display(value, unit))
        parts.append(element("text", label, x=f"{LEFT - 6}", y=f"{y + 4:.1f}", text_anchor="end"))
    return join(parts)


def _dates(series: DailySeries, scale: Scale, lang: Lang) -> Markup:
    """The newest day and the first."""
    parts: list[Markup] = []
    taken: list[float] = []
    for day in (series.last, series.days[0][0]):
        x = scale.x(day)
        if any(abs(x - other) < ROOM_FOR_A_DAY for other in taken):
            continue
        taken.append(x)
        anchor = "middle"
        if x < LEFT + ROOM_FOR_A_DAY / 2:
            anchor = "start"
        elif x > WIDTH - RIGHT - ROOM_FOR_A_DAY / 2:
            anchor = "end"
        shown = text(day_text(day, lang))
        y = f"{HEIGHT - BOTTOM + LINE_OF_TEXT}"
        parts.append(element("text", shown, x=f"{x:.1f}", y=y, text_anchor=anchor))
    return join(parts)


def _kind(finding: Finding, series: DailySeries) -> str:
    """How the days are drawn: as the figure itself, where each day is one."""
    window = finding.measurement.window
    single = window is not None and window.first == window.last
    return "pooled" if single and series.alike else "days"


def _legend(finding: Finding, series: DailySeries, lang: Lang) -> Markup:
    """What the lines are; the limits are named in the chart."""
    window = finding.measurement.window
    shown = [(_kind(finding, series), worded(say("html.each_day"), lang))]
    if series.alike and window and window.first < window.last:
        length = (window.last - window.first).days + 1
        kind = "pooled" if len(series.pooled) > 1 else "judged"
        shown.append((kind, worded(say("html.pooled", n=length), lang)))
    if finding.forecast is not None and finding.forecast.breach_on:
        shown.append(("projection", worded(say("html.forecast_interval"), lang)))
    keys = (element("span", text(words), class_=f"key {kind}") for kind, words in shown)
    return element("figcaption", join(keys, " "))


def _at(scale: Scale, day: date, value: float) -> str:
    return f"{scale.x(day):.1f},{scale.y(value):.1f}"


def _unit(finding: Finding, series: DailySeries) -> Unit:
    return finding.check.unit if series.alike else "count"

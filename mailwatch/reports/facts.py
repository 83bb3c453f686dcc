"""What is said of one figure: its value, its limits, what it rests on, how old it is."""

from collections.abc import Mapping
from datetime import date

from mailwatch.model import Check, Finding, Lang, Level, Measurement, Report, Window, say, verbatim
from mailwatch.reports.glue import glue
from mailwatch.reports.groups import Group, named
from mailwatch.reports.projection import days_to_come
from mailwatch.reports.sparkline import MOST_TO_COME, sparkline
from mailwatch.text.units import display, limit_text
from mailwatch.words import PHRASES, day, worded

_TROUBLE = (Level.WARN, Level.BREACH)
BUDGET = "budget."
"""What the codes of evidence about the room before a limit begin with."""
USUAL_AGE = 3
"""Days: Gmail's figures come 1 to 3 days late, all others sooner."""


def short_title(check: Check, lang: Lang) -> str:
    """The check's title where there is little room."""
    return (check.short or check.title)[lang]


def comma(lang: Lang) -> str:
    """What separates the parts of an enumeration."""
    return worded(say("console.comma"), lang)


def value(finding: Finding) -> str:
    """The value as the reader sees it."""
    limits = finding.threshold.ideal, finding.threshold.act
    return display(finding.measurement.compared, finding.check.unit, *limits)


def value_range(group: Group, lang: Lang) -> str:
    """The one value, or from the lowest to the highest of the group."""
    shown = list(dict.fromkeys(value(finding) for finding in group))
    if len(shown) == 1:
        return shown[0]
    numbers = [f for f in group if isinstance(f.measurement.value, int | float)]
    if len(numbers) < len(group):
        return ", ".join(shown)
    ordered = sorted(numbers, key=lambda f: float(f.measurement.value or 0))
    low, high = value(ordered[0]), value(ordered[-1])
    unit = " %" if low.endswith(" %") and high.endswith(" %") else ""
    return worded(say("console.range", low=low.removesuffix(unit), high=high), lang)


def ideal(finding: Finding, lang: Lang) -> str:
    """`ideal ≤ 3 %`; "" where that side is off."""
    return _side("ideal", finding, lang)


def act(finding: Finding, lang: Lang) -> str:
    """`act > 5 %`; "" where that side is off."""
    return _side("act", finding, lang)


def limits(finding: Finding, lang: Lang) -> str:
    """`ideal ≤ 3 %, act > 5 %`."""
    return comma(lang).join(filter(None, (ideal(finding, lang), act(finding, lang))))


def forecast(finding: Finding, lang: Lang) -> str:
    """When it passes `act` at this pace; "" where nothing is foreseen."""
    found, limit = finding.forecast, finding.threshold.act
    if found is None or found.breach_on is None or not found.earliest or not found.latest:
        return ""
    number = display(limit.value if limit else None, finding.check.unit, limit)
    phrase = say(
        "forecast.trend",
        limit=verbatim(number),
        day=found.breach_on,
        earliest=found.earliest,
        latest=found.latest,
    )
    return worded(phrase, lang)


def budget(finding: Finding, lang: Lang) -> str:
    """`41 more bounces this week reach 5 %`; "" where nothing is counted."""
    evidence = finding.measurement.evidence
    left = next((phrase for phrase in evidence if phrase.code.startswith(BUDGET)), None)
    return worded(left, lang) if left else ""


def life(finding: Finding, lang: Lang) -> str:
    """`since 20 Nov`, and what it was before; "" where earlier runs do not show it."""
    before, parts = finding.before, []
    if finding.level in _TROUBLE and before in _TROUBLE and before is not finding.level:
        code = "history.worse" if finding.level is Level.BREACH else "history.better"
        parts.append(worded(say(code, before=say(f"console.{before.value}")), lang))
    since = finding.since or finding.opened
    if since is not None:
        parts.insert(0, worded(say("history.since", day=since), lang))
    return comma(lang).join(parts)


def recovery(finding: Finding, lang: Lang) -> str:
    """What is ok again, and what it was."""
    name = named(finding.measurement.subject.pairs)
    title = finding.check.title[lang]
    return worded(
        say(
            "history.recovered_what",
            title=f"{title} ({name})" if name else title,
            value=verbatim(value(finding)),
            before=say(f"console.{finding.before.value}") if finding.before else "",
        ),
        lang,
    )


def is_judged(finding: Finding) -> bool:
    """False for an ok figure that was compared with no limit; its reason says why."""
    return finding.reason.code not in ("judge.switched_off", "judge.under_floor", "judge.exempt")


def spark(finding: Finding) -> str:
    """The last days as a line of heights, and the days to come where something is foreseen."""
    measurement = finding.measurement
    if measurement.window is None:
        return ""
    to_come = days_to_come(finding, MOST_TO_COME)
    return sparkline(measurement.daily, measurement.window.last, to_come=to_come)


def counts(measurement: Measurement, lang: Lang) -> str:
    """`612 of 10,020 processed`; "" for what is not a rate from counts."""
    n, of, name = measurement.numerator, measurement.denominator, measurement.denominator_name
    if n is None or of is None:
        return ""
    code = f"console.{name}"
    if code not in PHRASES:
        return f"{n:,} ÷ {of:,}"
    return worded(say("console.sample", n=n, of=of, name=say(code)), lang)


def days(measurement: Measurement, lang: Lang) -> str:
    """The days a figure speaks of, and their age if they are not the newest that could be."""
    window, age = measurement.window, measurement.age_days
    if window is None:
        return "" if measurement.value is None else worded(say("console.now"), lang)
    shown = span(window, lang)
    if age is None or age <= 1:
        return glue(shown)
    code = "console.newest" if window.first == window.last else "console.aged"
    return glue(worded(say(code, days=shown, age=age), lang))


def span(window: Window, lang: Lang) -> str:
    """`17-23 Nov`, `28 Oct-3 Nov`, or the only day."""
    first, last = day(window.first, lang), day(window.last, lang)
    if window.first == window.last:
        return last
    if window.first.month == window.last.month:
        if lang == "en":
            first = str(window.first.day)
        else:
            last = last.partition("月")[2]
    return worded(say("console.days", first=first, last=last), lang)


def sample(measurement: Measurement, lang: Lang) -> str:
    """`612 of 10,020 processed, 17-23 Nov`."""
    parts = (counts(measurement, lang), days(measurement, lang))
    return comma(lang).join(filter(None, parts))


def newest_days(report: Report) -> dict[str, date | None]:
    """The newest day of each source, as the last line of the report gives it."""
    return {state.name: state.newest_day for state in report.sources}


def old(group: Group, newest: Mapping[str, date | None], lang: Lang) -> str:
    """`6 days old` where figures are older than their source usually is; else ""."""
    age = max((_unusual_age(finding, newest) for finding in group), default=0)
    return glue(worded(say("console.old", age=age), lang)) if age > 1 else ""


def _unusual_age(finding: Finding, newest: Mapping[str, date | None]) -> int:
    window, age = finding.measurement.window, finding.measurement.age_days or 0
    if window is None:
        return 0
    behind = window.last != newest.get(finding.check.source)
    return age if behind or age > USUAL_AGE else 0


def _side(name: str, finding: Finding, lang: Lang) -> str:
    limit = finding.threshold.ideal if name == "ideal" else finding.threshold.act
    if limit is None:
        return ""
    shown = limit_text(limit, finding.check.unit, readable=True)
    return f"{worded(say(f'console.{name}'), lang)} {shown}"

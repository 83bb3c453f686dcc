"""What is said of one figure: its value, its limits, what it rests on, how old it is."""

from mailwatch.model import Finding, Lang, Measurement, Window, say
from mailwatch.reports.console.layout import glue
from mailwatch.reports.groups import Group
from mailwatch.reports.sparkline import sparkline
from mailwatch.text.units import display, limit_text
from mailwatch.words import PHRASES, day, worded


def comma(lang: Lang) -> str:
    """What stands between the parts of an enumeration."""
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


def limits(finding: Finding, lang: Lang) -> str:
    """`ideal ≤ 3 %, act > 5 %`."""
    return comma(lang).join(_each_limit(finding, lang))


def standing(finding: Finding, lang: Lang) -> str:
    """What an ok figure was held against: its ideal, else what would call for action."""
    if finding.reason.code in ("judge.switched_off", "judge.under_floor", "judge.exempt"):
        return worded(say("console.not_judged"), lang)
    return _each_limit(finding, lang)[0]


def spark(measurement: Measurement) -> str:
    """The way here."""
    return sparkline(measurement.daily, measurement.window.last) if measurement.window else ""


def counts(measurement: Measurement, lang: Lang) -> str:
    """`612 of 10,020 processed`; "" for what is no rate from counts."""
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
    single = window.first == window.last
    shown = day(window.last, lang) if single else _span(window, lang)
    if age is None or age <= 1:
        return glue(shown)
    code = "console.newest" if single else "console.aged"
    return glue(worded(say(code, days=shown, age=age), lang))


def sample(measurement: Measurement, lang: Lang) -> str:
    """`612 of 10,020 processed, 17-23 Nov`."""
    parts = (counts(measurement, lang), days(measurement, lang))
    return comma(lang).join(filter(None, parts))


def _each_limit(finding: Finding, lang: Lang) -> list[str]:
    sides = (("ideal", finding.threshold.ideal), ("act", finding.threshold.act))
    return [
        f"{worded(say(f'console.{name}'), lang)} "
        f"{limit_text(limit, finding.check.unit, readable=True)}"
        for name, limit in sides
        if limit is not None
    ]


def _span(window: Window, lang: Lang) -> str:
    """`17-23 Nov`, or `28 Oct-3 Nov`."""
    first, last = day(window.first, lang), day(window.last, lang)
    if window.first.month == window.last.month:
        if lang == "en":
            first = str(window.first.day)
        else:
            last = last.partition("月")[2]
    return worded(say("console.days", first=first, last=last), lang)

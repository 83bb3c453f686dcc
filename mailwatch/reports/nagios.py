"""The output of a Nagios plugin: one line, then `|` and the figures as performance data.

    MAILWATCH CRITICAL: 1 check needs action: Bounce rate 6.1 % | 'sendgrid.bounce_rate'=6.1%;3;5

The exit status is the plugin convention's: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN, from the
verdict. (Monitoring Plugins Development Guidelines.)
"""

from collections.abc import Iterable, Iterator

from mailwatch.model import Comparator, Finding, Level, Limit, Report
from mailwatch.reports.facts import value
from mailwatch.reports.glue import unglue
from mailwatch.reports.groups import named
from mailwatch.reports.headline import tally
from mailwatch.reports.view import View

OK, WARNING, CRITICAL, UNKNOWN = range(4)
"""The statuses of the convention."""
STATUSES = {
    Level.OK: OK,
    Level.WARN: WARNING,
    Level.BREACH: CRITICAL,
    Level.UNKNOWN: UNKNOWN,
}
WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
MOST_NAMED = 3
"""Checks that the line names."""
MOST_CHARACTERS = 4000
"""Nagios reads 8 kB of a plugin's output; a character has up to four bytes, most have one."""
_UNITS = {"percent": "%"}
_OPPOSITE: dict[Comparator, Comparator] = {"<=": ">", "<": ">=", ">=": "<", ">": "<="}
_RANGES: dict[Comparator, str] = {">": "{}", ">=": "@{}:", "<": "{}:", "<=": "@~:{}"}
"""The range that alerts where a value is past the limit: a plain one from outside it, one with @
from inside it, ends included."""
_LINE = str.maketrans({"|": "/", "\n": " "})
_LABEL = str.maketrans({"'": "''", "=": "-", "|": "/", "\n": " "})


def status(report: Report) -> int:
    """What the process ends with. `--fail-on` has no say in it: the monitoring system decides."""
    return STATUSES[report.verdict]


def render(report: Report, view: View) -> Iterator[str]:
    """The line, with one finding of each check that the verdict comes from."""
    if view.silences(report):
        return
    level = report.verdict
    found = {f.check.id: f for f in reversed(report.counted) if f.level is level}
    worst = [] if level is Level.OK else [*found.values()][::-1]
    named_ones = ", ".join(_named(finding, view) for finding in worst[:MOST_NAMED])
    text = f"MAILWATCH {WORDS[status(report)]}: {unglue(tally(report, view.lang))}"
    text = f"{text}: {named_ones}" if named_ones else text
    data = " ".join(_within(_figures(report)))
    yield f"{text.translate(_LINE)}{' | ' if data else ''}{data}\n"


def trouble(message: str) -> str:
    """The line for what could not be measured at all, such as a wrong option."""
    return f"MAILWATCH {WORDS[UNKNOWN]}: {message.translate(_LINE)}\n"


def _named(finding: Finding, view: View) -> str:
    about = named(finding.measurement.subject.pairs)
    parts = (finding.check.title[view.lang], value(finding), f"({about})" if about else "")
    return " ".join(filter(None, parts))


def _figures(report: Report) -> Iterator[str]:
    """Every number that was measured, with its limits: `'label'=value[unit];warn;crit`."""
    for finding in report.findings:
        figure = finding.measurement.value
        if isinstance(figure, str) or figure is None:
            continue
        check, threshold = finding.check, finding.threshold
        scale = 100 if check.unit == "percent" else 1
        names = [check.id, *(text for _, text in finding.measurement.subject.pairs)]
        label = " ".join(names).translate(_LABEL)
        warn = _range(threshold.ideal, scale, past=False)
        critical = _range(threshold.act, scale, past=True)
        data = f"'{label}'={figure * scale:.10g}{_UNITS.get(check.unit, '')};{warn};{critical}"
        yield data.rstrip(";")


def _range(limit: Limit | None, scale: int, *, past: bool) -> str:
    """The range whose alert is where the limit says: `past` it holds, else where it does not."""
    if limit is None or isinstance(limit.value, str) or limit.comparator is None:
        return ""
    comparator = limit.comparator if past else _OPPOSITE[limit.comparator]
    return _RANGES[comparator].format(f"{limit.value * scale:.10g}")


def _within(figures: Iterable[str]) -> Iterator[str]:
    """As many as the line has room for."""
    left = MOST_CHARACTERS
    for figure in figures:
        left -= len(figure) + 1
        if left < 0:
            return
        yield figure

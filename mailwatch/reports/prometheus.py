"""Text for the textfile collector of Prometheus' node_exporter: one sample a finding.

    mailwatch check --output prometheus=/var/lib/node_exporter/mailwatch.prom

`mailwatch_finding_level` has every finding (0 ok, 1 warning, 2 breach, 3 unknown), and
`mailwatch_finding_value` each one that has a number. The time of the last success is there only
when no source failed, so an alert on its age also notices a run that cannot measure.
"""

from collections.abc import Iterable, Iterator, Mapping

from mailwatch.model import Finding, Level, Report, State
from mailwatch.reports.view import View

LEVELS = {Level.OK: 0, Level.WARN: 1, Level.BREACH: 2, Level.UNKNOWN: 3}
STATES = {State.OK: 1.0, State.PARTIAL: 0.5, State.FAILED: 0.0}
_ESCAPED = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})

Sample = tuple[Mapping[str, str], float]


def render(report: Report, view: View) -> Iterator[str]:
    """The whole exposition, whatever the language and the width."""
    if view.silences(report):
        return
    seconds = report.generated_at.timestamp()
    failed = any(state.state is State.FAILED for state in report.sources)
    yield from family(
        "finding_level",
        "How a finding compares with its threshold: 0 ok, 1 warning, 2 breach, 3 unknown",
        ((_labels(finding), LEVELS[finding.level]) for finding in report.findings),
    )
    yield from family(
        "finding_value",
        "The measured value; a percentage as a ratio from 0 to 1",
        _values(report.findings),
    )
    yield from family(
        "finding_ignored",
        "1 for a finding that was accepted and does not count for the verdict",
        ((_labels(finding), 1) for finding in report.findings if finding.ignored is not None),
    )
    yield from family(
        "source_up",
        "1 for a source that was measured, 0.5 in part, 0 not at all",
        (
            ({"source": state.name}, STATES[state.state])
            for state in report.sources
            if state.state in STATES
        ),
    )
    yield from family("verdict", "The worst level of the run", [({}, LEVELS[report.verdict])])
    yield from family("last_run_timestamp_seconds", "When the run began", [({}, seconds)])
    if not failed:
        text = "When a run last measured every source"
        yield from family("last_success_timestamp_seconds", text, [({}, seconds)])


def _values(findings: Iterable[Finding]) -> Iterator[Sample]:
    for finding in findings:
        value = finding.measurement.value
        if isinstance(value, int | float):
            yield _labels(finding), float(value)


def _labels(finding: Finding) -> dict[str, str]:
    return {"check": finding.check.id, **dict(finding.measurement.subject.pairs)}


def family(name: str, help_text: str, samples: Iterable[Sample]) -> Iterator[str]:
    """One metric with its samples; nothing where there is no sample."""
    lines = []
    for labels, value in samples:
        inside = ",".join(f'{key}="{text.translate(_ESCAPED)}"' for key, text in labels.items())
        lines.append(f"mailwatch_{name}{f'{{{inside}}}' if inside else ''} {value:.17g}\n")
    if lines:
        yield f"# HELP mailwatch_{name} {help_text}\n# TYPE mailwatch_{name} gauge\n"
        yield from lines

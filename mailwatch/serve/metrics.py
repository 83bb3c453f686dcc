"""/metrics: the last run and the last hour's events, as text for Prometheus."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from mailwatch.history.store import Store
from mailwatch.history.stored import StoredFinding
from mailwatch.reports.prometheus import LEVELS, Sample, family
from mailwatch.serve.pages import newest_run

STATES = {"ok": 1.0, "partial": 0.5, "failed": 0.0}
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition(store: Store, hour: int) -> Iterator[str]:
    """The samples of the last run, with the names that `--format prometheus` gives them, and the
    events of the last full hour and of the one that runs (`hour`)."""
    run = newest_run(store.runs())
    if run is not None:
        findings = store.findings(run)
        seconds = datetime.fromisoformat(run.generated_at).timestamp()
        yield from family(
            "finding_level",
            "How a finding compares with its threshold: 0 ok, 1 warning, 2 breach, 3 unknown",
            ((_labels(finding), LEVELS[finding.level]) for finding in findings),
        )
        yield from family(
            "finding_value",
            "The measured value; a percentage as a ratio from 0 to 1",
            _values(findings),
        )
        yield from family(
            "source_up",
            "1 for a source that was measured, 0.5 in part, 0 not at all",
            (
                ({"source": name}, STATES[state])
                for name, state in run.states.items()
                if state in STATES
            ),
        )
        yield from family("verdict", "The worst level of the run", [({}, LEVELS[run.verdict])])
        yield from family("last_run_timestamp_seconds", "When the run began", [({}, seconds)])
    for name, which, text in (
        ("events_last_hour", hour - 1, "Events of the last full hour (UTC)"),
        ("events_this_hour", hour, "Events of the hour that is not over yet (UTC)"),
    ):
        counts: Counter[tuple[str, str]] = Counter()
        for count in store.event_counts(hour - 1):
            if count.hour == which:
                counts[count.subuser, count.event] += count.n
        yield from family(
            name,
            text,
            (
                ({"event": event, **({"subuser": subuser} if subuser else {})}, n)
                for (subuser, event), n in sorted(counts.items())
            ),
        )


def _labels(finding: StoredFinding) -> dict[str, str]:
    return {"check": finding.check, **dict(finding.subject.pairs)}


def _values(findings: list[StoredFinding]) -> Iterator[Sample]:
    for finding in findings:
        value = finding.measurement.value
        if isinstance(value, int | float):
            yield _labels(finding), float(value)

"""TLS reports and failure reports, measured: counts and reasons."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from mailwatch.model import Cause, Measurement, Subject, Window, say
from mailwatch.sources.dmarc import metrics
from mailwatch.sources.dmarc.summary import REST, Summary

_MOST_DOMAINS = 5
_LISTED = 5


def measure_others(summary: Summary) -> Iterator[Measurement]:
    """The TLS failure rate and the number of failure reports of each domain that has any."""
    busiest = sorted(summary.tls, key=lambda name: -summary.tls[name].failed)
    for domain in [name for name in busiest if name != REST][:_MOST_DOMAINS]:
        tally = summary.tls[domain]
        sessions = tally.succeeded + tally.failed
        yield Measurement(
            metrics.TLS_FAILURE_RATE,
            Subject.of(domain=domain[:253]),
            value=tally.failed / sessions if sessions else None,
            numerator=tally.failed,
            denominator=sessions,
            denominator_name="sessions",
            window=Window(date.fromordinal(min(tally.days)), date.fromordinal(max(tally.days))),
            evidence=tuple(
                say("dmarc.reason_sessions", reason=_shown(reason), sessions=count)
                for reason, count in tally.reasons.most_common(_LISTED)
            ),
            cause=None if sessions else Cause.NO_DATA,
            note=None if sessions else say("dmarc.no_sessions"),
        )
    failing = sorted(summary.failures, key=lambda name: -summary.failures[name].total())
    for domain in [name for name in failing if name != REST][:_MOST_DOMAINS]:
        reasons = summary.failures[domain]
        yield Measurement(
            metrics.FAILURE_REPORTS,
            Subject.of(domain=domain),
            value=reasons.total(),
            evidence=tuple(
                say(code, reason=_shown(name), reports=count)
                for code, counter in (
                    ("dmarc.reason_reports", reasons),
                    ("dmarc.sender_reports", summary.senders.get(domain, Counter())),
                )
                for name, count in counter.most_common(_LISTED)
            ),
        )


def _shown(reason: str) -> str:
    return "…" if reason == REST else reason[:120]

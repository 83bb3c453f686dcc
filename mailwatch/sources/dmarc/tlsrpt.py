"""TLS reports (RFC 8460): how many sessions of a policy succeeded, how many failed, and why."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from mailwatch.sources.dmarc.bounds import COUNT, FIELD
from mailwatch.sources.dmarc.contents import ReportError, TlsReport
from mailwatch.text.inert import inert

_MOST_POLICIES = 1000
_MOST_DETAILS = 1000


def read_tls_report(content: bytes) -> Iterator[TlsReport]:
    """Each policy of the report. Raises ReportError for anything else."""
    try:
        report = json.loads(content)
        yield from _policies(report)
    except ReportError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        raise ReportError("dmarc.not_tls_report") from None


def _policies(report: dict[str, Any]) -> list[TlsReport]:
    began = datetime.fromisoformat(report["date-range"]["start-datetime"])
    day = (began if began.tzinfo is None else began.astimezone(UTC)).toordinal()
    policies = report["policies"]
    if len(policies) > _MOST_POLICIES:
        raise ReportError("dmarc.too_many_members", most=_MOST_POLICIES)
    who, ident = str(report.get("organization-name", "")), str(report["report-id"])
    found = []
    for number, one in enumerate(policies):
        policy, summary = one["policy"], one["summary"]
        domain = inert(str(policy["policy-domain"]).lower().removesuffix("."), FIELD)
        reasons: dict[str, int] = {}
        for detail in one.get("failure-details", ())[:_MOST_DETAILS]:
            reason = inert(str(detail["result-type"]).lower(), 80)
            reasons[reason] = reasons.get(reason, 0) + _count(detail["failed-session-count"])
        found.append(
            TlsReport(
                key=(who[:FIELD], ident[:FIELD], domain, str(began), str(number)),
                domain=domain,
                day=day,
                succeeded=_count(summary["total-successful-session-count"]),
                failed=_count(summary["total-failure-session-count"]),
                reasons=reasons,
            )
        )
    return found


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value <= COUNT:
        raise ReportError("dmarc.bad_count", count=inert(str(value)[:40], 40))
    return value

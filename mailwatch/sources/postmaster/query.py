"""Which series are asked for in one query, and the rows that come back.

Source: the API's discovery document, v2 revision 20260623. A definition without its required
filter fails the whole query; a page holds 10 rows unless told, the oldest first.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from mailwatch.model import Window

PAGE_SIZE = 200
"""The most that the API gives."""
REJECT_REASONS = (
    "bad_attachment",
    "bad_or_missing_ptr_record",
    "ip_in_rbls",
    "low_domain_reputation",
    "low_ip_reputation",
    "spammy_content",
    "stamp_policy_error",
    "other",
)
FAILURE_REASONS = ("anomalous_traffic_pattern", "other")
REJECT = "reject_"
TEMP_FAIL = "temp_fail_"
_ERRORS = "DELIVERY_ERROR_RATE"

DEFINITIONS: Mapping[str, tuple[str, str | None]] = {
    "postmaster.spam_rate": ("SPAM_RATE", None),
    "postmaster.spf_pass_rate": ("AUTH_SUCCESS_RATE", 'auth_type = "spf"'),
    "postmaster.dkim_pass_rate": ("AUTH_SUCCESS_RATE", 'auth_type = "dkim"'),
    "postmaster.dmarc_pass_rate": ("AUTH_SUCCESS_RATE", 'auth_type = "dmarc"'),
    # "inbound" is mail into Gmail: what we send.
    "postmaster.tls_rate": ("TLS_ENCRYPTION_RATE", 'traffic_direction = "inbound"'),
    "postmaster.delivery_error_rate": (_ERRORS, None),
    "postmaster.rejection_rate": (_ERRORS, 'error_type = "reject"'),
    "postmaster.temporary_failure_rate": (_ERRORS, 'error_type = "temp_fail"'),
    **{
        REJECT + reason: (_ERRORS, f'error_type = "reject" AND error_reason = "{reason}"')
        for reason in REJECT_REASONS
    },
    **{
        TEMP_FAIL + reason: (_ERRORS, f'error_type = "temp_fail" AND error_reason = "{reason}"')
        for reason in FAILURE_REASONS
    },
}
"""Our label of each series: its metric and filter."""

Series = Mapping[date, float]
"""A rate by day; a day without data is not in it."""


def make_body(domain: str, days: Window) -> dict[str, Any]:
    """The body of `domainStats:query` for every series on `days`."""
    return {
        "parent": f"domains/{domain}",
        "aggregationGranularity": "DAILY",
        "pageSize": PAGE_SIZE,
        "timeQuery": {
            "dateRanges": {"dateRanges": [{"start": _date(days.first), "end": _date(days.last)}]}
        },
        "metricDefinitions": [
            {"name": name, "baseMetric": {"standardMetric": metric}}
            | ({"filter": condition} if condition else {})
            for name, (metric, condition) in DEFINITIONS.items()
        ],
    }


def read_rows(rows: Iterable[Any], days: Window) -> dict[str, dict[date, float]]:
    """The series by label. Raises ValueError for a row that is not what the API documents.

    Labels that were not asked for, and days outside `days`, are left out.
    """
    series: dict[str, dict[date, float]] = {}
    for row in rows:
        if not isinstance(row, dict):
            raise ValueError("a row is no object")
        label = row.get("metric")
        if not isinstance(label, str) or label not in DEFINITIONS:
            continue
        day = _read_date(row.get("date"))
        if days.first <= day <= days.last:
            series.setdefault(label, {})[day] = _read_rate(row.get("value"))
    return series


def _date(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def _read_date(value: Any) -> date:
    if not isinstance(value, dict):
        raise ValueError("a row has no date")
    parts = [value.get(part) for part in ("year", "month", "day")]
    year, month, day = (part if type(part) is int else 0 for part in parts)
    try:
        return date(year, month, day)
    except OverflowError:
        raise ValueError("no such date") from None


def _read_rate(value: Any) -> float:
    """A rate; 0 is a value, and comes as `floatValue` or `doubleValue`."""
    if not isinstance(value, dict):
        raise ValueError("a row has no value")
    rate = value.get("floatValue", value.get("doubleValue"))
    if isinstance(rate, bool) or not isinstance(rate, int | float):
        raise ValueError("a rate is no number")
    if not 0 <= rate <= 1:  # nor is NaN
        raise ValueError("a rate is not between 0 and 1")
    return float(rate)

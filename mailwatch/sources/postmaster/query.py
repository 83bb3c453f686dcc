"""Which series are asked for in one query, and the rows that come back.

Source: the API's discovery document, v2 revision 20260623. A definition without its required
filter fails the whole query. A page holds 10 rows unless another size is asked for, and the oldest
rows come first.

A row that cannot be used costs its own series that one day and nothing else. An answer in which
no row has the documented shape is refused as a whole: it is not the API's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mailwatch.model import Phrase, Window, say

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

Definitions = Mapping[str, tuple[str, str | None]]
"""Our label of each series: its metric and filter."""

DEFINITIONS: Definitions = {
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
"""Rates that every domain is asked for."""


@dataclass(frozen=True, slots=True)
class Series:
    """A rate by day. A day without data is not in it, and neither is one whose row is broken."""

    rates: Mapping[date, float] = field(default_factory=dict)
    broken: int = 0
    """Rows that could not be used."""
    reason: Phrase | None = None
    """Why the first of them could not be used; None where there are none."""


def make_body(
    domain: str, days: Window, definitions: Definitions = DEFINITIONS, token: str | None = None
) -> dict[str, Any]:
    """The body of `domainStats:query` for `definitions` on `days`, from the page `token` on."""
    body: dict[str, Any] = {
        "parent": f"domains/{domain}",
        "aggregationGranularity": "DAILY",
        "pageSize": PAGE_SIZE,
        "timeQuery": {
            "dateRanges": {"dateRanges": [{"start": _date(days.first), "end": _date(days.last)}]}
        },
        "metricDefinitions": [
            {"name": name, "baseMetric": {"standardMetric": metric}}
            | ({"filter": condition} if condition else {})
            for name, (metric, condition) in definitions.items()
        ],
    }
    return body if token is None else {**body, "pageToken": token}


class RateReader:
    """Rows of a query for rates, one at a time, and the series that they make.

    Labels that were not asked for, and days outside `days`, are left out.
    """

    def __init__(self, days: Window, definitions: Definitions = DEFINITIONS) -> None:
        self._days = days
        self._definitions = definitions
        self._by_label: dict[str, _Rows] = {}

    def add(self, row: Any) -> None:
        """Takes a row. Raises ValueError for one that is not an object."""
        if not isinstance(row, dict):
            raise ValueError("a row is not an object")
        label = row.get("metric")
        if isinstance(label, str) and label in self._definitions:
            self._by_label.setdefault(label, _Rows(self._days)).add(row)

    def result(self) -> dict[str, Series]:
        """The series by label. Raises ValueError where no row has a date and a rate."""
        if self._by_label and not any(found.usable for found in self._by_label.values()):
            raise ValueError("no row has a date and a rate")
        return {label: found.series() for label, found in self._by_label.items() if found.found}


def read_rows(rows: Iterable[Any], days: Window) -> dict[str, Series]:
    """The series by label.

    Raises ValueError for an answer of another shape than the API documents: a row that is not an
    object, or no row that has a date and a rate.
    """
    reader = RateReader(days)
    for row in rows:
        reader.add(row)
    return reader.result()


class _Rows:
    """The rows of one series, as they come in."""

    def __init__(self, days: Window) -> None:
        self._days = days
        self._rates: dict[date, float] = {}
        self._refused: set[date] = set()
        self._broken = 0
        self._reason: Phrase | None = None
        self.usable = False
        """True when a row had the documented shape."""

    @property
    def found(self) -> bool:
        """True when there is something to say about the days asked for."""
        return bool(self._rates or self._broken)

    def add(self, row: Mapping[str, Any]) -> None:
        """Takes the rate of a row, or notes why it cannot."""
        day = read_date(row.get("date"))
        if day is None:
            self._refuse(say("postmaster.row_date"))
            return
        if not self._days.first <= day <= self._days.last:
            self.usable = True
            return
        rate = _read_rate(row.get("value"))
        if rate is None:
            self._refuse(say("postmaster.row_rate", day=day), day)
            return
        self.usable = True
        if self._rates.setdefault(day, rate) != rate:
            self._refuse(say("postmaster.row_twice", day=day), day)

    def series(self) -> Series:
        """All rates but those of days with a row that cannot be used."""
        rates = {day: rate for day, rate in self._rates.items() if day not in self._refused}
        return Series(rates, self._broken, self._reason)

    def _refuse(self, reason: Phrase, day: date | None = None) -> None:
        self._broken += 1
        self._reason = self._reason or reason
        if day is not None:
            self._refused.add(day)


def _date(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def read_date(value: Any) -> date | None:
    """The day; None for what is not one."""
    if not isinstance(value, dict):
        return None
    parts = [value.get(part) for part in ("year", "month", "day")]
    year, month, day = (part if type(part) is int else 0 for part in parts)
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def _read_rate(value: Any) -> float | None:
    """The rate, which comes as `floatValue` or `doubleValue`; None for what is not one.

    0 is a value.
    """
    if not isinstance(value, dict):
        return None
    rate = value.get("floatValue", value.get("doubleValue"))
    if isinstance(rate, bool) or not isinstance(rate, int | float):
        return None
    return float(rate) if 0 <= rate <= 1 else None  # NaN is not between them

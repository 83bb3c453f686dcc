"""Which metrics there are and which filters they take.

The table is in the description of MetricDefinition.filter (Postmaster Tools API v2).
"""

import re
from collections.abc import Mapping

from mailwatch.demo.google.protobuf import invalid
from mailwatch.demo.story.mail import REASONS

CLAUSE = re.compile(r'\s*([a-z_]+)\s*=\s*"([^"]*)"\s*')

AUTH = {"auth_type": ("spf", "dkim", "dmarc")}
TLS = {"traffic_direction": ("inbound", "outbound")}
KEY = {"aggregation_key_type": ("FROM_HEADER", "ALL_DKIM")}
ERRORS = {"error_type": tuple(REASONS)}
ID: Mapping[str, tuple[str, ...]] = {"feedback_loop_id": ()}

METRICS: Mapping[str, tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]] = {
    "SPAM_RATE": ({}, {}),
    "AUTH_SUCCESS_RATE": (AUTH, {}),
    "TLS_ENCRYPTION_RATE": (TLS, {}),
    "TLS_ENCRYPTION_MESSAGE_COUNT": (TLS, {}),
    "DELIVERY_ERROR_RATE": ({}, ERRORS),
    "DELIVERY_ERROR_COUNT": ({}, ERRORS),
    "FEEDBACK_LOOP_ID": ({}, KEY),
    "FEEDBACK_LOOP_SPAM_RATE": (ID, KEY),
}
"""Metric → filter keys it must have, and may have, each with its values (none: any)."""


def series(metric: str, expression: str) -> str:
    """The series of `GmailDomain.days` that a metric and its filter ask for.

    Raises `GoogleRefusal` for a filter that the metric does not have, or lacks and needs.
    """
    if metric not in METRICS:
        raise invalid("standardMetric", f"Invalid value at 'standardMetric': {metric}")
    required, optional = METRICS[metric]
    given = _clauses(metric, expression)
    allowed = dict(optional) | dict(required)
    if metric.startswith("DELIVERY_ERROR") and given.get("error_type") in REASONS:
        allowed["error_reason"] = REASONS[given["error_type"]]
    for key, value in given.items():
        if key not in allowed or (allowed[key] and value not in allowed[key]):
            raise invalid("filter", f'{metric} has no filter {key} = "{value}"')
    for key in required:
        if not given.get(key):
            raise invalid("filter", f"{metric} requires a filter by {key}")
    return "/".join((metric, *_path(metric, given)))


def _path(metric: str, given: Mapping[str, str]) -> tuple[str, ...]:
    """The filter's values in the order that a series has them."""
    if metric.startswith("FEEDBACK_LOOP"):
        key = given.get("aggregation_key_type", "FROM_HEADER")
        return (key, *(given[name] for name in ID if name in given))
    names = (*AUTH, *TLS, *ERRORS, "error_reason")
    return tuple(given[name] for name in names if name in given)


def _clauses(metric: str, expression: str) -> dict[str, str]:
    """`key = "value"` pairs joined by AND."""
    given: dict[str, str] = {}
    if not expression:
        return given
    for clause in expression.split(" AND "):
        match = CLAUSE.fullmatch(clause)
        if match is None or match[1] in given:
            raise invalid("filter", f"Invalid filter of {metric}: {expression}")
        given[match[1]] = match[2]
    return given

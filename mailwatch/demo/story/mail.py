"""One day of mail in SendGrid's and in Gmail's figures, so that both show the same mail."""

from collections.abc import Mapping
from dataclasses import dataclass

from mailwatch.demo.story.world import Figure

METRICS = (
    "blocks",
    "bounce_drops",
    "bounces",
    "clicks",
    "deferred",
    "delivered",
    "invalid_emails",
    "opens",
    "processed",
    "requests",
    "spam_report_drops",
    "spam_reports",
    "unique_clicks",
    "unique_opens",
    "unsubscribe_drops",
    "unsubscribes",
)
"""The 16 metrics of /v3/stats (SendGrid's OpenAPI description, tsg_stats_v3)."""

AT_GMAIL = 0.45
"""The share of delivered mail that goes to personal Gmail accounts in these stories."""

REASONS: Mapping[str, tuple[str, ...]] = {
    "reject": (
        "bad_attachment",
        "bad_or_missing_ptr_record",
        "ip_in_rbls",
        "low_domain_reputation",
        "low_ip_reputation",
        "spammy_content",
        "stamp_policy_error",
        "other",
    ),
    "temp_fail": ("anomalous_traffic_pattern", "other"),
}
"""Delivery errors by type (Postmaster Tools API v2, MetricDefinition.filter)."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What became of a day's mail: shares of processed, spam reports of delivered."""

    bounces: float = 0.006
    blocks: float = 0.007
    deferred: float = 0.01
    spam_reports: float = 0.0001


STEADY = Rates()


def booked(
    processed: int, rates: Rates = STEADY, spam_reports: int | None = None
) -> dict[str, int]:
    """SendGrid's figures of a day: requests = processed + drops, processed = delivered + lost."""
    bounces, blocks = round(processed * rates.bounces), round(processed * rates.blocks)
    delivered = processed - bounces - blocks
    drops = {
        "bounce_drops": round(processed * 0.002),
        "invalid_emails": round(processed * 0.0002),
        "spam_report_drops": round(processed * 0.0002),
        "unsubscribe_drops": round(processed * 0.001),
    }
    reports = round(delivered * rates.spam_reports) if spam_reports is None else spam_reports
    return {
        "requests": processed + sum(drops.values()),
        "processed": processed,
        "delivered": delivered,
        "bounces": bounces,
        "blocks": blocks,
        "deferred": round(processed * rates.deferred),
        **drops,
        "spam_reports": reports,
        "opens": round(delivered * 0.42),
        "unique_opens": round(delivered * 0.31),
        "clicks": round(delivered * 0.05),
        "unique_clicks": round(delivered * 0.04),
        "unsubscribes": round(delivered * 0.001),
    }


def unfinished(processed: int) -> dict[str, int]:
    """Today so far: a third of the day's mail, some of it not delivered yet."""
    day = booked(processed // 3)
    late = day["processed"] // 10
    return {**day, "delivered": day["delivered"] - late, "deferred": day["deferred"] + late // 2}


def at_gmail(
    delivered: int, spam_rate: float, errors: Mapping[str, float] | None = None
) -> dict[str, Figure]:
    """Postmaster's figures of a day. Zero is a value here, and explicit in the answers.

    `errors` are rates by type and reason, as in `{"reject/low_domain_reputation": 0.002}`.
    """
    messages = max(1, round(delivered * AT_GMAIL))
    rates = {"reject/other": 0.0006, "temp_fail/other": 0.0024, **(errors or {})}
    figures: dict[str, Figure] = {
        "SPAM_RATE": round(messages * spam_rate) / messages,
        "AUTH_SUCCESS_RATE/spf": 0.9962,
        "AUTH_SUCCESS_RATE/dkim": 0.9984,
        "AUTH_SUCCESS_RATE/dmarc": 0.9971,
        "TLS_ENCRYPTION_RATE/inbound": 1.0,
        "TLS_ENCRYPTION_RATE/outbound": 1.0,
        "TLS_ENCRYPTION_MESSAGE_COUNT/inbound": messages,
        "TLS_ENCRYPTION_MESSAGE_COUNT/outbound": round(messages * 0.002),
    }
    for kind, reasons in REASONS.items():
        for reason in reasons:
            figures |= _error(f"/{kind}/{reason}", rates.get(f"{kind}/{reason}", 0.0), messages)
        total = sum(rate for name, rate in rates.items() if name.startswith(kind))
        figures |= _error(f"/{kind}", total, messages)
    figures |= _error("", sum(rates.values()), messages)
    if messages >= 4000 and spam_rate:
        for key in ("FROM_HEADER", "ALL_DKIM"):
            figures[f"FEEDBACK_LOOP_ID/{key}"] = ("1234567_SG",)
            figures[f"FEEDBACK_LOOP_SPAM_RATE/{key}/1234567_SG"] = figures["SPAM_RATE"]
    return figures


def _error(series: str, rate: float, messages: int) -> dict[str, Figure]:
    return {
        f"DELIVERY_ERROR_RATE{series}": rate,
        f"DELIVERY_ERROR_COUNT{series}": round(rate * messages),
    }

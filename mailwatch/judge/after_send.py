"""What the figures would be after a send: each threshold, before and after."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from mailwatch.catalog.catalog import Catalog
from mailwatch.judge.levels import judge
from mailwatch.model import ACCOUNT, Finding, Measurement

BOUNCE_RATE, BLOCK_RATE = "sendgrid.bounce_rate", "sendgrid.block_rate"
DELIVERED, VOLUME = "sendgrid.delivered_rate", "sendgrid.daily_volume"
VOLUMES = ("sendgrid.volume_growth", "sendgrid.volume_change", VOLUME)


@dataclass(frozen=True, slots=True)
class Send:
    """Messages of one day, and how many of them bounce."""

    messages: int
    bounce_rate: float | None = None
    """None: as many as now."""


@dataclass(frozen=True, slots=True)
class AfterSend:
    """One figure before and after."""

    before: Finding
    after: Finding


def after_send(findings: Iterable[Finding], send: Send, catalog: Catalog) -> Iterator[AfterSend]:
    """What becomes of each of the account's figures that a send changes.

    Rates keep their days and get the send's messages; a volume becomes that of the send, taken as
    all mail of one day. Rates that the send says nothing about stay what they are.
    """
    own = [
        finding
        for finding in findings
        if finding.measurement.subject == ACCOUNT
        and isinstance(finding.measurement.value, int | float)
    ]
    rates = {f.check.metric: float(f.measurement.value or 0) for f in own}
    shares = _shares(rates, send)
    for finding in own:
        changed = _changed(finding.measurement, send, shares)
        if changed is not None:
            threshold = catalog.threshold(finding.check, ACCOUNT)
            yield AfterSend(finding, judge(changed, finding.check, threshold))


def _shares(rates: dict[str, float], send: Send) -> dict[str, float]:
    """The rate of the send itself, by metric: as now, but for the bounces and what follows."""
    shares = dict(rates)
    if send.bounce_rate is not None and BOUNCE_RATE in rates:
        more = send.bounce_rate - rates[BOUNCE_RATE]
        shares[BOUNCE_RATE] = send.bounce_rate
        if DELIVERED in rates:
            shares[DELIVERED] = min(1.0, max(0.0, rates[DELIVERED] - more))
    return shares


def _changed(measurement: Measurement, send: Send, shares: dict[str, float]) -> Measurement | None:
    metric, denominator = measurement.metric, measurement.denominator
    plain = replace(measurement, note=None, newest_volume=send.messages)
    if metric == VOLUME:
        return replace(plain, value=send.messages)
    if metric in VOLUMES:
        if not denominator:
            return None
        return replace(plain, value=send.messages / denominator, numerator=send.messages)
    if not measurement.proportion or measurement.numerator is None or not denominator:
        return None
    messages = send.messages
    if measurement.denominator_name == "delivered":
        messages = round(messages * shares.get(DELIVERED, 1.0))
    counted = min(messages, round(messages * shares[metric]))
    numerator, denominator = measurement.numerator + counted, denominator + messages
    return replace(
        plain, value=numerator / denominator, numerator=numerator, denominator=denominator
    )

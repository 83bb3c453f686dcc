"""Two signs that come before a reputation is lost, and that a single day's rate does not show.

A rejection for low reputation is the only place where API v2 still names reputation, so the first
one counts, however small. `anomalous_traffic_pattern` has a level of its own at each sender; what
counts is that it rises.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from statistics import median

from mailwatch.model import Day, Measurement, Phrase, Subject, Window, say, verbatim
from mailwatch.sources.postmaster import metrics
from mailwatch.sources.postmaster.details import Details
from mailwatch.sources.postmaster.query import REJECT, TEMP_FAIL, Series

REASONS = ("low_domain_reputation", "low_ip_reputation")
PATTERN = "anomalous_traffic_pattern"
DAYS = 7
"""Days with data that a rejection is looked for in, as for the reputation."""
RECENT = 3
"""Days with data that are now: the median of them is no single bad day."""
FEWEST_BEFORE = 4
"""Days with data before them, without which there is nothing to have risen from."""


def measure_early_signs(
    domain: str, series: Mapping[str, Series], details: Details, days: Window
) -> Iterator[Measurement]:
    """The highest rejection rate of the last days for each reputation reason, and the rise of
    `anomalous_traffic_pattern`; nothing where Google has no figures of them."""
    for reason in REASONS:
        rates = series.get(REJECT + reason, Series()).rates
        if rates:
            yield _measure_rejections(domain, reason, rates, details, days)
    rates = series.get(TEMP_FAIL + PATTERN, Series()).rates
    if len(rates) >= RECENT + FEWEST_BEFORE:
        yield _measure_rise(domain, rates, days)


def _measure_rejections(
    domain: str, reason: str, rates: Mapping[date, float], details: Details, days: Window
) -> Measurement:
    ordered = sorted(rates)
    recent = ordered[-DAYS:]
    hit = [day for day in recent if rates[day] > 0]
    worst = max(recent, key=lambda day: (rates[day], day))
    return Measurement(
        metrics.REPUTATION_REJECTIONS,
        Subject.of(domain=domain, reason=reason),
        value=rates[worst],
        window=Window(recent[0], recent[-1]),
        daily=tuple(Day(day, rates[day]) for day in ordered),
        evidence=tuple(_tell(reason, ordered, hit, details)) if hit else (),
        complete_until=days.last,
    )


def _tell(reason: str, ordered: list[date], hit: list[date], details: Details) -> Iterator[Phrase]:
    """Since when, after how many days without, and how many messages."""
    before = sum(day < hit[0] for day in ordered)
    code = "postmaster.first_rejection" if before else "postmaster.rejected_since"
    yield say(code, day=hit[0], before=before, found=len(hit), days=min(DAYS, len(ordered)))
    counted = [details.messages(REJECT + reason, day) for day in hit]
    known = [number for number in counted if number is not None]
    if known and len(known) == len(hit):
        yield say("postmaster.rejected_messages", n=sum(known))


def _measure_rise(domain: str, rates: Mapping[date, float], days: Window) -> Measurement:
    """How far the median of the newest days is above that of the days before, not below 0."""
    ordered = sorted(rates)
    now, before = ordered[-RECENT:], ordered[:-RECENT]
    level, usual = (median(rates[day] for day in part) for part in (now, before))
    rise = max(0.0, level - usual)
    compared = verbatim(f"{PATTERN} {level:.2%} ({now[0]} - {now[-1]}), {usual:.2%}"
                        f" ({before[0]} - {before[-1]})")  # fmt: skip
    return Measurement(
        metrics.TRAFFIC_PATTERN_RISE,
        Subject.of(domain=domain),
        value=rise,
        window=Window(now[0], now[-1]),
        daily=tuple(Day(day, rates[day]) for day in ordered),
        evidence=(compared,) if rise else (),
        complete_until=days.last,
    )

"""The reputation level, which the API does not publish any more, from what it does publish.

Google retired domain and IP reputation in 2025. Nearest to it is the deliverability verdict; where
there is none, or it says nothing of reputation, the level is derived here: from the spam rate, from
rejections for low reputation, and from the compliance rows. The evidence always says which.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from mailwatch.model import Cause, Measurement, Phrase, Subject, Window, say, verbatim
from mailwatch.sources.postmaster import metrics
from mailwatch.sources.postmaster.compliance import COMPLIANT, NEEDS_WORK, Compliance, Row
from mailwatch.sources.postmaster.query import REJECT, Series

HIGH, MEDIUM, LOW, BAD = LEVELS = ("HIGH", "MEDIUM", "LOW", "BAD")

VERDICT_LEVELS = {
    "USER_FEEDBACK_POSITIVE": HIGH,
    "USER_FEEDBACK_LOW": MEDIUM,
    "SENDER_NOT_COMPLIANT": LOW,
    "SMTP_ERRORS_HIGH": LOW,
    "SPAM_RATE_HIGH": LOW,
    "USER_FEEDBACK_NEGATIVE": BAD,
}
"""The verdict's reasons that speak of the sender's standing; MESSAGE_VOLUME_LOW does not."""
DAYS = 7
"""Days with data that are looked at: what Google asks to be clean before it helps a sender."""
SPAM_BAD = 0.01
"""A judgement of ours; Google names 0.1 % and 0.3 % only."""
UNSUBSCRIBE = ("ONE_CLICK_UNSUBSCRIBE", "HONOR_UNSUBSCRIBE")


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that speaks for a level, and why."""

    level: str
    reason: Phrase
    day: date | None = None


def measure_reputation(
    domain: str, series: Mapping[str, Series], found: tuple[Compliance, ...], days: Window
) -> Measurement:
    """The level, its source and the reasons; no value where there is nothing to go by."""
    subject = Subject.of(domain=domain)
    own = found[0] if found else None
    verdict = own.verdict if own else None
    # A subdomain without data of its own is judged by the registrable domain, and says so.
    whose = (verbatim(f"domainId: {own.domain}"),) if own and own.domain != domain else ()
    if verdict and _speaks(verdict):
        return Measurement(
            metrics.REPUTATION,
            subject,
            value=VERDICT_LEVELS[verdict.reason],
            evidence=(verbatim("source: google_verdict"), _quote(verdict), *whose),
        )
    signs = [*_from_statistics(series), *_from_compliance(own.rows if own else ())]
    if not signs:
        note = say("postmaster.no_reputation")
        if verdict:
            note = say("postmaster.verdict_unclear", verdict=_quote(verdict))
        return Measurement(metrics.REPUTATION, subject, cause=Cause.NO_DATA, note=note)
    worst = max((sign.level for sign in signs), key=LEVELS.index)
    reasons = [sign.reason for sign in signs if sign.level == worst]
    dated = [sign.day for sign in signs if sign.day]
    newest = max(dated, default=None)
    return Measurement(
        metrics.REPUTATION,
        subject,
        value=worst,
        window=Window(newest, newest) if newest else None,
        evidence=(
            verbatim("source: derived"),
            *reasons,
            *([_quote(verdict)] if verdict else []),
            *whose,
        ),
        complete_until=days.last if newest else None,
    )


def _speaks(verdict: Row) -> bool:
    """True where the verdict tells a level; a status that is not in the API's document does not."""
    return verdict.status in (COMPLIANT, NEEDS_WORK) and verdict.reason in VERDICT_LEVELS


def _quote(verdict: Row) -> Phrase:
    words = ", ".join(filter(None, (verdict.status, verdict.reason))) or "STATE_UNSPECIFIED"
    return verbatim(f"{verdict.requirement}: {words}")


def _from_statistics(series: Mapping[str, Series]) -> Iterator[Sign]:
    spam = _newest(series.get(metrics.SPAM_RATE, {}))
    if spam:
        worst = max(spam, key=lambda day: (spam[day], day))
        reason = verbatim(f"SPAM_RATE {spam[worst]:.4f} on {worst}")
        # The newest day dates the sign: it is known up to then that no day was worse.
        yield Sign(_spam_level(round(spam[worst], 6)), reason, max(spam))
    for name in ("low_domain_reputation", "low_ip_reputation"):
        rejected = _newest(series.get(REJECT + name, {}))
        hit = [day for day, rate in rejected.items() if rate > 0]
        if hit:
            rate = rejected[max(hit)]
            yield Sign(LOW, verbatim(f"{name} {rate:.4f} on {max(hit)}"), max(rejected))


def _spam_level(rate: float) -> str:
    if rate > SPAM_BAD:
        return BAD
    if rate >= 0.003:
        return LOW
    return MEDIUM if rate >= 0.001 else HIGH


def _newest(series: Series) -> Series:
    return {day: series[day] for day in sorted(series)[-DAYS:]}


def _from_compliance(rows: Iterable[Row]) -> Iterator[Sign]:
    for row in rows:
        if row.status == NEEDS_WORK:
            level = MEDIUM if row.requirement in UNSUBSCRIBE else LOW
            yield Sign(level, verbatim(f"{row.requirement} NEEDS_WORK"))

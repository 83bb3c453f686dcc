"""The reputation level, which the API does not publish any more, from what it does publish.

Google retired domain and IP reputation in 2025. The deliverability verdict comes closest to it.
Where there is none, or it says nothing about reputation, the level is derived here: from the spam
rate, from rejections for low reputation, and from the compliance rows. The evidence always says
which.

A spam rate speaks for a level that at least half of the last seven days with data reach. A single
bad day is what the spam rate itself warns of; reputation is what lasts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from mailwatch.model import (
    PUBLISHED_DECIMALS,
    Cause,
    Measurement,
    Phrase,
    Subject,
    Window,
    say,
    verbatim,
)
from mailwatch.sources.postmaster import metrics
from mailwatch.sources.postmaster.compliance import (
    COMPLIANT,
    NEEDS_WORK,
    Compliance,
    RequirementStatus,
)
from mailwatch.sources.postmaster.legacy import LegacyReputation
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
"""The verdict's reasons that are about the sender's reputation; MESSAGE_VOLUME_LOW is not."""
DAYS = 7
"""Days with data that are looked at: what Google asks to be clean before it helps a sender."""
FEWEST_DAYS = 3
"""With fewer days of spam rates, half of them is a single day."""
SPAM_LEVELS = ((BAD, 0.01), (LOW, 0.003), (MEDIUM, 0.001))
"""The spam rate from which each level begins, worst first. Google names 0.1 % and 0.3 % only; 1 %
is a judgement of ours."""
UNSUBSCRIBE = ("ONE_CLICK_UNSUBSCRIBE", "HONOR_UNSUBSCRIBE")


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that is evidence for a level, and why."""

    level: str
    reason: Phrase
    day: date | None = None


def measure_reputation(
    domain: str,
    series: Mapping[str, Series],
    found: tuple[Compliance, ...],
    days: Window,
    legacy: LegacyReputation | None = None,
) -> Measurement:
    """The level, its source and the reasons; no value where there is nothing to derive it from.

    What API v1 says, where it was asked and answered, is Google's own level and comes first.
    """
    subject = Subject.of(domain=domain)
    if legacy and legacy.day and legacy.level in LEVELS:
        return Measurement(
            metrics.REPUTATION,
            subject,
            value=legacy.level,
            window=Window(legacy.day, legacy.day),
            evidence=(
                verbatim("source: google_v1"),
                verbatim(f"domainReputation: {legacy.level} ({legacy.day})"),
            ),
            complete_until=days.last,
        )
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
        note = _nothing_to_go_by(series, verdict)
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


def _speaks(verdict: RequirementStatus) -> bool:
    """True where the verdict gives a level; a status that is not in the API's document does not."""
    return verdict.status in (COMPLIANT, NEEDS_WORK) and verdict.reason in VERDICT_LEVELS


def _quote(verdict: RequirementStatus) -> Phrase:
    words = ", ".join(filter(None, (verdict.status, verdict.reason))) or "STATE_UNSPECIFIED"
    return verbatim(f"{verdict.requirement}: {words}")


def _nothing_to_go_by(series: Mapping[str, Series], verdict: RequirementStatus | None) -> Phrase:
    """Why there is no level."""
    spam = _newest(series.get(metrics.SPAM_RATE))
    if spam:
        return say("postmaster.few_spam_days", days=len(spam), least=FEWEST_DAYS)
    if verdict:
        return say("postmaster.verdict_unclear", verdict=_quote(verdict))
    return say("postmaster.no_reputation")


def _from_statistics(series: Mapping[str, Series]) -> Iterator[Sign]:
    spam = _newest(series.get(metrics.SPAM_RATE))
    if len(spam) >= FEWEST_DAYS:
        yield _from_spam(spam)
    for name in ("low_domain_reputation", "low_ip_reputation"):
        rejected = _newest(series.get(REJECT + name))
        hit = [day for day, rate in rejected.items() if rate > 0]
        if hit:
            rate = rejected[max(hit)]
            yield Sign(LOW, verbatim(f"{name} {rate:.4f} on {max(hit)}"), max(rejected))


def _from_spam(spam: Mapping[date, float]) -> Sign:
    """The worst level that at least half of the days reach, with the days that do."""
    half = -(-len(spam) // 2)
    for level, limit in SPAM_LEVELS:
        reached = [day for day, rate in spam.items() if round(rate, PUBLISHED_DECIMALS) >= limit]
        if len(reached) >= half:
            return _sign(level, "postmaster.spam_at_least", limit, spam, reached)
    _, lowest = SPAM_LEVELS[-1]
    below = [day for day, rate in spam.items() if round(rate, PUBLISHED_DECIMALS) < lowest]
    return _sign(HIGH, "postmaster.spam_below", lowest, spam, below)


def _sign(
    level: str, code: str, limit: float, spam: Mapping[date, float], counted: list[date]
) -> Sign:
    listed = ", ".join(f"{day} {_percent(spam[day])}" for day in counted)
    reason = say(code, limit=_percent(limit), found=len(counted), days=len(spam), listed=listed)
    # The newest day dates the sign: what it says is known up to then.
    return Sign(level, reason, max(spam))


def _percent(rate: float) -> str:
    """As exact as the limits are compared, so that no rate is shown on their other side."""
    return f"{round(rate * 100, PUBLISHED_DECIMALS - 2):g} %"


def _newest(series: Series | None) -> Mapping[date, float]:
    """The rates of the last seven days with data, oldest first."""
    rates = series.rates if series else {}
    return {day: rates[day] for day in sorted(rates)[-DAYS:]}


def _from_compliance(rows: Iterable[RequirementStatus]) -> Iterator[Sign]:
    for row in rows:
        if row.status == NEEDS_WORK:
            level = MEDIUM if row.requirement in UNSUBSCRIBE else LOW
            yield Sign(level, verbatim(f"{row.requirement} NEEDS_WORK"))

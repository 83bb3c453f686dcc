"""Google's verdict on each of its sender requirements, as the API's `complianceStatus` gives it.

It is about the registrable domain, and about a subdomain only where Google has data on that alone.
A word that is not in the API's documentation never counts as a pass.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mailwatch.model import Cause, Measurement, Phrase, Subject, say, verbatim
from mailwatch.sources.postmaster import metrics
from mailwatch.text.inert import inert

COMPLIANT = "COMPLIANT"
NEEDS_WORK = "NEEDS_WORK"
UNSPECIFIED = ("", "STATE_UNSPECIFIED")
REQUIREMENTS = (
    "SPF",
    "DKIM",
    "SPF_AND_DKIM",
    "DMARC_POLICY",
    "DMARC_ALIGNMENT",
    "MESSAGE_FORMATTING",
    "DNS_RECORDS",
    "ENCRYPTION",
    "USER_REPORTED_SPAM_RATE",
    "ONE_CLICK_UNSUBSCRIBE",
    "HONOR_UNSUBSCRIBE",
)
VERDICTS = (
    ("oneClickUnsubscribeVerdict", "ONE_CLICK_UNSUBSCRIBE"),
    ("honorUnsubscribeVerdict", "HONOR_UNSUBSCRIBE"),
)
GOOD_REASONS = ("USER_FEEDBACK_POSITIVE",)
BAD_REASONS = (
    "USER_FEEDBACK_LOW",
    "SMTP_ERRORS_HIGH",
    "SENDER_NOT_COMPLIANT",
    "SPAM_RATE_HIGH",
    "USER_FEEDBACK_NEGATIVE",
)
VOLUME_LOW = "MESSAGE_VOLUME_LOW"
REASONS: Mapping[str, Phrase] = {
    "NOT_HONORING": say("postmaster.not_honoring"),
    "NOT_HONORING_TOO_FEW_CAMPAIGNS": say("postmaster.too_few_campaigns"),
    "NOT_HONORING_TOO_MANY_CAMPAIGNS": say("postmaster.too_many_campaigns"),
    "NO_UNSUB_GENERAL": say("postmaster.no_unsub_general"),
    "NO_UNSUB_SPAM_REPORTS": say("postmaster.no_unsub_spam_reports"),
    "NO_UNSUB_PROMO_SPAM_REPORTS": say("postmaster.no_unsub_promo"),
    "USER_FEEDBACK_LOW": say("postmaster.feedback_low"),
    "SMTP_ERRORS_HIGH": say("postmaster.smtp_errors_high"),
    "SENDER_NOT_COMPLIANT": say("postmaster.sender_not_compliant"),
    "SPAM_RATE_HIGH": say("postmaster.spam_rate_high"),
    "USER_FEEDBACK_NEGATIVE": say("postmaster.feedback_negative"),
}
"""What the API's documentation says of each reason."""
MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class RequirementStatus:
    """One requirement and how it is met."""

    requirement: str
    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Compliance:
    """What Google says of one domain."""

    domain: str
    rows: tuple[RequirementStatus, ...]
    verdict: RequirementStatus | None = None
    """The deliverability verdict, where there is one: the API has it as a developer preview."""


def read_compliance(answer: Mapping[str, Any], domain: str) -> tuple[Compliance, ...]:
    """What `answer` says about the subdomain, if anything, then about the registrable domain.

    Raises ValueError for an answer of another shape than the API documents.
    """
    found: list[Compliance] = []
    for key in ("subdomainComplianceData", "complianceData"):
        data = answer.get(key)
        if data is not None:
            found.append(_read_data(data, domain))
    return tuple(found)


def measure_compliance(
    domain: str, found: tuple[Compliance, ...], watched: frozenset[str]
) -> Iterator[Measurement]:
    """A measurement for each row, and for the deliverability verdict where Google serves it; those
    of a parent domain that is `watched` itself are left to it.

    Where a requirement is listed twice, as a row and as a verdict, the worse status counts.
    """
    rows: dict[tuple[str, str], RequirementStatus] = {}
    for compliance in found:
        if compliance.domain != domain and compliance.domain in watched:
            continue
        for row in compliance.rows:
            key = compliance.domain, row.requirement
            rows[key] = min(rows.get(key, row), row, key=_rank)
    for (whose, _), row in rows.items():
        yield _measure(whose, row)
    for compliance in found:
        if compliance.verdict and (compliance.domain == domain or compliance.domain not in watched):
            yield measure_deliverability(compliance.domain, compliance.verdict)
    if not any(whose == domain for whose, _ in rows):
        note = say("postmaster.no_compliance")
        if any(compliance.domain != domain for compliance in found):
            note = say("postmaster.only_parent", domain=found[-1].domain)
        subject = Subject.of(domain=domain)
        yield Measurement(metrics.COMPLIANCE, subject, cause=Cause.NO_DATA, note=note)


def _explain(reason: str, words: str = "") -> Phrase:
    """Google's word for a reason, in `words` if any, and what its documentation says of it."""
    meaning, quoted = REASONS.get(reason), words or reason
    return say("postmaster.reason", word=quoted, meaning=meaning) if meaning else verbatim(quoted)


def measure_deliverability(domain: str, verdict: RequirementStatus) -> Measurement:
    """Google's deliverability verdict: its reason, which says more than its status; the status
    where there is no reason, or where that sounds better than the status.

    That there is too little mail to tell is no figure, and neither is an unknown word.
    """
    subject = Subject.of(domain=domain)
    words = ", ".join(filter(None, (verdict.status, verdict.reason)))
    quote = (_explain(verdict.reason, words),)
    value, note = verdict.reason or verdict.status, _why_no_verdict(verdict)
    if verdict.status == NEEDS_WORK and verdict.reason in GOOD_REASONS:
        value = NEEDS_WORK
    if note is None:
        return Measurement(metrics.DELIVERABILITY, subject, value=value, evidence=quote)
    return Measurement(
        metrics.DELIVERABILITY, subject, evidence=quote, cause=Cause.NO_DATA, note=note
    )


def _why_no_verdict(verdict: RequirementStatus) -> Phrase | None:
    if verdict.reason == VOLUME_LOW:
        return say("postmaster.volume_low")
    if verdict.status in UNSPECIFIED:
        return say("postmaster.unspecified")
    for word, known in (
        (verdict.status, (COMPLIANT, NEEDS_WORK)),
        (verdict.reason, ("", *GOOD_REASONS, *BAD_REASONS)),
    ):
        if word not in known:
            return say("postmaster.unknown_word", word=word)
    return None


def _rank(row: RequirementStatus) -> tuple[int, bool]:
    """The worse first; of two that are as bad, the one that says why."""
    return {NEEDS_WORK: 0, COMPLIANT: 2}.get(row.status, 1), not row.reason


def _measure(domain: str, row: RequirementStatus) -> Measurement:
    subject = Subject.of(domain=domain, requirement=row.requirement)
    evidence = (_explain(row.reason),) if row.reason else ()
    note = _why_not_known(row)
    if note is None:
        return Measurement(metrics.COMPLIANCE, subject, value=row.status, evidence=evidence)
    return Measurement(
        metrics.COMPLIANCE, subject, evidence=evidence, cause=Cause.NO_DATA, note=note
    )


def _why_not_known(row: RequirementStatus) -> Phrase | None:
    if row.status in UNSPECIFIED:
        return say("postmaster.unspecified")
    if row.status not in (COMPLIANT, NEEDS_WORK):
        return say("postmaster.unknown_word", word=row.status)
    if row.requirement not in REQUIREMENTS:
        return say("postmaster.unknown_requirement", word=row.requirement, status=row.status)
    return None


def _read_data(data: Any, asked: str) -> Compliance:
    if not isinstance(data, dict):
        raise ValueError("compliance data is not an object")
    domain = data.get("domainId") or asked
    rows = [_read_row(row) for row in _list(data.get("rowData"))[:MOST_ROWS]]
    for key, requirement in VERDICTS:
        verdict = data.get(key)
        if verdict is not None:
            rows.append(_read_verdict(verdict, requirement, "status"))
    deliverability = data.get("deliverabilityStatusVerdict")
    return Compliance(
        domain=inert(str(domain), 253).lower(),
        rows=tuple(rows),
        verdict=None
        if deliverability is None
        else _read_verdict(deliverability, "deliverabilityStatusVerdict", "state"),
    )


def _read_row(row: Any) -> RequirementStatus:
    if not isinstance(row, dict):
        raise ValueError("a row is not an object")
    return RequirementStatus(_word(row.get("requirement")), _status(row.get("status")))


def _read_verdict(verdict: Any, requirement: str, key: str) -> RequirementStatus:
    """A verdict; its status is under `key`, which is `state` in one of them."""
    if not isinstance(verdict, dict):
        raise ValueError("a verdict is not an object")
    reason = _word(verdict.get("reason"))
    return RequirementStatus(
        requirement, _status(verdict.get(key)), reason.removeprefix("REASON_UNSPECIFIED")
    )


def _status(value: Any) -> str:
    return _word(value.get("status")) if isinstance(value, dict) else ""


def _word(value: Any) -> str:
    return inert(value, 80) if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError("rows are not a list")
    return value

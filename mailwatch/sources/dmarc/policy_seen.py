"""The policy as reporters see it, whether the next step is safe, and reporters that went silent."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from math import floor

from mailwatch.model import Measurement, Phrase, Subject, say
from mailwatch.sources.dmarc import metrics
from mailwatch.sources.dmarc.contents import Policy
from mailwatch.sources.dmarc.pass_rates import Naming
from mailwatch.sources.dmarc.senders import DomainMail, MailSource
from mailwatch.sources.dmarc.summary import ReporterDays
from mailwatch.text.units import display

SEEN_DAYS = 7
"""The policy of a reporter counts when it reported within so many days of the newest report."""
SILENT_DAYS = 3
"""A reporter without a report for so many days …"""
REGULAR_DAYS = 5
"""… that reported on so many days of the window before is silent."""
_NEXT = {"": "quarantine", "none": "quarantine", "quarantine": "reject"}
_LISTED = 5

Reporters = Mapping[str, ReporterDays]


def measure_policy(
    mail: DomainMail, reporters: Reporters, published: Policy | None, naming: Naming
) -> Iterator[Measurement]:
    """Policy published against seen, readiness for the next step, silent reporters.

    `published` is what DNS has now; None where it was not looked up.
    """
    about = Subject.of(domain=mail.domain)
    oldest = mail.window.last.toordinal() - SEEN_DAYS + 1
    seen = Counter(one.policy for one in reporters.values() if one.policy_day >= oldest)
    if seen:
        yield Measurement(
            metrics.POLICY_SEEN,
            about,
            value=_compare(seen, published),
            window=mail.window,
            evidence=tuple(_policies(seen, published)),
            complete_until=naming.complete_until,
        )
        newest = published or _newest(reporters)
        if newest.p in _NEXT:
            yield _readiness(mail, newest, naming)
    yield _silent(mail, reporters, naming)


def _compare(seen: Counter[Policy], published: Policy | None) -> str:
    if published is not None and published not in seen:
        return "other"
    return "same" if len(seen) == 1 else "mixed"


def _policies(seen: Counter[Policy], published: Policy | None) -> Iterator[Phrase]:
    if published is not None:
        yield say("dmarc.policy_in_dns", policy=published.text[:200] or "-")
    for policy, count in sorted(seen.items(), key=lambda pair: (-pair[1], pair[0]))[:_LISTED]:
        yield say("dmarc.policy_seen_by", policy=policy.text[:200] or "-", reporters=count)


def _newest(reporters: Reporters) -> Policy:
    newest = max(one.policy_day for one in reporters.values())
    seen = Counter(one.policy for one in reporters.values() if one.policy_day == newest)
    return max(seen, key=lambda policy: (seen[policy], policy))


def _readiness(mail: DomainMail, policy: Policy, naming: Naming) -> Measurement:
    """The share of our messages that pass DMARC, and so would survive the next policy.

    Spoofed mail is what the policy is for, so it is not in the denominator; forwarded mail is.
    """
    step = _NEXT[policy.p]
    ours = [sender for sender in mail.senders if sender.ours]
    messages = mail.total.messages - sum(sender.spoofed for sender in mail.senders)
    passed = mail.total.passed
    failing = [sender for sender in ours if sender.broken > 0.05 * sender.total.messages]
    days = (mail.window.last - min(mail.days, default=mail.window.first)).days + 1
    rate = passed / messages if messages else None
    evidence = []
    if rate is not None:
        evidence.append(say("dmarc.would_survive", percent=_percent(rate), messages=messages,
                            days=days, policy=f"p={step}"))  # fmt: skip
    if failing:
        evidence.append(
            say("dmarc.would_not_survive", n=len(failing), names=_names(failing, naming))
        )
    return Measurement(
        metrics.READINESS,
        Subject.of(domain=mail.domain),
        value=rate,
        numerator=passed,
        denominator=messages,
        denominator_name="messages",
        window=mail.window,
        evidence=tuple(evidence),
        proportion=True,
        complete_until=naming.complete_until,
    )


def _percent(rate: float) -> str:
    """As elsewhere in the report; but what is not all is not shown as 100 %."""
    shown = display(rate, "percent")
    return f"{floor(rate * 1000) / 10:g} %" if shown == "100 %" and rate < 1 else shown


def _names(senders: list[MailSource], naming: Naming) -> str:
    names = ", ".join(naming.shown(sender) for sender in senders[:_LISTED])
    return f"{names}, …" if len(senders) > _LISTED else names


def _silent(mail: DomainMail, reporters: Reporters, naming: Naming) -> Measurement:
    first, last = mail.window.first.toordinal(), mail.window.last.toordinal()
    silent = []
    for name, one in reporters.items():
        before = [day for day in one.days if first <= day <= last - SILENT_DAYS]
        after = any(last - SILENT_DAYS < day <= last for day in one.days)
        if len(before) >= REGULAR_DAYS and not after:
            silent.append((sum(one.days[day] for day in before), name, max(before)))
    silent.sort(key=lambda item: (-item[0], item[1]))
    evidence = [
        say("dmarc.silent_since", name=name[:80] or "-", day=date.fromordinal(day), messages=count)
        for count, name, day in silent[:_LISTED]
    ]
    if len(silent) > _LISTED:
        evidence.append(say("dmarc.and_more", n=len(silent) - _LISTED))
    return Measurement(
        metrics.SILENT_REPORTERS,
        Subject.of(domain=mail.domain),
        value=len(silent),
        window=mail.window,
        evidence=tuple(evidence),
        complete_until=naming.complete_until,
    )

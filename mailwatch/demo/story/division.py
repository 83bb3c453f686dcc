"""The account's mail of a story, divided into segments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from mailwatch.demo.story.mail import Rates, booked
from mailwatch.demo.story.parts import (
    DedicatedIp,
    Sending,
    Stats,
    SubuserStory,
    Suppressed,
)


class MailShare(NamedTuple):
    """A part of an account's mail."""

    of_mail: float
    rates: Rates | None = None
    """What became of it; None: the same as of all the account's mail."""
    of_reports: float = 1.0
    """Its spam reports, as a multiple of its share of the mail."""


def divided(stats: Stats, shares: Mapping[str, MailShare], rest: str) -> Mapping[str, Stats]:
    """The mail of each of `shares`, and `rest` with what is left: together they are `stats`."""
    parts: dict[str, dict[date, Mapping[str, int]]] = {rest: {}, **{name: {} for name in shares}}
    for day, counts in stats.items():
        left = dict(counts)
        for name, share in shares.items():
            part = _part(counts, share)
            part = {metric: min(part[metric], left[metric]) for metric in counts}
            parts[name][day] = part
            left = {metric: left[metric] - part[metric] for metric in counts}
        parts[rest][day] = left
    return parts


def _part(counts: Mapping[str, int], share: MailShare) -> dict[str, int]:
    reports = round(counts["spam_reports"] * share.of_mail * share.of_reports)
    if share.rates is not None:
        return booked(round(counts["processed"] * share.of_mail), share.rates, reports)
    part = {metric: round(count * share.of_mail) for metric, count in counts.items()}
    return {**part, "spam_reports": reports}


LIST_DAYS = 10
"""How far back the suppression lists reach in the stories."""
BOUNCING = (
    *("yahoo.example",) * 8,
    *("docomo.ne.jp",) * 3,
    *("ezweb.ne.jp",) * 2,
    *("mail.example",) * 4,
    *("corp.example",) * 3,
)
"""Where the addresses of the lists are, in turn."""
CLASSES = (("Invalid Address", 0.7), ("Mailbox Unavailable", 0.2), ("Reputation", 0.1))
LISTS = {
    "bounces": ("bounces", "550 5.1.1 user unknown", "5.1.1"),
    "blocks": ("blocks", "421 4.7.0 try again later", "4.7.0"),
    "invalid_emails": ("invalid_emails", "Mail domain mentioned in email address is unknown", ""),
    "spam_reports": ("spam_reports", "", ""),
}


def suppressed(stats: Stats, zone: str) -> dict[str, tuple[Suppressed, ...]]:
    """The rows of the last days of `stats`, one for each bounce, block, invalid address, report."""
    days = sorted(stats)[-LIST_DAYS:]
    rows: dict[str, list[Suppressed]] = {name: [] for name in LISTS}
    for day in days:
        begin = int(datetime.combine(day, time(9), ZoneInfo(zone)).timestamp())
        for name, (metric, reason, status) in LISTS.items():
            for number in range(stats[day][metric]):
                domain = BOUNCING[number * 7 % len(BOUNCING)]
                email = f"{day:%m%d}-{number}@{domain}"
                rows[name].append(Suppressed(begin + number, email, reason, status))
    return {name: tuple(found) for name, found in rows.items()}


def classified(stats: Stats) -> dict[date, Mapping[str, int]]:
    """What SendGrid made of each day's bounces."""
    return {
        day: {name: round(stats[day]["bounces"] * share) for name, share in CLASSES}
        for day in sorted(stats)[-LIST_DAYS:]
    }


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is behind a story's rates: whom they do not concern."""

    receipts: Rates | None = None
    """The rates of receipts and alerts; None: as of the newsletter."""
    at_microsoft: Rates | None = None
    reports: float = 1.0
    """The spam reports of receipts and alerts, as a multiple of their share of the mail."""


def sending(
    stats: Stats, today: date, zone: str, trouble: Trouble, ips: tuple[DedicatedIp, ...]
) -> Sending:
    """The segments of a story: what the receipts do not have is left to the newsletter."""
    receipts, alerts = (MailShare(part, trouble.receipts, trouble.reports) for part in (0.3, 0.1))
    gmail = MailShare(0.45, trouble.at_microsoft, trouble.reports)
    microsoft = MailShare(0.2, trouble.at_microsoft, trouble.reports)
    subusers = divided(stats, {"receipts": receipts, "alerts": alerts}, "newsletter")
    worst = 97.0 if trouble.receipts is None else 88.0
    yesterday = today - timedelta(days=1)
    return Sending(
        subusers={
            name: SubuserStory(part, worst if name == "newsletter" else 97.0)
            for name, part in subusers.items()
        },
        providers=divided(stats, {"Gmail": gmail, "Microsoft": microsoft}, "Yahoo"),
        categories=divided(stats, {"order": receipts, "password-reset": alerts}, "weekly-offer"),
        suppressions=suppressed(stats, zone),
        classifications=classified(stats),
        credits=(800_000, yesterday.replace(day=1)),
        ips=ips,
        score=4.0,
    )

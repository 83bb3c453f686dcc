"""The account's mail of a story, divided into segments."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mailwatch.demo.story.mail import STEADY, Rates, booked
from mailwatch.demo.story.segments import (
    DedicatedIp,
    Sending,
    Stats,
    SubuserStory,
    Suppressed,
)


def divided(
    stats: Stats, shares: Mapping[str, tuple[float, Rates]], rest: str
) -> Mapping[str, Stats]:
    """The mail of each of `shares` (share of the whole, its rates), and `rest` with what is left:
    together they are `stats`."""
    parts: dict[str, dict[date, Mapping[str, int]]] = {rest: {}, **{name: {} for name in shares}}
    for day, counts in stats.items():
        left = dict(counts)
        for name, (share, rates) in shares.items():
            part = booked(round(counts["processed"] * share), rates)
            part = {metric: min(part[metric], left[metric]) for metric in counts}
            parts[name][day] = part
            left = {metric: left[metric] - part[metric] for metric in counts}
        parts[rest][day] = left
    return parts


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


def sending(
    stats: Stats,
    today: date,
    zone: str,
    rates: Rates = STEADY,
    ips: tuple[DedicatedIp, ...] = (),
) -> Sending:
    """The segments of a story: what is left to the newsletter, to Yahoo and to the weekly offer
    is what differs from `rates`, at which everything else does."""
    subusers = divided(stats, {"receipts": (0.3, rates), "alerts": (0.1, rates)}, "newsletter")
    at_gmail = Rates(rates.bounces, rates.blocks, rates.deferred, 0.0)
    yesterday = today - timedelta(days=1)
    return Sending(
        subusers={
            name: SubuserStory(part, 97.0 if name != "newsletter" else 88.0)
            for name, part in subusers.items()
        },
        providers=divided(stats, {"Gmail": (0.45, at_gmail), "Microsoft": (0.2, rates)}, "Yahoo"),
        categories=divided(
            stats, {"order": (0.3, rates), "password-reset": (0.1, rates)}, "weekly-offer"
        ),
        suppressions=suppressed(stats, zone),
        classifications=classified(stats),
        credits=(400_000, yesterday.replace(day=1)),
        ips=ips,
        score=4.0,
    )

"""The five stories. Every figure follows from the day alone: the same call, the same world."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from mailwatch.demo.dns.dns_faults import Rcode
from mailwatch.demo.story import zone
from mailwatch.demo.story.account import SETTINGS_SCOPES, AccountSettings, webhook
from mailwatch.demo.story.division import Trouble, sending
from mailwatch.demo.story.mail import Rates, at_gmail, booked, unfinished
from mailwatch.demo.story.parts import DedicatedIp
from mailwatch.demo.story.world import (
    SCENARIOS,
    WITH_DAYS,
    CompliancePage,
    Figure,
    GmailDomain,
    GoogleAccount,
    Opinion,
    World,
)
from mailwatch.demo.wire.faults import Rule
from mailwatch.demo.wire.http_faults import HttpReply

DAYS = 90
"""How far back a steady story goes."""

GMAIL_LATE = 3
"""Gmail's newest day before `today`: its days are UTC, and the two newest have no data yet."""

WEEK = (137, -84, 42, -158, 63, 11, -9)
"""How a steady sender's day differs from 10,000 mails, by weekday."""

# A real migration from Postfix to SendGrid: mails a day for its first ten days, as its engineers
# published them, and an invented fortnight after.
MIGRATION = (
    *(63, 83, 73, 106, 127, 363, 2027, 1255, 8454, 20800),
    *(19400, 20150, 18300, 20900, 19800, 18750, 20300, 19050, 20650, 18200),
    *(19900, 20500, 18900, 20100),
)
MIGRATION_REPORTS = (0, 0, 0, 0, 0, 0, 2, 1, 7, 18)
"""Spam reports on the first ten days: on day 9 too few mails to tell 0.06 % from 0.13 %."""

Stats = Mapping[date, Mapping[str, int]]


def build(scenario: str, today: date, story_day: int | None = None) -> World:
    """The world of `scenario` on `today`, the date in the account's zone: the story ends yesterday.

    `story_day` (1 to 24, default 9) is the day of `migration` that was yesterday. Raises
    ValueError for a scenario or a day that there is not.
    """
    if scenario not in SCENARIOS:
        raise ValueError(f"no scenario {scenario!r}: {', '.join(SCENARIOS)}")
    day = 9 if story_day is None else story_day
    if not 1 <= day <= len(MIGRATION):
        raise ValueError(f"no story day {story_day}: 1 to {len(MIGRATION)}")
    if story_day is not None and scenario != WITH_DAYS:
        raise ValueError(f"the scenario {scenario} has no days")
    stories: dict[str, Callable[[], World]] = {
        "healthy": lambda: _healthy(today),
        "migration": lambda: _migration(today, day),
        "creeping": lambda: _creeping(today),
        "breach": lambda: _breach(today),
        "outage": lambda: _outage(today),
    }
    return stories[scenario]()


SCOPES = frozenset(
    {
        *("stats.read", "stats.global.read", "user.account.read", "user.credits.read"),
        *("subusers.read", "subusers.stats.read", "subusers.reputations.read", "ips.read"),
        *("mailbox_providers.stats.read", "categories.read", "categories.stats.read"),
        *("categories.stats.sums.read", "suppression.read"),
    }
)


def _world(
    scenario: str,
    today: date,
    stats: Stats,
    gmail: GmailDomain,
    trouble: Trouble = Trouble(),  # noqa: B008  # frozen
    warming: date | None = None,
) -> World:
    start = None if warming is None else int(datetime.combine(warming, time(9), UTC).timestamp())
    users = ("alerts", "newsletter", "receipts")
    ips = (DedicatedIp("192.0.2.10", users, start is not None, start),)
    return World(
        scenario=scenario,
        domain=zone.DOMAIN,
        selectors=zone.SELECTORS,
        timezone="Asia/Tokyo",
        today=today,
        api_key="SG.demo-key-of-no-account.opens-nothing-but-the-embedded-demo-server-xyz",
        scopes=SCOPES | SETTINGS_SCOPES,
        stats=stats,
        reputation=98.0,
        google=GoogleAccount(
            client_id="1234567890-demo.apps.googleusercontent.com",
            client_secret="demo-client-secret",  # noqa: S106 (opens nothing but this server)
            refresh_token="1//demo-refresh-token",  # noqa: S106
            email="postmaster@example.com",
        ),
        gmail={zone.DOMAIN: gmail},
        zone=zone.healthy(),
        sending_ips=zone.SENDING_IPS,
        sending=sending(stats, today, "Asia/Tokyo", trouble, ips),
    )


def _steady(today: date, rates: Callable[[int], Rates]) -> dict[date, Mapping[str, int]]:
    """`DAYS` days of about 10,000 mails, with `rates` by age in days, and today so far."""
    stats: dict[date, Mapping[str, int]] = {}
    for age in range(DAYS, 0, -1):
        day = today - timedelta(days=age)
        stats[day] = booked(10_000 + WEEK[day.weekday()], rates(age))
    stats[today] = unfinished(10_000)
    return stats


def _seen_by_gmail(
    stats: Stats, today: date, figures: Callable[[int, int], Mapping[str, Figure]]
) -> dict[date, Mapping[str, Figure]]:
    """Gmail's days: `figures(delivered, age)` of each day that had 100 mails, and is old enough."""
    return {
        day: figures(counts["delivered"], (today - day).days)
        for day, counts in stats.items()
        if (today - day).days >= GMAIL_LATE and counts["processed"] >= 100
    }


def _compliance(
    deliverability: Opinion | None = None, needs_work: tuple[str, ...] = ()
) -> CompliancePage:
    requirements = (
        *("SPF", "DKIM", "SPF_AND_DKIM", "DMARC_POLICY", "DMARC_ALIGNMENT", "MESSAGE_FORMATTING"),
        *("DNS_RECORDS", "ENCRYPTION", "USER_REPORTED_SPAM_RATE", "ONE_CLICK_UNSUBSCRIBE"),
        "HONOR_UNSUBSCRIBE",
    )
    return CompliancePage(
        rows={name: "NEEDS_WORK" if name in needs_work else "COMPLIANT" for name in requirements},
        deliverability=deliverability or Opinion("COMPLIANT", "USER_FEEDBACK_POSITIVE"),
        honor_unsubscribe=Opinion("COMPLIANT"),
        one_click=Opinion("COMPLIANT"),
    )


def _healthy(today: date) -> World:
    stats = _steady(today, lambda _: Rates())
    days = _seen_by_gmail(stats, today, lambda sent, age: at_gmail(sent, 0.0003 + age % 2 / 10_000))
    return _world("healthy", today, stats, GmailDomain(days, _compliance()))


def _migration(today: date, story_day: int) -> World:
    stats: dict[date, Mapping[str, int]] = {}
    for number, processed in enumerate(MIGRATION[:story_day], start=1):
        day = today - timedelta(days=story_day + 1 - number)
        reports = MIGRATION_REPORTS[number - 1] if number <= 10 else None
        rates = Rates(bounces=0.0192, blocks=0.005, deferred=0.015, spam_reports=0.0004)
        stats[day] = booked(processed, rates, reports)
    stats[today] = unfinished((*MIGRATION, 19_300)[story_day])
    days = _seen_by_gmail(stats, today, lambda sent, _: at_gmail(sent, 0.0004))
    gmail = GmailDomain(days, _migrated(story_day))
    trouble = Trouble(Rates(0.002, 0.003, 0.01), Rates(0.011, 0.004, 0.01))
    world = _world("migration", today, stats, gmail, trouble, min(stats))
    # A webhook that anybody could call.
    settings = AccountSettings(webhooks=(webhook(signed=False),))
    return replace(
        world,
        zone=zone.monitoring_only(),
        reputation=97.0,
        settings=settings,
        abused=story_day < 14,
    )


def _migrated(story_day: int) -> CompliancePage:
    """Gmail took two weeks to see that the new service signs: its rows said so on day 14."""
    rows = ("SPF", "DKIM", "SPF_AND_DKIM") if story_day < 14 else ()
    if story_day < 9:
        return _compliance(Opinion("NEEDS_WORK", "MESSAGE_VOLUME_LOW"), rows)
    if rows:
        return _compliance(Opinion("NEEDS_WORK", "SENDER_NOT_COMPLIANT"), rows)
    return _compliance()


def _creeping(today: date) -> World:
    """Bounces from 1 % to 3.7 % in nine days: the week is within the ideal, and not for long."""
    stats = _steady(today, lambda age: Rates(bounces=0.01 + 0.003 * max(0, 10 - age), blocks=0.005))
    days = _seen_by_gmail(stats, today, lambda sent, age: at_gmail(sent, 0.0003 + age % 2 / 10_000))
    return _world("creeping", today, stats, GmailDomain(days, _compliance()))


def _breach(today: date) -> World:
    """A bought list went out three weeks ago, and nobody looked at the DNS either."""
    stats = _steady(today, _bought_list)
    days = _seen_by_gmail(
        stats,
        today,
        lambda sent, age: at_gmail(
            sent,
            0.0034 - 0.00015 * min(age - GMAIL_LATE, 20),
            {"reject/low_domain_reputation": 0.002 if age < 8 else 0.0, "reject/other": 0.004},
        ),
    )
    needs_work = ("DMARC_POLICY", "USER_REPORTED_SPAM_RATE")
    compliance = _compliance(Opinion("NEEDS_WORK", "SPAM_RATE_HIGH"), needs_work)
    trouble = Trouble(Rates(), Rates(bounces=0.009), reports=0.0)
    world = _world("breach", today, stats, GmailDomain(days, compliance), trouble)
    settings = AccountSettings(purge_days=5, allow_list=("gmail.com",))
    return replace(world, zone=zone.neglected(), reputation=71.0, settings=settings, abused=True)


def _bought_list(age: int) -> Rates:
    grown = min(1.0, max(0.0, (21 - age) / 10))
    return Rates(
        bounces=0.01 + 0.051 * grown,
        blocks=0.008 + 0.012 * grown,
        deferred=0.01 + 0.02 * grown,
        spam_reports=0.0001 + 0.0014 * grown,
    )


def _outage(today: date) -> World:
    """SendGrid and DNS fail; Gmail answers, and all is well there."""
    page = "<html><head><title>503</title></head><body>Service Unavailable</body></html>"
    faults = (
        Rule("sendgrid", HttpReply(503, page, (("Content-Type", "text/html"),))),
        Rule("dns", Rcode("SERVFAIL")),
    )
    return replace(_healthy(today), scenario="outage", faults=faults)

"""Where the mail bounced: the suppression lists counted by recipient domain.

A row holds a recipient's address. Only the domain is looked at, and only counts are kept. The lists
are a state and no history: an address is there once, and purges shrink them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from mailwatch.config import SendGridConfig
from mailwatch.model import ACCOUNT, Cause, Measurement, Phrase, Subject, Window, say
from mailwatch.sources.sendgrid.client import PAGE, Endpoint, SendGrid
from mailwatch.sources.sendgrid.daily_counts import Days, Statistics
from mailwatch.sources.series import Share, pool_shares

WITHOUT_GROUPS = "sendgrid.bounce_rate_without_groups"
LISTS = {
    name: Endpoint(("suppression", name), "suppression.read")
    for name in ("bounces", "blocks", "invalid_emails", "spam_reports")
}
EVIDENCE_OF = {
    "bounces": ("sendgrid.bounce_rate", "sendgrid.bounced_at"),
    "blocks": ("sendgrid.block_rate", "sendgrid.blocked_at"),
    "invalid_emails": ("sendgrid.invalid_rate", "sendgrid.invalid_at"),
    "spam_reports": ("sendgrid.spam_report_rate", "sendgrid.reported_at"),
}
"""The metric that a list says more about, and in which words."""
MOST_ROWS = 100_000
"""Rows of a list that are counted."""
MOST_DOMAINS = 5_000
"""Different recipient domains that are counted apart."""
SHOWN = 3
COMPARED = 20
"""Recipient domains of a rate that the next run is compared with."""
OTHERS = "?"
"""What is no domain, and domains beyond `MOST_DOMAINS`."""
CLASSIFICATIONS = (
    Endpoint(("suppression", "bounces", "classifications"), "suppression.read", (404,)),
    Endpoint(("suppressions", "bounces", "classifications"), "suppression.read", (404,)),
)
"""The documented path, which has answered with nothing, and the one that SendGrid's support
names."""
_DOMAIN = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")
_LAST_ZONE = timezone(timedelta(hours=-12))


@dataclass(slots=True)
class Tally:
    """Rows of one list."""

    rows: int = 0
    domains: Counter[str] = field(default_factory=Counter)
    cut: bool = False
    """True when the list is longer than what was counted."""
    whole: bool = False
    """True once the list was read to its end, or as far as it is counted."""

    def so_far(self) -> "Tally":
        """What is counted by now: a worker that is not waited for may go on counting."""
        domains = Counter(dict(self.domains))
        return Tally(domains.total(), domains, self.cut, self.whole)

    def begin_again(self) -> None:
        """Forgets the rows: the list is read anew, in another order."""
        self.rows, self.domains = 0, Counter()

    def add(self, page: Sequence[str]) -> None:
        """Counts the domains of a page."""
        self.rows += len(page)
        for domain in page:
            known = domain in self.domains or len(self.domains) < MOST_DOMAINS
            self.domains[domain if known else OTHERS] += 1

    def largest(self, most: int) -> list[tuple[str, int]]:
        """The domains with the most rows, and their rows."""
        named = [(name, n) for name, n in self.domains.items() if name != OTHERS]
        named.sort(key=lambda item: (-item[1], item[0]))
        return named[:most]

    def top(self) -> str:
        """`yahoo.example 212, au.example 90`."""
        return ", ".join(f"{name} {n:,}" for name, n in self.largest(SHOWN))

    def phrases(self, code: str) -> Iterator[Phrase]:
        """What the list says, in words."""
        if self.rows:
            yield say(code, rows=self.rows, domains=self.top() or OTHERS)
        if self.cut:
            yield say("sendgrid.list_cut", most=self.rows)
        yield from self.unfinished()

    def unfinished(self) -> Iterator[Phrase]:
        """That rows are missing, where they are."""
        if self.rows and not self.whole:
            yield say("sendgrid.list_unfinished", rows=self.rows)


def count_list(
    client: SendGrid, name: str, days: Days, zone: str | None, tally: Tally, most: int
) -> None:
    """Counts up to `most` rows of the window by domain, page by page: an error leaves what was
    counted.

    The order of the rows is not documented. A list of more than one page is therefore read day by
    day, the newest first, so that what is left out of a very long one is the oldest.
    """
    where: tzinfo = ZoneInfo(zone) if zone else _LAST_ZONE
    first, last = days.pooled.first, days.pooled.last
    pages = client.pages(LISTS[name], _between(first, last, where), _read_domains, most)
    page = next(pages)
    tally.add(page)
    if len(page) < PAGE:
        tally.whole = True
        return
    counted = 0
    for age in range((last - first).days + 1):
        day = last - timedelta(days=age)
        room = most - counted
        if room <= 0:
            tally.cut = True
            break
        size = 0
        for page in client.pages(LISTS[name], _between(day, day, where), _read_domains, room):
            if page and not counted and not size:
                tally.begin_again()
            tally.add(page)
            size += len(page)
        counted += size
        tally.cut = tally.cut or size >= room
    tally.whole = True


def _between(first: date, last: date, zone: tzinfo) -> dict[str, int]:
    """The seconds from the first day's beginning to the last day's end, both included."""
    begin = datetime.combine(first, time(), zone)
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    return {"start_time": int(begin.timestamp()), "end_time": int(end.timestamp()) - 1}


def _read_domains(body: Any) -> list[str]:
    """The domain of each row; nothing else of an address is kept."""
    if not isinstance(body, list):
        raise ValueError("not a list")
    return [_domain_of(row["email"]) for row in body]


def _domain_of(address: Any) -> str:
    if not isinstance(address, str):
        raise ValueError("not an address")
    _, sign, domain = address[-254:].rpartition("@")
    domain = domain.lower()
    return domain if sign and _DOMAIN.fullmatch(domain) else OTHERS


def classifications(client: SendGrid, days: Days) -> Phrase:
    """How SendGrid classifies the window's bounces and blocks, or that it does not say."""
    window = days.pooled
    query = {"start_date": str(window.first), "end_date": str(window.last)}
    for endpoint in CLASSIFICATIONS:
        counted = client.ask(endpoint, query, _read_classes)
        if counted:
            shown = ", ".join(f"{name} {n:,}" for name, n in counted.most_common(SHOWN))
            return say("sendgrid.classified", classes=shown)
    return say("sendgrid.not_classified")


CLASSES = (
    *("Content", "Frequency or Volume Too High", "Invalid Address", "Mailbox Unavailable"),
    *("Reputation", "Technical Failure", "Technical", "Unclassified"),
)


def _read_classes(body: Any) -> Counter[str]:
    counted: Counter[str] = Counter()
    for row in (body or {}).get("result") or ():
        for one in row["stats"]:
            name, count = one["classification"], one["count"]
            if name not in CLASSES or not isinstance(count, int) or not 0 <= count <= 10**12:
                raise ValueError("not a classification")
            counted[name] += count
    return +counted


def measure_without_groups(
    tally: Tally,
    statistics: Statistics,
    days: Days,
    settings: SendGridConfig,
    subject: Subject = ACCOUNT,
) -> Measurement | None:
    """The bounce rate without the bounces at the domains of the configured groups.

    The denominator stays all mail of the account or subuser: SendGrid gives no count of processed
    mail by recipient domain. None where nothing bounced in a group: it is the bounce rate then.
    """
    shares = {
        day: Share(counts["bounces"], counts["processed"])
        for day, counts in statistics.items()
        if "bounces" in counts and "processed" in counts
    }
    pooled = pool_shares(shares, days.pooled)
    grouped = _by_group(tally, settings.group_of())
    left_out = sum(grouped.values())
    if not left_out:
        return None
    if not pooled.denominator:
        note = say("sendgrid.no_mail", days=days.window)
        return Measurement(WITHOUT_GROUPS, subject, cause=Cause.TOO_LITTLE_MAIL, note=note)
    bounces = max(0, pooled.numerator - left_out)
    names = ", ".join(f"{name} {n:,}" for name, n in grouped.most_common())
    cut = (say("sendgrid.list_cut", most=tally.rows),) if tally.cut else ()
    return Measurement(
        WITHOUT_GROUPS,
        subject,
        value=bounces / pooled.denominator,
        numerator=bounces,
        denominator=pooled.denominator,
        denominator_name="processed",
        window=Window(days.pooled.first, pooled.newest or days.pooled.last),
        evidence=(
            say("sendgrid.groups_left_out", bounces=left_out, groups=names),
            *cut,
            *tally.unfinished(),
        ),
        proportion=bounces <= pooled.denominator,
        complete_until=days.newest,
    )


def _by_group(tally: Tally, group_of: Mapping[str, str]) -> Counter[str]:
    grouped: Counter[str] = Counter()
    for domain, count in tally.domains.items():
        if domain in group_of:
            grouped[group_of[domain]] += count
    return grouped

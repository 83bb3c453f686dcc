"""What is true in a story, as pure data: tests change it with `dataclasses.replace`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mailwatch.demo.story.account import AccountSettings
from mailwatch.demo.story.parts import Sending
from mailwatch.demo.wire.faults import Rule

SCENARIOS: tuple[str, ...] = ("healthy", "migration", "creeping", "breach", "outage")
WITH_DAYS = "migration"
"""The scenario that can be looked at on each day of its story."""

Segment = str | bytes
Value = Segment | Sequence[Segment]
"""A record's text as in a zone file; for TXT its segments, each at most 255 octets."""
Zone = Mapping[tuple[str, str], Sequence[Value]]
"""(name, type) → records. Names are absolute, with or without the last dot."""

Figure = float | int | tuple[str, ...]
"""A Postmaster value: a rate is a float (0.0, never 0), a count an int, a list a tuple."""

TRAFFIC = "https://www.googleapis.com/auth/postmaster.traffic.readonly"
TRAFFIC_V1 = "https://www.googleapis.com/auth/postmaster.readonly"
DOMAINS = "https://www.googleapis.com/auth/postmaster.domain"
EVERYTHING = "https://www.googleapis.com/auth/postmaster"


@dataclass(frozen=True, slots=True)
class Opinion:
    """A verdict of Gmail's: COMPLIANT or NEEDS_WORK, and the reason where there is one."""

    status: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CompliancePage:
    """What Gmail's compliance page says. A verdict that is None is not in the answer."""

    rows: Mapping[str, str]
    deliverability: Opinion | None = None
    honor_unsubscribe: Opinion | None = None
    one_click: Opinion | None = None


@dataclass(frozen=True, slots=True)
class LegacyDay:
    """What API v1 says of one day: the domain's reputation, and IP addresses by theirs."""

    domain: str
    addresses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GmailDomain:
    """A domain as one Google account sees it in Postmaster Tools."""

    days: Mapping[date, Mapping[str, Figure]] = field(default_factory=dict)
    """UTC day → series → value; a series is the metric and its filter's values, as in
    `DELIVERY_ERROR_RATE/reject/low_domain_reputation`. A day without data is not there."""
    compliance: CompliancePage | None = None
    """Of the registrable domain, also where this is a subdomain."""
    subdomain_compliance: CompliancePage | None = None
    registrable: str | None = None
    """The registrable domain; None: this one."""
    permission: str = "OWNER"
    verified: bool = True
    legacy: Mapping[date, LegacyDay] | None = None
    """What API v1 still says. Where no domain has any, v1 is shut down."""


@dataclass(frozen=True, slots=True)
class GoogleAccount:
    """The consent that a Google account gave: an OAuth client, its token, what it may do."""

    client_id: str
    client_secret: str
    refresh_token: str
    email: str
    scopes: frozenset[str] = frozenset({TRAFFIC})


@dataclass(frozen=True, slots=True)
class World:
    """What is true in a story, from the first day to `today`, the account's incomplete day."""

    scenario: str
    domain: str
    selectors: tuple[str, ...]
    timezone: str
    today: date
    api_key: str
    scopes: frozenset[str]
    stats: Mapping[date, Mapping[str, int]]
    """SendGrid's 16 metrics a day of the account's zone; a day that is not here had no mail."""
    reputation: float
    google: GoogleAccount
    gmail: Mapping[str, GmailDomain]
    """The domains that are shared with the Google account."""
    zone: Zone
    ttl: int = 300
    ttls: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """(name, type) → seconds, where it is not `ttl`."""
    faults: tuple[Rule, ...] = ()
    sending_ips: tuple[str, ...] = ()
    """The account's dedicated addresses."""
    sending: Sending = field(default_factory=Sending)
    """SendGrid's segments, suppression lists and plan."""
    settings: AccountSettings = field(default_factory=AccountSettings)
    abused: bool = False
    """The DMARC reports show a wave of spoofing, and a broken source of the domain's own."""

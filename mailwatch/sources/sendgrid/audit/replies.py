"""The API's answers of the settings, read. Each reader raises ValueError, TypeError or LookupError
for another shape than SendGrid's description gives; strangers' text in them is as it came.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

Item = TypeVar("Item")
Row = Mapping[str, Any]

LONGEST_LIST = 10_000


@dataclass(frozen=True, slots=True)
class BouncePurge:
    """Whether bounces are forgotten, and hard ones after how many days (None: never)."""

    enabled: bool
    hard_days: int | None


@dataclass(frozen=True, slots=True)
class AllowList:
    """Domains and addresses that are sent to whatever they did before."""

    enabled: bool
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Webhook:
    """One event webhook."""

    enabled: bool
    url: str
    signed: bool
    """It has a signature key, or it authenticates with OAuth."""
    events: frozenset[str]


@dataclass(frozen=True, slots=True)
class EnforcedTls:
    """Whether mail is only sent over TLS, and only to servers with a valid certificate."""

    required: bool
    valid_certificate: bool


@dataclass(frozen=True, slots=True)
class DnsExpectation:
    """A DNS record that SendGrid wants: `type` is CNAME, MX, TXT or A, in capitals."""

    name: str
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class SenderDomain:
    """An authenticated domain, or with link branding the domain that links are branded with."""

    id: int
    domain: str
    valid: bool
    """The result of SendGrid's last validation, not of a look-up now."""
    default: bool
    records: tuple[DnsExpectation, ...]
    return_path: str | None = None
    """The domain of the envelope sender of mail that is sent with it."""


@dataclass(frozen=True, slots=True)
class ReverseName:
    """A dedicated address whose reverse DNS is set up."""

    address: str
    valid: bool
    """As in `SenderDomain`."""
    record: DnsExpectation | None = None
    """The address record that its name needs; SendGrid publishes the PTR itself."""


@dataclass(frozen=True, slots=True)
class ListedIp:
    """A dedicated address of the account."""

    address: str
    subusers: frozenset[str]
    pools: frozenset[str]
    warming: bool
    started: float | None
    """When its warm-up began, in seconds since 1970."""


EVENTS = ("bounce", "dropped", "spam_report", "deferred")
"""The events that say how mail fares."""
MOST_RECORDS = 20
"""Records that one row can expect; SendGrid has at most four."""
RECORD_TYPES = ("CNAME", "MX", "TXT", "A")


def _flag(row: Row, name: str) -> bool:
    value = row[name]
    if not isinstance(value, bool):
        raise ValueError(f"{name} is not true or false")
    return value


def _text(row: Row, name: str) -> str:
    value = row[name]
    if not isinstance(value, str):
        raise ValueError(f"{name} is not a text")
    return value


def _number(row: Row, name: str) -> int:
    """A whole number, which the description lets be written as 1.0 too."""
    value = row[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} is not a number")
    if not abs(value) <= 10**12 or value != int(value):
        raise ValueError(f"{name} is not a whole number")
    return int(value)


def listed(read: Callable[[Row], Item]) -> Callable[[Any], tuple[Item, ...]]:
    """A reader of a list of what `read` reads."""

    def read_all(body: Any) -> tuple[Item, ...]:
        if not isinstance(body, list) or len(body) > LONGEST_LIST:
            raise ValueError("not a list")
        return tuple(map(read, body))

    return read_all


def read_access(body: Row) -> int:
    """How many addresses may use the account; 0: every one."""
    return len(listed(lambda row: _text(row, "ip"))(body["result"]))


def read_purge(body: Row) -> BouncePurge:
    """The setting; `hard_bounces` may be null."""
    days = body.get("hard_bounces")
    return BouncePurge(
        _flag(body, "enabled"), None if days is None else _number(body, "hard_bounces")
    )


def read_allow_list(body: Row) -> AllowList:
    """The setting and its entries, in small letters."""
    entries = body.get("list") or []
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise ValueError("the list is not of texts")
    return AllowList(_flag(body, "enabled"), tuple(entry.strip().lower() for entry in entries))


def read_webhooks(body: Row) -> tuple[Webhook, ...]:
    """The webhooks. None at all is `[{}]`."""
    rows = body["webhooks"]
    if not isinstance(rows, list):
        raise ValueError("the webhooks are not a list")
    return tuple(_read_webhook(row) for row in rows if row != {})


def _read_webhook(row: Row) -> Webhook:
    return Webhook(
        enabled=_flag(row, "enabled"),
        url=_text(row, "url"),
        signed=bool(row.get("public_key") or row.get("oauth_token_url")),
        events=frozenset(event for event in EVENTS if row.get(event) is True),
    )


def read_forward_spam(body: Row) -> bool:
    """Whether spam reports to the sending domain are forwarded to somebody."""
    return _flag(body, "enabled") and bool(body.get("email"))


def read_tls(body: Row) -> EnforcedTls:
    """The setting."""
    return EnforcedTls(_flag(body, "require_tls"), _flag(body, "require_valid_cert"))


def read_sender_domain(row: Row) -> SenderDomain:
    """A row of `/v3/whitelabel/domains` or `/links`. The names in `dns` vary with the account's
    automatic security, so every record in it counts; what is no record is left out, since one old
    row must not cost the others."""
    dns = row.get("dns")
    values = dns.values() if isinstance(dns, dict) else ()
    records = tuple(filter(None, map(_read_record, values)))
    domain, subdomain = _text(row, "domain").lower().removesuffix("."), row.get("subdomain")
    below = isinstance(subdomain, str) and subdomain
    return SenderDomain(
        id=_number(row, "id"),
        domain=domain,
        valid=_flag(row, "valid"),
        default=row.get("default") is True,
        records=records[:MOST_RECORDS],
        return_path=f"{subdomain}.{domain}".lower() if below else None,
    )


def _read_record(row: Any) -> DnsExpectation | None:
    if not isinstance(row, dict):
        return None
    kind, host, data = str(row.get("type") or "cname").upper(), row.get("host"), row.get("data")
    if kind not in RECORD_TYPES or not isinstance(host, str) or not isinstance(data, str):
        return None
    if not host or not data:
        return None
    if kind != "TXT":
        data = data.lower().removesuffix(".")
    return DnsExpectation(host.lower().removesuffix("."), kind, data)


def read_ip(row: Row) -> ListedIp:
    """A row of `/v3/ips`."""
    started = row.get("start_date")
    if started is not None and (isinstance(started, bool) or not isinstance(started, int | float)):
        raise ValueError("start_date is not a number")
    return ListedIp(
        address=_text(row, "ip"),
        subusers=frozenset(map(str, row.get("subusers") or ())),
        pools=frozenset(map(str, row.get("pools") or ())),
        warming=_flag(row, "warmup"),
        started=started,
    )


def read_reverse(row: Row) -> ReverseName:
    """A row of `/v3/whitelabel/ips`."""
    return ReverseName(_text(row, "ip"), _flag(row, "valid"), _read_record(row.get("a_record")))


def read_subuser(row: Row) -> str:
    """The name of a subuser."""
    return _text(row, "username")


def read_category(row: Row) -> str:
    """The name of a category."""
    return _text(row, "category")

"""The account's dedicated IP addresses, and which subusers share them.

No endpoint counts mail by IP address. Subusers that share addresses make a group, and a group's
mail is its subusers' together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from ipaddress import ip_address
from typing import Any

from mailwatch.sources.sendgrid.bodies import read_name
from mailwatch.sources.sendgrid.client import Endpoint, SendGrid

IPS = Endpoint(("ips",), "ips.read", (404,))
MOST_IPS = 5_000


@dataclass(frozen=True, slots=True)
class DedicatedAddress:
    """One IP address."""

    ip: str
    subusers: tuple[str, ...]
    warming: bool
    start: date | None
    """When its warm-up began."""


@dataclass(frozen=True, slots=True)
class AddressGroup:
    """Addresses that share subusers, and all of those."""

    addresses: tuple[DedicatedAddress, ...]
    subusers: tuple[str, ...]

    @property
    def name(self) -> str:
        """`192.0.2.10`, or `192.0.2.10 +2`; no two groups share an address."""
        first, *others = self.addresses
        return f"{first.ip} +{len(others)}" if others else first.ip

    @property
    def warming_since(self) -> date | None:
        """When the newest of them began; None unless all are warming up: mail that is over an
        address's limit goes to those that are warm already."""
        starts = [one.start for one in self.addresses if one.warming and one.start]
        return max(starts) if len(starts) == len(self.addresses) else None


def list_ips(client: SendGrid) -> tuple[DedicatedAddress, ...]:
    """Every dedicated address; none where the account has only shared ones."""
    pages = client.pages(IPS, {}, _read_ips, MOST_IPS)
    return tuple(one for page in pages for one in page)


def _read_ips(body: Any) -> Sequence[DedicatedAddress]:
    return [_read_ip(row) for row in body or ()]


def _read_ip(row: Any) -> DedicatedAddress:
    start = row.get("start_date")
    return DedicatedAddress(
        ip=str(ip_address(row["ip"])),
        subusers=tuple(read_name(name) for name in row.get("subusers") or ()),
        warming=row.get("warmup") is True,
        start=None if not start else datetime.fromtimestamp(start, UTC).date(),
    )


def group_addresses(addresses: Iterable[DedicatedAddress]) -> tuple[AddressGroup, ...]:
    """The addresses in groups: two are in one when some subuser sends from both."""
    group_of: dict[str, list[DedicatedAddress]] = {}
    groups: list[list[DedicatedAddress]] = []
    for address in addresses:
        mine = [address]
        for other in {id(g): g for n in address.subusers if (g := group_of.get(n))}.values():
            mine += other
            groups.remove(other)
        groups.append(mine)
        group_of |= {name: mine for one in mine for name in one.subusers}
    return tuple(
        AddressGroup(
            tuple(sorted(group, key=lambda one: ip_address(one.ip).packed)),
            tuple(sorted({name for one in group for name in one.subusers})),
        )
        for group in groups
    )

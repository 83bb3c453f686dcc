"""Blocklists of the stories: zones that pass the test of RFC 5782 §5, and what is on them."""

from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailwatch.demo.story.world import Zone

BLOCKLISTS = (
    "zen.spamhaus.org",
    "dbl.spamhaus.org",
    "bl.mailspike.net",
    "multi.surbl.org",
    "multi.uribl.com",
)
"""Those of the stories. Nothing is on them."""
TESTS = {"127.0.0.2": "127.0.0.2", "::ffff:7f00:2": "127.0.0.2", "test": "127.0.0.2"}


def blocklist(zone: str, listed: dict[str, str], tests: dict[str, str] | None = None) -> "Zone":
    """The records of the list `zone`, on which each address or domain has the code given."""
    entries = {**(TESTS if tests is None else tests), **listed}
    soa = (f"ns1.{zone}. hostmaster.{zone}. 2026010101 7200 900 1209600 300",)
    records = {(f"{_backwards(name)}.{zone}", "A"): (code,) for name, code in entries.items()}
    return {(zone, "SOA"): soa, **records}


def _backwards(entry: str) -> str:
    try:
        pointer = ip_address(entry).reverse_pointer
    except ValueError:
        return entry
    return pointer.removesuffix(".in-addr.arpa").removesuffix(".ip6.arpa")

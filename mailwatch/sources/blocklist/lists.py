"""The blocklists that are asked, and what their answers mean.

Only lists whose operators publish their codes are here. A code that is not here is never taken for
a listing. Not here: lists that have ended (SORBS on 5 June 2024, dnsbl.inps.de, ubl.unsubscore.com:
others still ask them), lists of whole networks (UCEPROTECT levels 2 and 3), and allow lists.

Sources: Spamhaus, docs.spamhaus.com and spamhaus.org/news/article/788; SURBL, surbl.org/lists;
URIBL, uribl.com/about.shtml; Mailspike, as rspamd ships it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["ipv4", "ipv6", "domain"]


@dataclass(frozen=True, slots=True)
class Blocklist:
    """One list: its zone, what can be asked of it, and its codes.

    A meaning is a code of `mailwatch.words.blocklist`.
    """

    zone: str
    kinds: frozenset[Kind]
    delist: str
    """Where an operator's own page says why something is listed, and takes requests."""
    meanings: Mapping[str, str] = field(default_factory=dict)
    """Whole answers."""
    bits: Mapping[int, str] = field(default_factory=dict)
    """Bits of the last octet of 127.0.0.x, for a list that joins several."""
    refusals: Mapping[str, str] = field(default_factory=dict)
    """Answers that say nothing about what was asked, beside those that hold for every list."""


_ABUSED = {f"127.0.1.{code}": "blocklist.abused" for code in range(102, 107)}
_ADDRESSES: frozenset[Kind] = frozenset(("ipv4", "ipv6"))
_IPV4: frozenset[Kind] = frozenset(("ipv4",))
_DOMAINS: frozenset[Kind] = frozenset(("domain",))

LISTS: dict[str, Blocklist] = {
    one.zone: one
    for one in (
        Blocklist(
            "zen.spamhaus.org",
            _ADDRESSES,
            "https://check.spamhaus.org/",
            {
                "127.0.0.2": "blocklist.sbl",
                "127.0.0.3": "blocklist.css",
                "127.0.0.4": "blocklist.xbl",
                "127.0.0.9": "blocklist.drop",
                "127.0.0.10": "blocklist.pbl",
                "127.0.0.11": "blocklist.pbl",
                "127.0.0.30": "blocklist.bcl",
            },
        ),
        Blocklist(
            "dbl.spamhaus.org",
            _DOMAINS,
            "https://check.spamhaus.org/",
            {
                "127.0.1.2": "blocklist.low_reputation",
                "127.0.1.4": "blocklist.phishing",
                "127.0.1.5": "blocklist.malware",
                "127.0.1.6": "blocklist.botnet",
                **_ABUSED,
            },
            refusals={"127.0.1.255": "blocklist.address_asked"},
        ),
        Blocklist(
            "bl.mailspike.net",
            _IPV4,
            "https://mailspike.org/",
            {
                "127.0.0.2": "blocklist.zombie",
                "127.0.0.10": "blocklist.bad_reputation",
                "127.0.0.11": "blocklist.bad_reputation",
                "127.0.0.12": "blocklist.bad_reputation",
            },
        ),
        Blocklist(
            "multi.surbl.org",
            _DOMAINS,
            "https://surbl.org/surbl-analysis",
            bits={
                8: "blocklist.phishing",
                16: "blocklist.malware",
                64: "blocklist.spam",
                128: "blocklist.cracked",
            },
        ),
        Blocklist(
            "multi.uribl.com",
            _DOMAINS,
            "https://admin.uribl.com/",
            bits={2: "blocklist.spam"},
        ),
    )
}
"""By their zones."""

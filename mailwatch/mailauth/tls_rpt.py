"""TLS-RPT (RFC 8460): where senders report how their connections to the domain went."""

import re
from collections.abc import Iterable

from mailwatch.frozen import dataclass

_VERSION = re.compile(r"v[ \t]*=[ \t]*TLSRPTv1[ \t]*(?:;|$)")
_ADDRESS = re.compile(
    r"(?:mailto:[^@\s!,;]+@[A-Za-z0-9._\-]+|https://[A-Za-z0-9._\-]+[!-~]*)", re.I
)


@dataclass(frozen=True, slots=True)
class TlsReporting:
    """What a record says."""

    addresses: tuple[str, ...]
    """Those that reports can be sent to."""
    bad: tuple[str, ...]
    """The others, as they were written."""


def select_records(values: Iterable[str]) -> tuple[str, ...]:
    """Those of a name's TXT records that are TLS-RPT records; exactly one counts (§3)."""
    return tuple(text for text in values if _VERSION.match(text))


def parse_record(text: str) -> TlsReporting:
    """The addresses of a record. Never raises."""
    value = ""
    for part in text.split(";")[1:]:
        name, equals, written = part.partition("=")
        if equals and name.strip(" \t") == "rua":
            value = written
            break
    addresses = tuple(filter(None, (one.strip(" \t") for one in value.split(","))))
    good = tuple(address for address in addresses if _ADDRESS.fullmatch(address))
    return TlsReporting(good, tuple(one for one in addresses if one not in good))

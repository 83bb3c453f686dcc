"""Which name servers to ask."""

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass

_ADDRESS = re.compile(
    r"\[(?P<bracketed>[^\]]+)\](?::(?P<port6>\d{1,5}))?"
    r"|(?P<host>[^:\[\]]+)(?::(?P<port>\d{1,5}))?"
)
_LOCALHOST = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Server:
    """A name server: an IP address and a port."""

    host: str
    port: int = 53

    def __str__(self) -> str:
        if self.port == 53:
            return self.host
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def find_servers(named: Iterable[str], resolv_conf: str = "/etc/resolv.conf") -> tuple[Server, ...]:
    """The servers `named` as HOST, HOST:PORT or [IPv6]:PORT; the system's when none is named.

    None at all where the system has none either.
    """
    servers = tuple(server for text in named for server in _parse(text))
    return servers or _of_system(resolv_conf)


def _parse(text: str) -> tuple[Server, ...]:
    match = _ADDRESS.fullmatch(text)
    if match is None:  # an IPv6 address without brackets, or nonsense that asking will refuse
        return (Server(text),)
    host = match["bracketed"] or match["host"]
    port = int(match["port6"] or match["port"] or 53)
    return tuple(Server(address, port) for address in _addresses(host))


def _addresses(host: str) -> tuple[str, ...]:
    """The addresses of `host`; itself where it is one, or has none (asking it then fails)."""
    if host.lower() == "localhost":
        return _LOCALHOST
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError):
        return (host,)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def _of_system(resolv_conf: str) -> tuple[Server, ...]:
    import dns.resolver  # slow to import, and not needed where servers are named

    try:
        resolver = dns.resolver.Resolver(resolv_conf)
    except dns.resolver.NoResolverConfiguration:
        return ()
    return tuple(
        Server(host, resolver.port) for host in resolver.nameservers if isinstance(host, str)
    )

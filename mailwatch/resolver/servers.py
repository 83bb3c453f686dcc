"""Which name servers to ask."""

import re
import socket
from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path

from mailwatch.frozen import dataclass

_ADDRESS = re.compile(
    r"\[(?P<bracketed>[^\]]+)\](?::(?P<port6>\d{1,5}))?"
    r"|(?P<host>[^:\[\]]+)(?::(?P<port>\d{1,5}))?"
)
_LOCALHOST = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Server:
    """A name server: an IP address and a port, or a name that the system has no address for."""

    host: str
    port: int = 53
    unresolved: str | None = None
    """Why the system found no address for the name `host`; None for an address."""

    def __str__(self) -> str:
        if self.port == 53:
            return self.host
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def find_servers(named: Iterable[str], resolv_conf: str = "/etc/resolv.conf") -> tuple[Server, ...]:
    """The servers `named` as HOST, HOST:PORT or [IPv6]:PORT; the system's when none is named.

    Names are looked up through the system, once, here: a name may give several servers, and one
    that is not found gives one that cannot be asked. No server at all where the system has none.
    """
    servers = tuple(server for text in named for server in _parse(text))
    return servers or _of_system(resolv_conf)


def _parse(text: str) -> tuple[Server, ...]:
    match = _ADDRESS.fullmatch(text)
    if match is None:  # an IPv6 address without brackets, or nonsense that asking will refuse
        return (Server(text),)
    if match["bracketed"]:
        return (Server(match["bracketed"], int(match["port6"] or 53)),)
    host, port = match["host"], int(match["port"] or 53)
    if host.lower() == "localhost":
        return tuple(Server(address, port) for address in _LOCALHOST)
    return (Server(host, port),) if _is_address(host) else _look_up(host, port)


def _look_up(host: str, port: int) -> tuple[Server, ...]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    except OSError as error:
        return (Server(host, port, unresolved=error.strerror or str(error)),)
    except UnicodeError:
        return (Server(host, port, unresolved="not a valid host name"),)
    addresses = dict.fromkeys(str(address[0]) for *_, address in found)
    return tuple(Server(address, port) for address in addresses)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _of_system(resolv_conf: str) -> tuple[Server, ...]:
    """The `nameserver` lines (resolv.conf(5)); none of them where there is no such file."""
    try:
        lines = Path(resolv_conf).read_text("utf-8", "replace").splitlines()
    except OSError:
        return ()
    words = (line.split() for line in lines)
    return tuple(Server(named[1]) for named in words if named[:1] == ["nameserver"] and named[1:])

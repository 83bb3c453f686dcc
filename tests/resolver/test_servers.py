"""Which name servers are asked."""

import asyncio
from pathlib import Path

import pytest

from mailwatch.model import Phrase
from mailwatch.resolver.lookup import Answer
from mailwatch.resolver.servers import Server, find_servers
from mailwatch.resolver.transport import Transport
from tests.sources.dns.dns_peer import job


@pytest.mark.parametrize(
    ("named", "servers"),
    [
        ("192.0.2.53", [Server("192.0.2.53")]),
        ("192.0.2.53:5353", [Server("192.0.2.53", 5353)]),
        ("2001:db8::53", [Server("2001:db8::53")]),
        ("[2001:db8::53]", [Server("2001:db8::53")]),
        ("[2001:db8::53]:5353", [Server("2001:db8::53", 5353)]),
        ("localhost:5353", [Server("127.0.0.1", 5353), Server("::1", 5353)]),
    ],
)
def test_servers_are_named_by_address_and_port(named: str, servers: list[Server]) -> None:
    assert list(find_servers([named])) == servers


def test_a_server_is_shown_as_it_is_named() -> None:
    for named in ("192.0.2.53", "192.0.2.53:5353", "2001:db8::53", "[2001:db8::53]:5353"):
        assert [str(server) for server in find_servers([named])] == [named]


def test_the_system_names_the_servers_where_nobody_else_does(tmp_path: Path) -> None:
    resolv_conf = tmp_path / "resolv.conf"
    resolv_conf.write_text("search example.com\nnameserver 192.0.2.53\nnameserver ::1\n")
    assert find_servers((), str(resolv_conf)) == (Server("192.0.2.53"), Server("::1"))
    assert find_servers((), str(tmp_path / "absent")) == ()


@pytest.mark.parametrize("named", ["nonsense", "no.such.host:53", "192.0.2.300", "1:2:3", "[x]:5"])
def test_what_is_no_address_is_named(named: str) -> None:
    async def get() -> Answer:
        return await Transport(find_servers([named]), job(), (0.1,)).ask("example.com", "A")

    failure = asyncio.run(get()).failure
    assert failure is not None
    assert failure.code == "dns.bad_nameserver"


def test_without_a_server_nothing_is_asked() -> None:
    async def get() -> Answer:
        return await Transport((), job()).ask("example.com", "A")

    assert asyncio.run(get()).failure == Phrase("dns.no_nameserver")

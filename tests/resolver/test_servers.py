"""Which name servers are asked."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from mailwatch.demo import build, serve
from mailwatch.model import Phrase
from mailwatch.resolver.lookup import Answer
from mailwatch.resolver.servers import Server, find_servers
from mailwatch.resolver.transport import Transport
from tests.sources.dns.dns_peer import TODAY, job


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


def test_a_server_s_name_is_looked_up_through_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a system that knows two addresses of a name, and gives one of them twice
    asked = []

    def getaddrinfo(host: str, port: None, **_: object) -> list[Any]:
        asked.append(host)
        addresses = ("192.0.2.53", "2001:db8::53", "192.0.2.53")
        return [(0, 0, 0, "", (address, 0)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    # Then both are asked, and the name was looked up once
    assert find_servers(["dns.example.net:5353"]) == (
        Server("192.0.2.53", 5353),
        Server("2001:db8::53", 5353),
    )
    assert asked == ["dns.example.net"]


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("nonsense.invalid", "dns.unresolved_nameserver"),
        ("no.such.host.invalid:53", "dns.unresolved_nameserver"),
        (f"{'x' * 80}.example", "dns.unresolved_nameserver"),
        ("1:2:3", "dns.bad_nameserver"),
        ("[x]:5", "dns.bad_nameserver"),
    ],
)
def test_what_cannot_be_asked_is_named(named: str, code: str) -> None:
    async def get() -> Answer:
        return await Transport(find_servers([named]), job(), (0.1,)).ask("example.com", "A")

    failure = asyncio.run(get()).failure
    assert failure is not None
    assert failure.code == code
    assert dict(failure.values)["server"] == str(find_servers([named])[0])


def test_one_name_that_is_not_found_leaves_the_other_servers() -> None:
    async def get(nameserver: str) -> Answer:
        servers = find_servers(["no.such.host.invalid", nameserver])
        return await Transport(servers, job(), (5.0, 5.0)).ask("example.com", "A")

    with serve(build("healthy", TODAY)) as running:
        assert asyncio.run(get(running.nameserver)).values == ("192.0.2.80",)


def test_without_a_server_nothing_is_asked() -> None:
    async def get() -> Answer:
        return await Transport((), job()).ask("example.com", "A")

    assert asyncio.run(get()).failure == Phrase("dns.no_nameserver")

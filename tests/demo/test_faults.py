"""Servers that misbehave, and stop at once all the same."""

import gzip
import http.client
import socket
import threading
import time
import urllib.error
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import httplib2
import pytest
from google.auth.exceptions import RefreshError
from python_http_client.exceptions import HTTPError

from mailwatch.demo import (
    Delay,
    Drop,
    Endless,
    Faults,
    Hang,
    HttpReply,
    Raw,
    Rcode,
    Redirect,
    Rule,
    Running,
    Trickle,
    Truncate,
    Truncated,
    serve,
)
from mailwatch.demo.wire.faults import DnsFault, HttpFault

from .conftest import postmaster, sendgrid_client, world_of


def fetch(running: Running, **options: Any) -> Any:
    return sendgrid_client(running).scopes.get(**options)


def look_up(
    running: Running, rdtype: str = "A", *, tcp: bool = False, timeout: float = 10
) -> dns.message.Message:
    host, port = running.nameserver.split(":")
    query = dns.message.make_query("example.com", rdtype)
    send = dns.query.tcp if tcp else dns.query.udp
    return send(query, host, port=int(port), timeout=timeout)


def test_an_answer_may_be_anything_and_as_often_as_said(bent: Running, faults: Faults) -> None:
    page = HttpReply(502, "<h1>Bad Gateway</h1>", (("Content-Type", "text/html"), ("X-A", "b")))
    faults.add(Rule("sendgrid", page, "/v3/scopes", times=2))
    for _ in range(2):
        with pytest.raises(HTTPError) as refused:
            fetch(bent)
        assert refused.value.status_code == 502
        assert refused.value.body == b"<h1>Bad Gateway</h1>"
        assert refused.value.headers["X-A"] == "b"
    assert fetch(bent).status_code == 200


def test_a_rule_holds_where_it_says_only(bent: Running, faults: Faults) -> None:
    faults.add(Rule("sendgrid", HttpReply(500), "/v3/user"), Rule("token", HttpReply(403, "{}")))
    assert fetch(bent).status_code == 200
    with pytest.raises(RefreshError):
        postmaster(bent)._http.request(f"{bent.postmaster_url}v2/domains")
    faults.clear()
    assert postmaster(bent)._http.request(f"{bent.postmaster_url}v2/domains")[0].status == 403


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (Hang(), TimeoutError),
        (Drop(), http.client.RemoteDisconnected),
        (Truncate(), http.client.IncompleteRead),
        (Raw(b"nonsense\r\n\r\n"), http.client.BadStatusLine),
        (Delay(5), TimeoutError),
    ],
)
def test_a_client_sees_the_fault(
    bent: Running, faults: Faults, behaviour: HttpFault, error: type[Exception]
) -> None:
    faults.add(Rule("sendgrid", behaviour))
    try:
        fetch(bent, timeout=0.2 if error is TimeoutError else 20)
    except urllib.error.URLError as wrapped:
        assert isinstance(wrapped.reason, error)  # noqa: PT017
    except error:
        pass
    else:
        pytest.fail("it was answered")


def test_a_delay_ends_in_the_true_answer(bent: Running, faults: Faults) -> None:
    faults.add(Rule("sendgrid", Delay(0.05)))
    begun = time.monotonic()
    assert fetch(bent).status_code == 200
    assert time.monotonic() - begun >= 0.05


def test_a_redirect_leads_elsewhere(bent: Running, faults: Faults) -> None:
    with serve(world_of("healthy")) as other:
        faults.add(Rule("sendgrid", Redirect(f"{other.sendgrid_url}/v3/scopes")))
        assert fetch(bent).status_code == 200
        assert other.requests[0].path == "/v3/scopes"


def test_a_body_may_be_endless(bent: Running, faults: Faults) -> None:
    faults.add(Rule("sendgrid", Endless(300_000), times=1))
    assert len(fetch(bent).body) == 300_000
    faults.add(Rule("sendgrid", Endless(300_000, announced=True), times=1))
    assert len(fetch(bent).body) == 300_000


def test_a_body_may_be_a_bomb(bent: Running, faults: Faults) -> None:
    faults.add(Rule("sendgrid", Endless(20_000_000, compressed=True), times=1))
    packed = fetch(bent).body
    assert len(packed) < 100_000
    assert len(gzip.decompress(packed)) == 20_000_000
    faults.add(Rule("postmaster", Endless(1_000_000, compressed=True)))
    client = httplib2.Http(timeout=5)
    _, content = client.request(f"{bent.postmaster_url}v2/domains")
    assert len(content) == 1_000_000
    client.close()


def test_a_body_may_trickle(bent: Running, faults: Faults) -> None:
    faults.add(Rule("sendgrid", Trickle(b"[1]", 0.02), times=1))
    assert fetch(bent).body == b"[1]"


@pytest.mark.parametrize("behaviour", [Hang(), Trickle(), Endless(10**12), Delay(60)])
def test_servers_stop_at_once_whatever_they_are_at(behaviour: HttpFault) -> None:
    faults = Faults(Rule("sendgrid", behaviour), Rule("dns", Hang()))
    with serve(world_of("healthy"), faults=faults) as running:
        host, port = running.nameserver.split(":")
        port_of_http = int(running.sendgrid_url.rpartition(":")[2])
        clients = [socket.create_connection((host, at), 5) for at in (port_of_http, int(port))]
        clients[0].sendall(b"GET /v3/scopes HTTP/1.1\r\nHost: x\r\n\r\n")
        wire = dns.message.make_query("example.com", "A").to_wire()
        clients[1].sendall(len(wire).to_bytes(2, "big") + wire)
        idle = socket.create_connection((host, port_of_http), 5)
        while len(running.requests) < 2:
            time.sleep(0.005)
        begun = time.monotonic()
    assert time.monotonic() - begun < 1
    for client in (*clients, idle):
        client.close()


def test_many_clients_are_served_at_once(bent: Running, faults: Faults) -> None:
    faults.add(Rule("sendgrid", Delay(0.2)))
    threads = [threading.Thread(target=fetch, args=(bent,)) for _ in range(10)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - begun < 1.5
    assert len(bent.requests) == 10


@pytest.mark.parametrize(
    "head",
    [
        b"POST /v3/stats HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        b"POST /v3/stats HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /v3/stats HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"BREW / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x00\xa5\x01\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(running: Running, head: bytes) -> None:
    port = int(running.sendgrid_url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), 5) as client:
        client.sendall(head)
        client.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: client.recv(4096), b""))
    assert answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5", b"<!DOCTYPE"))
    assert fetch(running).status_code == 200


@pytest.mark.parametrize("name", ["SERVFAIL", "REFUSED", "NXDOMAIN"])
def test_a_name_server_fails_with_a_code(bent: Running, faults: Faults, name: str) -> None:
    faults.add(Rule("dns", Rcode(name), "Example.com.", rdtype="MX"))
    assert look_up(bent, "MX").rcode() == dns.rcode.from_text(name)
    assert look_up(bent, "A").rcode() == dns.rcode.NOERROR


@pytest.mark.parametrize("behaviour", [Drop(), Hang(), Delay(5)])
def test_a_name_server_does_not_answer(bent: Running, faults: Faults, behaviour: DnsFault) -> None:
    faults.add(Rule("dns", behaviour))
    with pytest.raises(dns.exception.Timeout):
        look_up(bent, timeout=0.3)


def test_a_name_server_is_late(bent: Running, faults: Faults) -> None:
    faults.add(Rule("dns", Delay(0.01)))
    assert look_up(bent).answer


def test_a_truncated_answer_has_nothing_over_tcp_unless_said_so(
    bent: Running, faults: Faults
) -> None:
    faults.add(Rule("dns", Truncated(), times=2), Rule("dns", Truncated(tcp=True)))
    for whole in (False, True):
        assert look_up(bent).flags & dns.flags.TC
        if whole:
            assert look_up(bent, tcp=True).answer
        else:
            with pytest.raises(EOFError):
                look_up(bent, tcp=True)


def test_a_name_server_answers_nonsense(bent: Running, faults: Faults) -> None:
    faults.add(Rule("dns", Raw(b"nonsense")))
    with pytest.raises(dns.exception.DNSException):
        look_up(bent)


@pytest.mark.parametrize(("service", "behaviour"), [("dns", Redirect("/")), ("token", Rcode())])
def test_a_fault_that_the_service_cannot_have_is_refused(service: Any, behaviour: Any) -> None:
    with pytest.raises(TypeError, match="is not a fault of"):
        Rule(service, behaviour)


def test_a_delay_does_not_mend_an_outage() -> None:
    late = Faults(Rule("sendgrid", Delay(0)), Rule("dns", Delay(0)))
    with serve(world_of("outage"), faults=late) as running:
        with pytest.raises(HTTPError) as refused:
            fetch(running)
        assert refused.value.status_code == 503
        assert look_up(running).rcode() == dns.rcode.SERVFAIL


def test_an_outage_leaves_gmail_alone() -> None:
    with serve(world_of("outage")) as running:
        with pytest.raises(HTTPError) as refused:
            fetch(running)
        assert (refused.value.status_code, refused.value.body[:6]) == (503, b"<html>")
        assert look_up(running).rcode() == dns.rcode.SERVFAIL
        name = "domains/example.com/complianceStatus"
        assert postmaster(running).domains().getComplianceStatus(name=name).execute()

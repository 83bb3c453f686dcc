"""MTA-STS as senders see it (RFC 8461): record, policy file over TLS, and what it covers."""

import ssl
from collections.abc import Mapping
from pathlib import Path

import pytest

from mailwatch.mailauth.mta_sts import StsPolicy, parse_id, parse_policy
from mailwatch.model import Cause, Phrase
from mailwatch.resolver.lookup import RdType
from mailwatch.sources.dns.mta_sts import measure_mta_sts
from mailwatch.sources.dns.policy_file import PolicyServer
from tests.sources.dns.dns_peer import Figures, MemoryLookup, job, run
from tests.sources.dns.policy_peer import POLICY, ok, policy_server

RECORD = "v=STSv1; id=20261124T120000"
ZONE: Mapping[tuple[str, RdType], list[str]] = {
    ("_mta-sts.example.com", "TXT"): [RECORD, "unrelated"],
    ("mta-sts.example.com", "A"): ["127.0.0.1"],
    ("example.com", "MX"): ["10 mx1.example.com", "20 a.example.net"],
}


def measure(
    server: PolicyServer | None = None,
    zone: Mapping[tuple[str, RdType], list[str]] = ZONE,
    lost: tuple[str, ...] = (),
    seconds: float = 30,
) -> Figures:
    return run(measure_mta_sts("example.com", MemoryLookup(zone, lost), job(seconds), server))


def test_a_policy_that_senders_use(tmp_path: Path) -> None:
    # Given a record, a policy file over TLS, and MX hosts that it names
    with policy_server(tmp_path, ok(media_type="text/plain; charset=utf-8")) as (server, heard):
        figures = measure(server)
    # Then its mode is the figure, and what else is known of it
    assert figures.value("dns.mta_sts") == "enforce"
    assert figures.value("dns.mta_sts_mx") == "covered"
    assert figures.value("dns.mta_sts_max_age") == 30
    assert not figures.faults
    # And the file was asked for by the name of the policy host
    (request,) = heard
    assert request.startswith(b"GET /.well-known/mta-sts.txt HTTP/1.1\r\n")
    assert b"host: mta-sts.example.com\r\n" in request.lower()


@pytest.mark.parametrize(
    ("mode", "mx", "state", "coverage"),
    [
        ("enforce", "*.example.com", "enforce", "uncovered"),
        ("testing", "*.example.com", "testing", "uncovered_in_testing"),
        ("none", "*.example.com", "disabled", None),
    ],
)
def test_hosts_that_no_pattern_matches(
    tmp_path: Path, mode: str, mx: str, state: str, coverage: str | None
) -> None:
    policy = f"version: STSv1\nmode: {mode}\nmx: {mx}\nmax_age: 86400\n"
    with policy_server(tmp_path, ok(policy)) as (server, _):
        figures = measure(server)
    assert figures.value("dns.mta_sts") == state
    assert ("dns.mta_sts_mx" in figures.metrics) == (coverage is not None)
    if coverage:
        assert figures.value("dns.mta_sts_mx") == coverage
        assert "add mx: a.example.net to it" in figures.said("dns.mta_sts_mx")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (ok(status="301 Moved", more="Location: https://x.example/\r\n"), "status 301"),
        (ok(status="404 Not Found"), "status 404"),
        (ok(media_type="text/html"), "media type text/html"),
        (ok(b"x" * (64 * 1024 + 1)), "larger than 64 kB"),
        (ok(""), "does not have version"),
        (ok(POLICY.replace("enforce", "strict")), "no valid mode"),
        (ok(POLICY.replace("2592000", "31557601")), "no valid max_age"),
        (ok("version: STSv1\nmode: enforce\nmax_age: 1\n"), "names no mx"),
        (ok(POLICY + "mx: *.*.example.org\n"), "not a valid mx: pattern"),
        (ok(POLICY + "\x1b[31m\n"), "\\x1b[31m"),
    ],
)
def test_a_file_that_senders_do_not_use(tmp_path: Path, answer: bytes, said: str) -> None:
    with policy_server(tmp_path, answer) as (server, heard):
        figures = measure(server)
    assert figures.value("dns.mta_sts") == "invalid"
    assert said in figures.said("dns.mta_sts")
    assert "dns.mta_sts_mx" not in figures.metrics
    assert len(heard) == 1  # nothing is followed, nothing asked for twice


def test_the_certificate_has_to_be_valid_for_the_host(tmp_path: Path) -> None:
    for name, trusted in (("www.example.com", True), ("mta-sts.example.com", False)):
        with policy_server(tmp_path, ok(), name) as (server, heard):
            tls = server.tls if trusted else ssl.create_default_context()
            figures = measure(PolicyServer(server.port, tls))
        assert figures.value("dns.mta_sts") == "invalid"
        assert "certificate of mta-sts.example.com" in figures.said("dns.mta_sts")
        assert not heard


@pytest.mark.parametrize("answer", [None, ok(status="503 Busy"), ok()[:-9], b"nonsense\r\n\r\n"])
def test_what_could_not_be_asked_for_is_not_invalid(tmp_path: Path, answer: bytes | None) -> None:
    with policy_server(tmp_path, answer) as (server, _):
        figures = measure(server, seconds=0.5 if answer is None else 30)
    assert figures["dns.mta_sts"].cause is Cause.COULD_NOT_ASK
    assert figures.faults


def test_headers_that_cannot_be_read_are_not_printed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = b"HTTP/1.1 200 OK\r\n\x1b[31mevil\r\nContent-Type: text/plain\r\n\r\n"
    with policy_server(tmp_path, answer) as (server, _):
        assert measure(server).value("dns.mta_sts") == "invalid"
    assert capfd.readouterr() == ("", "")


def test_a_port_that_is_closed_is_not_invalid() -> None:
    figures = measure(PolicyServer(1))
    assert figures["dns.mta_sts"].cause is Cause.COULD_NOT_ASK
    assert "Connection refused" in figures.said("dns.mta_sts")


@pytest.mark.parametrize(
    ("records", "word"),
    [
        ([], "missing"),
        (["v=STSv1"], "missing"),
        (["v=STSv2; id=1"], "missing"),
        ([RECORD, "v=STSv1; id=2;"], "invalid"),
        (["v=STSv1; id=;"], "invalid"),
        (["v=STSv1; id=a-b"], "invalid"),
        (["v=STSv1; id=" + "a" * 33], "invalid"),
    ],
)
def test_records(records: list[str], word: str) -> None:
    lookup = MemoryLookup({("_mta-sts.example.com", "TXT"): records})
    figures = run(measure_mta_sts("example.com", lookup, job()))
    assert figures.value("dns.mta_sts") == word
    assert len(lookup.asked) == 1


def test_names_that_cannot_be_asked_for() -> None:
    assert measure(lost=("_mta-sts.example.com",))["dns.mta_sts"].cause is Cause.COULD_NOT_ASK
    assert measure(lost=("mta-sts.example.com",))["dns.mta_sts"].cause is Cause.COULD_NOT_ASK
    without_host = {key: value for key, value in ZONE.items() if key[1] != "A"}
    figures = measure(zone=without_host)
    assert figures.value("dns.mta_sts") == "invalid"
    assert "has no address" in figures.said("dns.mta_sts")


def test_patterns_and_duplicates() -> None:
    policy = parse_policy(
        b"version: STSv1\nmode:testing\nmode: enforce\nMX: x\nmx:  *.Example.com.\nmax_age: 0\n\n"
    )
    assert isinstance(policy, StsPolicy)
    assert policy.mode == "testing"  # the first counts
    assert policy.covers("a.example.com")
    assert policy.covers("A.EXAMPLE.com.")
    assert not policy.covers("example.com")
    assert not policy.covers("a.b.example.com")
    assert parse_id("v=STSv1; x=1; id=AZ09") == "AZ09"
    assert isinstance(parse_id("v=STSv1; identity=AZ09"), Phrase)

"""Questions on the wire: what is not answered, answered late, by TCP or by another server."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import dns.message
import pytest

from mailwatch.config import Domain
from mailwatch.demo import Drop, Raw, Rcode, Truncated, build, serve
from mailwatch.model import Phrase
from mailwatch.resolver.lookup import Answer, CachedLookup, Outcome
from mailwatch.resolver.message import read
from mailwatch.resolver.servers import find_servers
from mailwatch.resolver.transport import Transport
from mailwatch.sources.job import Job
from tests.sources.dns.dns_peer import TODAY, figures_of, job
from tests.sources.dns.dns_wire import (
    ZONE,
    Contradiction,
    NoEdns,
    Update,
    ask,
    on,
    silent,
    true_answer,
    udp_only,
    udp_server,
    wrong_id,
    wrong_question,
)


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (Rcode("SERVFAIL"), "dns.servfail"),
        (Rcode("REFUSED"), "dns.refused"),
        (Rcode("NOTIMP"), "dns.dislikes_edns"),
        (Rcode("FORMERR"), "dns.dislikes_edns"),
        (Rcode("YXDOMAIN"), "dns.rcode"),
        (Raw(b""), "dns.timeout"),
        (Raw(b"\x00" * 5), "dns.timeout"),
        (Raw(b"\xff" * 600), "dns.timeout"),
        (Contradiction(), "dns.malformed"),
        (Update(), "dns.timeout"),
        (Truncated(), "dns.malformed"),
        (Drop(), "dns.timeout"),
    ],
)
def test_what_was_not_answered_is_never_absent(behaviour: Any, code: str) -> None:
    patience = 0.1 if code == "dns.timeout" else 5.0
    asked = ask(("example.com", "TXT"), rules=(on("", behaviour),), tries=(patience, patience))
    assert asked.only.outcome is Outcome.COULD_NOT_ASK
    assert not asked.only.absent
    assert asked.why.code == code
    if code == "dns.timeout":  # a busy server may not have come to the last one
        assert asked.calls == 2
    else:
        assert asked.calls == len(asked.requests)


@pytest.mark.parametrize("behaviour", [Rcode("SERVFAIL"), Rcode("REFUSED"), Drop(), Raw(b"x")])
def test_another_try_may_be_answered(behaviour: Any) -> None:
    asked = ask(("example.com", "TXT"), rules=(on("", behaviour, times=1),), tries=(0.1, 5.0))
    assert asked.only.outcome is Outcome.FOUND
    assert asked.calls == 2


def fragment(wire: bytes) -> bytes:
    """The true answer, cut off in its record."""
    return true_answer(wire)[:-5]


def forged_truncation(wire: bytes) -> bytes:
    return wrong_id(wire, truncated=True)


BAD = (
    wrong_id,
    wrong_question,
    fragment,
    forged_truncation,
    lambda _: b"",
    lambda _: b"\xff" * 600,
)


def get_from(nameserver: str, tries: tuple[float, ...]) -> tuple[Answer, int]:
    """The answer of `nameserver` alone, and the questions that it took."""
    given = job()

    async def get() -> Answer:
        return await Transport(find_servers([nameserver]), given, tries).ask("example.com", "TXT")

    return asyncio.run(get()), given.counts["calls"]


@pytest.mark.parametrize("bad", [BAD, *((each,) for each in BAD)])
def test_packets_that_do_not_answer_the_question_are_passed_over(bad: Any) -> None:
    # Given a server whose answer comes after packets that anybody could have forged
    with udp_server(*bad, true_answer) as nameserver:
        answer, calls = get_from(nameserver, (20.0,))
    # Then its answer is taken, and the question was asked once
    assert (answer.outcome, answer.values) == (Outcome.FOUND, ("v=spf1 -all",))
    assert calls == 1


def test_bad_packets_alone_are_a_timeout() -> None:
    with udp_server(*BAD) as nameserver:
        answer, calls = get_from(nameserver, (0.2, 0.2))
    assert answer.failure is not None
    assert answer.failure.code == "dns.timeout"
    assert calls == 2


def test_a_truncated_answer_still_leads_to_tcp() -> None:
    # Given a server that answers by UDP that the answer is too long, after a forged packet
    def truncated(wire: bytes) -> bytes:
        return true_answer(wire, truncated=True)

    with udp_server(wrong_id, truncated) as nameserver:
        answer, calls = get_from(nameserver, (20.0,))
    # Then TCP is tried, which this server does not have
    assert answer.failure is not None
    assert answer.failure.code == "dns.tcp"
    assert calls == 2


def test_an_old_server_is_asked_without_edns() -> None:
    asked = ask(("example.com", "TXT"), rules=(on("", NoEdns()),))
    assert asked.only.outcome is Outcome.FOUND


@pytest.mark.parametrize(("name", "octets"), [("long", 4250), ("huge", 63_750)])
def test_what_is_too_long_for_udp_comes_over_tcp(name: str, octets: int) -> None:
    asked = ask((f"{name}.example.com", "TXT"), tries=(5.0,))
    assert len(asked.only.values[0]) == octets
    assert [transport for _, _, transport in asked.requests] == ["udp", "tcp"]
    assert asked.calls == 2


def test_a_refused_tcp_connection_is_named() -> None:
    with udp_only() as nameserver:
        asked = ask(("example.com", "TXT"), before=(nameserver,), tries=(5.0,))
    assert asked.why.code == "dns.unreachable"
    failure = asked.only.failure
    assert failure is not None
    assert "dns.tcp" in repr(failure)


def test_an_update_is_no_answer() -> None:
    update = dns.message.from_wire(b"\x00\x01\xa8\x00" + bytes(8))
    assert read(update) == Phrase("dns.malformed")


def test_another_server_answers_for_one_that_is_dead() -> None:
    with silent() as nameserver:
        asked = ask(
            ("example.com", "TXT"), before=(nameserver, "127.0.0.1:1"), tries=(0.1, 0.1, 5.0)
        )
    assert asked.only.outcome is Outcome.FOUND


def test_the_server_that_answered_is_asked_first_from_then_on() -> None:
    async def get_both(nameserver: str, given: Job) -> int:
        transport = Transport(find_servers((dead, nameserver)), given, (0.3, 5.0))
        await transport.ask("example.com", "TXT")
        before = given.counts["calls"]
        await transport.ask("example.com", "A")
        return given.counts["calls"] - before

    world = replace(build("healthy", TODAY), zone=ZONE)
    with silent() as dead, serve(world) as running:
        assert asyncio.run(get_both(running.nameserver, job())) == 1


def test_nothing_is_asked_after_the_time_is_up() -> None:
    asked = ask(("example.com", "TXT"), given=job(0))
    assert asked.why.code == "dns.out_of_time"
    assert asked.calls == 0


def test_no_try_outlasts_the_run() -> None:
    began = time.monotonic()
    with silent() as nameserver:
        asked = ask(("example.com", "TXT"), before=(nameserver,), tries=(30.0,), given=job(0.2))
    assert asked.why.code == "dns.timeout"
    assert time.monotonic() - began < 5


def test_a_resolver_that_never_says_a_word_is_waited_for_once() -> None:
    async def get_all(nameserver: str) -> list[Answer]:
        transport = Transport(find_servers([nameserver]), given, (0.1, 0.1))
        lookup = CachedLookup(transport.ask, at_once=2)
        return list(await asyncio.gather(*(lookup.get(f"n{n}.x", "A") for n in range(40))))

    given = job()
    with silent() as nameserver:
        answers = asyncio.run(get_all(nameserver))
    assert {answer.outcome for answer in answers} == {Outcome.COULD_NOT_ASK}
    assert given.counts["calls"] <= 4


def test_a_closed_port_is_known_at_once() -> None:
    began = time.monotonic()
    figures = figures_of(ZONE, Domain("example.com"), before=("127.0.0.1:1",), tries=(20.0,))
    assert time.monotonic() - began < 10
    assert all(fault.cause.value == "could_not_ask" for fault in figures.faults)

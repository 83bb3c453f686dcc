"""Blocklists: only a documented code of a list that passes its test is a listing (RFC 5782)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from mailwatch.config import Config, DnsConfig, Domain
from mailwatch.config.blocklist import BlocklistConfig
from mailwatch.demo import Drop, Faults, Rcode, Rule, build, serve
from mailwatch.demo.story.blocklists import TESTS, blocklist
from mailwatch.model import Cause, Measurement
from mailwatch.sources import blocklist as source
from mailwatch.sources.blocklist.collection import measure_listings
from mailwatch.sources.blocklist.listing import Listing, question, read_listing
from mailwatch.sources.blocklist.lists import LISTS
from mailwatch.words import blocklist as words
from mailwatch.words import worded
from tests.sources.dns.dns_peer import TODAY, Figures, job

ZEN, DBL = "zen.spamhaus.org", "dbl.spamhaus.org"
OURS = "192.0.2.10"
DOMAIN = Domain("example.com", sending_ips=(OURS, "2001:db8::10"))


def measure(
    zone: Mapping[tuple[str, str], Any],
    *zones: str,
    rules: Sequence[Rule] = (),
    domain: Domain = DOMAIN,
) -> Figures:
    given = job()
    world = replace(build("healthy", TODAY), zone=zone)
    with serve(world, faults=Faults(*rules)) as running:
        config = Config(
            (domain,), dns=DnsConfig((running.nameserver,)), blocklist=BlocklistConfig(zones)
        )
        asyncio.run(measure_listings(config, given, (0.3, 0.3)))
        asked = tuple((r.method, r.path, r.query[0][1]) for r in running.requests)
    return Figures(tuple(given.taken), tuple(given.faults), asked)


def of(figures: Figures, name: str, zone: str = ZEN) -> Measurement:
    return next(
        m for m in figures.measured if name in (v for _, v in m.subject.pairs)
        and m.subject.get("blocklist") == zone
    )  # fmt: skip


def said(measurement: Measurement) -> str:
    phrases = [*measurement.evidence, *([measurement.note] if measurement.note else [])]
    return "\n".join(worded(phrase, "en") for phrase in phrases)


def test_what_is_listed_and_what_is_not() -> None:
    # Given two lists, on which one of the addresses is, and the domain
    zone = {
        **blocklist(ZEN, {"2001:db8::10": "127.0.0.3"}),
        **blocklist(DBL, {"example.com": "127.0.1.102"}, {"test": "127.0.1.2"}),
    }
    figures = measure(zone, ZEN, DBL)
    # Then each is a figure of its own, with its meaning and where to be removed
    assert of(figures, OURS).value == "not_listed"
    assert of(figures, "2001:db8::10").value == "listed"
    assert "on the CSS" in said(of(figures, "2001:db8::10"))
    assert of(figures, "example.com", DBL).value == "listed"
    assert "https://check.spamhaus.org/" in said(of(figures, "example.com", DBL))
    assert len(figures.measured) == 3
    assert figures.faults == ()
    # And no name was asked twice: two tests for each kind, and one question for each entry
    names = [name for _, name, _ in figures.asked]
    assert len(names) == len(set(names)) == 3 * 2 + 3


@pytest.mark.parametrize(
    ("code", "cause", "words"),
    [
        ("127.255.255.252", Cause.NOT_ALLOWED, "misspelt"),
        ("127.255.255.254", Cause.NOT_ALLOWED, "public resolvers"),
        ("127.255.255.255", Cause.NOT_ALLOWED, "too often"),
        ("127.255.255.7", Cause.NOT_ALLOWED, "refused"),
        ("127.0.0.1", Cause.NOT_ALLOWED, "that is not a listing"),
        ("192.0.2.1", Cause.COULD_NOT_ASK, "rewrites"),
        ("0.0.0.0", Cause.COULD_NOT_ASK, "rewrites"),  # an answer, not a socket
        ("127.0.0.77", Cause.COULD_NOT_ASK, "does not document"),
        ("127.1.2.3", Cause.COULD_NOT_ASK, "does not document"),
    ],
)
def test_an_answer_that_is_not_a_listing_is_unknown(code: str, cause: Cause, words: str) -> None:
    figure = of(measure(blocklist(ZEN, {OURS: code}), ZEN), OURS)
    assert (figure.value, figure.cause) == (None, cause)
    assert words in said(figure)


def test_a_refusal_beside_a_listing_is_not_a_listing() -> None:
    for values in (("127.0.0.2", "127.255.255.254"), ("192.0.2.1", "127.0.0.2")):
        assert not isinstance(read_listing(LISTS[ZEN], values), Listing)
    # Several lists of one zone, one of which is newer than this program
    assert isinstance(read_listing(LISTS[ZEN], ("127.0.0.2", "127.0.0.99")), Listing)


@pytest.mark.parametrize(
    ("tests", "words"),
    [
        ({}, "does not list the test entry 127.0.0.2"),
        ({**TESTS, "127.0.0.1": "127.0.0.2"}, "lists 127.0.0.1"),
        ({**TESTS, "127.0.0.2": "127.255.255.254"}, "public resolvers"),
        ({**TESTS, "127.0.0.1": "198.51.100.1"}, "rewrites"),
    ],
)
def test_a_list_that_fails_its_test_says_nothing(tests: dict[str, str], words: str) -> None:
    # Given a list on which our address is, which fails the test of RFC 5782
    figure = of(measure(blocklist(ZEN, {OURS: "127.0.0.2"}, tests), ZEN), OURS)
    # Then that is unknown, and never listed
    assert figure.value is None
    assert words in said(figure)


def test_the_test_is_for_each_kind_of_address() -> None:
    tests = {"127.0.0.2": "127.0.0.2"}
    figures = measure(blocklist(ZEN, {}, tests), ZEN)
    assert of(figures, OURS).value == "not_listed"
    assert of(figures, "2001:db8::10").value is None


def test_a_resolver_that_rewrites_and_one_that_is_silent() -> None:
    wildcard = {(f"*.{zone}", "A"): ("198.51.100.1",) for zone in LISTS}
    for figures in (measure(wildcard), measure({}, rules=(Rule("dns", Drop()),))):
        assert len(figures.measured) == 2 + 1 + 3
        assert {m.value for m in figures.measured} == {None}
        assert len(figures.faults) == len(figures.measured)
    # A list whose test works, and which then fails
    failing = Rule("dns", Rcode("SERVFAIL"), match=question(OURS, ZEN))
    figure = of(measure(blocklist(ZEN, {}), ZEN, rules=(failing,)), OURS)
    assert figure.cause is Cause.COULD_NOT_ASK


@pytest.mark.parametrize(
    ("zone", "code", "meaning"),
    [
        ("multi.surbl.org", "127.0.0.72", "phishing"),
        ("multi.surbl.org", "127.0.0.65", None),
        ("multi.surbl.org", "127.0.0.4", None),
        ("multi.surbl.org", "127.0.1.8", None),
        ("multi.uribl.com", "127.0.0.2", "spam"),
        ("multi.uribl.com", "127.0.0.1", None),
        (DBL, "127.0.1.255", None),
        (DBL, "127.0.1.5", "malware"),
        ("bl.mailspike.net", "127.0.0.11", "bad reputation"),
    ],
)
def test_codes(zone: str, code: str, meaning: str | None) -> None:
    found = read_listing(LISTS[zone], [code])
    assert isinstance(found, Listing) == (meaning is not None)
    if isinstance(found, Listing):
        assert meaning is not None
        assert meaning in "".join(worded(phrase, "en") for phrase in found.meanings)


def test_questions() -> None:
    nibbles = "0.1.0.0" + ".0" * 20 + ".8.b.d.0.1.0.0.2"
    assert question(OURS, ZEN) == f"10.2.0.192.{ZEN}"
    assert question("2001:db8::10", ZEN) == f"{nibbles}.{ZEN}"
    assert question("example.com", DBL) == f"example.com.{DBL}"


def test_the_lists_are_alive_and_every_meaning_is_worded() -> None:
    dead = ("sorbs.net", "inps.de", "unsubscore.com", "dnswl.org", "uceprotect.net")
    for zone, each in LISTS.items():
        assert not zone.endswith(dead)
        codes = {*each.meanings.values(), *each.bits.values(), *each.refusals.values()}
        assert codes <= words.PHRASES.keys()
        assert each.delist.startswith("https://")


def test_it_is_off_by_default_and_for_the_past() -> None:
    assert source.skipped(Config((DOMAIN,)), None) is not None
    on = Config((DOMAIN,), blocklist=BlocklistConfig())
    assert source.skipped(on, None) is None
    assert source.skipped(on, TODAY) is not None
    assert {dict(subject.pairs).get("ip") for _, subject in source.expected(on)} == {
        None, OURS, "2001:db8::10"
    }  # fmt: skip


def test_the_doctor_tests_each_list() -> None:
    world = replace(build("healthy", TODAY), zone=blocklist(ZEN, {}))
    with serve(world) as running:
        config = Config(dns=DnsConfig((running.nameserver,)), blocklist=BlocklistConfig((ZEN, DBL)))
        found = list(source.diagnose(config, job()))
    assert [diagnosis.works for diagnosis in found] == [True, False]

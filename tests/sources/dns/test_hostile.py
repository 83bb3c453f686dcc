"""Hostile zones and servers: no domain costs more than 200 questions, and no lie is taken for one
record less."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailwatch.catalog.catalog import read_catalog
from mailwatch.config import Config, DnsConfig, Domain
from mailwatch.demo import Chain, Faults, Rule, Truncated, build, serve
from mailwatch.mailauth.spf.check_host import check_host
from mailwatch.mailauth.spf.result import Sender
from mailwatch.model import Cause, State, say
from mailwatch.resolver.budget import MOST_QUESTIONS, BudgetedLookup
from mailwatch.resolver.lookup import Answer, Outcome, RdType
from mailwatch.run import Options, run
from mailwatch.sources import dns
from mailwatch.sources.dns.collection import measure, measure_around
from mailwatch.sources.dns.made_up import MadeUpAddresses
from mailwatch.sources.dns.measured import Taken
from mailwatch.sources.dns.sender_requirements import requirements_of
from mailwatch.words import worded
from tests.sources.dns.dns_hostile import VICTIM, Bomb, Forged, OneStep, Rewriting, costly, wide
from tests.sources.dns.dns_peer import TODAY, Figures, MemoryLookup, figures_of, job, sorted_out

MADE_UP = "198.51.100.99"
DOMAIN = Domain(VICTIM, ("s0",), ("192.0.2.10",))
LOOP = {
    (VICTIM, "TXT"): (("v=spf1 include:a.example redirect=b.example",),),
    ("a.example", "TXT"): ((f"v=spf1 include:{VICTIM} include:a.example",),),
    ("b.example", "TXT"): (("v=spf1 redirect=b.example",),),
    (f"s0._domainkey.{VICTIM}", "CNAME"): ("x.example.",),
    ("x.example", "CNAME"): (f"s0._domainkey.{VICTIM}.",),
    (VICTIM, "MX"): ("10 x.example.",),
}
LARGE = {
    (VICTIM, "TXT"): (
        ["v=spf1 " + "a" * 248, *["b" * 255] * 120],
        ["x" * 255] * 120,
    ),
    (f"_dmarc.{VICTIM}", "TXT"): (["v=DMARC1; p=none; " + "x" * 237, *["x" * 255] * 200],),
    (f"s0._domainkey.{VICTIM}", "TXT"): (["p=" + "A" * 253, *["A" * 255] * 200],),
}


@pytest.mark.parametrize(
    ("zone", "word"),
    [(wide(100), "over_limit"), (LOOP, "invalid"), (LARGE, "invalid"), (costly(), "over_limit")],
    ids=["10,000 includes", "loops", "64 kB", "CNAMEs before everything"],
)
@pytest.mark.parametrize("behaviour", [None, OneStep(), Chain()], ids=["", "one step", "chain"])
def test_no_domain_costs_more_than_200_questions(
    zone: Mapping[tuple[str, str], Any], word: str, behaviour: Any
) -> None:
    rules = (Rule("dns", behaviour),) if behaviour else ()
    domain = Domain(VICTIM, tuple(f"s{n}" for n in range(8)), ("192.0.2.10", "2001:db8::1"))
    figures = figures_of(zone, domain, rules=rules)
    # A question is asked again over TCP where it was too long for UDP, and after SERVFAIL
    asked = {(rdtype, name) for rdtype, name, _ in figures.asked}
    assert len(asked) <= 200
    assert figures.value("dns.spf_record") == word
    for figure in figures.measured:  # at most: ten hosts, a flaw of each, and that there are more
        assert len(figure.evidence) <= 21


def test_past_the_limit_what_is_around_is_unknown_first() -> None:
    figures = figures_of(costly(), DOMAIN, rules=(Rule("dns", OneStep()),))
    left_out = [m.metric for m in figures.measured if m.cause is Cause.COULD_NOT_ASK]
    assert "dns.tls_rpt" in left_out
    assert not {"dns.spf_record", "dns.dmarc_policy", "dns.mx", "dns.dkim_key"} & set(left_out)
    assert "more than 200 questions" in figures.said("dns.tls_rpt")


@pytest.mark.parametrize(
    "behaviour",
    [Truncated(), Forged("id"), Forged("question"), Bomb(loop=True), Bomb(loop=False)],
    ids=["truncated", "wrong id", "wrong question", "pointer loop", "growing names"],
)
def test_a_server_that_lies_leaves_everything_unknown(behaviour: Any) -> None:
    healthy = build("healthy", TODAY)
    rules = (Rule("dns", behaviour),)
    domain = Domain(healthy.domain, healthy.selectors, healthy.sending_ips)
    figures = figures_of(healthy.zone, domain, rules=rules, tries=(0.1,))
    assert figures.measured
    for figure in figures.measured:
        assert (figure.value, figure.cause) in (
            (None, Cause.COULD_NOT_ASK),
            ("unknown", None),
        ), figure.metric


def test_a_resolver_that_rewrites_nxdomain_is_found_by_the_doctor() -> None:
    with serve(build("healthy", TODAY), faults=Faults(Rule("dns", Rewriting()))) as running:
        servers = DnsConfig((running.nameserver,))
        (diagnosis,) = dns.diagnose(Config(dns=servers), job())
    assert (diagnosis.works, diagnosis.detail.code) == (False, "dns.doctor_rewrites")


def test_through_a_resolver_that_rewrites_a_domain_that_is_not_there_is_not_found() -> None:
    # Given a domain without records that exists, and one that does not
    world = build("healthy", TODAY)
    zone = {**world.zone, ("bare.example", "A"): ("192.0.2.7",)}
    domains = (Domain("bare.example"), DOMAIN)
    with serve(replace(world, zone=zone), faults=Faults(Rule("dns", Rewriting()))) as running:
        config = Config(domains=domains, dns=DnsConfig((running.nameserver,)))
        report = run(config, read_catalog(), Options(sources=("dns",)))
    (state,) = report.sources
    # Then the run says so, and what does not exist is neither found nor missing
    assert state.state is State.PARTIAL
    assert MADE_UP in worded(state.error or say("verbatim", text=""), "en")
    values = {
        (f.measurement.subject.get("domain"), f.check.id): f.measurement for f in report.findings
    }
    assert values["bare.example", "dns.domain"].value == "found"
    unknown = [m for (name, _), m in values.items() if name == VICTIM]
    assert {(m.value, m.cause) for m in unknown} == {(None, Cause.COULD_NOT_ASK)}
    note = values[VICTIM, "dns.domain"].note
    assert note is not None
    assert f"makes up {MADE_UP}" in worded(note, "en")


def test_through_a_resolver_that_rewrites_no_dead_host_is_found() -> None:
    # Given a domain whose MX host is gone, and which has no DMARC record
    healthy = build("healthy", TODAY)
    zone = {
        **healthy.zone,
        ("example.com", "MX"): ("10 gone.example.",),
        ("_dmarc.example.com", "TXT"): (),
    }
    domain = Domain(healthy.domain, healthy.selectors)
    figures = figures_of(zone, domain, rules=(Rule("dns", Rewriting()),))
    # Then the host is unknown, and what no resolver makes up is as it is
    assert figures["dns.mx_hosts"].cause is Cause.COULD_NOT_ASK
    assert figures.value("dns.domain") == "found"
    assert figures.value("dns.dmarc_policy") == "missing"
    assert figures.value("dns.dkim_key") == "valid"
    assert [fault.what for fault in figures.faults if not fault.metrics] == [
        say("dns.rewrites", address=MADE_UP)
    ]


def test_one_question_finds_out_whether_the_resolver_rewrites() -> None:
    healthy = build("healthy", TODAY)
    figures = figures_of(healthy.zone, Domain("example.com"), Domain("em1234.example.com"))
    asked = [name for _, name, _ in figures.asked if name.endswith(".invalid")]
    assert len(asked) == 1
    assert len(asked[0]) > len("12345678.invalid")
    assert figures.faults == ()


class Silent:
    """A lookup that never comes to an end."""

    async def get(self, name: str, rdtype: RdType) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError


def test_a_resolver_that_does_not_answer_that_question_makes_nothing_up() -> None:
    async def found() -> frozenset[str]:
        return await MadeUpAddresses(Silent(), 0.01).addresses()

    assert asyncio.run(found()) == frozenset()


def test_questions_side_by_side_stay_within_the_limit_too() -> None:
    # Given names that each lead to another, which has to be asked for by itself
    asked: list[str] = []

    async def ask(name: str, _: RdType) -> Answer:
        asked.append(name)
        await asyncio.sleep(0)
        if name.startswith("n"):
            return Answer(Outcome.NO_DATA, (), 300, (f"c{name}",))
        return Answer(Outcome.FOUND, ("x",), 300)

    async def ask_all() -> list[Answer]:
        lookup = BudgetedLookup(ask)
        names = [f"n{n // 2}.example" for n in range(300)]
        return list(await asyncio.gather(*(lookup.get(name, "TXT") for name in names)))

    # When more of them are asked for at once than the limit allows, each of them twice
    answers = asyncio.run(ask_all())
    # Then each question is asked once, up to the limit, and what is beyond it fails
    assert len(asked) == len(set(asked)) == MOST_QUESTIONS == 200
    found = Counter(answer.outcome for answer in answers)
    assert found == {Outcome.FOUND: 2 * 50, Outcome.COULD_NOT_ASK: 2 * 100}


PIECES = st.sampled_from(
    ["v=spf1", "v=DMARC1;", "v=DKIM1;", "p=", "p=none;", "k=rsa;", "sp=", "rua=mailto:a@b.example",
     "include:hostile.example", "include:a.example", "redirect=a.example", "mx", "ptr", "a", "/",
     "exists:%{i}.a.example", "exp=%{s}", "ip4:", "ip6:::1", "+all", "-all", "%{", '"', ";", ":",
     "%{l255r-}.a.example", "t=y", "h=", "s=", "\x00", "\xff", "0 ."]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(st.characters(max_codepoint=255), max_size=12), max_size=14).map(
    " ".join
)
NAMES = (VICTIM, "a.example", f"_dmarc.{VICTIM}", "_dmarc.example", f"s0._domainkey.{VICTIM}")


async def everything(lookup: MemoryLookup) -> list[Taken]:
    within = BudgetedLookup(lookup.get)
    parts = [*measure(DOMAIN, within), *measure_around(DOMAIN, within, local=True)]
    taken = [item for part in parts for item in await part]
    return [*taken, *requirements_of(VICTIM, taken)]


def measured(zone: Mapping[Any, Any]) -> tuple[Figures, MemoryLookup]:
    lookup = MemoryLookup(zone)
    return sorted_out(asyncio.run(everything(lookup))), lookup


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from(NAMES), st.lists(TEXTS, max_size=3)),
    st.lists(st.integers(0, 99).map(lambda n: f"{n} a.example"), max_size=12),
)
def test_no_text_crashes_hangs_or_asks_without_end(
    texts: dict[str, list[str]], hosts: list[str]
) -> None:
    zone: dict[tuple[str, RdType], list[str]] = {(name, "TXT"): texts[name] for name in texts}
    figures, lookup = measured({**zone, (VICTIM, "MX"): hosts})
    assert len(lookup.asked) <= 200
    known = {m.metric for m in figures.measured}
    assert {"dns.spf_record", "dns.dmarc_policy", "dns.mx", "dns.dkim_key"} <= known
    sender = Sender(ip_address("192.0.2.1"), f"x@{VICTIM}", VICTIM)
    lookup = MemoryLookup(zone)
    asyncio.run(check_host(sender, lookup))
    assert len(lookup.asked) <= 200

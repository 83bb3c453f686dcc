"""What a name has, through its CNAMEs, and each question asked once (four outcomes)."""

import asyncio

import pytest

from mailwatch.demo import Chain, Rcode, Rule
from mailwatch.resolver.lookup import Answer, CachedLookup, Outcome, RdType
from tests.sources.dns.dns_wire import Bare, ask, on


def test_cnames_are_followed_and_the_least_ttl_counts() -> None:
    ttls = {("second.example.com", "CNAME"): 7}
    answer = ask(("alias.example.com", "TXT"), ttls=ttls).only
    assert answer.outcome is Outcome.FOUND
    assert answer.chain == ("second.example.com", "example.com")
    assert answer.ttl == 7


@pytest.mark.parametrize(
    ("name", "rdtype", "values"),
    [
        ("example.com", "TXT", ("v=spf1 -all", "caf\xe9 \x1b")),
        ("EXAMPLE.com.", "A", ("192.0.2.1",)),
        ("example.com", "AAAA", ("2001:db8::1",)),
        ("1.2.0.192.in-addr.arpa", "PTR", ("mail.example.com",)),
        ("example.com", "MX", ("10 mx1.example.com", "0 .")),
    ],
)
def test_records_are_found_as_they_stand(
    name: str, rdtype: RdType, values: tuple[str, ...]
) -> None:
    answer = ask((name, rdtype)).only
    assert (answer.outcome, answer.values) == (Outcome.FOUND, tuple(sorted(values)))
    assert answer.ttl == 300
    assert answer.chain == ()


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("nodata.example.com", Outcome.NO_DATA),
        ("empty.example.com", Outcome.NO_DATA),
        ("nowhere.example.com", Outcome.NO_SUCH_NAME),
        ("dangling.example.com", Outcome.NO_SUCH_NAME),
        ("a..example.com", Outcome.NO_SUCH_NAME),
        ("a" * 64 + ".example.com", Outcome.NO_SUCH_NAME),
        ("a." * 130 + "example.com", Outcome.NO_SUCH_NAME),
    ],
)
def test_absence_is_certain(name: str, outcome: Outcome) -> None:
    answer = ask((name, "TXT")).only
    assert answer.outcome is outcome
    assert answer.absent
    assert answer.failure is None


def test_a_name_is_asked_for_label_by_label() -> None:
    asked = ask(("a\\.b.example.com", "TXT"), ("\xff.example.com", "TXT"))
    assert [answer.outcome for answer in asked.answers] == [Outcome.NO_SUCH_NAME] * 2
    assert {name for _, name, _ in asked.requests} == {
        "a\\\\.b.example.com",
        "\\255.example.com",
    }


def test_a_target_that_was_left_out_is_asked_for() -> None:
    asked = ask(
        ("alias.example.com", "TXT"), rules=(on("alias.example.com", Bare("example.com.")),)
    )
    assert "v=spf1 -all" in asked.only.values
    assert asked.only.chain == ("example.com",)
    assert asked.only.ttl == 60
    assert len(asked.requests) == 2


@pytest.mark.parametrize(
    ("name", "rules", "code"),
    [
        ("loop1.example.com", (on("", Chain()),), "dns.cname_loop"),
        ("self.example.com", (on("", Bare("self.example.com.")),), "dns.cname_loop"),
        (
            "x.example.com",
            (on("x.example.com", Bare("y.example.com.")), on("", Bare("x.example.com."))),
            "dns.cname_loop",
        ),
        (
            "x.example.com",
            (on("x.example.com", Bare("y.example.com.")), on("", Bare("y.example.com."))),
            "dns.cname_loop",
        ),
        ("c0.example.com", (), "dns.cname_chain"),
        (
            "d0.example.com",
            tuple(on(f"d{n}.example.com", Bare(f"d{n + 1}.example.com.")) for n in range(12)),
            "dns.cname_chain",
        ),
    ],
)
def test_endless_chains_are_given_up(name: str, rules: tuple[Rule, ...], code: str) -> None:
    asked = ask((name, "TXT"), rules=rules)
    assert asked.only.outcome is Outcome.COULD_NOT_ASK
    assert asked.why.code == code
    assert len(asked.requests) <= 12


def test_a_name_is_asked_for_once_a_run_whatever_came_of_it() -> None:
    names = ["example.com", "nowhere.example.com", "nodata.example.com", "Example.Com."]
    questions: list[tuple[str, RdType]] = [(name, "TXT") for name in names]
    asked = ask(*questions * 3)
    assert len(asked.requests) == 3
    failing = ask(*questions[:1] * 3, rules=(on("", Rcode()),), tries=(5.0,))
    assert len(failing.requests) == 1


def test_no_more_than_so_many_are_asked_at_once() -> None:
    asked_now, most = 0, 0

    async def slow(name: str, rdtype: RdType) -> Answer:
        nonlocal asked_now, most
        asked_now += 1
        most = max(most, asked_now)
        await asyncio.sleep(0.001)
        asked_now -= 1
        return Answer(Outcome.NO_DATA)

    async def get_all() -> None:
        lookup = CachedLookup(slow, at_once=5)
        await asyncio.gather(*(lookup.get(f"n{n}.example.com", "A") for n in range(40)))

    asyncio.run(get_all())
    assert most == 5

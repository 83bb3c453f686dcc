"""mailwatch spf: the tree, the verdict, and the exit status."""

from dataclasses import dataclass
from typing import Any

import pytest
from dns import message

from mailwatch.demo import Rcode, Rule
from mailwatch.demo.wire.faults import DnsQuery
from tests.cli.conftest import Command
from tests.cli.look_up import served, texts
from tests.sources.dns.dns_wire import Bare

ZONE = {
    **texts(
        {
            "pass.example.com": "v=spf1 include:inner.example.net a -all",
            "inner.example.net": "v=spf1 ip4:192.0.2.0/28 ~all",
            "fail.example.com": "v=spf1 -all exp=why.example.com",
            "why.example.com": "%{i} is not one of ours, %{s}",
            "soft.example.com": "v=spf1 ~all",
            "neutral.example.com": "v=spf1 ip4:198.51.100.1",
            "text.example.com": "hello",
            "broken.example.com": "v=spf1 ip4:x -all",
            "two.example.com": ["v=spf1 -all", "v=spf1 ~all"],
            "loop.example.com": "v=spf1 include:loop.example.net -all",
            "loop.example.net": "v=spf1 include:loop.example.com -all",
            "many.example.com": " ".join(
                ["v=spf1", *(f"exists:n{n}.example.net" for n in range(11)), "-all"]
            ),
            "void.example.com": "v=spf1 a:v1.example.net a:v2.example.net a:v3.example.net -all",
            "macro.example.com": "v=spf1 exists:%{l}.%{o}.%{d} -all",
            "hostile.example.com": "v=spf1 x=\x1b[2J\u202e -all",
            "rude.example.com": "v=spf1 -all exp=rude.example.net",
            "rude.example.net": "\x1b[2J%{s}",
            "lost.example.com": "v=spf1 include:inner.example.net include:lost.example.net -all",
        }
    ),
    **{(f"n{n}.example.net", "A"): ("203.0.113.1",) for n in range(11)},
    ("pass.example.com", "A"): ("203.0.113.7",),
    ("bob.other.example.macro.example.com", "A"): ("127.0.0.2",),
    ("postmaster.other.example.macro.example.com", "A"): ("127.0.0.2",),
}
LOST = (
    Rule("dns", Rcode("SERVFAIL"), match="gone.example.com"),
    Rule("dns", Rcode("SERVFAIL"), match="lost.example.net"),
)


@pytest.mark.parametrize(
    ("name", "ip", "status", "result"),
    [
        ("pass.example.com", "192.0.2.10", 0, "pass"),
        ("PASS.Example.com.", "192.0.2.10", 0, "pass"),
        ("pass.example.com", "::ffff:192.0.2.10", 0, "pass"),
        ("fail.example.com", "192.0.2.10", 1, "fail"),
        ("fail.example.com", "2001:db8::10", 1, "fail"),
        ("soft.example.com", "192.0.2.10", 0, "softfail"),
        ("neutral.example.com", "192.0.2.10", 0, "neutral"),
        ("text.example.com", "192.0.2.10", 0, "none"),
        ("nowhere.example.com", "192.0.2.10", 0, "none"),
        ("broken.example.com", "192.0.2.10", 1, "permerror"),
        ("two.example.com", "192.0.2.10", 1, "permerror"),
        ("loop.example.com", "192.0.2.10", 1, "permerror"),
        ("many.example.com", "192.0.2.10", 0, "pass"),
        ("void.example.com", "192.0.2.10", 1, "permerror"),
        ("gone.example.com", "192.0.2.10", 3, "temperror"),
        ("lost.example.com", "192.0.2.10", 0, "pass"),
        ("lost.example.com", "198.51.100.9", 3, "temperror"),
    ],
)
def test_the_verdict_for_a_sender(
    mailwatch: Command, name: str, ip: str, status: int, result: str
) -> None:
    with served(mailwatch, "spf", ZONE, *LOST) as spf:
        # When it is asked for an address, in JSON and in words
        given, document = spf.json(name, "--ip", ip)
        outcome = spf(name, "--ip", ip)
    # Then both agree
    assert (given, document["result"]) == (status, result)
    assert outcome.status == status
    assert f"\n{result}  " in outcome.out
    assert "Traceback" not in outcome.out


@pytest.mark.parametrize(
    ("name", "status", "lookups", "said"),
    [
        ("pass.example.com", 0, 2, "2 of 10 lookups"),
        ("text.example.com", 0, 0, "there is no SPF record"),
        ("nowhere.example.com", 0, 0, "there is no SPF record"),
        ("broken.example.com", 1, 0, "“ip4:x” is not valid SPF syntax"),
        ("two.example.com", 1, 0, "there are 2 SPF records"),
        ("loop.example.com", 1, 2, "a loop"),
        ("many.example.com", 1, 11, "permanent error (permerror): 11 lookups"),
        ("void.example.com", 1, 3, "more than 2 lookups found nothing"),
        ("macro.example.com", 0, 1, "counts as one"),
        ("gone.example.com", 3, 0, "SERVFAIL"),
        ("lost.example.com", 3, 2, "at least 2 of 10 lookups"),
    ],
)
def test_without_an_address_there_is_the_tree_alone(
    mailwatch: Command, name: str, status: int, lookups: int, said: str
) -> None:
    with served(mailwatch, "spf", ZONE, *LOST) as spf:
        given, document = spf.json(name)
        outcome = spf(name)
    assert (given, document["result"], document["trace"]) == (status, None, [])
    assert document["lookups"] == lookups
    assert outcome.status == status
    assert said in " ".join(outcome.out.split())


def test_the_tree_says_what_each_term_costs(mailwatch: Command) -> None:
    records = {
        "example.com": "v=spf1 include:a.example include:b.example mx -all",
        "a.example": "v=spf1 include:c.example include:d.example -all",
        "c.example": "v=spf1 ip4:192.0.2.1 -all",
        "d.example": "v=spf1 a:example.com -all",
        "b.example": "v=spf1 -all",
    }
    zone = {
        **texts(records),
        ("example.com", "MX"): ("10 mx.example.com.",),
        ("example.com", "A"): ("192.0.2.2",),
    }
    with served(mailwatch, "spf", zone) as spf:
        lines = spf("example.com").out.splitlines()
    start = next(n for n, line in enumerate(lines) if "6 of 10 lookups" in line)
    assert lines[start + 1 :] == [
        "   4  include:a.example",
        "   1    include:c.example",
        "   2    include:d.example",
        "   1      a:example.com",
        "   1  include:b.example",
        "   1  mx",
    ]


def test_the_term_that_decided_and_the_way_to_it(mailwatch: Command) -> None:
    with served(mailwatch, "spf", ZONE) as spf:
        _, document = spf.json("pass.example.com", "--ip", "192.0.2.10")
        text = spf("pass.example.com", "--ip", "192.0.2.10").out
    assert document["term"] == "include:inner.example.net"
    assert [(entry["term"], entry["matched"]) for entry in document["trace"]] == [
        ("ip4:192.0.2.0/28", True),
        ("include:inner.example.net", True),
    ]
    assert (document["lookups"], document["void_lookups"]) == (1, 0)
    assert "decided by include:inner.example.net in the record of pass.example.com" in text
    assert "ip4:192.0.2.0/28 of inner.example.net: match" in text


def test_the_term_that_broke_a_limit(mailwatch: Command) -> None:
    # Given a record whose eleventh term is one too many, and none of whose names exists as listed
    terms = [f"include:n{n}.example.org" for n in range(11)]
    records = {f"n{n}.example.org": "v=spf1 -all" for n in range(11)}
    zone = texts({"example.com": f"v=spf1 {' '.join(terms)} -all", **records})
    with served(mailwatch, "spf", zone) as spf:
        status, document = spf.json("example.com", "--ip", "192.0.2.1")
    assert (status, document["result"], document["term"]) == (1, "permerror", terms[10])
    assert "one lookup too many" in document["explanation"]


def test_what_the_domain_says_of_a_fail(mailwatch: Command) -> None:
    with served(mailwatch, "spf", ZONE) as spf:
        _, document = spf.json("fail.example.com", "--ip", "192.0.2.10")
        text = " ".join(spf("fail.example.com", "--ip", "192.0.2.10").out.split())
    explanation = "192.0.2.10 is not one of ours, postmaster@fail.example.com"
    assert document["explanation"] == explanation
    assert explanation in text


@pytest.mark.parametrize(
    ("sender", "asked", "result"),
    [
        ("bob@other.example", "bob.other.example.macro.example.com", "pass"),
        ("@other.example", "postmaster.other.example.macro.example.com", "pass"),
        ("other.example", "postmaster.other.example.macro.example.com", "pass"),
        ("eve@other.example", "eve.other.example.macro.example.com", "fail"),
        (None, "postmaster.macro.example.com.macro.example.com", "fail"),
    ],
)
def test_macros_take_the_sender(
    mailwatch: Command, sender: str | None, asked: str, result: str
) -> None:
    given = () if sender is None else ("--sender", sender)
    with served(mailwatch, "spf", ZONE) as spf:
        _, document = spf.json("macro.example.com", "--ip", "192.0.2.10", *given)
        assert asked in spf.asked()
    assert document["result"] == result


def test_macros_take_the_name_of_the_client(mailwatch: Command) -> None:
    zone = texts({"example.com": "v=spf1 exists:%{h}.example.net -all"})
    with served(mailwatch, "spf", zone) as spf:
        spf.json("example.com", "--ip", "192.0.2.10", "--helo", "mail.example.org")
        assert "mail.example.org.example.net" in spf.asked()


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "com",
        "a..example.com",
        ".example.com",
        f"{'a' * 64}.example.com",
        f"{'a.' * 130}example.com",
        "[192.0.2.1]",
        "[IPv6:2001:db8::1]",
        "192.0.2.1",
        "\u2603" * 2000,
        "\x1b[31m.\ufdd0.example",
    ],
)
@pytest.mark.parametrize("given", [(), ("--ip", "192.0.2.10")])
def test_a_malformed_domain_has_no_result(
    mailwatch: Command, name: str, given: tuple[str, ...]
) -> None:
    """RFC 7208 §4.3: none, and no usage error."""
    with served(mailwatch, "spf", ZONE) as spf:
        status, document = spf.json(name, *given)
        assert (status, document["result"]) == (0, "none")
        assert spf(name, *given).status == 0
        assert spf.asked() == []
    assert document["domain"].isprintable()


def test_strangers_text_is_inert_in_json_too(mailwatch: Command) -> None:
    with served(mailwatch, "spf", ZONE) as spf:
        _, document = spf.json("hostile.example.com", "--ip", "192.0.2.10")
        assert spf("hostile.example.com").status == 1
    assert document["result"] == "permerror"
    assert document["explanation"].isprintable()
    with served(mailwatch, "spf", ZONE) as spf:
        given = ("rude.example.com", "--ip", "192.0.2.10", "--sender", "\x07@a.example")
        _, document = spf.json(*given)
        assert spf(*given).status == 1
    assert document["explanation"] == "\\x1b[2J\\x07@a.example"


def test_names_are_taken_as_people_write_them(mailwatch: Command) -> None:
    zone = texts({"xn--strae-oqa.example": "v=spf1 -all"})
    with served(mailwatch, "spf", zone) as spf:
        _, document = spf.json("straße.example", "--ip", "192.0.2.10")
        assert "straße.example (xn--strae-oqa.example)" in spf("straße.example").out
    assert (document["domain"], document["result"]) == ("xn--strae-oqa.example", "fail")


@dataclass(frozen=True)
class ShortChains:
    """Each host is an alias of an alias of an alias, which this server leaves to be asked for."""

    def reply(self, query: DnsQuery) -> bytes | None:
        name = str(message.from_wire(query.wire).question[0].name)
        if name.startswith(("h", "xh", "xxh")):
            return Bare(f"x{name}").reply(query)
        return query.honest()


def test_no_domain_costs_more_than_200_questions(mailwatch: Command) -> None:
    # Given ten terms of ten hosts each, and four questions for a host
    terms = " ".join(f"mx:m{n}.example.com" for n in range(10))
    zone: dict[tuple[str, str], Any] = {**texts({"example.com": f"v=spf1 {terms} -all"})}
    for n in range(10):
        hosts = [f"h{n}-{host}.example.com" for host in range(10)]
        zone[f"m{n}.example.com", "MX"] = tuple(f"10 {host}." for host in hosts)
        zone.update({(f"xxx{host}", "A"): ("203.0.113.9",) for host in hosts})
    with served(mailwatch, "spf", zone, Rule("dns", ShortChains())) as spf:
        status, document = spf.json("example.com", "--ip", "192.0.2.10")
        # Then it ends there, and says so
        assert len(spf.asked()) == 200
    assert (status, document["result"]) == (3, "temperror")
    assert "more than 200 questions" in document["explanation"]


def test_a_trace_is_cut_for_people_only(mailwatch: Command) -> None:
    terms = " ".join(f"ip4:198.51.100.{n}" for n in range(100))
    with served(mailwatch, "spf", texts({"example.com": f"v=spf1 {terms} -all"})) as spf:
        _, document = spf.json("example.com", "--ip", "192.0.2.10")
        text = spf("example.com", "--ip", "192.0.2.10").out
    assert len(document["trace"]) == 101
    assert "41 terms before these" in text
    assert text.endswith("-all of example.com: match\n")


def test_servers_are_asked_in_turn(mailwatch: Command) -> None:
    with served(mailwatch, "spf", ZONE) as spf:
        servers = ("--resolver", "127.0.0.1:1", "--resolver", spf.running.nameserver)
        _, document = spf.json("pass.example.com", "--ip", "192.0.2.10", *servers)
        assert document["result"] == "pass"
        status, document = spf.json("pass.example.com", "--ip", "192.0.2.10", *servers[:2])
    assert (status, document["result"]) == (3, "temperror")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("example.com", "--ip", "192.0.2"), "not a valid IP address"),
        (("example.com", "--ip", "fe80::1%eth0"), "not a valid IP address"),
        (("example.com", "--resolver", "127.0.0.1:99999"), "not a valid name server"),
        (("example.com", "--format", "jsn"), "did you mean json?"),
        ((), "DOMAIN"),
    ],
)
def test_a_slip(mailwatch: Command, argv: tuple[str, ...], said: str) -> None:
    outcome = mailwatch("spf", *argv)
    assert (outcome.status, outcome.out) == (2, "")
    assert said in outcome.err


def test_colour(mailwatch: Command) -> None:
    with served(mailwatch, "spf", ZONE) as spf:
        argv = ("spf", "pass.example.com", "--ip", "192.0.2.10", "--resolver")
        outcome = mailwatch(*argv, spf.running.nameserver, "--color", "always")
    assert "\x1b[1;32mpass" in outcome.out


def test_a_narrow_terminal(mailwatch: Command) -> None:
    with served(mailwatch, "spf", ZONE) as spf:
        text = spf("pass.example.com", "--ip", "192.0.2.10", "--width", "30").out
    assert max(map(len, text.splitlines())) <= 30

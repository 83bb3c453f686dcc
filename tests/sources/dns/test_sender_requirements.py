"""What the mailbox providers ask, as far as DNS shows it."""

import pytest

from mailwatch.config import Domain
from mailwatch.demo import Rcode, Rule, build
from mailwatch.sources.dns.sender_requirements import requirements_of
from tests.sources.dns.dns_peer import TODAY, Figures, figures_of, sorted_out

HEALTHY = build("healthy", TODAY).zone
DOMAIN = Domain("example.com", ("s1", "s2"), ("192.0.2.10",))


def states(figures: Figures) -> dict[str, str]:
    """The state of each requirement, by the code of its wording."""
    table = {}
    for phrase in figures["dns.sender_requirements"].evidence:
        values = dict(phrase.values)
        table[values["what"].code[12:]] = values["state"].code[16:]  # type: ignore[union-attr]
    return table


def test_a_healthy_domain_meets_what_dns_shows() -> None:
    figures = figures_of(HEALTHY, DOMAIN)
    assert figures.value("dns.sender_requirements") == 0
    assert states(figures) == {
        "alignment": "cannot_tell",
        "one_click": "cannot_tell",
        "spam_rate": "cannot_tell",
        "tls": "cannot_tell",
        "spf": "met",
        "dkim": "met",
        "dkim_bits": "met",
        "dmarc": "met",
        "reverse_dns": "met",
        "replies": "met",
    }
    said = figures.said("dns.sender_requirements")
    assert "met: a DMARC record, p=none or stricter (Gmail, Yahoo, Microsoft, Apple)" in said


def test_what_nobody_named_cannot_be_seen_and_is_never_missing() -> None:
    # Given a domain without selectors and addresses in the configuration
    table = states(figures_of(HEALTHY, Domain("example.com")))
    assert {table[name] for name in ("dkim", "dkim_bits", "reverse_dns")} == {"cannot_tell"}


@pytest.mark.parametrize(
    ("changes", "missed"),
    [
        ({("example.com", "TXT"): (("v=spf1 -al",),)}, ["spf"]),
        ({("example.com", "TXT"): (("hello",),)}, []),  # the return path may have one
        ({("_dmarc.example.com", "TXT"): ()}, ["dmarc"]),
        ({("10.2.0.192.in-addr.arpa", "PTR"): ()}, ["reverse_dns"]),
        ({("example.com", "MX"): ("0 .",)}, ["replies"]),
        ({("example.com", "MX"): ("10 gone.example.",)}, ["replies"]),
        ({("example.com", "MX"): ()}, []),
        ({("s1._domainkey.example.com", "CNAME"): ("gone.example.",)}, []),  # s2 is left
    ],
)
def test_what_is_not_met_comes_first(
    changes: dict[tuple[str, str], object], missed: list[str]
) -> None:
    figures = figures_of({**HEALTHY, **changes}, DOMAIN)
    assert figures.value("dns.sender_requirements") == len(missed)
    table = states(figures)
    assert [name for name, state in table.items() if state == "not_met"] == missed
    assert list(table)[: len(missed)] == missed


def test_a_failure_is_neither_met_nor_missed() -> None:
    # Given a policy that could not be asked for
    rules = (Rule("dns", Rcode("SERVFAIL"), match="_dmarc.example.com"),)
    # Then the finding about the policy says so, and this one claims nothing
    assert "dns.sender_requirements" not in figures_of(HEALTHY, DOMAIN, rules=rules).metrics
    # But what is known to be missed is counted
    bad = {**HEALTHY, ("example.com", "TXT"): (("v=spf1 -al",),)}
    figures = figures_of(bad, DOMAIN, rules=rules)
    assert figures.value("dns.sender_requirements") == 1
    assert states(figures)["dmarc"] == "cannot_tell"


def test_nothing_measured_is_nothing_met() -> None:
    figures = sorted_out(requirements_of("example.com", []))
    assert set(states(figures).values()) == {"cannot_tell"}

"""What the mailbox providers ask, as far as DNS shows it, and with what other sources show."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwatch.config import Domain
from mailwatch.demo import Rcode, Rule, build
from mailwatch.model import Measurement, Subject, Window
from mailwatch.sources.dns.sender_requirements import complete_requirements, requirements_of
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


# --- with what the other sources of a run show ----------------------------------------------------


def figure(metric: str, value: float | str | None, **subject: str) -> Measurement:
    return Measurement(metric, Subject.of(**(subject or {"domain": "example.com"})), value)


def gmail(requirement: str, status: str) -> Measurement:
    about = {"domain": "example.com", "requirement": requirement}
    return figure("postmaster.compliance", status, **about)


def yahoo(reports: int, delivered: int) -> Measurement:
    metric, about = "sendgrid.spam_report_rate", Subject.of(provider="Yahoo")
    return Measurement(metric, about, reports / delivered, reports, delivered)


AUTHENTICATED = figure("sendgrid.domain_authentication", "valid")
ACCOUNT_WIDE = Subject.of()


def answered(*others: Measurement) -> tuple[dict[tuple[str, str], tuple[str, str]], object]:
    """The state by requirement and provider with the figure that says so, and how many are missed:
    of a domain of which DNS shows nothing but what `others` has."""
    (table,) = requirements_of("example.com", [])
    assert isinstance(table, Measurement)
    *_, completed = complete_requirements([*others, table])
    states = {}
    for phrase in completed.evidence:
        row = dict(phrase.values)
        for name in str(row["by"]).split(", "):
            key = (row["what"].code[12:], name)  # type: ignore[union-attr]
            states[key] = (row["state"].code[16:], str(row.get("source", "")))  # type: ignore[union-attr]
    return states, completed.value


@pytest.mark.parametrize(
    ("others", "what", "state"),
    [
        ([figure("postmaster.spf_pass_rate", 0.97)], "spf", "met"),
        ([figure("postmaster.spf_pass_rate", 0.5)], "spf", "not_met"),
        ([figure("dns.spf_record", "invalid"), AUTHENTICATED], "spf", "not_met"),
        ([figure("dns.spf_record", "missing"), AUTHENTICATED], "spf", "met"),
        ([AUTHENTICATED], "dkim", "met"),
        ([figure("sendgrid.domain_authentication", "invalid")], "dkim", "cannot_tell"),
        ([figure("dns.dkim_key", "valid", domain="example.com", selector="s1")], "dkim", "met"),
        (
            [figure("dns.dkim_key", "valid", domain="b.example", selector="s1")],
            "dkim",
            "cannot_tell",
        ),
        ([figure("postmaster.dmarc_pass_rate", 0.99)], "alignment", "met"),
        ([figure("dmarc.pass_rate", 0.99)], "alignment", "met"),
        ([figure("dmarc.pass_rate", 0.2)], "alignment", "cannot_tell"),  # it may be spoofed
        ([figure("dns.dmarc_alignment", "neither")], "alignment", "not_met"),
        ([figure("postmaster.spam_rate", 0.003)], "spam_rate", "not_met"),
        ([figure("postmaster.spam_rate", 0.0029)], "spam_rate", "met"),
        ([figure("postmaster.spam_rate", None)], "spam_rate", "cannot_tell"),
        ([figure("postmaster.tls_rate", 0.999)], "tls", "met"),
        ([gmail("ENCRYPTION", "NEEDS_WORK")], "tls", "not_met"),
        ([figure("postmaster.tls_rate", 1.0), gmail("ENCRYPTION", "NEEDS_WORK")], "tls", "met"),
        ([Measurement("sendgrid.enforced_tls", ACCOUNT_WIDE, "required")], "tls", "cannot_tell"),
        (
            [Measurement("sendgrid.enforced_tls", ACCOUNT_WIDE, "required"), AUTHENTICATED],
            "tls",
            "met",
        ),
        ([gmail("DNS_RECORDS", "COMPLIANT")], "reverse_dns", "met"),
        (
            [Measurement("sendgrid.reverse_dns", ACCOUNT_WIDE, 1), AUTHENTICATED],
            "reverse_dns",
            "not_met",
        ),
        (
            [Measurement("sendgrid.sending_ips", ACCOUNT_WIDE, "shared"), AUTHENTICATED],
            "reverse_dns",
            "met",
        ),
    ],
)
def test_what_dns_cannot_tell_another_source_may(
    others: list[Measurement], what: str, state: str
) -> None:
    states, missed = answered(*others)
    assert states[what, "Gmail"][0] == state
    # It is counted once, whichever providers ask for it, and the figure is named
    assert missed == (state == "not_met")
    source = others[-1].metric if state != "cannot_tell" else ""
    assert states[what, "Gmail"][1] in (source, others[0].metric, "")


def test_what_one_provider_says_holds_for_that_provider() -> None:
    states, _ = answered(gmail("ONE_CLICK_UNSUBSCRIBE", "COMPLIANT"), gmail("SPF", "COMPLIANT"))
    assert states["one_click", "Gmail"] == ("met", "postmaster.compliance")
    assert states["one_click", "Yahoo"] == ("cannot_tell", "")
    assert states["spf", "Apple"] == ("cannot_tell", "")


@pytest.mark.parametrize(
    ("others", "state"),
    [
        ([yahoo(1, 10_000), AUTHENTICATED], "met"),
        ([yahoo(40, 10_000), AUTHENTICATED], "not_met"),
        ([yahoo(1, 100), AUTHENTICATED], "cannot_tell"),  # too little mail
        ([yahoo(40, 10_000)], "cannot_tell"),  # whose mail it is, is not known
        (
            [
                yahoo(40, 10_000),
                AUTHENTICATED,
                figure("sendgrid.domain_authentication", "valid", domain="b.example"),
            ],
            "cannot_tell",
        ),
    ],
)
def test_the_accounts_complaints_at_yahoo(others: list[Measurement], state: str) -> None:
    states, _ = answered(*others)
    assert states["spam_rate", "Yahoo"][0] == state
    assert states["spam_rate", "Gmail"][0] == "cannot_tell"


def test_an_old_rate_says_nothing_of_now() -> None:
    week = Window(TODAY - timedelta(days=20), TODAY - timedelta(days=14))
    old = replace(figure("postmaster.tls_rate", 1.0), window=week, complete_until=TODAY)
    assert answered(old)[0]["tls", "Gmail"][0] == "cannot_tell"


def test_without_a_table_there_is_nothing_to_fill() -> None:
    figures = [figure("postmaster.tls_rate", 1.0), figure("dns.sender_requirements", None)]
    assert complete_requirements(figures) == figures

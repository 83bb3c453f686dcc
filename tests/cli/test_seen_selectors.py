"""check: the keys of selectors that SendGrid and DMARC reports name beside the configured ones."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mailwatch.demo import Faults, HttpReply, Rcode, Rule, World, build
from mailwatch.demo.story.account import authenticated
from tests.cli.conftest import NOON, Command, Outcome, watched

HEALTHY = build("healthy", NOON.date())
S1 = ("s1._domainkey.example.com", "CNAME")
CRM = ("crm._domainkey.example.com", "TXT")


def checked(
    mailwatch: Command,
    world: World = HEALTHY,
    *more: str,
    faults: Faults | None = None,
    named: str = "",
    reports: bool = True,
) -> Outcome:
    """A run of SendGrid, DNS and reports over a configuration that names these selectors."""
    with watched(world=world, faults=faults) as (_, config):
        path = Path(config)
        text = path.read_text(encoding="utf-8").replace("[s1, s2]", f"[{named}]")
        top, dns = text.partition("postmaster:")[0], text.partition("dns:")[2]
        path.write_text(f"{top}dns:{dns if reports else dns.partition('dmarc:')[0]}")
        argv = ("check", "--config", config, "--format", "json", "--history", "none")
        return mailwatch(*argv, *more)


def keys(outcome: Outcome) -> Mapping[str, Any]:
    """The findings on DKIM keys by selector, and domain where it is another."""
    return {
        ".".join(value for value in (f["subject"].get("selector"), f["subject"]["domain"]) if value)
        .removesuffix("example.com")
        .strip("."): f
        for f in outcome.json["findings"]
        if f["check"] == "dns.dkim_key"
    }


def test_what_sendgrid_signs_with_is_judged_and_what_was_only_seen_is_shown(
    mailwatch: Command,
) -> None:
    # Given a domain without a configured selector, one key of SendGrid's gone, and in the reports
    # two more of which DNS has one
    zone = {key: values for key, values in HEALTHY.zone.items() if key not in (S1, CRM)}
    found = keys(checked(mailwatch, replace(HEALTHY, zone=zone)))
    # Then each is looked up, and says where it was seen
    levels = {name: (f["value"], f["level"]) for name, f in found.items()}
    assert levels == {
        "s1": ("missing", "breach"),
        "s2": ("valid", "ok"),
        "office": ("valid", "ok"),
        "crm": ("missing", "ok"),
    }
    assert found["s1"]["evidence"][0] == "selector of SendGrid's domain authentication"
    assert found["s2"]["evidence"][0] == "selector of SendGrid's domain authentication"
    assert found["crm"]["evidence"][0] == "selector seen in DMARC reports, last for 23 Nov"
    assert "not judged: only seen in DMARC reports" in found["crm"]["reason"]


def test_a_configured_selector_and_a_key_that_is_only_seen(mailwatch: Command) -> None:
    # Given s1 in the configuration, and a weak key at a selector of the reports
    weak = (("k=rsa; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKJ2lzDLZ8XlVambQfMXn3LRGKOD5o6lMIgulclWjZwP"
             "56LRqdg5ZX15bhc/GsvW8xW/R5Sh1NnkJNyL/cqY1a+GzL47t7EXzVc+nRLWT1kwTvFNGIoAUsFUq+J6+OprwI"
             "DAQAB"),)  # fmt: skip
    zone = {**HEALTHY.zone, ("office._domainkey.example.com", "TXT"): (weak,)}
    outcome = checked(mailwatch, replace(HEALTHY, zone=zone), named="s1")
    found = keys(outcome)
    # Then the first is what it always was, and a key that is found is judged
    assert found["s1"]["evidence"][0].startswith("CNAME")
    assert found["office"]["level"] == "breach"
    assert set(found) == {"s1", "s2", "office", "crm"}


def test_keys_of_a_subdomain_are_looked_up_there(mailwatch: Command) -> None:
    rows = (authenticated(5, "mail.example.com"),)
    world = replace(HEALTHY, settings=replace(HEALTHY.settings, domains=rows))
    found = keys(checked(mailwatch, world))
    assert found["s1.mail"]["value"] == "missing"


@pytest.mark.parametrize(
    "faults",
    [Rule("sendgrid", HttpReply(403, "{}"), "/v3/whitelabel"), Rule("dns", Rcode(), S1[0])],
    ids=["refused", "not answered"],
)
def test_without_an_answer_nothing_is_missing(mailwatch: Command, faults: Rule) -> None:
    outcome = checked(mailwatch, faults=Faults(faults), reports=False)
    found = keys(outcome)
    (unknown,) = (f for f in found.values() if f["level"] == "unknown")
    known = faults.service == "dns"
    assert unknown["subject"] == {"domain": "example.com", **({"selector": "s1"} if known else {})}
    assert unknown["cause"] == ("could_not_ask" if known else "no_data")
    assert ("s2" in found) == known


def alignment(outcome: Outcome) -> Any:
    """The finding on what the mail is sent with; None where there is none."""
    found = (f for f in outcome.json["findings"] if f["check"] == "dns.dmarc_alignment")
    return next(found, None)


def test_what_sendgrid_sends_with_is_held_against_the_policy(mailwatch: Command) -> None:
    # Given a configuration that does not say what the mail is sent with
    found = alignment(checked(mailwatch, reports=False))
    # Then SendGrid's authentication does
    assert (found["value"], found["level"]) == ("both", "ok")
    assert found["evidence"][0] == "from SendGrid's domain authentication"
    assert "return path em1234.example.com" in found["evidence"][1]
    # And under strict alignment the return path, a name below the domain, does not count
    policy = ("_dmarc.example.com", "TXT")
    zone = {**HEALTHY.zone, policy: ["v=DMARC1; p=quarantine; aspf=s"]}
    found = alignment(checked(mailwatch, replace(HEALTHY, zone=zone), reports=False))
    assert found["value"] == "dkim"
    # And neither what is not valid, nor a name that is not the default, is what mail is sent with
    for row in (authenticated(1, valid=False), authenticated(2, "mail.example.com")):
        settings = replace(HEALTHY.settings, domains=(row,))
        world = replace(HEALTHY, settings=settings)
        assert alignment(checked(mailwatch, world, reports=False)) is None

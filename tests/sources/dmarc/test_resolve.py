"""With --resolve, DNS says what the policy is now, and what addresses are called."""

from dataclasses import replace
from pathlib import Path

from mailwatch.demo import build
from tests.cli.conftest import NOON, Command, watched
from tests.sources.dmarc.conftest import finding
from tests.sources.dmarc.samples import SPOOF, Row, report

POINTER = "66.100.51.198.in-addr.arpa."


def test_the_published_policy_and_host_names(mailwatch: Command, empty_home: Path) -> None:
    """Given reporters that still see p=none where DNS has p=quarantine, this is a warning. A name
    that does not lead back to its address is shown as a claim."""
    content = report(Row(count=900), replace(SPOOF, count=100))
    (empty_home / "a.xml").write_text(content)
    world = build("healthy", NOON.date())
    zone = {**world.zone, (POINTER, "PTR"): ("mail.bank.example.",)}
    with watched(world=replace(world, zone=zone)) as (_, config):
        argv = ("dmarc", "a.xml", "--config", config, "--format", "json")
        with_dns, without = mailwatch(*argv, "--resolve"), mailwatch(*argv)
    policy = finding(with_dns, "dmarc.policy_seen")
    assert (policy["value"], policy["level"]) == ("other", "warn")
    assert policy["evidence"] == ["DNS has p=quarantine", "p=none: seen by 1 reporter"]
    assert finding(without, "dmarc.policy_seen")["value"] == "same"
    (line,) = finding(with_dns, "dmarc.spoofed_rate")["evidence"]
    assert line == "198.51.100.66 (says mail.bank.example): 100 messages"


def test_names_that_cannot_be_looked_up_cost_nothing(mailwatch: Command, empty_home: Path) -> None:
    (empty_home / "a.xml").write_text(report(Row(count=900), replace(SPOOF, count=100)))
    outcome = mailwatch("dmarc", "a.xml", "--resolve", "--resolver", "127.0.0.1:1",
                        "--format", "json", "--timeout", "5")  # fmt: skip
    assert finding(outcome, "dmarc.policy_seen")["value"] == "same"
    assert finding(outcome, "dmarc.pass_rate")["denominator"] == 1000

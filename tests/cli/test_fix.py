"""dns --fix and check --fix: the records to publish instead of the report."""

import json
from dataclasses import replace

import dns.zone
import pytest

from mailwatch.demo import Faults, Rcode, Rule, build
from tests.cli.conftest import NOON, Command, watched

NEGLECTED = build("breach", NOON.date())


@pytest.mark.parametrize("command", ["dns", "check"])
def test_records_for_a_zone_file(mailwatch: Command, command: str) -> None:
    # Given a domain without a DMARC record
    with watched(world=NEGLECTED) as (running, config):
        outcome = mailwatch(command, "--fix", "zone", "--config", config)
        asked = {request.service for request in running.requests}
    # Then the records are printed and nothing else, and only DNS was asked
    assert (outcome.status, outcome.err) == (0, "")
    zone = dns.zone.from_text(outcome.out, origin="com.", relativize=False, check_origin=False)
    texts = {name.to_text(): str(rdataset) for name, rdataset in zone.iterate_rdatasets("TXT")}
    assert "v=DMARC1; p=none; rua=mailto:dmarc-reports@example.com" in texts["_dmarc.example.com."]
    assert "; Create the mailbox dmarc-reports@example.com first.\n" in outcome.out
    assert "p=reject" not in outcome.out
    assert asked == {"dns"}


def test_records_for_route_53_and_terraform(mailwatch: Command) -> None:
    with watched(world=NEGLECTED) as (_, config):
        batch = mailwatch("dns", "--fix", "route53", "--config", config)
        hcl = mailwatch("dns", "--fix", "terraform", "--config", config)
    assert (batch.status, hcl.status) == (0, 0)
    sets = [change["ResourceRecordSet"] for change in json.loads(batch.out)["Changes"]]
    assert "_dmarc.example.com." in {one["Name"] for one in sets}
    assert 'resource "aws_route53_record" "txt__dmarc_example_com" {\n' in hcl.out


def test_what_could_not_be_asked_for_is_status_3(mailwatch: Command) -> None:
    faults = Faults(Rule("dns", Rcode(), match="_dmarc.example.com"))
    with watched(faults=faults) as (_, config):
        outcome = mailwatch("dns", "--fix", "zone", "--config", config)
        ignored = mailwatch("dns", "--fix", "zone", "--config", config, "--fail-on", "never")
    assert (outcome.status, ignored.status) == (3, 0)
    assert "The DMARC records of example.com could not be looked up." in outcome.err
    assert "_dmarc.example.com. " not in outcome.out


def test_hostile_records_stay_in_their_place(mailwatch: Command) -> None:
    zone = {
        **NEGLECTED.zone,
        ("example.com", "TXT"): (
            ("v=spf1 a +all",),
            ('evil" "\n_x.example.com. 1 IN TXT "${file("/etc/passwd")} \x1b[31m',),
        ),
    }
    with watched(world=replace(NEGLECTED, zone=zone)) as (_, config):
        outcome = mailwatch("dns", "--fix", "zone", "--config", config)
        hcl = mailwatch("dns", "--fix", "terraform", "--config", config)
    read = dns.zone.from_text(outcome.out, origin="com.", relativize=False, check_origin=False)
    assert "_x.example.com." not in {name.to_text() for name in read}
    assert "\x1b" not in outcome.out + hcl.out
    assert "$${file(" in hcl.out


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("dns", "example.com", "--fix", "zones"), "did you mean zone"),
        (("dns", "example.com", "--fix", "zone", "--format", "json"), "takes no --format"),
        (("dns", "example.com", "--fix", "zone", "--output", "json=x"), "takes no --format"),
        (("dns", "example.com", "--fix", "zone", "--as-of", "2026-11-20"), "takes no --as-of"),
        (("dns", "a.example", "b.example", "--fix", "route53"), "is for one hosted zone"),
        (("check", "--fix", "zone"), "needs a domain"),
        (("sendgrid", "--fix", "zone"), "--fix"),
    ],
)
def test_usage(mailwatch: Command, argv: tuple[str, ...], said: str) -> None:
    outcome = mailwatch(*argv)
    assert (outcome.status, outcome.out) == (2, "")
    assert said in outcome.err

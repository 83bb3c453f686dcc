"""dns --fix and check --fix: the records to publish instead of the report."""

import json
from dataclasses import replace
from pathlib import Path

import dns.zone
import pytest

from mailwatch.demo import Faults, HttpReply, Rcode, Rule, World, build
from tests.cli.conftest import NOON, Command, watched

NEGLECTED = build("breach", NOON.date())


def test_records_for_a_zone_file(mailwatch: Command) -> None:
    # Given a domain without a DMARC record
    with watched(world=NEGLECTED) as (running, _):
        server = ("--resolver", running.nameserver)
        outcome = mailwatch("dns", "example.com", "--fix", "zone", *server)
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


def lacking() -> World:
    """A healthy world, without a key and an address that SendGrid expects, with a link astray."""
    healthy = build("healthy", NOON.date())
    gone = {("s1._domainkey.example.com", "CNAME"), ("o1.em1234.example.com", "A")}
    zone = {key: values for key, values in healthy.zone.items() if key not in gone}
    zone["url1234.example.com", "CNAME"] = ("elsewhere.example.net.",)
    return replace(healthy, zone=zone)


EXPECTED = {
    ("s1._domainkey.example.com", "CNAME"): "s1.domainkey.u1234567.wl123.sendgrid.net",
    ("url1234.example.com", "CNAME"): "sendgrid.net",
    ("o1.em1234.example.com", "A"): "192.0.2.10",
}


def test_what_sendgrid_expects_and_dns_lacks_is_in_every_form(mailwatch: Command) -> None:
    # Given an account whose domain, links and address lack records
    with watched(world=lacking()) as (running, config):
        zone = mailwatch("check", "--fix", "zone", "--config", config)
        again = mailwatch("dns", "--fix", "zone", "--config", config)
        batch = mailwatch("check", "--fix", "route53", "--config", config)
        hcl = mailwatch("check", "--fix", "terraform", "--config", config)
        asked = [request.path for request in running.requests if request.service == "sendgrid"]
    # Then these are there, and none that DNS has as SendGrid expects it
    assert (zone.status, zone.err, zone.out) == (0, "", again.out)
    lines = [line.split() for line in zone.out.splitlines() if not line.startswith(";")]
    found = {(name[:-1], kind): value.rstrip(".") for name, _, _, kind, value, *_ in lines[:-1]}
    assert found == EXPECTED
    assert lines[-1][0] == "_smtp._tls.example.com."
    sets = [change["ResourceRecordSet"] for change in json.loads(batch.out)["Changes"]]
    values = {(s["Name"][:-1], s["Type"]): s["ResourceRecords"][0]["Value"] for s in sets[:-1]}
    assert {key: value.rstrip(".") for key, value in values.items()} == EXPECTED
    for (name, kind), value in EXPECTED.items():
        assert f'name    = "{name}"\n  type    = "{kind}"\n' in hcl.out
        assert f'    "{value}",\n' in hcl.out
    # And SendGrid was asked for nothing else
    assert set(asked) == {f"/v3/whitelabel/{name}" for name in ("domains", "links", "ips")}


@pytest.mark.parametrize("refused", ["no key", "403"])
def test_only_check_needs_sendgrid(
    mailwatch: Command, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    # Given an account that does not answer
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.x" if refused == "403" else "")
    faults = Faults(Rule("sendgrid", HttpReply(403, '{"errors": []}')))
    with watched(world=NEGLECTED, faults=faults) as (running, _):
        Path("mine.yaml").write_text(
            f"domains: [{{name: example.com}}]\nsendgrid: {{base_url: {running.sendgrid_url}}}\n"
            f"dns: {{nameservers: ['{running.nameserver}']}}\n"
        )
        alone = mailwatch("dns", "--fix", "zone", "--config", "mine.yaml")
        all_of_it = mailwatch("check", "--fix", "zone", "--config", "mine.yaml")
    # Then what DNS shows is proposed all the same, and the run says what it does not know
    assert (alone.status, alone.err, all_of_it.status) == (0, "", 3)
    assert "_dmarc.example.com. 3600 IN TXT" in alone.out
    said = "SendGrid did not say which records it expects: "
    assert said in alone.out
    assert said in all_of_it.err


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

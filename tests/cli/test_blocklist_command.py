"""mailwatch blocklist, and the section that adds it to check."""

from dataclasses import replace
from pathlib import Path

from mailwatch.demo import build
from mailwatch.demo.story.blocklists import blocklist
from tests.cli.conftest import NOON, Command, watched

ZEN = "zen.spamhaus.org"
HEALTHY = build("healthy", NOON.date())
LISTED = replace(HEALTHY, zone={**HEALTHY.zone, **blocklist(ZEN, {"192.0.2.10": "127.0.0.2"})})


def test_check_asks_no_blocklist_unless_configured(mailwatch: Command) -> None:
    with watched(world=LISTED) as (running, config):
        outcome = mailwatch("check", "--config", config, "--format", "json")
        assert not any(ZEN in request.path for request in running.requests)
    assert outcome.state("blocklist") == "skipped"
    assert outcome.status == 0


def test_a_listing_is_a_breach_with_its_reason(mailwatch: Command) -> None:
    # Given a dedicated address that is on a list
    with watched(world=LISTED) as (_, config):
        path = Path(config)
        path.write_text(f"{path.read_text()}blocklist:\n  zones: [{ZEN}]\n")
        outcome = mailwatch("check", "--config", config, "--format", "json")
        page = mailwatch("blocklist", "--config", config, "--lang", "en")
    # Then it is a breach, with what the list means and where to ask
    (finding,) = [f for f in outcome.json["findings"] if f["check"] == "blocklist.listing"]
    assert (finding["level"], finding["value"]) == ("breach", "listed")
    assert finding["subject"] == {"ip": "192.0.2.10", "blocklist": ZEN}
    assert any("SBL" in line for line in finding["evidence"])
    assert outcome.status == page.status == 1
    assert "https://check.spamhaus.org/" in page.out


def test_only_documented_lists_are_accepted(mailwatch: Command) -> None:
    Path("mailwatch.yaml").write_text("blocklist:\n  zones: [dnsbl.sorbs.net]\n")
    outcome = mailwatch("blocklist", "example.com")
    assert outcome.status == 2
    assert "is not one of the accepted words" in outcome.err

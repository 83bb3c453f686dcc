"""What is different in the newest run, and what could have caused it."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from mailwatch.catalog.shipped import SCHEMAS
from mailwatch.clock import Clock
from mailwatch.demo import World, build
from mailwatch.demo.story.division import MailShare, Trouble, divided, sending
from mailwatch.demo.story.mail import STEADY, Rates, booked
from tests.cli.conftest import NOON, Command, watched

PLACE = ("--history", "h.sqlite")


def at(days: float) -> Clock:
    """The clock so many days after noon of the story's last day."""
    return Clock(now=lambda: NOON + timedelta(days=days), pause=lambda seconds: None)


def differences(mailwatch: Command, *argv: str) -> Any:
    """The JSON of `diff`, which its schema accepts."""
    document = mailwatch("diff", *PLACE, *argv, "--format", "json").json
    schema = json.loads((SCHEMAS / "diff.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)
    return document


def test_diff_names_what_could_have_caused_it(mailwatch: Command) -> None:
    # Given a good run, and a worse one with another threshold
    with watched() as (_, config):
        mailwatch("check", "--config", config, *PLACE)
        assert "not two runs" in mailwatch("diff", *PLACE).out
        assert differences(mailwatch)["since_last"] is None
    with watched(world=build("breach", at(4).now().date())) as (_, config):
        Path(config).with_name("thresholds.yaml").write_text("dns.spf_lookups: {act: 20}\n")
        mailwatch("check", "--config", config, *PLACE, clock=at(4))
    # Then diff names the worse findings, and the record, setting and requirement that changed
    text = mailwatch("diff", *PLACE, "--width", "200").out
    assert "Since the run of 2026-11-24T03:00:00Z:" in text
    assert "worse: Bounce rate  OK 0.6 % → BREACH 6.1 %" in text
    changed = "TXT of _dmarc.example.com changed; until 2026-11-24 it was: v=DMARC1; p=quarantine"
    assert changed in text
    assert "→ now: no record" in text
    assert "Google's requirement DMARC_POLICY: COMPLIANT → NEEDS_WORK" in text
    assert "the setting thresholds.dns.spf_lookups.act changed: " in text
    document = differences(mailwatch)
    causes = document["since_last"]["causes"]
    assert {"_dmarc.example.com"} < {record["name"] for record in causes["records"]}
    assert "API" not in json.dumps(causes["settings"])
    # And after another run like it, nothing changed since the last, but since the last good one
    with watched(world=build("breach", at(4).now().date())) as (_, config):
        Path(config).with_name("thresholds.yaml").write_text("dns.spf_lookups: {act: 20}\n")
        mailwatch("check", "--config", config, *PLACE, clock=at(4.25))
    document = differences(mailwatch)
    assert document["since_last"]["findings"] == []
    good = document["since_good"]
    assert good["before"]["generated_at"] == "2026-11-24T03:00:00Z"
    assert any(change["change"] == "worse" for change in good["findings"])
    assert mailwatch("diff", *PLACE, "--since", "2026-11-23").out.startswith("Since the run of")


def sale() -> World:
    """Twice as much mail as usual for a week, half of it in a category of its own, and what bounces
    more bounces at one mailbox provider, at one domain."""
    world = build("healthy", NOON.date())
    stats = dict(world.stats)
    for age in range(1, 8):
        day = NOON.date() - timedelta(days=age)
        stats[day] = booked(20_000, Rates(bounces=0.08))
    trouble = Trouble(receipts=STEADY, at_microsoft=STEADY)
    parts = sending(stats, NOON.date(), world.timezone, trouble, world.sending.ips)
    shares = {"order": MailShare(0.3, STEADY), "password-reset": MailShare(0.1, STEADY)}
    categories = divided(stats, shares, "black-friday")
    bounced = [
        row._replace(email=f"{number}@yahoo.example")
        for number, row in enumerate(parts.suppressions["bounces"])
    ]
    suppressions = {**parts.suppressions, "bounces": bounced}
    divided_so = replace(parts, categories=categories, suppressions=suppressions)
    return replace(world, stats=stats, sending=divided_so)


def test_diff_names_the_category_and_the_provider_that_a_rise_is_in(mailwatch: Command) -> None:
    # Given a usual week, and one with a new category whose mail bounces at one provider
    for world, day in ((build("healthy", NOON.date()), 0.0), (sale(), 0.5)):
        with watched(world=world) as (_, config):
            mailwatch("sendgrid", "--config", config, *PLACE, clock=at(day))
    # When the two runs are compared
    found = differences(mailwatch)["since_last"]
    text = mailwatch("diff", *PLACE, "--width", "200").out
    # Then the category is named as new, and both as the parts that have the additional bounces
    assert found["causes"]["subjects"] == [{"category": "black-friday"}]
    assert "a new category: black-friday" in text
    bounces = {
        key: (value, part["share"])
        for part in found["causes"]["parts"]
        for key, value in part["subject"].items()
        if part["check"] == "sendgrid.bounce_rate"
    }
    assert {key: name for key, (name, _) in bounces.items()} == {
        "category": "black-friday",
        "provider": "Yahoo",
        "recipient_domain": "yahoo.example",
        "subuser": "newsletter",
    }
    assert "Bounce rate: provider Yahoo has 9" in text
    assert "Bounce rate: recipient domain yahoo.example has " in text
    # And of deliveries, of which there are more while their rate fell, no part is
    worse = {change["check"] for change in found["findings"] if change["change"] == "worse"}
    assert "sendgrid.delivered_rate" in worse
    assert not [
        one for one in found["causes"]["parts"] if one["check"] == "sendgrid.delivered_rate"
    ]

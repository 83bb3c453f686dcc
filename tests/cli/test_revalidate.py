"""--revalidate, and the settings as the commands show them."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mailwatch.demo import build, serve
from mailwatch.demo.story.configuration import configured
from tests.cli.conftest import Command

WORLD = build("healthy", date(2026, 11, 24))
WRITABLE = replace(WORLD, scopes=WORLD.scopes | {"whitelabel.update"})


@pytest.mark.parametrize("command", ["sendgrid", "check"])
def test_domains_are_validated_only_when_asked(mailwatch: Command, command: str) -> None:
    with serve(WRITABLE) as running, configured(WRITABLE, running) as path:
        # Given a run as it is every day
        outcome = mailwatch(command, "--config", str(path))
        # Then nothing is changed
        written = [r.path for r in running.requests if "validate" in r.path]
        assert written == []
        # When it is asked for
        again = mailwatch(command, "--config", str(path), "--revalidate")
    # Then the monitored domain is validated, once, and the report is the same
    written = [r.path for r in running.requests if "validate" in r.path]
    assert written == ["/v3/whitelabel/domains/2/validate"]
    assert (outcome.status, again.status) == (0, 0)
    assert "authentication valid" in again.out


def test_without_sendgrid_it_is_refused(mailwatch: Command) -> None:
    outcome = mailwatch("check", "example.com", "--revalidate")
    assert outcome.status == 2
    assert "--revalidate: SendGrid is not configured" in outcome.err


def test_other_sources_do_not_have_it(mailwatch: Command) -> None:
    assert mailwatch("dns", "example.com", "--revalidate").status == 2


def test_the_resolver_can_be_named(mailwatch: Command) -> None:
    with serve(WORLD) as running, configured(WORLD, running) as path:
        text = path.read_text().replace(running.nameserver, "127.0.0.1:1")
        Path("mailwatch.yaml").write_text(text)
        for name in ("sendgrid-key", "postmaster-token.json"):
            Path(name).write_text((path.parent / name).read_text())
        argv = ("sendgrid", "--config", "mailwatch.yaml", "--resolver", running.nameserver)
        outcome = mailwatch(*argv)
    assert (outcome.status, outcome.err) == (0, "")
    assert "records off 0" in outcome.out


def test_the_switch_is_read_from_the_file(mailwatch: Command) -> None:
    with serve(WORLD) as running, configured(WORLD, running) as path:
        text = path.read_text().replace("  timezone", "  audit: false\n  timezone", 1)
        path.write_text(text)
        outcome = mailwatch("sendgrid", "--config", str(path))
        assert (outcome.status, "webhook" in outcome.out) == (0, False)
        path.write_text(text.replace("audit: false", "audit: maybe"))
        refused = mailwatch("sendgrid", "--config", str(path))
    assert refused.status == 2
    assert "true or false" in refused.err


def test_config_shows_the_switch_of_the_file_alone(mailwatch: Command) -> None:
    Path("mailwatch.yaml").write_text("sendgrid:\n  audit: false\n")
    out = mailwatch("config").out
    assert "sendgrid.audit" in out
    assert "revalidate" not in out

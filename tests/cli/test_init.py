"""init: the two files that it writes say what they are, and can be used as they are."""

import re
from pathlib import Path

import pytest

from mailwatch.catalog.catalog import read_catalog
from mailwatch.config import load_config
from mailwatch.model import Subject
from tests.cli.conftest import Command


def test_the_time_zone_is_not_guessed(mailwatch: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a key in the environment, when init switches sendgrid on, then the zone stays off:
    a wrong one shifts every day."""
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.x")
    mailwatch("init")
    sendgrid = load_config(None).config.sendgrid
    assert sendgrid is not None
    assert sendgrid.timezone is None
    assert re.search(r"^#   timezone: ", Path("mailwatch.yaml").read_text(), re.MULTILINE)


def test_the_files_speak_of_themselves(mailwatch: Command) -> None:
    """What is only true of the shipped file, or of a checkout, is not copied."""
    mailwatch("init")
    text = Path("thresholds.yaml").read_text()
    for phrase in ("Change the numbers here", "checks/README.md", "keep a\n", "--thresholds"):
        assert phrase not in text
    assert "# sendgrid.bounce_rate: {ideal: 3%" in text
    assert all(len(line) <= 100 for line in text.splitlines())
    assert all(line.startswith("#") for line in text.splitlines() if line)


def test_the_example_of_an_override_can_apply(mailwatch: Command) -> None:
    """Given the example switched on, then it changes the thresholds of the user's own domain."""
    mailwatch("init", "a.example")
    path = Path("thresholds.yaml")
    example = re.search(r"^# overrides:\n(#  .*\n)+", path.read_text(), re.MULTILINE)
    assert example is not None
    path.write_text(re.sub(r"^# ", "", example[0], flags=re.MULTILINE))
    catalog = read_catalog(path)
    ((check_id, _),) = catalog.overrides[0].numbers.items()
    check = catalog.check(check_id)
    assert catalog.threshold(check, Subject.of(domain="a.example")).act is not None
    assert catalog.threshold(check, Subject.of(domain="a.example")) != catalog.threshold(
        check, Subject.of(domain="b.example")
    )

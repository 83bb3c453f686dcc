"""The command `mailwatch dmarc`, on files that a test writes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command, Outcome, empty_home, mailwatch

__all__ = ["Measured", "empty_home", "mailwatch", "measure"]

Measured = Callable[..., Outcome]


@pytest.fixture
def measure(mailwatch: Command, empty_home: Path) -> Measured:
    """Writes each content to a file of its own, named without a hint, and measures them all."""

    def run(*contents: str | bytes, options: tuple[str, ...] = ()) -> Outcome:
        folder = empty_home / "reports"
        folder.mkdir(exist_ok=True)
        for number, content in enumerate(contents):
            data = content.encode() if isinstance(content, str) else content
            (folder / f"file{number:03}").write_bytes(data)
        return mailwatch("dmarc", "reports", "--format", "json", *options)

    return run


def state(outcome: Outcome) -> Any:
    """The state of the source."""
    return outcome.json["sources"][0]


def counts(outcome: Outcome) -> dict[str, int]:
    """What was counted, without the calls."""
    found = dict(state(outcome)["counts"])
    del found["calls"]
    return found


def finding(outcome: Outcome, check: str, **subject: str) -> Any:
    """The one finding of a check of a subject."""
    wanted = {"domain": "example.com", **subject}
    (found,) = [
        one
        for one in outcome.json["findings"]
        if one["check"] == check and one["subject"] == wanted
    ]
    return found

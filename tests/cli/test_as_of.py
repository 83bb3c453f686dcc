"""--as-of: only a day that is over, in the zone of each source that is asked."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailwatch.clock import Clock
from tests.cli.conftest import Command, watched

MORNING = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
"""Half an hour into the 24th in Tokyo, and still the 23rd in UTC and west of it."""


@pytest.mark.parametrize(
    ("command", "zone", "as_of", "newest"),
    [
        ("sendgrid", "Asia/Tokyo", "2026-11-23", None),
        ("sendgrid", "Asia/Tokyo", "2026-11-24", "2026-11-23"),
        ("sendgrid", "America/Los_Angeles", "2026-11-23", "2026-11-22"),
        ("sendgrid", None, "2026-11-22", None),
        ("sendgrid", None, "2026-11-23", "2026-11-22"),
        ("postmaster", "Asia/Tokyo", "2026-11-22", None),
        ("postmaster", "Asia/Tokyo", "2026-11-23", "2026-11-22"),
        ("check", "Asia/Tokyo", "2026-11-22", None),
        ("check", "Asia/Tokyo", "2026-11-23", "2026-11-22"),
        ("dns", "Asia/Tokyo", "2026-11-23", "2026-11-22"),
    ],
)
def test_a_day_that_is_not_over_is_refused_before_anything_is_asked(
    mailwatch: Command, command: str, zone: str | None, as_of: str, newest: str | None
) -> None:
    # Given an account in a time zone, or in one that nobody configured
    clock = Clock(now=lambda: MORNING, pause=lambda seconds: None)
    with watched() as (running, config):
        path = Path(config)
        line = f"timezone: {zone}" if zone else "window_days: 7"
        path.write_text(path.read_text().replace("timezone: Asia/Tokyo", line))
        # When a day is asked for
        outcome = mailwatch(command, "--config", config, "--as-of", as_of, clock=clock)
        asked = running.requests
    # Then one that is not over there is refused, with the newest one that is
    if newest is None:
        assert outcome.status != 2
        assert asked
    else:
        assert outcome.status == 2
        assert f"--as-of {as_of}: that day is not over yet" in outcome.err
        assert outcome.err.rstrip().endswith(f"{newest}.")
        assert not asked

"""Which days are asked for: those that are over in the account's own time zone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from mailwatch.config import Config, SendGridConfig
from mailwatch.model import ACCOUNT, Cause, Level, State, Window, say
from mailwatch.sources import sendgrid
from mailwatch.sources.sendgrid.statistics import METRICS
from tests.sources.sendgrid.sendgrid_peer import NEWEST, Asked, ask, healthy

TOKYO, ANGELES = "Asia/Tokyo", "America/Los_Angeles"


def asked_for(asked: Asked) -> tuple[str | None, str | None]:
    request = next(request for request in asked.requests if request.path == "/v3/stats")
    return request.first("start_date"), request.first("end_date")


@pytest.mark.parametrize(
    ("zone", "now", "newest"),
    [
        (TOKYO, datetime(2026, 11, 23, 14, 59, tzinfo=UTC), "2026-11-22"),
        (TOKYO, datetime(2026, 11, 23, 15, 0, tzinfo=UTC), "2026-11-23"),
        (ANGELES, datetime(2026, 11, 24, 7, 59, tzinfo=UTC), "2026-11-22"),
        (ANGELES, datetime(2026, 11, 24, 8, 0, tzinfo=UTC), "2026-11-23"),
        (ANGELES, datetime(2026, 7, 24, 7, 0, tzinfo=UTC), "2026-07-23"),  # summer time
        (None, datetime(2026, 11, 24, 11, 59, tzinfo=UTC), "2026-11-22"),
        (None, datetime(2026, 11, 24, 12, 0, tzinfo=UTC), "2026-11-23"),
    ],
)
def test_the_newest_day_is_over_in_the_accounts_zone(
    tmp_path: Path, zone: str | None, now: datetime, newest: str
) -> None:
    asked = ask(tmp_path, settings={"timezone": zone}, now=now)
    last = date.fromisoformat(newest)
    assert asked_for(asked) == (str(last - timedelta(30)), newest)
    assert asked.state.newest_day == last
    figure = asked.finding("bounce_rate").measurement
    assert figure.window == Window(last - timedelta(6), last)
    assert (say("sendgrid.zone_unknown") in figure.evidence) is (zone is None)


def test_the_zone_of_the_clock_does_not_matter(tmp_path: Path) -> None:
    now = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    for hours in (-12, 0, 14):
        local = now.astimezone(timezone(timedelta(hours=hours)))
        assert asked_for(ask(tmp_path, now=local))[1] == "2026-11-23"


@pytest.mark.parametrize("zone", [TOKYO, ANGELES, None])
def test_as_of_is_the_newest_day_in_any_zone(tmp_path: Path, zone: str | None) -> None:
    asked = ask(tmp_path, settings={"timezone": zone}, as_of=date(2026, 11, 1))
    assert asked_for(asked) == ("2026-10-02", "2026-11-01")
    assert asked.state.newest_day == date(2026, 11, 1)


def test_a_past_reputation_is_not_asked_for(tmp_path: Path) -> None:
    asked = ask(tmp_path, as_of=date(2026, 11, 1))
    finding = asked.finding("reputation")
    assert (finding.level, finding.cause) == (Level.UNKNOWN, Cause.NO_DATA)
    assert finding.reason == say("sendgrid.reputation_no_past")
    assert asked.state.state is State.OK
    assert asked.paths == ["/v3/stats"]


@pytest.mark.parametrize(("window", "days"), [(1, 31), (31, 31), (45, 45), (90, 90)])
def test_a_longer_window_asks_for_more_days(tmp_path: Path, window: int, days: int) -> None:
    asked = ask(tmp_path, settings={"window_days": window})
    assert asked_for(asked) == (str(NEWEST - timedelta(days - 1)), str(NEWEST))
    assert asked.finding("bounce_rate").measurement.window == Window(
        NEWEST - timedelta(window - 1), NEWEST
    )


def test_an_account_without_mail_is_answered_and_unknown(tmp_path: Path) -> None:
    asked = ask(tmp_path, world=replace(healthy(), stats={}))
    assert asked.state.state is State.OK
    assert asked.finding("bounce_rate").cause is Cause.TOO_LITTLE_MAIL
    assert asked.finding("bounce_rate").reason == say("sendgrid.no_mail", days=7)
    assert asked.finding("daily_volume").measurement.value == 0
    assert asked.report.exit_code == 0


def test_the_source_expects_every_metric_of_the_account() -> None:
    config = Config(sendgrid=SendGridConfig())
    expected = list(sendgrid.expected(config))
    assert expected[: len(METRICS)] == [(metric, ACCOUNT) for metric in METRICS]
    assert {subject for _, subject in expected} == {ACCOUNT}
    assert sendgrid.skipped(config, None) is None
    assert sendgrid.skipped(Config(), None) == say("run.not_configured")

"""What only the JSON report carries: forecasts, since when, what a source counted and notes."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import jsonschema
import pytest

from mailwatch.catalog.shipped import SCHEMAS
from mailwatch.model import Forecast, Lang, Report, say
from mailwatch.reports import View
from mailwatch.reports.json import render
from tests.reports.samples import ok, plain, rate, report

SCHEMA = jsonschema.Draft202012Validator(json.loads((SCHEMAS / "report.json").read_text("utf-8")))
BREACH_ON, EARLIEST, LATEST = date(2026, 12, 1), date(2026, 11, 28), date(2026, 12, 6)


def document(shown: Report, lang: Lang = "en") -> Any:
    made = json.loads("".join(render(shown, View(lang=lang))))
    SCHEMA.validate(made)
    return made


def with_forecast(forecast: Forecast | None, since: date | None = None) -> Report:
    made = report([rate("sendgrid.bounce_rate", (340, 10000))], ok("sendgrid"))
    (finding,) = made.findings
    return replace(made, findings=(replace(finding, forecast=forecast, since=since),))


def test_a_forecast_and_since_when() -> None:
    forecast = Forecast(BREACH_ON, EARLIEST, LATEST, 0.62, 0.93)
    (finding,) = document(with_forecast(forecast, date(2026, 11, 20)))["findings"]
    assert finding["forecast"] == {
        "breach_on": "2026-12-01",
        "earliest": "2026-11-28",
        "latest": "2026-12-06",
        "within_7_days": 0.62,
        "within_14_days": 0.93,
    }
    assert finding["since"] == "2026-11-20"


def test_a_breach_that_is_not_in_sight_has_no_day() -> None:
    (finding,) = document(with_forecast(Forecast(None, None, None, 0.0, 0.01)))["findings"]
    assert finding["forecast"]["breach_on"] is None
    assert finding["forecast"]["latest"] is None
    (finding,) = document(with_forecast(None))["findings"]
    assert (finding["forecast"], finding["since"]) == (None, None)


@pytest.mark.parametrize("wrong", [{"within_7_days": 1.2}, {"earliest": "soon"}, {"odd": 1}])
def test_the_schema_refuses_another_forecast(wrong: dict[str, Any]) -> None:
    made = document(with_forecast(Forecast(BREACH_ON, EARLIEST, LATEST, 0.62, 0.93)))
    made["findings"][0]["forecast"] |= wrong
    assert not SCHEMA.is_valid(made)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_note_and_what_was_counted(lang: Lang) -> None:
    noted = replace(
        ok("sendgrid"), note=say("sendgrid.zone_unknown"), counts={"calls": 7, "subusers": 412}
    )
    made = document(report([plain("dns.mx", "found")], noted, ok("dns")), lang)
    first, second = made["sources"]
    assert first["counts"] == {"calls": 7, "subusers": 412}
    assert first["note"]
    assert second["note"] is None
    assert second["counts"] == {"calls": 3}

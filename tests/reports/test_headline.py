"""The lines around the findings."""

from dataclasses import replace
from datetime import date

import pytest

from mailwatch.model import Lang
from mailwatch.reports.headline import source_summaries
from tests.reports.samples import CASES


@pytest.mark.parametrize(
    ("newest", "lang", "shown"),
    [
        (date(2026, 11, 23), "en", "23 Nov)"),
        (date(2025, 11, 23), "en", "23 Nov 2025)"),
        (date(2025, 11, 23), "ja", "2025年11月23日)"),
    ],
)
def test_a_day_of_another_year_has_its_year(newest: date, lang: Lang, shown: str) -> None:
    report = CASES["everything"]()
    states = tuple(replace(state, newest_day=newest) for state in report.sources[:1])
    (first, *_) = source_summaries(replace(report, sources=states), lang)
    assert first.replace("\N{NO-BREAK SPACE}", " ").endswith(shown)

"""Charts of text."""

from datetime import date, timedelta

import pytest
from rich.cells import cell_len

from mailwatch.reports.chart import Chart, draw_chart

FIRST = date(2026, 11, 1)


def on(n: int) -> date:
    return FIRST + timedelta(days=n)


def draw(chart: Chart, width: int = 60) -> list[str]:
    return draw_chart(chart, width, lambda value: f"{value:g}", lambda day: f"{day.day}.")


def test_a_chart_has_bars_gaps_limits_and_days_to_come() -> None:
    values = {on(n): float(n) for n in range(9) if n != 4}
    chart = Chart(
        values,
        [("act > 10", 10.0), ("far > 90", 90.0)],
        {on(9): 9.0, on(10): 10.0},
        frozenset({on(6)}),
    )
    assert draw(chart) == [
        "act > 10 │──────────░",
        "         │        ▃░░",
        "         │       ▅█░░",
        "         │      ▆██░░",
        "         │     ████░░",
        "         │   ▃ ████░░",
        "         │  ▅█ ████░░",
        "       0 │▁▆██ ████░░",
        "         └───────────",
        "                ▲",
        "          1.      11.",
    ]


@pytest.mark.parametrize("width", [20, 40, 80])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    chart = Chart({on(n): 0.9 + n % 7 / 100 for n in range(400)}, [("理想 ≥ 95 %", 0.95)])
    lines = draw(chart, width)
    assert max(map(cell_len, lines)) <= width
    assert "理想 ≥ 95 %" in "".join(lines)


def test_figures_that_are_all_zero_are_days_with_a_figure() -> None:
    lines = draw(Chart({on(0): 0.0, on(1): 0.0}))
    assert lines[-3:] == ["0 │▁▁", "  └──", "   2."]
    assert draw(Chart({})) == []

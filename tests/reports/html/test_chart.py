"""Charts: days without data stay gaps, limits and forecasts are where they belong."""

import re
from dataclasses import replace
from datetime import timedelta

import html5lib  # type: ignore[import-untyped]  # it has no types
import pytest

from mailwatch.model import Day, Finding, Forecast, Limit, Window
from mailwatch.reports.html.bars import MOST_BARS, PAST_ACT, PAST_IDEAL, bars
from mailwatch.reports.html.day_series import MOST_DAYS, read_days, runs
from mailwatch.reports.html.scale import LEFT, RIGHT, WIDTH, fit
from mailwatch.reports.html.svg import chart, small_chart
from tests.reports.samples import NEWEST, findings, growth, plain, published, rate

DAY = timedelta(days=1)


def drawn(finding: Finding, kind: str) -> list[list[tuple[float, float]]]:
    """The points of each line of a kind in a chart, and of each shape."""
    found = []
    for tag in re.findall(r"<(?:path|polygon)[^>]*>", chart(finding, "en", "c")):
        if f'class="{kind}"' in tag:
            places = re.search(r' (?:d|points)="([^"]*)"', tag)
            assert places
            numbers = [float(n) for n in re.findall(r"[0-9.]+", places[1])]
            found.append([*zip(numbers[::2], numbers[1::2], strict=False)])
    return found


def bounce(days: int = 14, *, level: int = 40) -> Finding:
    """A bounce rate of seven days at the end of `days` of them, each higher than the last."""
    shape = [level + n for n in range(days)]
    taken = rate("sendgrid.bounce_rate", (sum(shape) * 5, days * 1000), shape=shape)
    last = taken.daily[-7:]
    top, bottom = sum(d.numerator or 0 for d in last), sum(d.denominator or 0 for d in last)
    week = Window(NEWEST - 6 * DAY, NEWEST)
    (found,) = findings(
        replace(taken, window=week, numerator=top, denominator=bottom, value=top / bottom)
    )
    return found


def foreseen(likely: int, earliest: int, latest: int) -> Finding:
    """The rate with a forecast: days from the newest one."""
    day, first, last = (NEWEST + n * DAY for n in (likely, earliest, latest))
    return replace(bounce(), forecast=Forecast(day, first, last, 0.3, 0.8))


def test_a_day_without_data_is_a_gap() -> None:
    # Given five days, the third without data
    (found,) = findings(published("postmaster.spam_rate", [0.001, 0.002, None, 0.003, 0.004]))
    # When they are drawn
    lines = drawn(found, "pooled")
    # Then they are two lines, and no point is where the third day would be
    assert [len(line) for line in lines] == [2, 2]
    (_, before), (after, _) = lines
    assert after[0] - before[0] == pytest.approx(2 * (before[0] - lines[0][0][0]), abs=0.2)


def test_a_day_between_two_gaps_is_a_dot() -> None:
    (found,) = findings(published("postmaster.spam_rate", [0.001, 0.002, None, 0.003, None, 0.004]))
    series = read_days(found.measurement)
    assert series is not None
    assert [len(run) for run in runs(series.days)] == [2, 1, 1]
    assert small_chart(found, "en", "c").count("<circle") == 2


def test_the_figure_is_the_end_of_the_pooled_line() -> None:
    # Given fourteen days, of which seven are judged together
    found = bounce()
    series = read_days(found.measurement)
    assert series is not None
    # Then each point is Σ numerators ÷ Σ denominators of seven days
    assert [day for day, _ in series.pooled] == [NEWEST - n * DAY for n in range(7, -1, -1)]
    assert series.pooled[-1][1] == pytest.approx(found.measurement.value)
    assert "7 days together" in chart(found, "en", "c")


def test_the_forecast_is_a_line_to_the_limit_and_a_shade_to_its_ends() -> None:
    # Given a rate that will pass 5 % in ten days, at the earliest in five, at the latest in twenty
    found = foreseen(10, 5, 20)
    series = read_days(found.measurement)
    assert series is not None
    scale = fit(found, series)
    limit = found.threshold.act
    assert limit is not None
    y = scale.y(float(limit.value))
    # When it is drawn
    ((start, end),) = drawn(found, "projection")
    (shade,) = drawn(found, "interval")
    # Then the line begins at the figure and ends on the limit on the likely day
    assert start == pytest.approx(
        (scale.x(NEWEST), scale.y(float(found.measurement.value or 0))), abs=0.1
    )
    assert end == pytest.approx((scale.x(NEWEST + 10 * DAY), y), abs=0.1)
    # And the shade reaches from the earliest to the latest
    assert shade[1:] == [
        pytest.approx((scale.x(NEWEST + 5 * DAY), y), abs=0.1),
        pytest.approx((scale.x(NEWEST + 20 * DAY), y), abs=0.1),
    ]
    assert shade[0] == start


def test_a_forecast_far_away_is_cut_where_the_chart_ends() -> None:
    found = foreseen(60, 20, 400)
    for kind in ("projection", "interval"):
        for line in drawn(found, kind):
            assert max(x for x, _ in line) <= WIDTH - RIGHT + 0.1


def test_a_chart_has_no_more_points_than_can_be_seen() -> None:
    # Given a thousand days
    found = bounce(1000, level=40)
    # Then only the newest are in the chart, however many the history has
    text = chart(found, "en", "c")
    assert text.count("<circle") <= MOST_DAYS + 1
    assert sum(len(line) for line in drawn(found, "days")) == MOST_DAYS
    assert len(text) < 20_000
    # And fewer in a mail, whose words are about those only
    assert bars(found, "en").count("bgcolor") == MOST_BARS
    assert "10-23 Nov: 14 days with data." in bars(found, "en")


def test_the_limits_are_drawn_where_they_are_in_reach() -> None:
    # Given a rate of 4 % beside 3 % and 5 %
    found = bounce()
    assert len(drawn(found, "limit ideal")) == len(drawn(found, "limit act")) == 1
    # And one so low that its limits would leave it flat
    low = bounce(level=2)
    assert not drawn(
        replace(low, threshold=replace(low.threshold, act=Limit(0.9, ">"))), "limit act"
    )


def test_days_that_are_not_what_is_judged_have_no_limit() -> None:
    # Given the growth of the volume, whose days are volumes
    days = tuple(Day(NEWEST - n * DAY, 24930.0 - 900 * n) for n in range(5, -1, -1))
    (found,) = findings(replace(growth(), daily=days))
    text = chart(found, "en", "c")
    assert "24,930" in text
    assert "×" not in text
    assert 'class="limit' not in text
    assert "judged" not in text


def test_what_has_no_days_has_no_chart() -> None:
    for made in (plain("dns.spf_all", "softfail"), plain("sendgrid.reputation", 71)):
        (found,) = findings(made)
        assert chart(found, "en", "c") == small_chart(found, "en", "c") == bars(found, "en") == ""


def test_a_chart_says_in_words_what_it_shows() -> None:
    (found,) = findings(published("postmaster.spam_rate", [0.001, 0.002, None, 0.003]))
    root = html5lib.parse(chart(found, "ja", "c"), namespaceHTMLElements=False)
    svg = next(e for e in root.iter() if str(e.tag).endswith("}svg"))
    title, words = svg[0], svg[1]
    assert svg.get("role") == "img"
    assert (svg.get("aria-labelledby"), svg.get("aria-describedby")) == (
        title.get("id"),
        words.get("id"),
    )
    assert "11月18日〜11月21日" in title.text
    assert words.text == "データのある日は 3 日。最低 0.1 %、最高 0.3 %、最新 0.3 %。"


def test_the_bars_of_a_mail_are_coloured_by_the_limits_of_their_day() -> None:
    (found,) = findings(published("postmaster.spam_rate", [0.0004, 0.002, None, 0.004]))
    colours = re.findall(r'bgcolor="([^"]*)"', bars(found, "en"))
    assert colours[1] == PAST_IDEAL
    assert colours[3] == PAST_ACT
    heights = [int(h) for h in re.findall(r'height="(\d+)" width', bars(found, "en"))]
    assert heights[2] == 1
    assert heights[0] < heights[1] < heights[3]


def test_a_chart_of_values_near_to_each_other_does_not_begin_at_zero() -> None:
    (found,) = findings(published("postmaster.dkim_pass_rate", [0.991, 0.99, 0.992]))
    series = read_days(found.measurement)
    assert series is not None
    scale = fit(found, series)
    assert scale.low > 0.8
    assert scale.x(series.days[0][0]) == LEFT

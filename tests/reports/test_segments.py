"""Segments in a report for people: what is not ok is named, the rest is counted."""

from mailwatch.model import Lang, Measurement, Subject
from mailwatch.reports import FORMATS, View
from tests.reports.samples import findings, rate, report


def users(number: int, bad: int) -> str:
    """The report on that many subusers, of which the first `bad` bounce too much."""
    figures = [rate("sendgrid.bounce_rate", (20, 10000))]
    for n in range(number):
        counted = 700 if n < bad else 20
        figures.append(rate("sendgrid.bounce_rate", (counted, 10000), Subject.of(subuser=f"u{n}")))
    return _print(figures, "en")


def _print(figures: list[Measurement], lang: Lang) -> str:
    return "".join(FORMATS["console"].render(report(findings(*figures)), View(lang=lang)))


def test_the_segments_that_are_not_ok_are_named_and_the_others_counted() -> None:
    text = users(500, 1)
    assert "499 more subusers ok" in text
    assert "subuser u0" in text
    assert "u1\n" not in text
    assert len(text.splitlines()) < 30


def test_where_all_are_ok_they_are_counted_and_the_account_has_its_figure() -> None:
    text = users(12, 0)
    assert "bounce 0.2 % · 12 subusers ok" in text


def test_segments_of_several_kinds_are_named_with_their_kind() -> None:
    figures: list[Measurement] = [
        rate("sendgrid.bounce_rate", (700, 10000), Subject.of(subuser="a")),
        rate("sendgrid.bounce_rate", (800, 10000), Subject.of(provider="b")),
        rate("sendgrid.bounce_rate", (20, 10000), Subject.of(category="c")),
    ]
    text = _print(figures, "en")
    assert "Bounce rate  7 - 8 %  2 of 3 segments" in text
    assert "provider b" in text
    assert "subuser a" in text
    assert "カテゴリ 1 件正常" in _print(figures, "ja")

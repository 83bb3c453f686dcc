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


BOUNCES = "sendgrid.bounce_rate"


def test_segments_with_the_level_of_the_account_stand_in_its_block() -> None:
    figures: list[Measurement] = [
        rate(BOUNCES, (400, 10000)),
        rate(BOUNCES, (450, 10000), Subject.of(subuser="a")),
        rate(BOUNCES, (420, 10000), Subject.of(provider="b")),
        rate(BOUNCES, (900, 10000), Subject.of(provider="c")),
    ]
    text = _print(figures, "en")
    # Then what to do is said once for the account and the two segments
    assert "Bounce rate  4 %  2 of 3 segments" in text
    assert "4.5 %  subuser a   450 of 10,000 processed" in text
    assert "4.2 %  provider b  420 of 10,000 processed" in text
    assert text.count("! WARN ") == 1
    # And the segment that is worse has its own
    assert "Bounce rate  9 %  1 of 2 providers" in text
    assert "! Bounce rate  4 %, 2 of 3 segments" in text
    # And a page shows the same lines
    for name in ("html", "markdown"):
        page = "".join(FORMATS[name].render(report(findings(*figures)), View()))
        assert "450 of 10,000" in page.replace(" ", " "), name


def test_of_segments_with_too_little_mail_the_report_says_how_much_they_need() -> None:
    figures: list[Measurement] = [
        rate(BOUNCES, (8, 200)),
        rate(BOUNCES, (4, 110), Subject.of(subuser="a")),
        rate(BOUNCES, (6, 150), Subject.of(subuser="b")),
    ]
    text = _print(figures, "en")
    assert "Bounce rate  8 of 200 processed" in text
    assert "2 of 2 subusers" in text
    assert text.count("would settle it") == 1
    assert "each of the segments needs 880 to 970 more messages to be judged" in text
    assert "各セグメントの判定には、さらに 880〜970 通が必要" in _print(figures, "ja")
    # And each of them has its reason where nothing is cut
    whole = "".join(FORMATS["console"].render(report(findings(*figures)), View(all=True)))
    assert whole.count("would settle it") == 3

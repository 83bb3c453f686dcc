"""The pictures of a mail: valid files, bounded, and what they show."""

import struct
import zlib
from dataclasses import replace
from datetime import date, timedelta

from html5lib import HTMLParser  # type: ignore[import-untyped]  # it has no types

from mailwatch.model import Day, Finding, Forecast, Level, Window
from mailwatch.reports.html.mail import render_mail
from mailwatch.reports.html.mail_style import COLOURS as TEXT_COLOURS
from mailwatch.reports.html.picture import (
    COLOURS,
    HEIGHT,
    MOST_PICTURES,
    WIDTH,
    Picture,
    Pictures,
)
from mailwatch.reports.html.png import LEVELS
from mailwatch.reports.view import View
from tests.reports.samples import everything, report

LAST = date(2026, 11, 23)
BOUNCES = next(f for f in everything().findings if f.check.id == "sendgrid.bounce_rate")


def chunks(data: bytes) -> dict[bytes, bytes]:
    """The parts of a PNG, each with its checksum verified (PNG, third edition, §5)."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    found, place = {}, 8
    while place < len(data):
        (size,) = struct.unpack_from(">I", data, place)
        name, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + size]
        (check,) = struct.unpack_from(">I", data, place + 8 + size)
        assert check == zlib.crc32(name + body)
        found[name] = body
        place += size + 12
    assert [*found] == [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"]
    return found


def drawn(picture: Picture) -> dict[str, set[tuple[int, int]]]:
    """Where each colour is in full strength."""
    found = chunks(picture.data)
    assert struct.unpack(">2I5B", found[b"IHDR"]) == (WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    assert len(found[b"tRNS"]) * 3 == len(found[b"PLTE"]) == (len(COLOURS) * LEVELS + 1) * 3
    pixels = zlib.decompress(found[b"IDAT"])
    assert len(pixels) == HEIGHT * (WIDTH + 1)
    assert found[b"tRNS"][0] == 0  # nothing is drawn on: the page shows through
    full = {LEVELS * (place + 1): name for place, name in enumerate(COLOURS)}
    places: dict[str, set[tuple[int, int]]] = {name: set() for name in COLOURS}
    for at, entry in enumerate(pixels):
        if at % (WIDTH + 1) and entry in full:
            places[full[entry]].add((at % (WIDTH + 1) - 1, at // (WIDTH + 1)))
    return places


def rising(days: int) -> Finding:
    """A rate from 1 % to 4 %, and what is foreseen of it."""
    daily = tuple(
        Day(LAST - timedelta(days=days - 1 - n), 0.01 + 0.03 * n / (days - 1)) for n in range(days)
    )
    measurement = replace(BOUNCES.measurement, value=0.04, window=Window(LAST, LAST), daily=daily)
    likely, earliest, latest = (LAST + timedelta(days=n) for n in (10, 8, 12))
    forecast = Forecast(likely, earliest, latest, 0.3, 0.9)
    return replace(BOUNCES, measurement=measurement, level=Level.WARN, forecast=forecast)


def test_a_picture_shows_the_days_the_limits_and_what_is_foreseen() -> None:
    # Given a rate on its way up, with a gap of a week
    finding = rising(60)
    days = finding.measurement.daily
    gap = (*days[:20], *days[27:])
    finding = replace(finding, measurement=replace(finding.measurement, daily=gap))
    # When it is drawn
    picture = Pictures().add(finding)
    assert picture is not None
    places = drawn(picture)
    # Then both limits are lines from side to side, the one that calls for action above
    assert picture.limits == ("ideal", "act")
    high = {name: min(y for _, y in places[name]) for name in ("ideal", "act")}
    assert high["act"] < high["ideal"]
    for name in ("ideal", "act"):
        assert min(x for x, _ in places[name]) < 5
        assert max(x for x, _ in places[name]) > WIDTH - 30
    # And the days go up, with nothing where there is no day
    line = places["figure"]
    first, last = min(line), max(line)
    assert first[1] > last[1]
    columns = {x for x, _ in line}
    assert max(b - a for a, b in zip(sorted(columns), sorted(columns)[1:], strict=False)) > 40
    # And the way to the limit begins at the figure of today and ends at the limit
    assert min(y for _, y in places["warn"]) <= high["act"] + 6
    assert max(x for x, _ in places["warn"]) > last[0] + 40
    assert len(picture.data) < 6000


def test_a_mail_has_no_more_pictures_than_it_may() -> None:
    # Given more figures than that
    findings = tuple(
        replace(rising(8), check=replace(BOUNCES.check, id=f"sendgrid.rate_{n}"))
        for n in range(MOST_PICTURES + 3)
    )
    pictures = Pictures()
    html = render_mail(report(findings), View(), pictures)
    # Then the rest are bars, and each picture has a name of its own
    assert html.count("<img ") == len(pictures.found) == MOST_PICTURES
    assert len({picture.ident for picture in pictures.found}) == MOST_PICTURES
    assert html.count('role="presentation"') >= 3
    assert sum(len(picture.data) for picture in pictures.found) < 60_000
    # And what has no days has no picture
    bare = replace(BOUNCES, measurement=replace(BOUNCES.measurement, daily=()))
    assert Pictures().add(bare) is None


def test_a_picture_s_words_cannot_break_out_of_it() -> None:
    # Given a check of somebody's own whose title would
    title = '"><img src=//evil.example/x onerror=alert(1)><b "'
    check = replace(BOUNCES.check, title={"en": title, "ja": title})
    html = render_mail(report((replace(rising(8), check=check),)), View(), Pictures())
    # Then there is one picture, with no attribute but ours, and it comes with the mail
    root = HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    (picture,) = root.iter("img")
    assert set(picture.attrib) == {"src", "alt", "width", "height", "style"}
    assert picture.get("src").startswith("cid:chart-1.")


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""

    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_colours_are_seen_on_a_light_and_on_a_dark_page() -> None:
    for red, green, blue in COLOURS.values():
        for page in ("#ffffff", "#171d24"):
            assert contrast(f"#{red:02x}{green:02x}{blue:02x}", page) >= 3
    assert all(contrast(colour, "#ffffff") >= 4.5 for colour in TEXT_COLOURS.values())

"""Where mail bounced: counts by recipient domain, never an address."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from mailwatch.config import SendGridConfig
from mailwatch.demo import HttpReply, World
from mailwatch.demo.story.mail import Rates, booked
from mailwatch.demo.story.parts import SubuserStory, Suppressed
from mailwatch.demo.wire.faults import Wire
from mailwatch.model import Cause, Finding, State
from mailwatch.reports import FORMATS, View
from mailwatch.sources.sendgrid.recipients import MOST_DOMAINS, OTHERS, Tally
from mailwatch.words import worded
from tests.sources.sendgrid.sendgrid_peer import (
    HONEST,
    NOON,
    TODAY,
    Asked,
    Waits,
    ask,
    healthy,
    judge_account,
    key_file,
    on,
    serve_account,
)

LISTS: dict[str, Any] = {"recipient_domains": True}
WINDOW = int(datetime(2026, 11, 17, tzinfo=UTC).timestamp())
"""A moment on the first day of the window, in the account's zone."""


def listed(*domains: str, at: int = WINDOW, **lists: tuple[Suppressed, ...]) -> World:
    """7,000 mails in the window with 700 bounces, of which these addresses are on the list."""
    days = [TODAY - timedelta(days=age) for age in range(1, 32)]
    stats = {day: booked(1000, Rates(bounces=0.1)) for day in days}
    rows = tuple(
        Suppressed(at + n, f"secret{n}@{name}", "550", "5.1.1") for n, name in enumerate(domains)
    )
    sending = replace(healthy().sending, suppressions={"bounces": rows, **lists})
    return replace(healthy(), stats=stats, sending=sending)


def bounces(asked: Asked) -> Finding:
    return asked.finding("bounce_rate")


def said(finding: Finding) -> list[str]:
    return [worded(phrase, "en") for phrase in finding.measurement.evidence]


def test_the_domains_that_bounced_most_are_counted_and_no_address_is_shown(tmp_path: Path) -> None:
    # Given bounces at four domains
    names = ["yahoo.example"] * 5 + ["AU.example"] * 3 + ["x.example"] * 2 + ["y.example"]
    asked = ask(tmp_path, world=listed(*names), settings=LISTS)
    # Then the first three are named with their counts
    assert said(bounces(asked))[0] == (
        "11 addresses bounced hard; yahoo.example 5, au.example 3, x.example 2"
    )
    assert "classification: Invalid Address" in said(bounces(asked))[1]
    # And no format shows an address
    for name, form in FORMATS.items():
        assert "secret" not in "".join(form.render(asked.report, View(all=True))), name


def test_every_list_is_asked_for_its_window_from_the_start(tmp_path: Path) -> None:
    asked = ask(tmp_path, settings=LISTS)
    lists = [r for r in asked.requests if r.path.startswith("/v3/suppression/")]
    rows = [r for r in lists if r.first("start_time")]
    assert len({r.path for r in rows}) == 4
    for request in rows:
        first = datetime.fromtimestamp(int(request.first("start_time") or 0), NOON.tzinfo)
        assert first == datetime(2026, 11, 16, 15, 0, tzinfo=UTC)  # midnight in Tokyo
        assert request.first("limit") == "500"


def test_the_carriers_are_left_out_of_the_rate_beside_the_rate(tmp_path: Path) -> None:
    # Given 700 bounces in 7,000 mails, 200 of them at carriers
    names = ["docomo.ne.jp"] * 120 + ["ezweb.ne.jp"] * 80 + ["x.example"] * 300
    asked = ask(tmp_path, world=listed(*names), settings=LISTS)
    # Then the rate without them keeps the whole denominator, and says so
    assert bounces(asked).measurement.numerator == 700
    without = asked.finding("bounce_rate_without_groups").measurement
    assert (without.numerator, without.denominator) == (500, 7000)
    (text,) = [worded(phrase, "en") for phrase in without.evidence]
    assert "Without 200 bounces at docomo 120, au 80" in text
    assert "the denominator is still all mail" in text


def test_groups_are_the_configuration_s(tmp_path: Path) -> None:
    world = listed(*["docomo.ne.jp"] * 100, *["mine.example"] * 50)
    groups = MappingProxyType({"mine": ("mine.example",)})
    asked = ask(tmp_path, world=world, settings={**LISTS, "recipient_groups": groups})
    assert asked.finding("bounce_rate_without_groups").measurement.numerator == 650


def test_without_a_bounce_in_a_group_there_is_one_rate_only(tmp_path: Path) -> None:
    asked = ask(tmp_path, world=listed("x.example"), settings=LISTS)
    ids = {f.check.id for f in asked.report.findings}
    assert "sendgrid.bounce_rate_without_groups" not in ids


def test_a_list_of_more_than_a_page_is_read_day_by_day_the_newest_first(tmp_path: Path) -> None:
    # Given 600 rows on the first day of the window and one on the last
    late = Suppressed(WINDOW + 6 * 86400, "a@late.example")
    world = listed(*["x.example"] * 600)
    rows = (*world.sending.suppressions["bounces"], late)
    world = replace(world, sending=replace(world.sending, suppressions={"bounces": rows}))
    asked = ask(tmp_path, world=world, settings=LISTS)
    # Then all are counted, and after the first page each day was asked for by itself
    assert said(bounces(asked))[0].startswith("601 addresses bounced hard; x.example 600")
    starts = [
        int(r.first("start_time") or 0)
        for r in asked.requests
        if r.path == "/v3/suppression/bounces"
    ]
    assert len(starts) == 1 + 7 + 1
    assert starts[1:8] == sorted(starts[1:8], reverse=True)


def test_a_list_beyond_the_most_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a bound of 1,000 rows, as for a list of a million
    monkeypatch.setattr("mailwatch.sources.sendgrid.recipients.MOST_ROWS", 1000)
    asked = ask(tmp_path, world=listed(*["docomo.ne.jp"] * 1600), settings=LISTS)
    # Then no more than that many are read, and both figures say it
    assert "only the newest 1,000 rows were counted" in " ".join(said(bounces(asked)))
    pages = sum(path == "/v3/suppression/bounces" for path in asked.paths)
    assert pages <= 1 + 7 + 2
    without = asked.finding("bounce_rate_without_groups")
    assert "only the newest 1,000 rows" in " ".join(said(without))


def test_however_many_domains_there_are_only_so_many_are_held() -> None:
    tally = Tally()
    for n in range(20):
        tally.add([f"d{n}-{m}.example" for m in range(500)])
    assert tally.rows == sum(tally.domains.values()) == 10_000
    assert len(tally.domains) == MOST_DOMAINS + 1
    assert OTHERS not in tally.top()


@pytest.mark.parametrize(
    "email", ["secret", "secret@", "@", "a@b c", "a@x\x1b.example", "a@localhost"]
)
def test_what_is_no_address_is_counted_and_not_shown(tmp_path: Path, email: str) -> None:
    body = json.dumps([{"created": WINDOW, "email": email, "reason": "", "status": ""}])
    asked = ask(tmp_path, on("/v3/suppression/bounces", HttpReply(200, body)), settings=LISTS)
    assert said(bounces(asked))[0] == "1 address bounced hard; ?"


def test_a_key_that_may_not_read_the_lists_loses_nothing_else(tmp_path: Path) -> None:
    # Given a key for the statistics alone
    scopes = frozenset({"stats.read", "user.account.read"})
    asked = ask(tmp_path, world=replace(healthy(), scopes=scopes), settings=LISTS)
    # Then the source is whole, the one figure that rests on the lists unknown, and why is said
    assert asked.state.state is State.OK
    found = asked.finding("bounce_rate_without_groups")
    assert found.cause is Cause.NOT_ALLOWED
    assert "suppression.read" in worded(found.reason, "en")
    assert bounces(asked).measurement.value is not None


def test_a_list_that_fails_costs_the_source_its_ok_and_no_figure(tmp_path: Path) -> None:
    asked = ask(tmp_path, on("/v3/suppression/blocks", HttpReply(418, b"{}")), settings=LISTS)
    assert asked.state.state is State.PARTIAL
    assert asked.finding("block_rate").measurement.value is not None
    assert said(bounces(asked))[0].startswith("419 addresses bounced hard")


class Late:
    """The true answer, once the time of the run is over."""

    def __init__(self, waits: Waits) -> None:
        self._waits = waits

    def play(self, wire: Wire) -> bool:
        """Lets the time go by."""
        self._waits.pauses.append(1000.0)
        return HONEST.play(wire)


@pytest.mark.parametrize("late", [True, False], ids=["out of time", "refused"])
def test_what_was_read_of_a_list_that_ends_early_is_used(tmp_path: Path, late: bool) -> None:
    # Given a list of more than a page, which is not answered to its end
    waits = Waits()
    fault = Late(waits) if late else HttpReply(403, b"{}")
    path = "/v3/suppression/bounces"
    rules = on(path, HONEST, times=8), on(path, fault)
    with serve_account(*rules, world=listed(*["docomo.ne.jp"] * 2000)) as served:
        settings = SendGridConfig(
            api_key=key_file(tmp_path), timezone="Asia/Tokyo", base_url=served.url, audit=False
        )
        asked = judge_account(settings, served, waits)
    # Then its rows so far are counted, both figures say that it is incomplete, and so the source
    evidence = said(bounces(asked))
    assert evidence[0] in (
        "500 addresses bounced hard; docomo.ne.jp 500",
        "1,000 addresses bounced hard; docomo.ne.jp 1,000",
    )
    assert "Incomplete: the list could not be read to its end" in evidence[1]
    without = asked.finding("bounce_rate_without_groups")
    assert without.measurement.value is not None
    assert "Incomplete" in " ".join(said(without))
    assert asked.state.state is State.PARTIAL


@pytest.mark.parametrize("path", ["/v3/suppression/bounces/c", "/v3/suppressions"])
def test_classifications_are_asked_for_under_both_spellings(tmp_path: Path, path: str) -> None:
    # Given one of the two paths that does not exist
    asked = ask(tmp_path, on(path, HttpReply(404, b"{}")), settings=LISTS)
    text = " ".join(said(bounces(asked)))
    # Then the plural has the counts, or they are unavailable, which is no failure
    known = path == "/v3/suppression/bounces/c"
    assert ("classification: Invalid Address" in text) is known
    assert ("is unavailable" in text) is not known
    assert asked.state.state is State.OK


def test_a_named_subuser_s_own_lists_are_read_on_its_behalf(tmp_path: Path) -> None:
    # Given a subuser with 1,400 mails in the window, 140 bounces, and a list of its own
    days = [TODAY - timedelta(days=age) for age in range(1, 32)]
    rows = tuple(Suppressed(WINDOW + n, f"secret{n}@docomo.ne.jp") for n in range(40))
    story = SubuserStory(
        {day: booked(200, Rates(bounces=0.1)) for day in days}, suppressions={"bounces": rows}
    )
    world = listed("x.example")
    others = {f"u{n}": replace(story, suppressions={}) for n in range(3)}
    world = replace(world, sending=replace(world.sending, subusers={"news": story, **others}))
    by_subuser = {**LISTS, "segments": ("subuser",)}
    asked = ask(tmp_path, world=world, settings={**by_subuser, "subusers": ("news",)})
    # Then its bounces are counted by domain, with the rate beside it, and none of the account's
    of_news = {f.check.id: f for f in asked.report.findings if f.measurement.subject.pairs}
    found = of_news["sendgrid.bounce_rate"]
    assert said(found)[0] == "40 addresses bounced hard; docomo.ne.jp 40"
    without = of_news["sendgrid.bounce_rate_without_groups"].measurement
    assert (without.numerator, without.denominator) == (100, 1400)
    assert said(bounces_of_account(asked))[0] == "1 address bounced hard; x.example 1"
    # And the header that names it goes with its own lists alone
    named = [r.path for r in asked.requests if r.headers.get("on-behalf-of") == "news"]
    assert sum("on-behalf-of" in r.headers for r in asked.requests) == len(named) == 6
    assert all(path.startswith("/v3/suppression") for path in named)
    # Where all subusers are measured, none of their lists are read
    asked = ask(tmp_path, world=world, settings=by_subuser)
    assert not any("on-behalf-of" in r.headers for r in asked.requests)


def bounces_of_account(asked: Asked) -> Finding:
    (only,) = [
        f
        for f in asked.report.findings
        if f.check.id == "sendgrid.bounce_rate" and not f.measurement.subject.pairs
    ]
    return only

"""What the pages say: the last run, a series, changed records, and what is not there."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import html5lib  # type: ignore[import-untyped]  # it has no types
import pytest

from mailwatch.accepted import IgnoreRule
from mailwatch.judge.foresee import foresee
from mailwatch.judge.same_cause import join_causes
from mailwatch.model import Measurement, RecordSet, Subject, say
from mailwatch.reports.html.report_page import report_page
from mailwatch.reports.undecided import MOST_LISTED
from mailwatch.reports.view import View
from tests.serve.conftest import Served, open_at, serving
from tests.serve.runs import SENT, TODAY, rate, run_of

NEWS = Subject.of(subuser="ニュース & more")
DOMAIN = Subject.of(domain="example.com")
CALM = [120, 131, 118, 125, 122, 128, 119] * 4
RISING = [*CALM, *range(140, 440, 25)]


def said(served: Served, path: str, **headers: str) -> str:
    """The text of a page, one space between words; its HTML is read strictly."""
    answer = served.get(path, **headers)
    assert answer.status == 200, path
    html5lib.HTMLParser(strict=True).parse(answer.text)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site over four runs: the newest of them is about a past day."""
    store = open_at(tmp_path_factory.mktemp("shown") / "history.sqlite")
    policy = Measurement(
        "dns.dmarc_policy", DOMAIN, "none", evidence=(say("verbatim", text="v=DMARC1; p=none"),)
    )
    for ago, spf in ((2, "v=spf1 -all"), (1, "v=spf1 -all"), (0, "v=spf1 mx -all")):
        records = (RecordSet("example.com", "TXT", (spf,)), RecordSet("example.com", "MX", ()))
        day = TODAY - timedelta(days=ago)
        report = run_of(rate(RISING), rate([900], NEWS), policy, day=day, records=records)
        store.add_run(report, {}, None)
    store.add_run(run_of(policy), {}, date(2026, 11, 1))
    with serving(store) as running:
        yield running


def test_the_overview_has_the_last_run_with_ages_sources_and_runs(shown: Served) -> None:
    text = said(shown, "/")
    assert "mailwatch · example.com · 24 Nov 2026 11:00 UTC ✗ BREACH 1 check needs action" in text
    assert "Last run: 2026-11-24 11:00 UTC, 60 minutes ago" in text
    assert "✗ BREACH Bounce rate 9 % subuser ニュース & more" in text
    assert "since 22 Nov" in text
    assert "! WARN DMARC policy none example.com" in text
    assert "sendgrid ✓ measured dns ✓ measured" in text
    assert "2026-11-23T11:00:00Z ✗ BREACH 1" in text
    assert "as of 1 Nov" in text
    assert "Events of the last hours" not in text
    japanese = said(shown, "/", **{"Accept-Language": "ja-JP,ja;q=0.9,en;q=0.5"})
    assert "要対応" in japanese
    assert "バウンス率" in japanese


def test_a_series_has_its_chart_limits_forecast_and_meaning(shown: Served) -> None:
    text = said(shown, "/checks/sendgrid.bounce_rate")
    assert "ideal ≤ 3 %, act > 5 %" in text
    assert "at this pace passes 5 %" in text
    assert "2026-11-23 4.2 % 415 / 10,000" in text
    assert "Why it matters" in text
    assert "What to do" in text
    assert "Subjects ✗ BREACH ニュース & more ! WARN whole account" in text
    svg = shown.get("/checks/sendgrid.bounce_rate").text
    assert svg.count('<circle class="days"') == len(RISING)
    assert svg.count('class="projection"') == 1
    assert svg.count('class="limit act"') == 1
    # Links lead to the other subject, and a check of words has no chart.
    (link,) = re.findall(r'href="(/checks/[^"]*subuser[^"]*)"', svg)
    assert "900 / 10,000" in said(shown, unescape(link))
    word = said(shown, "/checks/dns.dmarc_policy")
    assert "none is past the ideal" in word
    assert "v=DMARC1; p=none" in word
    assert "since 22 Nov" in word
    assert "ideal quarantine" in word


def test_a_finding_looks_as_it_does_in_the_report(tmp_path: Path) -> None:
    # Given a run that is stored, with figures that one cause made worse
    store = open_at(tmp_path / "history.sqlite")
    low = replace(rate([SENT - 3 * n for n in RISING]), metric="sendgrid.delivered_rate")
    found = run_of(rate(RISING), low)
    report = replace(found, findings=join_causes(foresee(found.findings)))
    store.add_run(report, {}, None)
    # When both are drawn
    cards = re.compile("<article.*?</article>", re.DOTALL)
    with serving(store) as running:
        shown = cards.findall(re.sub("<a [^>]*>|</a>", "", running.get("/").text))
    written = cards.findall(report_page(report, View()))
    # Then the cards are the same, but for what only the history knows
    assert len(written) == 1
    assert "Delivered rate" in written[0]
    assert [re.sub("<p[^>]*>since 24 Nov</p>\n", "", card) for card in shown] == written


def test_of_many_figures_the_worst_are_drawn(tmp_path: Path) -> None:
    # Given more subusers in breach than a card lists, the worst of them last
    store = open_at(tmp_path / "history.sqlite")
    many = [rate([600 + n] * 9, Subject.of(subuser=f"user{n}")) for n in range(12)]
    store.add_run(run_of(*many), {}, None)
    with serving(store) as running:
        page = running.get("/").text
    # Then each that is listed has its chart and a link to its series
    assert page.count('class="small chart"') == MOST_LISTED
    for n in range(12 - MOST_LISTED, 12):
        assert f'<a href="/checks/sendgrid.bounce_rate?subuser=user{n}">user{n}</a>' in page


def test_what_is_accepted_is_not_among_what_is_open(tmp_path: Path) -> None:
    # Given two findings, of which one is accepted until some day after the run
    store = open_at(tmp_path / "history.sqlite")
    policy = Measurement("dns.dmarc_policy", DOMAIN, "none")
    store.add_run(run_of(rate([900] * 7), policy), {}, None)
    rule = IgnoreRule("dns.dmarc_policy", DOMAIN, "we move in spring", TODAY)
    with serving(store, rules=(rule,)) as running:
        text = said(running, "/")
    # Then it is below, with the reason
    assert "1 check needs action 1 ignored" in text
    assert "- Ignored DMARC policy none · until 24 Nov 2026: we move in spring" in text
    assert "! WARN DMARC policy none" not in text


def test_changed_records_are_shown_before_and_after(shown: Served) -> None:
    text = said(shown, "/dns")
    assert "example.com TXT 2026-11-23 – 2026-11-24 v=spf1 -all v=spf1 mx -all" in text
    assert " MX " not in text


def test_what_is_not_stored_is_not_found(shown: Served) -> None:
    for path in (
        "/checks/nothing",
        "/checks/sendgrid.bounce_rate?subuser=nobody",
        "/checks/sendgrid.bounce_rate?color=red",
        "/checks/sendgrid.bounce_rate?subuser=a&subuser=b",
        "/checks/",
        "/favicon.ico",
        "/..%2f..%2fetc/passwd",
        "/%00",
    ):
        assert shown.get(path).status == 404, path
    assert shown.said == []


def test_an_empty_history_says_what_to_do(served: Served) -> None:
    assert "Run mailwatch check" in said(served, "/")
    assert "No record has changed" in said(served, "/dns")
    assert served.get("/metrics").text == ""


def test_the_metrics_are_those_of_the_last_run_and_are_valid(shown: Served) -> None:
    text = shown.get("/metrics").text
    assert 'mailwatch_finding_level{check="sendgrid.bounce_rate"} 1\n' in text
    assert 'mailwatch_finding_level{check="dns.dmarc_policy",domain="example.com"} 1\n' in text
    assert 'mailwatch_source_up{source="dns"} 1\n' in text
    assert re.search(r"^mailwatch_last_run_timestamp_seconds 1\d{9}$", text, re.MULTILINE)
    promtool = shutil.which("promtool")
    if promtool is not None:
        subprocess.run([promtool, "check", "metrics"], input=text.encode(), check=True)


def test_a_history_on_the_way_to_trouble_costs_a_page_and_not_the_server(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    store = open_at(path)
    store.add_run(run_of(rate(CALM)), {}, None)
    with serving(store) as running:
        good = path.read_bytes()
        path.write_bytes(b"\x00garbage" * 4000)
        assert running.get("/").status == 503
        path.write_bytes(good)
        assert running.get("/").status == 200

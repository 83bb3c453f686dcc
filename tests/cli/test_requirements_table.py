"""What the mailbox providers ask, as one table a domain, in the reports that show everything."""

import pytest
from rich.cells import cell_len

from tests.cli.conftest import Command, watched


def test_the_table_is_shown_with_all_and_only_then(mailwatch: Command) -> None:
    with watched("healthy") as (_, config):
        page = mailwatch("dns", "--config", config, "--all", "--width", "100").out
        brief = mailwatch("dns", "--config", config, "--width", "100").out
    # Then each requirement has a sign for every provider
    assert "\n\nWhat mailbox providers ask of example.com\nGmail  Yahoo  Microsoft  Apple\n" in page
    assert "\n✓      ✓      ✓          ✓      a valid SPF record\n" in page
    assert "\n?      ?      -          -      one-click unsubscribe" in page
    assert "✓ met  ✗ not met  ? cannot tell  - not asked" in page
    assert "What mailbox providers ask" not in brief


@pytest.mark.parametrize("width", [20, 40, 60, 80])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_no_line_of_it_is_wider_than_asked_for(mailwatch: Command, width: int, lang: str) -> None:
    with watched("breach") as (_, config):
        argv = ("dns", "--config", config, "--all", "--lang", lang, "--width", str(width))
        page = mailwatch(*argv).out
    assert "✗" in page
    assert max(map(cell_len, page.splitlines())) <= width


def test_markdown_and_json_have_the_same(mailwatch: Command) -> None:
    with watched("breach") as (_, config):
        page = mailwatch("dns", "--config", config, "--all", "--format", "markdown", "--lang", "en")
        outcome = mailwatch("dns", "--config", config, "--format", "json")
    assert "| a DMARC record, p=none or stricter | ✗ | ✗ | ✗ | ✗ |" in page.out
    finding = next(f for f in outcome.json["findings"] if f["check"] == "dns.sender_requirements")
    assert (finding["value"], finding["level"]) == (2, "warn")
    assert finding["evidence"][1] == (
        "not met: a DMARC record, p=none or stricter (Gmail, Yahoo, Microsoft, Apple)"
    )


def test_check_fills_it_with_what_the_other_sources_show(mailwatch: Command) -> None:
    with watched("breach") as (_, config):
        argv = ("check", "--config", config, "--history", "none", "--width", "100")
        page = mailwatch(*argv, "--all").out
        outcome = mailwatch(*argv, "--format", "json")
    # Then one line a requirement has the sign of each provider, whoever says so
    assert "\n✓      ?      -          -      one-click unsubscribe\n" in page
    assert "\n✗      ✗      -          -      spam reports below 0.3 %\n" in page
    assert page.count("✗ not met  ? cannot tell") == 1
    # And the figure is named
    finding = next(f for f in outcome.json["findings"] if f["check"] == "dns.sender_requirements")
    assert (finding["value"], finding["level"]) == (3, "warn")
    assert {
        "not met: spam reports below 0.3 % (Gmail; postmaster.spam_rate)",
        "not met: spam reports below 0.3 % (Yahoo; sendgrid.spam_report_rate)",
        "met: one-click unsubscribe (Gmail; postmaster.compliance)",
        "cannot tell: one-click unsubscribe (Yahoo)",
    } <= set(finding["evidence"])

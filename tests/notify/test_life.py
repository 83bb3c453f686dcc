"""The life of a problem: once, worse, each day, over; and an end needs proof."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mailwatch.config.notify import NotifyChannel, WrittenUrl
from mailwatch.model import ACCOUNT, Cause, Report, SourceState, State, Subject, verbatim
from tests.notify.notify_peer import Heard, announcer, receiver
from tests.reports.samples import NEWEST, missing, ok, plain, rate, report

NEWSLETTER, RECEIPTS = Subject.of(subuser="newsletter"), Subject.of(subuser="receipts")
FAILED = SourceState("sendgrid", State.FAILED, verbatim("no answer"), 0.1)
FEW, FINE, SOME, MANY = (1, 30), (10, 100_000), (4_000, 100_000), (9_000, 100_000)


def bounces(newsletter: tuple[int, int], *others: Any, hours: float = 0) -> Report:
    taken = [rate("sendgrid.bounce_rate", newsletter, NEWSLETTER), *others]
    made = report(taken, ok("sendgrid", NEWEST))
    return replace(made, generated_at=made.generated_at + timedelta(hours=hours))


def events(folder: Path, heard: Heard, made: Report, **channel: Any) -> list[tuple[str, str, str]]:
    """What the channel hears of this report."""
    del heard.requests[:]
    to = NotifyChannel("webhook", "hook", url=WrittenUrl(heard.url), **channel)
    came = announcer(folder, to).announce(made)
    assert all(one.problem is None for one in came)
    return [(one["event"], one["key"], one["level"])
            for document in heard.documents() for one in document["problems"]]  # fmt: skip


def test_the_whole_life(tmp_path: Path) -> None:
    bounce = "sendgrid.bounce_rate"
    with receiver() as heard:
        # Given a run an hour, and a rate that gets worse and then better
        for hours, counts, expected in (
            (0, FINE, []),
            (1, SOME, [("new", bounce, "warn")]),
            (2, SOME, []),
            (3, MANY, [("worse", bounce, "breach")]),
            (4, SOME, []),
            (5, MANY, []),  # it is told once
            (26.9, MANY, []),
            (27, MANY, [("reminder", bounce, "breach")]),
            (28, FEW, []),  # cannot tell is not an end
            (30, FINE, [("end", bounce, "ok")]),
            (31, FINE, []),
            (32, MANY, [("new", bounce, "breach")]),
        ):
            # When each is over, then the channel hears of what is new, and of nothing twice
            assert events(tmp_path, heard, bounces(counts, hours=hours)) == expected, hours


def test_the_reminder_and_the_end_say_how_long_it_took(tmp_path: Path) -> None:
    with receiver() as heard:
        events(tmp_path, heard, bounces(MANY))
        events(tmp_path, heard, bounces(MANY, hours=25))
        (document,) = heard.documents()
        assert document["problems"][0]["title"].endswith("(for 25 hours)")
        assert document["problems"][0]["opened"] == "2026-11-24T12:00:00+09:00"
        events(tmp_path, heard, bounces(FINE, hours=73))
        assert heard.documents()[0]["problems"][0]["title"] == "✓ Over: Bounce rate (after 3 days)"


def test_findings_of_one_check_are_one_notice_that_names_them(tmp_path: Path) -> None:
    other = rate("sendgrid.bounce_rate", MANY, RECEIPTS)
    with receiver() as heard:
        assert len(events(tmp_path, heard, bounces(MANY, other))) == 1
        text = json_text(heard)
        assert "newsletter" in text
        assert "receipts" in text
        # A subject that joins is worse news, one that leaves is none
        assert events(tmp_path, heard, bounces(MANY)) == []
        third = rate("sendgrid.bounce_rate", MANY, Subject.of(subuser="third"))
        assert [e[0] for e in events(tmp_path, heard, bounces(MANY, other, third))] == ["worse"]


def json_text(heard: Heard) -> str:
    return "\n".join(request.body.decode() for request in heard.requests)


def test_a_source_that_failed_is_one_problem_and_ends_none(tmp_path: Path) -> None:
    why = verbatim("no answer")
    outage = report([missing("sendgrid.reputation", Cause.COULD_NOT_ASK, why, ACCOUNT)], FAILED)
    with receiver() as heard:
        events(tmp_path, heard, bounces(MANY))
        assert events(tmp_path, heard, outage) == [("new", "source:sendgrid", "unknown")]
        assert "no answer" in json_text(heard)
        # What the source measured before is not over, since nobody knows
        assert events(tmp_path, heard, bounces(MANY)) == [("end", "source:sendgrid", "ok")]


@pytest.mark.parametrize(
    "later",
    [
        report([plain("dns.spf_record", "valid", Subject.of(domain="example.com"))], ok("dns")),
        report([], SourceState("sendgrid", State.PARTIAL, verbatim("refused"), 0.1)),
    ],
    ids=["another source alone", "a source that gave a part"],
)
def test_what_a_run_did_not_look_at_is_not_over(tmp_path: Path, later: Report) -> None:
    with receiver() as heard:
        events(tmp_path, heard, bounces(MANY))
        assert events(tmp_path, heard, later) == []
        assert events(tmp_path, heard, bounces(FINE, hours=1))[0][0] == "end"


def test_another_domain_does_not_end_a_problem(tmp_path: Path) -> None:
    wrong = plain("dns.dmarc_policy", "missing", Subject.of(domain="example.com"))
    elsewhere = plain("dns.dmarc_policy", "reject", Subject.of(domain="other.example"))
    with receiver() as heard:
        assert events(tmp_path, heard, report([wrong], ok("dns")))[0][0] == "new"
        there = report([elsewhere], ok("dns"), subjects=("other.example",))
        assert events(tmp_path, heard, there) == []


@pytest.mark.parametrize(
    ("route", "heard_of"),
    [
        ({"level": "breach"}, {"sendgrid.bounce_rate"}),
        ({"level": "warn"}, {"sendgrid.bounce_rate", "dns.dmarc_policy"}),
        ({"level": "unknown"},
         {"sendgrid.bounce_rate", "dns.dmarc_policy", "unknown:sendgrid:too_little_mail"}),
        ({"checks": ("dns.*",)}, {"dns.dmarc_policy"}),
        ({"checks": ("sendgrid.bounce_rate", "x")}, {"sendgrid.bounce_rate"}),
        ({"match": Subject.of(domain="example.com")}, {"dns.dmarc_policy"}),
        ({"match": Subject.of(domain="other.example")}, set()),
    ],
)  # fmt: skip
def test_routes(tmp_path: Path, route: dict[str, Any], heard_of: set[str]) -> None:
    policy = plain("dns.dmarc_policy", "none", Subject.of(domain="example.com"))
    few = rate("sendgrid.block_rate", FEW, RECEIPTS)
    made = replace(bounces(MANY, policy, few), sources=(ok("sendgrid", NEWEST), ok("dns")))
    with receiver() as heard:
        assert {event[1] for event in events(tmp_path, heard, made, **route)} == heard_of


def test_a_channel_of_breaches_hears_the_end_when_it_is_only_a_warning(tmp_path: Path) -> None:
    with receiver() as heard:
        events(tmp_path, heard, bounces(MANY), level="breach")
        assert events(tmp_path, heard, bounces(SOME), level="breach")[0][0] == "end"


def test_what_could_not_be_delivered_is_said_by_the_next_run(tmp_path: Path) -> None:
    # Given a channel that is down
    to = NotifyChannel("webhook", "hook", url=WrittenUrl("http://127.0.0.1:1"))
    assert "127.0.0.1:1" in (announcer(tmp_path, to).announce(bounces(MANY))[0].problem or "")
    # When it is up again, then it hears of the problem as new
    with receiver() as heard:
        assert events(tmp_path, heard, bounces(MANY, hours=1))[0][0] == "new"

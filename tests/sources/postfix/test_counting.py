"""What of a log is counted, and how often."""

from datetime import date
from pathlib import Path

import pytest

from mailwatch.model import Cause
from mailwatch.sources.postfix.days import LogDays
from mailwatch.sources.postfix.log_lines import LogReader
from mailwatch.sources.postfix.queue import BounceNotices, Waiting
from tests.sources.postfix.log_lines import NOON, counted, expiry, figure, line, read_lines

ONE_DELIVERED = {"processed": 1, "delivered": 1, "deferral": 0, "bounce": 0, "expired": 0}
NOTHING = {"processed": None, "delivered": None, "deferral": None, "bounce": None, "expired": None}


def test_a_recipient_deferred_twice_and_then_delivered_counts_once(tmp_path: Path) -> None:
    job = read_lines(tmp_path, line(status="deferred"), line(status="deferred"), line())
    assert counted(job) == {**ONE_DELIVERED, "deferral": 2}
    assert figure(job, "deferral_rate").value == 2
    assert job.counts["waiting"] == 0


def test_each_recipient_of_a_message_counts(tmp_path: Path) -> None:
    job = read_lines(
        tmp_path,
        line("a@yahoo.example"),
        line("b@yahoo.example", "bounced", dsn="5.1.1"),
        line("c@yahoo.example", "deferred"),
        line("c@yahoo.example", "bounced"),
    )
    assert counted(job) == {
        "processed": 3, "delivered": 1, "deferral": 1, "bounce": 2, "expired": 0
    }  # fmt: skip


def test_mail_that_expires_counts_for_each_recipient_that_waited(tmp_path: Path) -> None:
    # Given three recipients of a message, one of whom got it
    job = read_lines(
        tmp_path,
        line("a@yahoo.example", "deferred"),
        line("b@au.example", "deferred"),
        line("b@au.example", "deferred"),
        line("c@yahoo.example"),
        expiry("4F0A1B2C3D"),
        expiry("4F0A1B2C3D"),  # twice: nobody waits any more
        line("d@yahoo.example", "expired", queue_id="5F"),
    )
    assert counted(job) == {
        "processed": 4, "delivered": 1, "deferral": 3, "bounce": 0, "expired": 3
    }  # fmt: skip


AMAVIS = "250 2.0.0 from MTA(smtp:[10.0.0.1]:10025): 250 2.0.0 Ok: queued as 4G"
INSIDE = [
    line(relay="local", program="postfix/local", answer="delivered to maildir"),
    line(relay="local", program="postfix/local", answer="forwarded as 4G"),
    line(relay="virtual", program="postfix/virtual"),
    line(relay="spamfilter", program="postfix/pipe", answer="delivered via spamfilter service"),
    line(relay="dovecot", program="postfix/pipe", status="bounced"),
    line(relay="mx1[private/dovecot-lmtp]", program="postfix/lmtp"),
    line(relay="127.0.0.1[127.0.0.1]:10024", answer=AMAVIS),
    line(relay="127.0.0.1[127.0.0.1]:10026", program="postfix/smtp-amavis/smtp"),
    line(relay="localhost[::1]:10024", status="bounced"),
    line(relay="filter.example[10.0.0.1]:10024", answer=AMAVIS),
    line(relay="/var/spool/filter[/var/spool/filter]"),
    line(
        relay="none",
        status="deferred",
        answer="connect to 127.0.0.1[127.0.0.1]:10024: Connection refused",
    ),
]


@pytest.mark.parametrize("inside", INSIDE)
def test_a_hop_within_the_machine_is_not_counted(tmp_path: Path, inside: str) -> None:
    """Given mail that goes through it and comes back under a new id, each recipient is one."""
    job = read_lines(tmp_path, inside, line(queue_id="4G"))
    assert counted(job) == ONE_DELIVERED
    assert job.counts["inside"] == ("status=deferred" not in inside)


OUTSIDE = [
    line(program="postfix-out/smtp"),
    line(program="postfix/relay/smtp", queue_id="4WvQxL5hZQz9vBcK"),
    line(program="postfix/smtp", relay="smarthost.example[10.0.0.9]:587"),
    line(relay="mx.yahoo.example[IPv6:2001:db8::1]:25"),
    line().replace("relay=", "orig_to=<list@example.com>, relay="),
    line().replace("delay=1.2", "conn_use=5, delay=1.2"),
    line(day="Nov  3").replace("[81]: ", "[81]: [ID 197553 mail.info] ").replace(" 3", "23"),
    line('"a>, relay=x[1]:1, delay=1, status=bounced (b"@yahoo.example'),
    line(day="2026-11-23"),
    line(answer="250 ok, status=bounced (x), status=deferred"),
]


@pytest.mark.parametrize("outside", OUTSIDE)
def test_what_is_handed_to_another_machine_is_counted(tmp_path: Path, outside: str) -> None:
    assert counted(read_lines(tmp_path, outside)) == ONE_DELIVERED


OTHERS = [
    line(status="deliverable"),
    line(status="undeliverable"),
    line(program="postgrey"),
    line(program="exim/smtp"),
    "Nov 23 10:00:00 mx1 postfix/smtpd[1]: NOQUEUE: reject: x, status=sent (y)",
    "Nov 23 10:00:00 mx1 postfix/qmgr[1]: 4F: from=<a@b.example>, size=1, nrcpt=1 (queue active)",
    expiry("4F0A1B2C3D"),
    "x" * 100 + line(),
    '{"MESSAGE": ", status=sent"}',
    "{, status=sent",
    '{"a":' * 5000 + ", status=sent",
    line("a" * 20_000 + "@yahoo.example"),
    line(day="Nov 32"),
    line(day="Feb 30"),
    line(day="Foo 23"),
    line(day="9999-11-23"),
]


@pytest.mark.parametrize("other", OTHERS, ids=range(len(OTHERS)))
def test_other_lines_are_passed_over(tmp_path: Path, other: str) -> None:
    job = read_lines(tmp_path, "Nov 23 10:00:00 mx1 kernel: hello", other)
    assert counted(job) == NOTHING
    assert counted(read_lines(tmp_path, other, line(), other)) == ONE_DELIVERED


def test_what_cannot_be_read_is_counted_and_said(tmp_path: Path) -> None:
    broken = line().replace("relay=", "rely=")
    job = read_lines(tmp_path, line(), broken, line("a" * 20_000), line(day="Nov 32"))
    assert job.counts["strange"] == 3
    assert job.note is not None
    assert job.note.code == "postfix.strange"


def test_postfix_s_own_notices_are_not_counted(tmp_path: Path) -> None:
    # Given a bounce, whose notice goes to the sender under an id of its own
    notice = "Nov 23 10:00:00 mx1 postfix/bounce[1]: 4F: sender non-delivery notification: 4G"
    job = read_lines(
        tmp_path,
        line(queue_id="4F", status="bounced"),
        line("news@example.com", queue_id="4G"),
        notice,
        line("news@example.com", queue_id="4G"),
        # Then a text that only looks like it changes nothing
        line(queue_id="4H", answer="250 x: sender non-delivery notification: 4J"),
        line(queue_id="4J"),
    )
    assert counted(job)["processed"] == 3
    assert job.counts["notices"] == 2


def test_a_relay_that_was_not_reached_is_named_by_the_answer(tmp_path: Path) -> None:
    timeout = "connect to mx2.au.example[192.0.2.9]:25: Connection timed out"
    job = read_lines(
        tmp_path,
        line("a@au.example", "deferred", relay="none", answer=timeout),
        line("b@none.example", "deferred", relay="none", answer="Host not found"),
    )
    _, relays, _ = figure(job, "deferral_rate").evidence
    assert dict(relays.values)["names"] == "mx2.au.example 1/1, none 1/1"


def test_the_worst_domains_are_named_and_the_rest_is_counted(tmp_path: Path) -> None:
    # Given eight domains, a refusal by policy, and addresses that are nobody's business
    lines = [
        line(f"secret{n}@d{domain}.example", "bounced", queue_id=f"4{domain}{n}", dsn="5.7.1")
        for domain in range(8)
        for n in range(domain + 1)
    ]
    job = read_lines(tmp_path, *lines, line("hidden", "bounced"), line("x@\x1b[31m", "bounced"))
    least, by_relay, _, _ = figure(job, "delivered_rate").evidence
    assert str(dict(least.values)["names"]).startswith("d7.example 0/8, d6.example 0/7, ")
    assert dict(by_relay.values)["names"] == "mx.yahoo.example 0/38"
    domains, relays, policy, _ = figure(job, "bounce_rate").evidence
    values = dict(domains.values)
    assert str(values["names"]).startswith("d7.example 8/8, d6.example 7/7, ")
    assert values["more"] == 38 - (8 + 7 + 6 + 5 + 4)
    assert dict(relays.values)["names"] == "mx.yahoo.example 38/38"
    assert dict(policy.values)["count"] == 36
    assert "secret" not in repr(job.taken)
    assert "hidden" not in repr(job.taken)


def test_what_falls_out_of_the_queue_is_counted_again_and_said() -> None:
    # Given room for two waiting recipients, and three of them
    days = LogDays(NOON.date(), None, 7)
    reader = LogReader(days, None, Waiting(2))
    waiting = [line(f"{name}@x.example", "deferred", queue_id=f"4{name}") for name in "abc"]
    reader.read("\n".join(waiting).encode())
    assert (len(reader.waiting), reader.waiting.dropped) == (2, 1)
    # When they are delivered, then the forgotten one counts once more
    delivered = [line(f"{name}@x.example", queue_id=f"4{name}") for name in "abc"]
    reader.read("\n".join(delivered).encode())
    assert len(reader.waiting) == 0
    assert days.end_log() == 0
    assert days.counts[date(2026, 11, 23)].total() == [4, 3, 3, 0, 0]


def test_one_message_with_too_many_recipients_is_bounded_too() -> None:
    waiting = Waiting(3)
    for n in range(5):
        assert waiting.defer(b"4F", b"%d@x.example" % n, b"x.example")
    assert (len(waiting), waiting.dropped) == (3, 2)
    assert waiting.expire(b"4F") == [b"x.example"] * 3
    assert not waiting.end(b"4F", b"4@x.example")


def test_only_the_latest_notices_are_remembered() -> None:
    notices = BounceNotices(2)
    for queue_id in (b"4F", b"4G", b"4F", b"4H"):
        notices.add(queue_id)
    assert list(notices.ids) == [b"4F", b"4H"]


def test_an_empty_log_is_no_fault(tmp_path: Path) -> None:
    job = read_lines(tmp_path)
    assert not job.faults
    assert figure(job, "bounce_rate").cause is Cause.NO_DATA

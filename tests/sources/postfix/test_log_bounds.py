"""Logs without end: of lines, days, names, or mail."""

import tracemalloc
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest

from mailwatch.sources.postfix import days as day_table
from mailwatch.sources.postfix import log_lines
from mailwatch.sources.postfix.logfiles import LONGEST_LINE, blocks, open_log
from mailwatch.sources.postfix.queue import BounceNotices, Waiting
from tests.sources.postfix.log_lines import counted, figure, line, read, read_lines


def test_a_line_without_end_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "mail.log"
    path.write_text(f"{line()}\n{'x' * (3 * LONGEST_LINE)}\n{line(queue_id='4G')}\n")
    with open_log(path) as stream:
        assert max(map(len, blocks(stream))) <= 2 * LONGEST_LINE
    assert counted(read(path))["processed"] == 2
    path.write_text("x" * (3 * LONGEST_LINE))
    with open_log(path) as stream:
        assert list(blocks(stream)) == []


def test_days_and_names_without_end_are_bounded(tmp_path: Path) -> None:
    # Given mail to a new domain on each of 1,500 days
    first = date(2022, 1, 1)
    lines = [
        line(f"a@d{n}.example", day=str(first + timedelta(days=n)), queue_id=f"4{n}")
        for n in range(1500)
    ]
    job = read_lines(tmp_path, *lines)
    assert len(figure(job, "bounce_rate").daily) == 800
    assert job.note is not None
    assert dict(job.note.values)["count"] == 700
    # And to 9,000 domains on one day
    lines = [line(f"a@d{n}.example", "bounced", queue_id=f"4{n}") for n in range(9000)]
    values = dict(figure(read_lines(tmp_path, *lines), "bounce_rate").evidence[0].values)
    assert values["more"] == 9000 - 5


def test_memory_does_not_grow_with_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given queue ids, domains, relays and addresses that never come twice, of which half wait, a
    notice for each and its delay, a log of three times the length takes no more memory."""
    monkeypatch.setattr(day_table, "MOST_NAMES", 300)
    monkeypatch.setattr(log_lines, "MOST_RELAYS", 300)
    monkeypatch.setattr(log_lines, "MOST_DELAYS", 300)

    def peak(messages: int) -> int:
        days = day_table.LogDays(date(2026, 11, 24), None, 7)
        reader = log_lines.LogReader(days, UTC, Waiting(300))
        reader._notices = BounceNotices(300)
        tracemalloc.start()
        for number in range(messages):
            status = ("deferred", "sent")[number % 2]
            relay, delay = f"mx{number}.example[192.0.2.1]:25", str(number / 10)
            notice = f"Nov 23 10:00:00 mx1 postfix/bounce[8]: 4A{number}: sender non-delivery "
            texts = [
                line(f"a{number}@d{number}.example", status, queue_id=f"4F{number}", relay=relay,
                     delay=delay),
                f"{notice}notification: 4B{number}", "",
            ]  # fmt: skip
            reader.read("\n".join(texts).encode())
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(600)  # what is made once in a process
    assert peak(4000) < 1.1 * peak(1300)

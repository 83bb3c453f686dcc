"""Logs as they are found: packed, rotated, exported from the journal, damaged, without a year."""

import gzip
import json
import lzma
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mailwatch.clock import Clock
from mailwatch.config import PostfixConfig
from mailwatch.demo.mail_log import Traffic, mail_log
from mailwatch.model import Cause, Window
from mailwatch.sources.job import Job
from mailwatch.sources.postfix import logfiles
from mailwatch.sources.postfix.collection import collect_logs
from mailwatch.sources.postfix.packed_log import XZ_MEMORY
from tests.sources.postfix.log_lines import counted, figure, line, read, read_lines

NOVEMBER = datetime(2026, 11, 20)  # noqa: DTZ001  # as a log has it
PFLOGSUMM = shutil.which("pflogsumm", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def entry(text: str, moment: datetime) -> str:
    """An entry of `journalctl -o json` for a line of syslog."""
    program, _, message = text.partition("mx1 ")[2].partition("[81]: ")
    seconds = f"{moment.timestamp() * 1e6:.0f}"
    fields = {"SYSLOG_IDENTIFIER": program, "MESSAGE": message, "_PID": "81"}
    return json.dumps({"__REALTIME_TIMESTAMP": seconds, **fields})


def export(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def pack(path: Path, text: str) -> None:
    path.write_bytes(gzip.compress(text.encode()))


def pack_twice(path: Path, text: str) -> None:
    """Two streams of xz, zeros after each: one content."""
    half = len(text) // 2
    packed = [lzma.compress(part.encode()) for part in (text[:half], text[half:])]
    path.write_bytes(b"".join(part + bytes(8) for part in packed))


@pytest.mark.parametrize(
    ("write", "iso"), [(export, False), (export, True), (pack, False), (pack_twice, True)]
)
def test_rotated_logs_are_read_from_the_oldest_to_the_newest(
    tmp_path: Path, write: Callable[[Path, str], None], iso: bool
) -> None:
    # Given three days of mail in three logs, of which one begins in the middle of a message
    lines = list(mail_log(Traffic(NOVEMBER, 600, days=3, iso=iso, deferred=0.5, expired=0.1)))
    cuts = [0, len(lines) // 3 + 4, 2 * len(lines) // 3 + 3, len(lines)]
    logs = [tmp_path / name for name in ("mail.log.2", "mail.log.1", "mail.log")]
    for path, first, last in zip(logs, cuts, cuts[1:], strict=False):
        write(path, "\n".join(lines[first:last]) + "\n")
    # When they are given in any order, then it is as if they were one
    for order in (logs, logs[::-1], [logs[1], logs[2], logs[0], logs[1]]):
        job = read(*order)
        assert counted(job)["processed"] == 600
        assert not job.faults
    assert figure(job, "bounce_rate").window == Window(date(2026, 11, 16), date(2026, 11, 22))
    assert [day.denominator for day in figure(job, "bounce_rate").daily] == [200, 200, 200]


def test_a_message_deferred_in_one_log_is_delivered_in_the_next(tmp_path: Path) -> None:
    old, new = tmp_path / "mail.log.1", tmp_path / "mail.log"
    old.write_text(line(status="deferred", day="Nov 22"))
    new.write_text(line(day="Nov 23"))
    for order in ((old, new), (new, old)):
        assert counted(read(*order))["processed"] == 1


def test_a_copy_of_a_log_is_read_once(tmp_path: Path) -> None:
    # Given a log that was copied before its end, and packed afterwards
    text = "\n".join(mail_log(Traffic(NOVEMBER, 50))) + "\n"
    (tmp_path / "mail.log").write_text(text)
    (tmp_path / "copy.log").write_text(text[: len(text) // 2])
    pack(tmp_path / "mail.log.gz", text)
    job = read(tmp_path / "copy.log", tmp_path / "mail.log.gz", tmp_path / "mail.log")
    assert counted(job)["processed"] == 50
    assert job.note is not None
    assert dict(job.note.values)["count"] == 2


def test_a_pattern_names_a_rotated_set(tmp_path: Path) -> None:
    for number, day in enumerate(("Nov 23", "Nov 22", "Nov 21")):
        pack(tmp_path / f"mail.log.{number}.gz", line(day=day) + "\n")
    assert counted(read(tmp_path / "mail.log*"))["processed"] == 3
    (fault,) = read(tmp_path / "nothing*").faults
    assert "nothing*" in repr(fault.what)


def test_the_journal_s_export_is_read_in_the_zone_of_the_configuration(tmp_path: Path) -> None:
    # Given mail deferred and delivered at 23:30 UTC, the next morning in Tokyo
    night = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    path = tmp_path / "journal.json"
    broken = [
        '{"MESSAGE": 1, "x": ", status="}',
        '{"__REALTIME_TIMESTAMP": "9e99", ", status=": 1}',
    ]
    texts = [entry(line(status="deferred"), night), *broken, entry(line(), night)]
    path.write_text("\n".join(texts))
    for zone, day in (("UTC", 22), ("Asia/Tokyo", 23)):
        job = read(path, zone=zone)
        assert counted(job)["delivered"] == counted(job)["deferral"] == 1
        assert [one.day.day for one in figure(job, "bounce_rate").daily] == [day]
        assert job.counts["strange"] == 2


@pytest.mark.parametrize(
    ("stamps", "days"),
    [
        # Today is the 24th: the 25th may be another zone's, the 26th is last year's.
        (["Nov 24"], ["2026-11-24"]),
        (["Nov 26"], ["2025-11-26"]),
        (["Nov 30", "Dec 31", "Jan  1"], ["2025-11-30", "2025-12-31", "2026-01-01"]),
        # A late line of the old year, and a log of two years.
        (["Dec 31", "Jan  1", "Dec 31"], ["2025-12-31", "2026-01-01"]),
        (["Dec  1", "Jun  1", "Dec  2", "Jan  2"],
         ["2024-12-01", "2025-06-01", "2025-12-02", "2026-01-02"]),
        (["Feb 29", "Mar  1"], ["2026-03-01"]),  # 2026 has no such day
    ],
)  # fmt: skip
def test_the_year_is_that_of_a_log_that_ends_now(
    tmp_path: Path, stamps: list[str], days: list[str]
) -> None:
    job = read_lines(tmp_path, *(line(day=day) for day in stamps), window=90)
    found = [str(day.day) for day in figure(job, "bounce_rate").daily]
    assert found == [day for day in days if day < "2026-11-24"]


def test_as_of_a_past_day_the_year_is_the_nearest_to_it(tmp_path: Path) -> None:
    job = read_lines(tmp_path, line(day="Apr 30"), line(day="May  2"), as_of=date(2023, 5, 1))
    assert figure(job, "bounce_rate").window == Window(date(2023, 4, 24), date(2023, 4, 30))
    assert figure(job, "bounce_rate").age_days == 2


def test_the_window_ends_with_the_newest_day_that_is_over(tmp_path: Path) -> None:
    # Given mail of today, and older mail
    job = read_lines(tmp_path, line(day="Nov 24"), line(day="Oct 10"))
    found = figure(job, "bounce_rate")
    assert found.window == Window(date(2026, 10, 4), date(2026, 10, 10))
    assert (found.denominator, found.age_days) == (1, 45)
    # And where there is only today's, the note says why there is no figure
    found = figure(read_lines(tmp_path, line(day="Nov 24")), "bounce_rate")
    assert found.cause is Cause.NO_DATA
    assert found.note is not None
    assert found.note.code == "postfix.only_today"


def test_more_delivered_than_processed_is_said(tmp_path: Path) -> None:
    # Given mail that waited for longer than the window
    job = read_lines(tmp_path, line(status="deferred", day="Nov 20"), line(), line(queue_id="4G"),
                     window=1)  # fmt: skip
    found = figure(job, "delivered_rate")
    assert (found.value, found.cause) == (None, Cause.NO_DATA)
    assert found.note is not None
    assert found.note.code == "postfix.from_before"


def test_the_delay_is_in_percentiles(tmp_path: Path) -> None:
    lines = [line(f"{n}@x.example", delay=str(n)) for n in range(1, 101)]
    job = read_lines(tmp_path, *lines, line("x@x.example", delay="..", queue_id="4G"))
    found = figure(job, "delay")
    assert found.value == 95
    (words,) = found.evidence
    assert dict(words.values) == {"half": "50", "most": "95", "nearly_all": "99", "slowest": "100"}
    assert figure(read_lines(tmp_path, line(status="bounced")), "delay").value is None


def damaged(folder: Path) -> Path:
    path = folder / "damaged.gz"
    path.write_bytes(gzip.compress("\n".join(mail_log(Traffic(NOVEMBER, 9000))).encode())[:-2000])
    return path


def cut_off(folder: Path) -> Path:
    path = folder / "cut.xz"
    path.write_bytes(lzma.compress((line() + "\n").encode() * 9000)[:-40])
    return path


def greedy(folder: Path) -> Path:
    """An xz file whose dictionary alone is larger than what unpacking may take."""
    path = folder / "greedy.xz"
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 2 * XZ_MEMORY, "mode": lzma.MODE_FAST,
                "mf": lzma.MF_HC3, "nice_len": 3}]  # fmt: skip
    path.write_bytes(lzma.compress(line().encode(), filters=filters))
    return path


def binary(folder: Path) -> Path:
    path = folder / "picture"
    path.write_bytes(bytes(range(256)) * 100)
    return path


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (damaged, "postfix.damaged"),
        (cut_off, "postfix.damaged"),
        (greedy, "needs too much memory"),
        (binary, "postfix.not_a_log"),
        (lambda folder: folder, "secret.is_a_folder"),
        (lambda folder: folder / "gone", "secret.no_such_file"),
    ],
)
def test_a_log_that_cannot_be_read_costs_only_itself(
    tmp_path: Path, make: Callable[[Path], Path], words: str
) -> None:
    (tmp_path / "mail.log").write_text(line())
    job = read(tmp_path / "mail.log", make(tmp_path))
    (fault,) = job.faults
    assert words in repr(fault.what)
    assert counted(job)["processed"] is not None


def test_what_was_read_before_the_time_was_over_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a log of two blocks, and a clock that is past the deadline after the first
    text = "\n".join(mail_log(Traffic(NOVEMBER, 60))) + "\n"
    (tmp_path / "mail.log").write_text(text)
    monkeypatch.setattr(logfiles, "BLOCK", len(text) // 2)
    clock = Clock(monotonic=lambda: 100.0)
    job = Job(datetime(2026, 11, 24, 12, tzinfo=UTC), None, 60.0, clock)
    collect_logs(PostfixConfig((tmp_path / "mail.log",), "UTC"), job)
    assert 0 < (counted(job)["processed"] or 0) < 60
    (fault,) = job.faults
    assert fault.what.code == "postfix.out_of_time"


@pytest.mark.skipif(PFLOGSUMM is None, reason="pflogsumm (Debian) is not installed")
def test_pflogsumm_counts_the_same(tmp_path: Path) -> None:
    assert PFLOGSUMM is not None
    log = tmp_path / "mail.log"
    log.write_text("\n".join(mail_log(Traffic(NOVEMBER, 500, deferred=0.2, bounced=0.1))) + "\n")
    ours = counted(read(log))
    shown = subprocess.run([PFLOGSUMM, log], check=True, capture_output=True, text=True).stdout
    for name, theirs in (("delivered", "delivered"), ("bounce", "bounced")):
        assert f" {ours[name]}   {theirs}" in shown
    assert f"({ours['deferral']}  deferrals)" in shown

"""Each bound, and an input that goes past it."""

import gzip
import io
import os
import struct
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mailwatch.sources.dmarc import blob, bounds, collection, summary
from mailwatch.sources.dmarc.blob import FileBlob, HeldBlob
from mailwatch.sources.dmarc.container import InputPlace, read_blob
from mailwatch.sources.dmarc.contents import AggregateReport, Item, Refusal
from tests.cli.conftest import Command
from tests.sources.dmarc.conftest import Measured, counts, finding, state
from tests.sources.dmarc.samples import NEWEST, SPOOF, Row, gz, mail, mbox, report, zipped

GOOD = report(Row(count=10))
HEAD = report().partition("</feedback>")[0]


def read(content: bytes) -> list[Item]:
    return list(read_blob(HeldBlob(content), InputPlace("file")))


def why(content: bytes | str) -> str:
    (item,) = read(content.encode() if isinstance(content, str) else content)
    assert isinstance(item, Refusal)
    return item.why.code


def bomb(path: Path, start: bytes, filling: bytes, size: int = 200 << 20) -> None:
    with gzip.open(path, "wb", 1) as file:
        file.write(start)
        for _ in range(size // len(filling)):
            file.write(filling)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux says how much was used")
@pytest.mark.parametrize(
    ("start", "filling"),
    [(b"", b"\0"), (HEAD.encode(), b" "), (HEAD.encode(), Row().xml().encode())],
    ids=["zeros", "spaces", "records"],
)
def test_a_bomb_costs_little_memory(tmp_path: Path, start: bytes, filling: bytes) -> None:
    """Given 200 MB in a small file, the process stays under 60 MB, and the file is refused."""
    bomb(tmp_path / "bomb", start, filling * ((1 << 20) // len(filling)))
    script = (
        "import pathlib, re, sys\n"
        "from mailwatch.sources.dmarc.partition import read_files\n"
        "from mailwatch.sources.dmarc.files import FoundFile\n"
        "(item,) = read_files([FoundFile(sys.argv[1])])\n"
        "status = pathlib.Path('/proc/self/status').read_text()\n"
        "print(item.why.code, int(re.search(r'VmHWM:\\s+(\\d+)', status)[1]) // 1024)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "bomb")],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=True,
    )
    code, megabytes = run.stdout.split()
    assert code == "dmarc.too_large"
    assert int(megabytes) < 60


def test_a_large_plain_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.write(HEAD.encode())
        file.truncate(bounds.INFLATED + 1)
    (item,) = read_blob(FileBlob(path), InputPlace("sparse"))
    assert isinstance(item, Refusal)


@pytest.mark.parametrize("around", ["<a>{}", "<a b='{}'/>", "<!--{}-->", "{}"])
def test_what_stands_between_records_is_bounded(around: str) -> None:
    text = HEAD + around.format("x" * (2 * bounds.ELEMENT))
    assert why(text) == "dmarc.element_too_large"


def test_depth_is_bounded() -> None:
    assert why(HEAD + "<a>" * 1_000_000) == "dmarc.element_too_large"
    deep = "<a>" * 20_000 + "</a>" * 20_000
    assert isinstance(read((HEAD + deep + "</feedback>").encode())[0], AggregateReport)


def test_signatures_of_a_record_are_bounded() -> None:
    """Given more of them than RFC 9990 allows, the last ones are not looked at."""
    fails = "<dkim><domain>evil.example</domain><result>fail</result></dkim>"
    record = Row(spf="fail", path_result="fail").xml()
    for before, known in ((bounds.RESULTS - 1, True), (bounds.RESULTS, False)):
        more = record.replace("<auth_results>", "<auth_results>" + before * fails)
        (found,) = read((HEAD + more + "</feedback>").encode())
        assert isinstance(found, AggregateReport)
        ((_, shape),) = found.rows
        assert shape.authenticated == known


def test_tls_reports_are_bounded() -> None:
    assert why('{"a": "' + "x" * bounds.JSON + '"}') == "dmarc.too_large"
    dated = '{"date-range": {"start-datetime": "2026-11-23T00:00:00Z"}, "policies": ['
    assert why(dated + "1," * 1000 + "1]}") == "dmarc.too_many_members"


def test_standard_input_is_bounded(mailwatch: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (collection, blob):
        monkeypatch.setattr(module, "INFLATED", 10_000)
    stdin = io.BytesIO((HEAD + " " * (4 * bounds.CHUNK)).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stdin))
    outcome = mailwatch("dmarc", "-", "--format", "json")
    assert (outcome.status, counts(outcome)["failed"]) == (3, 1)
    assert stdin.tell() <= 10_001


def test_records_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailwatch.sources.dmarc.aggregate.RECORDS", 5)
    assert why(report(*[Row(ip=f"192.0.2.{n}") for n in range(6)])) == "dmarc.too_many_records"


def test_members_are_bounded() -> None:
    many = zipped([(str(n), b"") for n in range(bounds.MEMBERS + 1)])
    assert why(many) == "dmarc.too_many_members"
    large = zipped([(str(n), b"\0" * (40 << 20)) for n in range(3)])
    assert why(large) == "dmarc.too_large"
    directory = bytearray(zipped([("a", GOOD)]))
    place = directory.rfind(b"PK\x05\x06")
    struct.pack_into("<L", directory, place + 12, bounds.DIRECTORY + 1)
    assert why(bytes(directory)) == "dmarc.too_many_members"


def test_a_member_that_lies_about_its_size() -> None:
    """Given a member said to be small, no more than that is inflated, and it is refused."""
    content = zipped([("a", GOOD + " " * 100_000)])
    small = content.replace(struct.pack("<L", len(GOOD) + 100_000), struct.pack("<L", 100))
    assert why(small) == "dmarc.archive_broken"


def test_an_encrypted_member_is_refused() -> None:
    content = bytearray(zipped([("a", GOOD)]))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(mark) + offset] |= 1
    assert why(bytes(content)) == "dmarc.encrypted"


def test_other_compressions_are_refused() -> None:
    """bzip2 and LZMA need more memory than any report."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a", GOOD)
    assert why(buffer.getvalue()) == "dmarc.archive_broken"


def test_messages_are_bounded() -> None:
    large = mail(os.urandom(bounds.MESSAGE))
    assert why(large) == "dmarc.too_large"
    first, second = read(mbox(large, mail(gz(GOOD))))
    assert isinstance(first, Refusal)
    assert first.why.code == "dmarc.message_too_large"
    assert isinstance(second, AggregateReport)


def test_a_message_of_messages_is_bounded() -> None:
    parts = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(3000)
    )
    assert why(b"From: a@example.com\r\n" + parts) in (
        "dmarc.message_broken", "dmarc.no_report_in_message"
    )  # fmt: skip


def test_long_fields_are_cut_and_this_is_said(measure: Measured) -> None:
    outcome = measure(report(Row(signed="x" * 5000 + ".example"), org="y" * 5000))
    assert "y" * 1025 not in outcome.out
    assert "Fields of more than 1 kB were cut in 1 report." in state(outcome)["note"]


def test_strangers_text_is_inert(measure: Measured) -> None:
    hostile = "a\u009b31m\u202e[red]x"
    outcome = measure(report(
        replace(SPOOF, ip="evil\u009b2J", count=100), Row(count=900), org=hostile,
        p="none\u202e",
    ))  # fmt: skip
    assert "\u009b" not in outcome.out
    assert "\u202e" not in outcome.out


def test_the_report_stays_small(measure: Measured) -> None:
    """Given hundreds of domains, sources and reporters with long names, 50 sources are named."""
    long = "x" * 900
    reports = [
        report(
            *[Row(ip=f"192.0.{n}.{m}", signed=f"{long}{m}.example", selector=f"{m}{long}",
                  spf="fail", header_from=f"{long}{m}.example") for m in range(20)],
            *[replace(SPOOF, ip=f"198.51.{n}.{m}", count=5) for m in range(20)],
            domain=f"{n % 150}{long}.example", org=f"{n}{long}", ident=f"{n}{long}",
            p=f"{n}{long}", day=date.fromordinal(NEWEST.toordinal() - n % 20),
        )
        for n in range(250)
    ]  # fmt: skip
    outcome = measure(*reports)
    assert len(outcome.out.encode()) < 300_000
    ja = measure(options=("--lang", "ja"))
    assert len(ja.out.encode()) < 300_000
    assert counts(outcome)["reports"] == 250


def test_what_cannot_be_read_is_named_up_to_a_bound(measure: Measured) -> None:
    outcome = measure(*[b"x"] * 100)
    assert counts(outcome)["failed"] == 100
    assert state(outcome)["error"].count("reports/file") == 10


def test_the_worst_sources_are_named_and_the_others_counted_in_one(measure: Measured) -> None:
    rows = [replace(SPOOF, ip=f"198.51.100.{n}", count=n + 1) for n in range(80)]
    outcome = measure(report(*rows, Row(count=5000)))
    lines = finding(outcome, "dmarc.spoofed_rate")["evidence"]
    assert lines[0] == "198.51.100.79: 80 messages"
    assert len(lines) == 50, "with the one that is ours, 50 are named; the last line has the others"
    assert lines[-1] == f"31 other sources: {sum(range(1, 32))} messages"


def test_what_is_kept_apart_is_bounded(measure: Measured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary, "ENTRIES", 10)
    rows = [replace(SPOOF, ip=f"198.51.100.{n}") for n in range(50)]
    outcome = measure(report(*rows, Row(count=100)))
    assert counts(outcome)["messages"] == 600
    assert finding(outcome, "dmarc.pass_rate")["denominator"] == 600
    assert "counted together" in state(outcome)["note"]

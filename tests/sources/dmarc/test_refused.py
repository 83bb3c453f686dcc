"""What is refused: a whole report or file, named with its reason, while the run goes on."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.sources.dmarc.conftest import Measured, counts, state
from tests.sources.dmarc.samples import Row, gz, mail, mbox, report, zipped

GOOD = report(Row(count=10))
BAD = report(Row(count=1), ident="bad")
LAUGHS = """<?xml version="1.0"?><!DOCTYPE feedback [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">
]>"""
PARAMETER = """<?xml version="1.0"?><!DOCTYPE feedback [
<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE feedback [<!ENTITY x SYSTEM "file:///etc/passwd">]>"""


def with_count(count: str) -> str:
    return report(Row(count=5), Row(ip="192.0.2.9", count=count), ident="bad")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (BAD[:-30], "not well-formed XML"),
        (BAD.replace("</row>", "", 1), "not well-formed XML"),
        (BAD + "<more/>", "not well-formed XML"),
        (BAD.encode("utf-16")[:-60], "not well-formed XML"),
        (gz(BAD)[:-9], "it is cut off"),
        (gz(BAD)[:40], "it is cut off"),
        (b"\x1f\x8b" + b"x" * 40, "the archive is broken"),
        (zipped([("a", BAD)])[:-30], "the archive is broken"),
        (b"PK\x03\x04", "the archive is broken"),
        (with_count("-5"), "-5 is not a possible count"),
        (with_count("9" * 400), "is not a possible count"),
        (with_count("1000000001"), "1000000001 is not a possible count"),
        (with_count(""), "is not a possible count"),
        (with_count("1e3"), "1e3 is not a possible count"),
        (with_count("\u0665"), "is not a possible count"),
        (report(Row(), begin="yesterday"), "the time yesterday"),
        (report(Row(), begin="99999999999"), "the time 99999999999"),
        (BAD.replace('<?xml version="1.0" encoding="UTF-8"?>', LAUGHS), "XML entities"),
        (BAD.replace('<?xml version="1.0" encoding="UTF-8"?>', OUTSIDE), "XML entities"),
        (BAD.replace('<?xml version="1.0" encoding="UTF-8"?>', PARAMETER), "XML entities"),
        ("<html><body/></html>", "not a DMARC aggregate report"),
        ("<feedback/>", "no report_metadata"),
        (b"", "it is empty"),
        (b"\x00\x01\x02", "neither XML"),
        (mail(None), "no report in it"),
        (mail(gz(BAD)[:-9]), "it is cut off"),
        (mbox(mail(gz(BAD)[:-9])), "it is cut off"),
        (json.dumps({"a": 1}), "not a TLS report"),
        ("[" * 100_000, "neither XML"),
        ("{" + '"a":[' * 100_000, "not a TLS report"),
        (gz(gz(gz(gz(gz(BAD))))), "inside each other"),
        (zipped([("a", mail(zipped([("b", mail(gz(gz(BAD))))])))]), "inside each other"),
    ],
)  # fmt: skip
def test_a_bad_report_is_named_and_the_run_goes_on(
    measure: Measured, content: str | bytes, why: str
) -> None:
    """Given a good report before and after, nothing of the bad one is counted."""
    after = report(Row(count=10), ident="r3")
    outcome = measure(GOOD, content, after)
    error = state(outcome)["error"]
    assert state(outcome)["state"] == "partial"
    assert "reports/file001" in error
    assert why in error
    assert counts(outcome) == {
        "reports": 2, "duplicates": 0, "messages": 20, "dmarc_pass": 20, "failed": 1
    }  # fmt: skip
    assert outcome.status == 0


def test_strict_makes_it_a_failure(measure: Measured) -> None:
    assert measure(GOOD, BAD[:-30], options=("--strict",)).status == 3


def test_where_every_report_failed_the_source_failed(measure: Measured) -> None:
    outcome = measure(BAD[:-30], b"x")
    assert (outcome.status, state(outcome)["state"]) == (3, "failed")
    assert counts(outcome) == {
        "reports": 0, "duplicates": 0, "messages": 0, "dmarc_pass": 0, "failed": 2
    }  # fmt: skip


def test_a_file_that_is_not_there(mailwatch: Command) -> None:
    outcome = mailwatch("dmarc", "missing", "--format", "json")
    assert outcome.status == 3
    assert "missing: No such file or directory" in state(outcome)["error"]


def test_without_anything_to_read_nothing_is_measured(mailwatch: Command) -> None:
    outcome = mailwatch("dmarc")
    assert outcome.status == 2
    assert "mailwatch dmarc PATH" in outcome.err


def test_copies_of_what_failed_are_kept(measure: Measured, empty_home: Path) -> None:
    """Given an mbox with one bad message, and a bad archive whose member has a hostile name,
    when a folder is named that does not exist, then the message and the archive are in it."""
    broken = mail(gz(BAD)[:-9])
    archive = zipped([("../../../etc/evil", b"x"), ("good", GOOD)])
    outcome = measure(mbox(broken, mail(gz(GOOD))), archive, options=("--failed", "kept/here"))
    kept = sorted((empty_home / "kept/here").iterdir())
    assert sorted(path.read_bytes() for path in kept) == sorted([broken + b"\n", archive])
    assert all("etc" not in path.name for path in kept)
    assert counts(outcome)["failed"] == 2
    assert counts(outcome)["reports"] == 1


def test_a_file_name_is_harmless(measure: Measured, empty_home: Path) -> None:
    (empty_home / "reports").mkdir()
    (empty_home / "reports" / "a\x1b[31m\u202eb").write_text("x")
    error = state(measure())["error"]
    assert "\x1b" not in error
    assert "\\x1b[31m\\u202e" in error

"""Every kind of file, by its bytes and not by its name, and what real reporters write."""

import io
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.sources.dmarc.conftest import Measured, counts, finding, state
from tests.sources.dmarc.samples import (
    NEWEST,
    SPOOF,
    V2,
    Row,
    gz,
    mail,
    mbox,
    report,
    zipped,
)

ONE = report(Row(count=7), Row(ip="192.0.2.2", count=3, dkim="fail"))
TWO = report(Row(count=5), ident="r2")
COUNTED = {"reports": 1, "duplicates": 0, "messages": 10, "dmarc_pass": 10, "failed": 0}


@pytest.mark.parametrize(
    "content",
    [
        ONE,
        gz(ONE),
        zipped([("a.xml", ONE)]),
        gz(gz(ONE)),
        mail(gz(ONE)),
        mail(zipped([("a.xml", ONE)]), "a.zip", "zip"),
        mail(ONE.encode(), "a.xml", "octet-stream"),
        mbox(mail(gz(ONE))),
        ONE.replace("<feedback>", f'<feedback xmlns="{V2}">'),
        ONE.replace("<feedback>", '<feedback xmlns="http://dmarc.org/dmarc-xml/0.1">'),
        ONE.replace("<feedback>", '<d:feedback xmlns:d="x">').replace(
            "</feedback>", "</d:feedback>"
        ),
        "\ufeff" + ONE,
        "\n\ufeff\n" + ONE,
        ONE.replace("UTF-8", "UTF-16").encode("utf-16"),
        ONE.replace("UTF-8", "UTF-16"),
        ONE.replace("UTF-8", "no-such-encoding"),
        ONE.replace("UTF-8", "iso-8859-1").replace("receiver", "r\u00e9ceiver").encode("latin-1"),
        ONE.encode().replace(b"receiver", b"rec\xc3\x28\xff"),
        ONE.replace("<record>", "<!-- <record> --><record>"),
        ONE.replace("<count>7<", "<count> 7 <"),
        ONE.replace(">pass<", ">PASS<").replace(">none<", ">None<"),
        ONE.replace("receiver.example", ""),
        ONE.replace("<org_name>receiver.example</org_name>", ""),
        ONE.replace("</policy_evaluated>", "<reason/></policy_evaluated>"),
        ONE.replace("</policy_evaluated>", "<reason><type/></reason></policy_evaluated>"),
        ONE.replace("<domain>example.com</domain><adkim>", "<domain></domain><adkim>"),
        ONE.replace("<domain>example.com</domain><adkim>", "<adkim>"),
        ONE.replace("</record>", "<x:extra xmlns:x='y'><x:record/></x:extra></record>"),
        ONE.replace("</policy_published>", "</policy_published><extension><a/></extension>"),
        report(Row(count=10), begin="1795392000.0"),
    ],
)  # fmt: skip
def test_it_is_read_whatever_it_looks_like(measure: Measured, content: str | bytes) -> None:
    outcome = measure(content)
    assert state(outcome)["error"] is None
    assert counts(outcome) == COUNTED
    assert finding(outcome, "dmarc.pass_rate")["denominator"] == 10
    assert state(outcome)["newest_day"] == str(NEWEST)


def test_several_reports_in_one_zip(measure: Measured) -> None:
    """Folders, a member without a name, and what macOS adds are no reports."""
    content = zipped([
        ("folder/", b""), ("folder/a.xml", ONE), ("", TWO),
        ("__MACOSX/folder/._a.xml", b"\0\5\x16\7"), ("folder/._b.xml", b"\0\5\x16\7"),
    ])  # fmt: skip
    assert counts(measure(content)) == {**COUNTED, "reports": 2, "messages": 15, "dmarc_pass": 15}


def test_a_maildir_and_mail_that_is_no_report(mailwatch: Command, empty_home: Path) -> None:
    """Given a Maildir with a newsletter among the reports, it is passed over, and this is said;
    what is in tmp has not been delivered yet."""
    for name in ("cur", "new", "tmp"):
        (empty_home / "Maildir" / name).mkdir(parents=True)
    (empty_home / "Maildir/new/1").write_bytes(mail(gz(ONE)))
    (empty_home / "Maildir/cur/2:2,S").write_bytes(mail(None))
    (empty_home / "Maildir/tmp/3").write_bytes(b"half of")
    for argv in (("Maildir",), ("--maildir", "Maildir")):
        outcome = mailwatch("dmarc", *argv, "--format", "json")
        assert counts(outcome) == COUNTED
        assert state(outcome)["note"] == "1 message without a report passed over."


def test_standard_input(
    mailwatch: Command, monkeypatch: pytest.MonkeyPatch, empty_home: Path
) -> None:
    for content in (ONE.encode(), gz(ONE), zipped([("a", ONE)]), mbox(mail(gz(ONE)))):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        assert counts(mailwatch("dmarc", "-", "--format", "json")) == COUNTED


def test_nothing_outside_the_named_folder_is_read(measure: Measured, empty_home: Path) -> None:
    (empty_home / "outside").write_text(TWO)
    (empty_home / "reports").mkdir()
    (empty_home / "reports" / "link").symlink_to(empty_home / "outside")
    (empty_home / "reports" / "up").symlink_to(empty_home)
    assert counts(measure(ONE, zipped([("../../outside", ONE)]))) == {**COUNTED, "duplicates": 1}


def test_duplicates_by_all_that_makes_a_report_one(measure: Measured) -> None:
    """Reporters use an id twice, and share ids: only all five together are the same report."""
    different = [
        report(Row(), org="other.example"),
        report(Row(), ident="r9"),
        report(Row(), domain="example.net"),
        report(Row(), day=date(2026, 11, 22)),
        report(Row(), org=""),
    ]
    outcome = measure(report(Row()), gz(report(Row())), *different, report(Row(), org=""))
    assert counts(outcome)["reports"] == 6
    assert counts(outcome)["duplicates"] == 2
    assert counts(outcome)["messages"] == 60


def test_the_same_with_several_processes(measure: Measured) -> None:
    contents = [report(Row(), SPOOF, ident=f"r{n % 70}") for n in range(80)]
    forget = ("--history", "none")  # else the second run knows the first
    alone = measure(*contents, options=forget)
    together = measure(*contents, options=(*forget, "--jobs", "3"))
    assert counts(alone) == counts(together)
    assert counts(alone)["duplicates"] == 10
    assert alone.json["findings"] == together.json["findings"]

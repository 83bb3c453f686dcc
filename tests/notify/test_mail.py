"""Mail, to a real server on loopback: TLS, login, both parts, conversations, and hostile text."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from mailwatch.config.notify import NotifyChannel, SmtpServer
from mailwatch.config.secret import SecretRef
from mailwatch.model import Report
from mailwatch.notify.mail_message import Letter
from mailwatch.notify.posting import NotDelivered
from mailwatch.notify.smtp import send_by_smtp
from mailwatch.sources.job import Job
from tests.notify.notify_peer import (
    PASSWORD,
    Mailbox,
    announcer,
    patient,
    problems_of,
    smtp_server,
)
from tests.reports.samples import NOON, everything, fine, hostile
from tests.sources.tls_peer import own_certificate

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd"),
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS"),
]
"""Of the server: about a session of its own, and since TLS is outside of it."""
OPS = NotifyChannel("mail", "ops", to=("ops@example.com", "lead@example.com"))
STRANGE = (
    "</p><script>alert(1)</script><img src=x> \x1b[31m \u202e\r\nBcc: all@evil.example\r\n\r\nx"
)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One that the machine trusts."""
    path = own_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


def server(mailbox: Mailbox, folder: Path, security: str = "none", **more: Any) -> SmtpServer:
    if security != "none":
        (folder / "smtp-password").write_text(PASSWORD)
        password = SecretRef("file", "smtp-password", folder)
        more = {"username": "mailwatch", "password": password, **more}
    return SmtpServer("127.0.0.1", mailbox.port, security, **more)


def parts(mail: EmailMessage) -> tuple[str, str]:
    """The text and the HTML."""
    text, html = mail.iter_parts()
    if html.get_content_type() == "multipart/related":
        html, *_ = html.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    return tuple(part.get_content().replace("\r\n", "\n") for part in (text, html))


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_goes_through_tls_with_a_login(
    tmp_path: Path, certificate: Path, security: str
) -> None:
    with smtp_server(certificate, tls_first=security == "tls") as mailbox:
        smtp = server(mailbox, tmp_path, security)
        assert problems_of(announcer(tmp_path, OPS, smtp=smtp), everything()) == [None]
    (mail,) = mailbox.mails
    assert set(mailbox.logins) == {"mailwatch"}
    assert mail["From"] == "mailwatch <mailwatch@example.com>"
    assert mail["To"] == "ops@example.com, lead@example.com"
    assert mail["Subject"].startswith("[mailwatch] BREACH example.com: ")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == NOON
    text, html = parts(mail)
    assert max(cell_len(line) for line in text.splitlines()) <= 76
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
    assert "New: Bounce rate" in text
    assert "✗ BREACH" in text
    html5lib = pytest.importorskip("html5lib")
    document = html5lib.HTMLParser(strict=True).parse(html)
    assert document is not None
    # A chart is a picture that comes with the mail, and nothing comes from elsewhere
    pictures = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    shown = re.findall(r'<img src="cid:([^"]+)" alt="([^"]+)"', html)
    assert [f"<{ident}>" for ident, _ in shown] == [one["Content-ID"] for one in pictures]
    assert shown[0][1].startswith("17-23 Nov: 7 days with data. Lowest 1.7 %")
    assert "act &gt; 5 %" in shown[0][1]
    assert {one.get_content_disposition() for one in pictures} == {"inline"}
    assert all(one.get_content().startswith(b"\x89PNG\r\n\x1a\n") for one in pictures)
    assert not re.search(r"<svg|<script|<link|src=(?!\"cid:)|@import|url\(", html)


def test_a_certificate_that_nobody_trusts_ends_it(tmp_path: Path) -> None:
    with smtp_server(own_certificate(tmp_path)) as mailbox:
        smtp = server(mailbox, tmp_path, "starttls")
        (problem,) = problems_of(announcer(tmp_path, OPS, smtp=smtp), everything())
    assert problem is not None
    assert "certificate is not trusted" in problem
    assert (mailbox.mails, mailbox.logins) == ([], [])


def test_no_password_goes_to_a_server_without_tls(tmp_path: Path) -> None:
    with smtp_server() as mailbox:
        smtp = server(mailbox, tmp_path, "starttls")
        (problem,) = problems_of(announcer(tmp_path, OPS, smtp=smtp), everything())
    assert problem is not None
    assert "does not offer STARTTLS" in problem
    assert mailbox.mails == []


def test_a_wrong_password_is_said_and_not_shown(tmp_path: Path, certificate: Path) -> None:
    (tmp_path / "wrong").write_text("Wr0ng-passw0rd")
    with smtp_server(certificate) as mailbox:
        wrong = SecretRef("file", "wrong", tmp_path)
        smtp = server(mailbox, tmp_path, "starttls", password=wrong)
        (problem,) = problems_of(announcer(tmp_path, OPS, smtp=smtp), everything())
    assert problem is not None
    assert "answered 535" in problem
    assert "Wr0ng" not in problem


def test_what_cannot_be_taken_for_now_is_tried_again(tmp_path: Path) -> None:
    with smtp_server() as mailbox:
        mailbox.answers = ["451 later", "451 later"]
        sent_by = announcer(tmp_path, OPS, smtp=server(mailbox, tmp_path))
        assert problems_of(sent_by, everything()) == [None]
        assert len(mailbox.mails) == 1
        # What is refused for good is not
        mailbox.answers = ["554 \x1b[31mno", "250 yes"]
        (tmp_path / "notices.json").unlink()
        sent_by = announcer(tmp_path, OPS, smtp=server(mailbox, tmp_path))
        (problem,) = problems_of(sent_by, everything())
    assert problem is not None
    assert "answered 554 \\x1b[31mno" in problem


def later(report: Report, hours: float) -> Report:
    return replace(report, generated_at=report.generated_at + timedelta(hours=hours))


def ids(mail: EmailMessage) -> set[str]:
    """Every id that a mail client puts into one conversation with it."""
    return {str(mail["Message-ID"]), *str(mail["References"] or "").split()}


def test_one_problem_is_one_conversation(tmp_path: Path) -> None:
    # Given a problem that is announced, is still there the next day, ends, and comes back
    with smtp_server() as mailbox:
        smtp = server(mailbox, tmp_path)
        for report in (everything(), later(everything(), 25), later(fine(), 26),
                       later(everything(), 27)):  # fmt: skip
            assert problems_of(announcer(tmp_path, OPS, smtp=smtp), report) == [None]
    first, reminder, end, again = mailbox.mails
    # Then the later mails refer to the first one
    assert first["In-Reply-To"] is None
    assert str(first["Message-ID"]) in ids(reminder)
    assert reminder["In-Reply-To"] in ids(first)
    assert str(first["Message-ID"]) in ids(end)
    assert "BREACH" in reminder["Subject"]
    assert "OK" in end["Subject"]
    # And each mail has an id of its own; what comes back is another conversation
    assert len({str(mail["Message-ID"]) for mail in mailbox.mails}) == 4
    assert not ids(again) & ids(first)


@pytest.mark.parametrize("make", [hostile], ids=["strangers' text"])
def test_strangers_text_is_inert_in_every_part(tmp_path: Path, make: Any) -> None:
    with smtp_server() as mailbox:
        smtp = server(mailbox, tmp_path)
        assert problems_of(announcer(tmp_path, OPS, smtp=smtp), make(STRANGE)) == [None]
    (mail,) = mailbox.mails
    assert mail["Bcc"] is None
    assert not re.search(r"[\r\n\x1b\u202e]", str(mail["Subject"]))
    text, html = parts(mail)
    assert not re.search(r"[\x1b\u202e]", text + html)
    assert "<script" not in html
    assert not re.search(r'<img (?!src="cid:chart-)', html)
    assert "&lt;script&gt;" in html


def test_a_header_with_a_line_break_is_refused() -> None:
    broken = Letter("a@example.com", ("b@example.com",), "x\r\nBcc: c@example.com", "t", "h", ())
    job = Job(NOON, None, patient().monotonic() + 5, patient())
    with pytest.raises(NotDelivered, match="line break"):
        send_by_smtp(SmtpServer("127.0.0.1", 1), broken, job)


def test_japanese_mail(tmp_path: Path) -> None:
    with smtp_server() as mailbox:
        to = replace(OPS, lang="ja")
        smtp = server(mailbox, tmp_path)
        assert problems_of(announcer(tmp_path, to, smtp=smtp), everything()) == [None]
    (mail,) = mailbox.mails
    text, html = parts(mail)
    assert "要対応" in mail["Subject"]
    assert "新規" in text
    assert '<html lang="ja">' in html
    assert max(cell_len(line) for line in text.splitlines()) <= 76


@contextmanager
def talkative(says: bytes) -> Iterator[int]:
    """The port of a server that says this to whoever connects, and then nothing."""

    def talk() -> None:
        with listener.accept()[0] as stream, suppress(OSError):
            stream.sendall(says)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=talk)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(5)


@pytest.mark.parametrize(
    ("says", "said"),
    [
        (b"220-hello\r\n" * 5000, "its replies do not end"),
        (b"220 hi\r\n" + b"250-x\r\n" * 5000, "its replies do not end"),
        (b"\xff" * 10_000, "answered 500"),
    ],
)
def test_a_server_that_talks_without_end_is_left(tmp_path: Path, says: bytes, said: str) -> None:
    with talkative(says) as port:
        smtp = SmtpServer("127.0.0.1", port)
        (problem,) = problems_of(announcer(tmp_path, OPS, smtp=smtp), everything())
    assert problem is not None
    assert problem.startswith(f"127.0.0.1:{port}: {said}")


def test_the_summary_of_a_week_is_above_the_report(tmp_path: Path) -> None:
    with smtp_server() as mailbox:
        smtp = server(mailbox, tmp_path)
        weekly = announcer(tmp_path, OPS, smtp=smtp, weekly=True)
        assert problems_of(weekly, fine()) == [None]
    (mail,) = mailbox.mails
    assert "weekly summary" in mail["Subject"]
    text, html = parts(mail)
    assert text.startswith("The week to 24 Nov\nVerdicts: 24 Nov ✓ OK\n")
    assert "mailwatch · example.com" in text
    assert "<p>The week to 24 Nov</p>" in html

"""A mail: text and HTML, a subject with the verdict, and headers that make one problem one
conversation.

Each problem has an id of its own, made from what is watched, the problem, and when it began. The
first mail about it has this id as its Message-ID, all later ones have it in their References
(RFC 5322 §3.6.4). So a problem that comes back is another conversation.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from rich.text import Text

from mailwatch.model import Report
from mailwatch.notify.life import Announced
from mailwatch.notify.mail_html import mail_html
from mailwatch.notify.notice import Notice
from mailwatch.reports import console
from mailwatch.reports.console.layout import hang
from mailwatch.reports.html.picture import Picture, Pictures
from mailwatch.reports.view import View

WIDTH = 76
"""Columns (RFC 5322 §2.1.1: at most 78)."""
MOST_REFERENCES = 20


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is ready to be sent, in whatever way."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]
    pictures: tuple[Picture, ...] = ()
    """What the HTML part shows by `cid:`."""

    def message(self) -> EmailMessage:
        """The mail as SMTP takes it. Raises ValueError for a line break in a header."""
        message = EmailMessage(policy=SMTP)
        message["Subject"] = self.subject
        message["From"] = Address("mailwatch", addr_spec=self.sender)
        message["To"] = [Address(addr_spec=one) for one in self.recipients]
        for name, value in self.headers:
            message[name] = value
        message.set_content(self.text)
        message.add_alternative(self.html, subtype="html")
        *_, html = message.iter_parts()
        for number, one in enumerate(self.pictures, 1):
            html.add_related(
                one.data,
                "image",
                "png",
                cid=f"<{one.ident}>",
                disposition="inline",
                filename=picture_name(number),
            )
        return message


def picture_name(number: int) -> str:
    """The file name of a picture."""
    return f"chart-{number}.png"


@dataclass(frozen=True, slots=True)
class Conversation:
    """The ids of a mail."""

    message_id: str
    references: tuple[str, ...] = ()
    answers: str | None = None
    """The mail that this one follows; None for one that begins a conversation."""


def conversation(
    report: Report, opening: Sequence[str], earlier: Sequence[str], sender: str
) -> Conversation:
    """The ids of a mail in which the problems of `opening` are new and those of `earlier` are not.

    Both hold the ids of `problem_id`.
    """
    references = tuple([*earlier, *opening[1:]][:MOST_REFERENCES])
    unique = _identifier(f"{report.generated_at.isoformat()} {' '.join(earlier)}", sender)
    message_id = opening[0] if opening else unique
    return Conversation(message_id, references, earlier[0] if earlier else None)


def problem_id(report: Report, key: str, entry: Announced, sender: str) -> str:
    """The id of one problem, the same in every run until it is over."""
    return _identifier("\n".join((*report.subjects, "", key, entry.opened.isoformat())), sender)


def letter(
    notice: Notice,
    sender: str,
    recipients: tuple[str, ...],
    ids: Conversation | None,
    now: datetime,
) -> Letter:
    """The mail for this notice, with the report below it."""
    headers = [
        ("Date", now.strftime("%a, %d %b %Y %H:%M:%S %z")),
        ("Auto-Submitted", "auto-generated"),  # RFC 3834: no answer from a vacation program
        ("X-Mailwatch-Verdict", notice.verdict.value),
    ]
    if ids is not None:
        headers.append(("Message-ID", ids.message_id))
        if ids.references:
            headers.append(("References", " ".join(ids.references)))
        if ids.answers is not None:
            headers.append(("In-Reply-To", ids.answers))
    view, pictures = View(width=WIDTH, lang=notice.lang), Pictures()
    html = mail_html(notice, view, pictures)
    return Letter(
        sender, recipients, notice.subject, _text(notice, view), html, tuple(headers),
        tuple(pictures.found),
    )  # fmt: skip


def _text(notice: Notice, view: View) -> str:
    text = _wrapped(notice.above_report())
    report = "".join(console.render(notice.report, view)) if notice.report is not None else ""
    return f"{text}\n{report}" if text and report else text + report


def _wrapped(lines: Iterable[str]) -> str:
    """The lines in at most WIDTH columns, each with its indent."""
    shown = []
    for line in lines:
        text = line.lstrip(" ")
        indent = len(line) - len(text)
        shown += [one.plain for one in hang(Text(" " * indent), Text(text), WIDTH, indent)]
    return "".join(f"{line}\n" for line in shown)


def _identifier(text: str, sender: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()[:32]
    return f"<{digest}@{sender.rpartition('@')[2]}>"

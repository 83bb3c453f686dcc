"""Who receives notices in the tests: an HTTP server and an SMTP server on loopback."""

import asyncio
import email
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from mailwatch.clock import Clock
from mailwatch.config import NotifyConfig
from mailwatch.config.notify import NotifyChannel
from mailwatch.demo import Faults, Rule
from mailwatch.demo.wire.exchange import Request, Response
from mailwatch.demo.wire.faults import HttpFault
from mailwatch.demo.wire.web import WebServer
from mailwatch.model import Report
from mailwatch.notify.announce import Announcer
from mailwatch.notify.deliveries import Outbox
from mailwatch.notify.notice_state import NoticeFile
from tests.reports.samples import NOON

PASSWORD = "correct-horse-battery"


@dataclass
class Heard:
    """What came in over HTTP."""

    url: str
    requests: list[Request]

    def documents(self) -> list[Any]:
        """The bodies as JSON."""
        return [json.loads(request.body) for request in self.requests]


@contextmanager
def receiver(*behaviours: HttpFault | None, times: int | None = None) -> Iterator[Heard]:
    """A server that takes everything; `behaviours` come first, `times` each."""
    requests: list[Request] = []
    rules = (Rule("sendgrid", one, times=times) for one in behaviours if one is not None)
    server = WebServer(
        lambda path: "sendgrid",
        lambda request: Response(200, {"ok": True}),
        (Faults(*rules),),
        requests.append,
    )
    server.start()
    try:
        yield Heard(server.url, requests)
    finally:
        server.stop()


@dataclass
class Mailbox:
    """What an SMTP server took, and from whom."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    """What it says to the next mails instead of taking them."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        message = email.message_from_bytes(envelope.content, policy=default)
        self.mails.append(message)
        return "250 taken"


@contextmanager
def smtp_server(certificate: Path | None = None, *, tls_first: bool = False) -> Iterator[Mailbox]:
    """A server that wants STARTTLS (or TLS) and a login, where there is a certificate."""
    mailbox = Mailbox()
    options: dict[str, Any] = {}
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

        def log_in(*details: Any) -> AuthResult:
            given = cast("LoginPassword", details[-1])
            mailbox.logins.append(given.login.decode())
            return AuthResult(success=given.password == PASSWORD.encode(), handled=False)

        options = {"authenticator": log_in, "auth_required": True}
        if tls_first:
            options |= {"ssl_context": context, "auth_require_tls": False}
        else:
            options |= {"tls_context": context, "require_starttls": True}
    with _running(mailbox, options.pop("ssl_context", None), options):
        yield mailbox


@contextmanager
def _running(
    mailbox: Mailbox, tls: ssl.SSLContext | None, options: dict[str, Any]
) -> Iterator[None]:
    """aiosmtpd on a free port, in a thread; its own controller needs to know the port before."""
    loop = asyncio.new_event_loop()
    listening = loop.run_until_complete(
        loop.create_server(
            lambda: SMTP(mailbox, hostname="127.0.0.1", loop=loop, **options),
            "127.0.0.1",
            0,
            ssl=tls,
        )
    )
    mailbox.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def end() -> None:
        listening.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def patient(hours: float = 0) -> Clock:
    """The time of the sample reports, `hours` later; waits take no time."""
    return Clock(now=lambda: NOON + timedelta(hours=hours), pause=lambda seconds: None)


def announcer(folder: Path, *channels: NotifyChannel, **more: Any) -> Announcer:
    """What tells these channels, with its state in `folder`."""
    own = {name: more.pop(name) for name in ("mail_to", "quiet", "weekly") if name in more}
    sendgrid = more.pop("sendgrid", None)
    config = NotifyConfig(channels=channels, sender="mailwatch@example.com", **more)
    outbox = Outbox(config, sendgrid, patient())
    return Announcer(outbox, NoticeFile(folder / "notices.json"), "en", **own)


def problems_of(announcer: Announcer, report: Report) -> list[str | None]:
    """Why each channel did not take what there was to say; None where it did."""
    return [delivery.problem for delivery in announcer.announce(report)]

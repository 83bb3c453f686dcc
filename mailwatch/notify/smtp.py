"""A mail by SMTP: with STARTTLS or TLS, the certificate always verified.

A password goes out only inside TLS, or to this machine. What cannot be delivered for now (4yz,
RFC 5321 §4.2.1) is tried again.
"""

import re
import smtplib
import socket
import ssl
from typing import IO, Any

from mailwatch.config.notify import SmtpServer
from mailwatch.config.secret import hide
from mailwatch.notify.mail_message import Letter
from mailwatch.notify.posting import NotDelivered, resolved_secret
from mailwatch.sources.job import Job
from mailwatch.text.inert import inert

CALL_SECONDS = 10.0
MOST_LINES = 1000
"""Lines of all replies together; a usual mail has twenty."""
TRIES = 3
FIRST_WAIT = 1.0
_FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLError, "TLS could not be set up"),
    (smtplib.SMTPNotSupportedError, "it does not offer STARTTLS, or no login that mailwatch knows"),
    (TimeoutError, "it did not answer in time"),
    (smtplib.SMTPServerDisconnected, "it closed the connection"),
    (ConnectionRefusedError, "nothing listens there"),
)
_NAME = re.compile(r"[A-Za-z0-9.-]{1,253}")


class _Endless(Exception):  # noqa: N818  # smtplib catches every error of its own kinds
    """A server that talks on and on."""


class _Lines:
    """What a server says, a line at a time: not without end, and not for ever."""

    def __init__(self, file: IO[bytes], job: Job) -> None:
        self._file = file
        self._job = job
        self._left = MOST_LINES

    def readline(self, size: int) -> bytes:
        self._left -= 1
        if self._left < 0 or self._job.remaining() <= 0:
            raise _Endless
        return self._file.readline(size)

    def close(self) -> None:
        self._file.close()


class _Bounded(smtplib.SMTP):
    """A connection whose replies are bounded. smtplib reads a reply of any length."""

    def __init__(self, job: Job, *where: Any, **how: Any) -> None:
        self.job = job
        super().__init__(*where, **how)

    def getreply(self) -> tuple[int, bytes]:
        """One reply."""
        if self.file is None and self.sock is not None:  # as smtplib does, also after STARTTLS
            lines: Any = _Lines(self.sock.makefile("rb"), self.job)
            self.file = lines
        try:
            return super().getreply()
        except _Endless:
            self.close()
            raise


class _BoundedTls(_Bounded, smtplib.SMTP_SSL):
    pass


def send_by_smtp(server: SmtpServer, mail: Letter, job: Job) -> None:
    """The server has taken the mail for every recipient. Raises NotDelivered."""
    try:
        data = mail.message().as_bytes()
    except ValueError:
        raise NotDelivered("a header of the mail has a line break in it") from None
    password = resolved_secret(server.password)
    where = f"{server.host}:{server.port}"
    wait = FIRST_WAIT
    for left in reversed(range(TRIES)):
        try:
            _send(server, mail, data, password, job)
        except _Endless:
            raise NotDelivered(f"{where}: its replies do not end") from None
        except (smtplib.SMTPException, OSError) as error:
            if not (left and _may_pass(error) and wait < job.remaining()):
                said = hide(_words(error), password)
                raise NotDelivered(f"{where}: {said}") from None
            job.clock.pause(wait)
            wait *= 2
        else:
            return


def _send(server: SmtpServer, mail: Letter, data: bytes, password: str, job: Job) -> None:
    seconds = min(CALL_SECONDS, job.remaining())
    if seconds <= 0:
        raise TimeoutError
    host = socket.gethostname()
    name = host if _NAME.fullmatch(host) else "localhost"  # getfqdn would ask DNS
    place = (server.host, server.port, name)
    if server.security == "tls":
        trusted = ssl.create_default_context()
        connection: _Bounded = _BoundedTls(job, *place, timeout=seconds, context=trusted)
    else:
        connection = _Bounded(job, *place, timeout=seconds)
    with connection:
        if server.security == "starttls":
            connection.starttls(context=ssl.create_default_context())
        if server.username is not None:
            connection.login(server.username, password)
        refused = connection.sendmail(mail.sender, mail.recipients, data)
        if refused:
            raise smtplib.SMTPRecipientsRefused(refused)


def _may_pass(error: Exception) -> bool:
    """True when another try may succeed."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        # Some may have been accepted: they would get it twice.
        return False
    if isinstance(error, smtplib.SMTPResponseException):
        return 400 <= error.smtp_code < 500
    return isinstance(error, OSError | smtplib.SMTPServerDisconnected) and not isinstance(
        error, ssl.SSLError | smtplib.SMTPNotSupportedError
    )


def _words(error: Exception) -> str:
    """What happened. A server's own words are a stranger's."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "refused: " + ", ".join(
            f"{address} ({code} {inert(text, 120)})"
            for address, (code, text) in error.recipients.items()
        )
    if isinstance(error, smtplib.SMTPResponseException):
        return f"answered {error.smtp_code} {inert(error.smtp_error, 200)}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {inert(error.verify_message, 120)}"
    known = (text for kind, text in _FAILURES if isinstance(error, kind))
    return next(known, inert(getattr(error, "strerror", None) or type(error).__name__, 120))

"""A mail by SMTP: with STARTTLS or TLS, the certificate always verified.

A password goes out only inside TLS, or to this machine. What cannot be delivered for now (4yz,
RFC 5321 §4.2.1) is tried again.
"""

import re
import smtplib
import socket
import ssl

from mailwatch.config.notify import SmtpServer
from mailwatch.config.secret import hide
from mailwatch.notify.mail_message import Letter
from mailwatch.notify.posting import NotDelivered, resolved_secret
from mailwatch.sources.job import Job
from mailwatch.text.inert import inert

CALL_SECONDS = 10.0
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


def send_by_smtp(server: SmtpServer, mail: Letter, job: Job) -> None:
    """The server has taken the mail for every recipient. Raises NotDelivered."""
    try:
        data = mail.message().as_bytes()
    except ValueError:
        raise NotDelivered("a header of the mail has a line break in it") from None
    password = resolved_secret(server.password)
    wait = FIRST_WAIT
    for left in reversed(range(TRIES)):
        try:
            _send(server, mail, data, password, job)
        except (smtplib.SMTPException, OSError) as error:
            if not (left and _may_pass(error) and wait < job.remaining()):
                said = hide(_words(error), password)
                raise NotDelivered(f"{server.host}:{server.port}: {said}") from None
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
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, name, timeout=seconds, context=ssl.create_default_context()
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, name, timeout=seconds)
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

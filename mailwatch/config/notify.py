"""notify: where notices and mails are sent, and the heartbeat."""

import re
from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any
from urllib.parse import urlsplit

from mailwatch.config.addresses import is_loopback, parse_url
from mailwatch.config.secret import HIDDEN, SecretRef
from mailwatch.config.section import Origin, Settings
from mailwatch.errors import FileError
from mailwatch.frozen import dataclass
from mailwatch.model import SUBJECT_KEYS, Subject
from mailwatch.yamlfile.reader import Node
from mailwatch.yamlfile.shape import (
    Fields,
    Listed,
    Nullable,
    Parsed,
    Schema,
    Shape,
    Spot,
    integer,
    one_of,
    text,
)

KINDS = ("mail", "webhook", "slack", "teams", "pagerduty", "apprise")
LEVELS = ("breach", "warn", "unknown")
PAGERDUTY_URL = "https://events.pagerduty.com"
_REFERENCE = re.compile(r"(env|file|cmd):")
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")
_NEEDED = {
    "mail": ("to",),
    "webhook": ("url",),
    "slack": ("url",),
    "teams": ("url",),
    "pagerduty": ("routing_key",),
    "apprise": ("url",),
}
_ONLY_FOR = {"to": ("mail",), "secret": ("webhook",), "routing_key": ("pagerduty",)}


@dataclass(frozen=True, slots=True)
class WrittenUrl:
    """An address that stands in the file itself. Its path may be known to few people."""

    url: str

    def __str__(self) -> str:
        """As far as its host."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}/{HIDDEN if parts.path.strip('/') else ''}"


Address = SecretRef | WrittenUrl
"""An address, or where it is: that of a chat's webhook is a secret."""


@dataclass(frozen=True, slots=True)
class NotifyChannel:
    """One place that notices go to, and which of them."""

    kind: str
    name: str
    url: Address | None = None
    to: tuple[str, ...] = ()
    secret: SecretRef | None = None
    """What a webhook's body is signed with."""
    routing_key: SecretRef | None = None
    level: str = "warn"
    """The mildest level that it hears of."""
    checks: tuple[str, ...] = ()
    """Check ids, with * for any part; none: all."""
    match: Subject = field(default_factory=Subject)
    lang: str | None = None

    def __str__(self) -> str:
        """Its name and kind: no secret is in it."""
        return f"{self.name} ({self.kind}, {self.level})"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A server that takes mail."""

    host: str = "localhost"
    port: int = 25
    security: str = "none"
    """starttls, tls, or none: the last on a loopback address only."""
    username: str | None = None
    password: SecretRef | None = None

    def __str__(self) -> str:
        """Where it is."""
        return f"{self.host}:{self.port} ({self.security})"


@dataclass(frozen=True, slots=True)
class NotifyConfig:
    """Where notices and mails are sent, and the heartbeat."""

    channels: tuple[NotifyChannel, ...] = ()
    smtp: SmtpServer = field(default_factory=SmtpServer)
    via: str = "smtp"
    """How mail is sent: smtp or sendgrid."""
    sender: str | None = None
    ping_url: Address | None = None
    digest: str = "never"
    remind_hours: int = 24
    trusted: bool = True
    """False for a file that was merely found: it must send neither a report nor a password to an
    address of its own choice."""


class _Checked:
    """A shape whose value has to make sense as a whole."""

    def __init__(self, shape: Shape, make: Any) -> None:
        self._shape = shape
        self._make = make

    def read(self, node: Node, spot: Spot) -> Any:
        """What `make` returns. Its ValueError becomes a FileError."""
        try:
            return self._make(self._shape.read(node, spot))
        except FileError:
            raise
        except ValueError as error:
            raise spot.error(node, str(error)) from None

    def schema(self) -> Schema:
        """The shape's."""
        return self._shape.schema()


def parse_mailbox(written: str) -> str:
    """The bare address `written`. Raises ValueError: a line break would begin another header."""
    if not _MAILBOX.fullmatch(written) or ".." in written:
        raise ValueError("is not a valid mail address (expected one like ops@example.com)")
    return written


def parse_smtp(written: str) -> SmtpServer:
    """The server HOST[:PORT] on this machine. Raises ValueError: elsewhere TLS is needed."""
    host, _, port = written.partition(":")
    if not is_loopback(host) or not (port or "25").isdecimal() or not 0 < int(port or 25) < 65536:
        raise ValueError("is not the address of a server on this machine")
    return SmtpServer(host, int(port or 25))


def parse_target(written: str) -> str:
    """An address to post to, https or loopback; it may have a query. Raises ValueError."""
    base, question, query = written.partition("?")
    parse_url(base, home=None)
    if question and not re.fullmatch(r"[!-~]*", query.replace("#", " ")):
        raise ValueError("is not a valid address")
    return written


def shape(origin: Origin) -> Shape:
    """Channels with their routes, the ways to send mail, the heartbeat."""

    def address(written: str) -> Address:
        if _REFERENCE.match(written):
            return reference.parse(written)  # type: ignore[no-any-return]  # it is a SecretRef
        return WrittenUrl(parse_target(written))

    reference = origin.secret()
    url = Parsed(address, "an https address, or env:NAME, file:PATH or cmd:COMMAND", repeats=False)
    mailbox = Parsed(parse_mailbox, "a mail address")
    channel = Fields(
        {
            "kind": one_of(*KINDS),
            "name": text(60),
            "url": url,
            "to": Listed(mailbox, least=1),
            "secret": reference,
            "routing_key": reference,
            "level": one_of(*LEVELS),
            "checks": Listed(text(100)),
            "match": Fields({name: text(253) for name in SUBJECT_KEYS}),
            "lang": one_of("en", "ja"),
        },
        required=("kind",),
    )
    smtp = Fields(
        {
            "host": Parsed(_parse_host, "a host name or an address"),
            "port": integer(1, 65535),
            "security": one_of("starttls", "tls", "none"),
            "username": text(200),
            "password": reference,
        },
        required=("host",),
    )
    section = Fields(
        {
            "channels": Nullable(Listed(_Checked(channel, _channel))),
            "smtp": _Checked(smtp, _smtp),
            "via": one_of("smtp", "sendgrid"),
            "from": mailbox,
            "ping_url": url,
            "digest": one_of("weekly", "never"),
            "remind_hours": integer(1, 24 * 30),
        }
    )
    return Nullable(_Checked(section, lambda written: {**written, "trusted": origin.trusted}))


def _parse_host(written: str) -> str:
    if not _HOST.fullmatch(written):
        raise ValueError("is not a valid host")
    return written


def _channel(written: dict[str, Any]) -> NotifyChannel:
    kind = written["kind"]
    for key in _NEEDED[kind]:
        if key not in written:
            raise ValueError(f"a channel of kind {kind} needs the key {key}")
    for key, kinds in _ONLY_FOR.items():
        if key in written and kind not in kinds:
            raise ValueError(f"{key} is only for channels of kind {', '.join(kinds)}")
    if kind in ("slack", "teams", "apprise") and isinstance(written["url"], WrittenUrl):
        local = is_loopback(urlsplit(written["url"].url).hostname)
        if not local:
            raise ValueError(
                f"the url of a {kind} channel is a secret: write where it is, as env:NAME, "
                "file:PATH or cmd:COMMAND"
            )
    match = Subject.of(**written.pop("match", {}))
    if "to" in written:
        written["to"] = tuple(dict.fromkeys(written["to"]))  # SendGrid refuses one that is twice
    return NotifyChannel(**{"name": kind, **written, "match": match})


def _smtp(written: dict[str, Any]) -> SmtpServer:
    local = is_loopback(written["host"])
    security = written.get("security", "none" if local else "starttls")
    if security == "none" and not local:
        raise ValueError("security: none is only accepted for a loopback address")
    if ("username" in written) != ("password" in written):
        raise ValueError("username and password belong together")
    port = 465 if security == "tls" else 587 if security == "starttls" else 25
    return SmtpServer(**{"port": port, **written, "security": security})


def settings(written: Any, environment: Mapping[str, str]) -> Settings:
    """The section; None where it is not there."""
    if written is None:
        return Settings(None)
    values = {name: value for name, value in written.items() if value is not None}
    if "from" in values:
        values["sender"] = values.pop("from")
    values["channels"] = tuple(_distinct(values.get("channels", ())))
    return Settings(NotifyConfig(**values))


def _distinct(channels: tuple[NotifyChannel, ...]) -> list[NotifyChannel]:
    """The channels, each under a name of its own: the second `slack` is `slack-2`."""
    seen: dict[str, int] = {}
    named = []
    for channel in channels:
        seen[channel.name] = number = seen.get(channel.name, 0) + 1
        named.append(channel if number == 1 else replace(channel, name=f"{channel.name}-{number}"))
    return named


def template(environment: Mapping[str, str]) -> str:
    """Commented out."""
    return (
        "# notify:                      # who hears of a problem, and of its end\n"
        "#   channels:\n"
        "#     - {kind: slack, url: env:SLACK_WEBHOOK_URL, level: warn}\n"
        "#     - {kind: mail, to: [ops@example.com]}\n"
        "#   smtp: {host: smtp.example.com, username: me, password: env:SMTP_PASSWORD}\n"
        "#   from: mailwatch@example.com\n"
    )

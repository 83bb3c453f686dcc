"""dmarc: where the aggregate reports are."""

import os
import re
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from mailwatch.config.addresses import is_loopback
from mailwatch.config.secret import SecretRef
from mailwatch.config.section import Origin, Settings
from mailwatch.frozen import dataclass
from mailwatch.text.inert import inert
from mailwatch.yamlfile.shape import (
    Fields,
    Listed,
    Nullable,
    Parsed,
    Shape,
    integer,
    text,
)

PASSWORD = "env:MAILWATCH_IMAP_PASSWORD"  # noqa: S105  # where it is, not what it is
"""Where the password is, unless it is said."""
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")
_PORTS = {"imap": 143, "imaps": 993}


@dataclass(frozen=True, slots=True)
class ImapConfig:
    """A folder of an IMAP server."""

    host: str
    port: int
    user: str
    folder: str
    implicit_tls: bool
    """TLS from the first byte (imaps); else STARTTLS, without which nothing is sent."""
    password: SecretRef
    ca: Path | None = None
    """The certificates to trust instead of the system's."""
    move_to: str | None = None
    """The folder for messages that were counted; None: they are left as they are."""

    def __str__(self) -> str:
        """The address, without a password."""
        scheme = "imaps" if self.implicit_tls else "imap"
        return f"{scheme}://{self.user}@{self.host}:{self.port}/{self.folder}"


@dataclass(frozen=True, slots=True)
class DmarcConfig:
    """Where the reports are, and what is ours."""

    paths: tuple[Path, ...] = ()
    maildir: tuple[Path, ...] = ()
    imap: ImapConfig | None = None
    own_sources: tuple[str, ...] = ()
    """Sources that are ours, though none of their mail passes: names, addresses, networks."""
    window_days: int = 31
    resolve: bool = False
    """Look up the host names of addresses, and the policy that DNS has now."""
    jobs: int = 1
    """Processes that read files."""
    cluster: Any = field(default=None, repr=False, compare=False)
    """The client of a Dask scheduler whose processes read the files instead."""
    failed: Path | None = None
    """A folder for copies of what could not be read."""


def parse_imap(address: str, password: SecretRef, *, local: bool = False) -> ImapConfig:
    """The folder that `imaps://USER@HOST[:PORT]/FOLDER` names. Raises ValueError.

    `imap:` is with STARTTLS. With `local`, only a loopback address is accepted.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is not a valid address") from None
    if parts.password is not None:
        raise ValueError("has the password in it; say where it is instead, as env:NAME")
    known = parts.scheme in _PORTS and host and _HOST.fullmatch(host) and parts.username
    user, folder = unquote(parts.username or ""), unquote(parts.path.removeprefix("/"))
    if not known or parts.query or parts.fragment or inert(user + folder, 800) != user + folder:
        raise ValueError("is not like imaps://USER@HOST/FOLDER")
    if local and not is_loopback(host):
        raise ValueError("is not allowed in a file that was only found here; name it with --config")
    return ImapConfig(
        host=str(host),
        port=port or _PORTS[parts.scheme],
        user=user,
        folder=folder or "INBOX",
        implicit_tls=parts.scheme == "imaps",
        password=password,
    )


def shape(origin: Origin) -> Shape:
    """Files, Maildirs, an IMAP folder, and what is ours."""
    default = SecretRef.parse(PASSWORD, origin.folder)

    def address(written: str) -> ImapConfig:
        return parse_imap(written, default, local=not origin.trusted)

    path = Parsed(lambda written: _path(origin.folder, written), "a file or folder")
    imap = Fields(
        {
            "url": Parsed(address, "imaps://USER@HOST/FOLDER", repeats=False),
            "password": origin.secret(),
            "ca": Nullable(path),
            "move_to": Nullable(text(200)),
        },
        required=("url",),
    )
    return Nullable(
        Fields(
            {
                "paths": Nullable(Listed(path)),
                "maildir": Nullable(path),
                "imap": Nullable(imap),
                "own_sources": Nullable(Listed(text(253))),
                "window_days": integer(1, 366),
            }
        )
    )


def _path(folder: Path, written: str) -> Path:
    if not written.strip() or "\0" in written or len(written) > 4096:
        raise ValueError("is not a path")
    return folder / os.path.expanduser(written)  # noqa: PTH111  # Path's may raise


def settings(written: Any, environment: Mapping[str, str]) -> Settings:
    """None where the file does not have the section."""
    if written is None:
        return Settings(None)
    config = DmarcConfig(
        paths=written.get("paths") or (),
        maildir=(written["maildir"],) if written.get("maildir") else (),
        imap=_imap(written.get("imap")),
        own_sources=written.get("own_sources") or (),
        window_days=written.get("window_days", DmarcConfig().window_days),
    )
    return Settings(config)


def _imap(written: Mapping[str, Any] | None) -> ImapConfig | None:
    if not written:
        return None
    imap: ImapConfig = written["url"]
    return replace(imap, **{key: value for key, value in written.items() if key != "url"})


def template(environment: Mapping[str, str]) -> str:
    """Commented out. An IMAP folder is only read for a file that somebody chose (--config)."""
    return (
        "# dmarc:                       # DMARC aggregate reports\n"
        "#   paths: [reports]           # files and folders\n"
        "#   own_sources: []            # what sends for you, though none of it passes\n"
        "#   window_days: 31\n"
    )

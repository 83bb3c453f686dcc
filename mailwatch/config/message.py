"""message: one message that `check` looks at too, such as the newest from a test mailbox."""

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from mailwatch.config.section import Origin, Settings
from mailwatch.frozen import dataclass
from mailwatch.text.inert import inert
from mailwatch.yamlfile.shape import Fields, Nullable, Parsed, Shape, text


@dataclass(frozen=True, slots=True)
class MessageConfig:
    """Where the message is, and what is known of who sent it."""

    file: Path
    ip: str | None = None
    """The client's address; None: from the trusted Received line."""
    mail_from: str | None = None
    """The envelope sender, empty for a bounce; None: from Return-Path."""
    helo: str | None = None


def parse_ip(written: str) -> str:
    """An IP address. Raises ValueError."""
    if "%" in written:  # a zone means something on one machine only
        raise ValueError("is not a valid IP address")
    try:
        return str(ip_address(written.strip()))
    except ValueError:
        raise ValueError("is not a valid IP address") from None


def shape(origin: Origin) -> Shape:
    """A file relative to the configuration, and the envelope."""

    def parse_file(written: str) -> Path:
        if not written.strip() or inert(written) != written:
            raise ValueError("is not a valid path")
        return origin.folder / written.strip()

    return Nullable(
        Fields(
            {
                "file": Parsed(parse_file, "a file, relative to this file"),
                "ip": Nullable(Parsed(parse_ip, "an IP address")),
                "mail_from": Nullable(text(320)),
                "helo": Nullable(text(253)),
            },
            required=("file",),
        )
    )


def settings(written: Any, environment: Mapping[str, str]) -> Settings:
    """The message, or None without the section."""
    if not written:
        return Settings(None)
    values = {key: written.get(key) for key in ("ip", "mail_from", "helo")}
    return Settings(MessageConfig(written["file"], **values))


def template(environment: Mapping[str, str]) -> str:
    """Commented out."""
    return "# message:\n#   file: newest.eml            # a message to look at in every check\n"

"""postfix: the logs of Postfix."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mailwatch.config.addresses import parse_zone
from mailwatch.config.section import Origin, Settings
from mailwatch.frozen import dataclass
from mailwatch.text.inert import inert
from mailwatch.yamlfile.shape import Fields, Listed, Nullable, Parsed, Shape, integer

STANDARD_INPUT = Path("-")
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class PostfixConfig:
    """The logs, and the zone that their days are in."""

    logs: tuple[Path, ...] = ()
    """Files, or patterns such as /var/log/mail.log*. STANDARD_INPUT is that, not a file."""
    timezone: str | None = None
    """The zone of the log's time stamps (IANA name); None: the zone of this machine."""
    window_days: int = 7


def shape(origin: Origin) -> Shape:
    """The logs, relative to the file; their zone and window."""

    def parse(text: str) -> Path:
        wrong = len(text) > _LONGEST or inert(text, _LONGEST) != text
        if not text.strip() or wrong or text.strip() == str(STANDARD_INPUT):
            raise ValueError("is not a valid path")
        return origin.folder / os.path.expanduser(text.strip())  # noqa: PTH111  # Path's may raise

    log = Parsed(parse, "a file, or a pattern such as /var/log/mail.log*")
    return Nullable(
        Fields(
            {
                "logs": Nullable(Listed(log, name=str)),
                "timezone": Nullable(Parsed(parse_zone, "a time zone, such as Asia/Tokyo")),
                "window_days": integer(1, 90),
            }
        )
    )


def settings(written: Any, environment: Mapping[str, str]) -> Settings:
    """None where the file does not have the section."""
    if written is None:
        return Settings(None)
    return Settings(PostfixConfig(**{**written, "logs": written.get("logs") or ()}))


def template(environment: Mapping[str, str]) -> str:
    """Commented out."""
    return (
        "# postfix:                     # what a Postfix server sent, from its log\n"
        "#   logs: [/var/log/mail.log*] # files or patterns; also gz, xz\n"
    )

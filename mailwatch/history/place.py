"""Where the history is: a file, a PostgreSQL server, or nowhere."""

import os
import re
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from urllib.parse import unquote, unquote_plus, urlsplit

from mailwatch.frozen import dataclass
from mailwatch.text.inert import inert

FILE = "history.sqlite"
NONE = "none"
HIDDEN = "•••"
_SERVER = re.compile(r"postgres(?:ql)?(?:\+psycopg)?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HistoryPlace:
    """A file (`path`), a server (`url`), or, with neither, nowhere."""

    path: Path | None = None
    url: str | None = field(default=None, repr=False)
    own: bool = False
    """It is mailwatch's own folder, which is made where it is not there."""

    def __str__(self) -> str:
        """The place as it may be shown: without a password."""
        if self.url is not None:
            return self.mask(inert(self.url, 400))
        return NONE if self.path is None else inert(str(self.path), 400)

    @property
    def passwords(self) -> tuple[str, ...]:
        """Every password in the URL, as it is written there and as it is meant."""
        if self.url is None:
            return ()
        written = re.findall(r"//[^:@/?#]*:([^@/?#]*)@", self.url)
        written += re.findall(r"password=([^&#]*)", self.url, re.IGNORECASE)
        found = {form for text in written for form in (text, unquote(text), unquote_plus(text))}
        return tuple(sorted(filter(None, found), key=len, reverse=True))

    def mask(self, text: str) -> str:
        """`text` without the passwords of this place."""
        for password in self.passwords:
            text = text.replace(password, HIDDEN)
        return text


NOWHERE = HistoryPlace()


def parse_place(text: str, folder: Path) -> HistoryPlace:
    """The place that `text` names; a relative path starts from `folder`.

    Raises ValueError, without the text, for anything else.
    """
    text = text.strip()
    if not text:
        raise ValueError("is empty")
    if inert(text, 4096) != text:
        raise ValueError("is not one line of readable text")
    if text == NONE:
        return NOWHERE
    if _SERVER.match(text):
        return HistoryPlace(url=_checked(text))
    if "://" in text:
        raise ValueError("is not a path, postgresql://… or none")
    return HistoryPlace(path=folder / os.path.expanduser(text))  # noqa: PTH111  # Path's may raise


def _checked(url: str) -> str:
    """`url` in one spelling. Raises ValueError, without the URL."""
    url = _SERVER.sub("postgresql://", url, count=1)
    try:
        urlsplit(url).port  # noqa: B018  # reading it is what checks it
    except ValueError:
        raise ValueError("is not a valid postgresql:// URL") from None
    return url


def default_place(environment: Mapping[str, str]) -> HistoryPlace:
    """The file in the user's state folder (XDG base directory specification)."""
    state = environment.get("XDG_STATE_HOME", "")
    if not Path(state).is_absolute():  # the specification says to take no notice of it
        home = environment.get("HOME") or os.path.expanduser("~")  # noqa: PTH111
        state = str(Path(home) / ".local" / "state")
    return HistoryPlace(path=Path(state) / "mailwatch" / FILE, own=True)

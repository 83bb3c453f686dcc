"""What each channel has heard, kept between runs.

Delivering needs no more than `NoticeState`. `NoticeFile` is it as one JSON file for each
configuration, in the user's state folder (`$XDG_STATE_HOME/mailwatch`, else
`~/.local/state/mailwatch`), written whole or not at all and readable by its owner only.
"""

import fcntl
import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from mailwatch.inputfile import read_input
from mailwatch.model import Level
from mailwatch.notify.life import Announced
from mailwatch.text.inert import inert

SCHEMA = "mailwatch.notices/1"
MOST_BYTES = 8 * 1024 * 1024
PATIENCE = 40.0
"""Seconds to wait for another run's notices, which take 30 at most."""
KEPT = timedelta(days=8)
"""For how long it is known what happened: a week's summary needs no more."""


@dataclass(frozen=True, slots=True)
class PastNotice:
    """Something that a channel heard about a problem."""

    at: datetime
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class ChannelMemory:
    """What one channel has heard."""

    open: Mapping[str, Announced] = field(default_factory=dict)
    """The problems that are not over yet, by key."""
    events: tuple[PastNotice, ...] = ()
    """Of the last days, the oldest first."""
    verdicts: Mapping[date, Level] = field(default_factory=dict)
    """The verdict of each day's last run."""
    digested: date | None = None
    """When the last summary of a week was sent."""


class NoticeState(Protocol):
    """The contract of what keeps it."""

    def turn(self) -> AbstractContextManager[None]:
        """While it lasts no other run announces anything. Raises OSError when it cannot wait."""
        ...

    def recall(self, channel: str) -> ChannelMemory:
        """What the channel of this name has heard; empty for a new one."""
        ...

    def keep(self, channel: str, memory: ChannelMemory) -> None:
        """Replaces what is known of the channel. Raises OSError when it cannot be stored."""
        ...


class NothingHeard:
    """A `NoticeState` for a report of the past: what it sends changes nothing that is known."""

    def turn(self) -> AbstractContextManager[None]:
        """Any time."""
        return nullcontext()

    def recall(self, channel: str) -> ChannelMemory:
        """Nothing."""
        return ChannelMemory()

    def keep(self, channel: str, memory: ChannelMemory) -> None:
        """Forgotten."""


class NoticeFile:
    """A `NoticeState` in a JSON file."""

    def __init__(self, path: Path) -> None:
        """Reads the file, where there is one. `damage` then says what is wrong with it."""
        self.path = path
        self.damage: str | None = None
        self._channels = self._read()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """As the contract says: a lock beside the file, waited for as long as a run may take."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(self.path.with_suffix(".lock"), flags, 0o600)
        try:
            deadline = time.monotonic() + PATIENCE
            while not _locked(descriptor) and time.monotonic() < deadline:
                time.sleep(0.05)
            self._channels = self._read()  # what another run has announced meanwhile
            yield
        finally:
            os.close(descriptor)

    def recall(self, channel: str) -> ChannelMemory:
        """As the contract says. What cannot be understood counts as not heard."""
        try:
            return _memory(self._channels.get(channel, {}))
        except (AttributeError, KeyError, TypeError, ValueError):
            self.damage = f"{inert(str(self.path))} holds something else than notices"
            return ChannelMemory()

    def keep(self, channel: str, memory: ChannelMemory) -> None:
        """As the contract says."""
        self._channels[channel] = _stored(memory)
        document = {"schema": SCHEMA, "channels": self._channels}
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        descriptor = os.open(beside, flags, 0o600)
        try:
            with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123  # a descriptor
                json.dump(document, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(descriptor)
            beside.replace(self.path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise

    def _read(self) -> dict[str, Any]:
        try:
            data = read_input(self.path, MOST_BYTES)
            document = json.loads(data) if len(data) <= MOST_BYTES else None
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not JSON"
            self.damage = f"{inert(str(self.path))} cannot be read: {reason}"
            return {}
        channels = document.get("channels") if isinstance(document, dict) else None
        if not isinstance(channels, dict):
            self.damage = f"{inert(str(self.path))} holds something else than notices"
            return {}
        return channels


def notice_file(
    environment: Mapping[str, str], configuration: Path | None, domains: Iterable[str] = ()
) -> Path:
    """Where the notices of this configuration, or without one of these domains, are kept.

    (XDG Base Directory Specification.)
    """
    state = environment.get("XDG_STATE_HOME", "")
    home = Path(environment.get("HOME") or "/")
    folder = Path(state) if state.startswith("/") else home / ".local" / "state"
    named = ",".join(domains) if configuration is None else os.path.realpath(configuration)
    name = hashlib.sha256(named.encode(errors="surrogateescape")).hexdigest()[:12]
    return folder / "mailwatch" / f"notices-{name}.json"


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def _stored(memory: ChannelMemory) -> dict[str, Any]:
    return {
        "open": {
            key: {
                "title": entry.title,
                "level": entry.level.value,
                "opened": entry.opened.isoformat(),
                "announced": entry.announced.isoformat(),
                "members": dict(entry.members),
            }
            for key, entry in memory.open.items()
        },
        "events": [[event.at.isoformat(), event.kind, event.title] for event in memory.events],
        "verdicts": {str(day): level.value for day, level in memory.verdicts.items()},
        "digested": str(memory.digested) if memory.digested else None,
    }


def _memory(stored: dict[str, Any]) -> ChannelMemory:
    return ChannelMemory(
        open={
            str(key): Announced(
                title=inert(entry["title"]),
                level=Level(entry["level"]),
                opened=_moment(entry["opened"]),
                announced=_moment(entry["announced"]),
                members={str(one): Level(level).value for one, level in entry["members"].items()},
            )
            for key, entry in stored.get("open", {}).items()
        },
        events=tuple(
            PastNotice(_moment(at), str(kind), inert(title))
            for at, kind, title in stored.get("events", ())
        ),
        verdicts={
            date.fromisoformat(day): Level(level)
            for day, level in stored.get("verdicts", {}).items()
        },
        digested=date.fromisoformat(stored["digested"]) if stored.get("digested") else None,
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment

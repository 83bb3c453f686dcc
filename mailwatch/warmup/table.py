"""A warm-up schedule to plan by: the published one, SendGrid's automated one, or one's own."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from mailwatch import inputfile
from mailwatch.errors import FileError
from mailwatch.text.inert import inert
from mailwatch.warmup.schedule import DAILY, HOURLY, MOST_STEPS

PUBLISHED, AUTOMATED = "published", "automated"
MOST_BYTES = 100_000
MOST_VOLUME = 10**10
HOURS = 24


@dataclass(frozen=True, slots=True)
class WarmupTable:
    """Messages on the first, second … sending day."""

    name: str
    volumes: tuple[int, ...]
    doubles: bool = False
    """True where it doubles daily after its last day; else nothing more is known then."""
    per_hour: tuple[int, ...] = ()
    """The limit of one IP address in an hour, where the schedule is made of those."""

    def allowed_on(self, step: int) -> int:
        """Messages that it has for the sending day `step`, from 1; after the last, the last's."""
        if step <= len(self.volumes):
            return self.volumes[step - 1]
        more = min(step, MOST_STEPS) - len(self.volumes) if self.doubles else 0
        return self.volumes[-1] << max(0, more)

    def step_of(self, volume: int) -> int:
        """The first step with `volume` or more; the last where none has so much."""
        most = MOST_STEPS if self.doubles else len(self.volumes)
        return next((n for n in range(1, most + 1) if self.allowed_on(n) >= volume), most)


def published_table() -> WarmupTable:
    """SendGrid's IP warmup schedule, whatever the number of IP addresses."""
    return WarmupTable(PUBLISHED, DAILY, doubles=True)


def automated_table() -> WarmupTable:
    """What SendGrid's automated warm-up lets one IP address send: its hourly limit, all day."""
    return WarmupTable(AUTOMATED, tuple(HOURS * n for n in HOURLY), per_hour=HOURLY)


def choose_table(wanted: str) -> WarmupTable:
    """The schedule that a user names: `published`, `automated`, or a file.

    The file has the messages of each sending day, a number a line; text after # is left out.
    Raises FileError, with the line.
    """
    if wanted == PUBLISHED:
        return published_table()
    if wanted == AUTOMATED:
        return automated_table()
    path = Path(wanted)
    volumes = tuple(_volumes(path))
    if not volumes:
        raise FileError(path, "has no volumes", tip="Write a number of messages on each line.")
    for line, (before, after) in enumerate(pairwise(volumes), 2):
        if after < before:
            raise FileError(path, f"day {line} has less than the day before ({after:,})")
    return WarmupTable(inert(path.name, 80), volumes)


def _volumes(path: Path) -> list[int]:
    try:
        text = inputfile.read_input(path, MOST_BYTES)[:MOST_BYTES].decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(path, "is not UTF-8 text", tip="Save it as UTF-8.") from None
    except OSError as error:
        tip = "A schedule is published, automated, or a file with a number on each line."
        raise FileError(path, f"cannot be read: {error.strerror}", tip=tip) from None
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        cell = line.partition("#")[0].replace(",", "").strip()
        if not cell:
            continue
        if not (cell.isascii() and cell.isdecimal()) or not 0 < int(cell[:12]) <= MOST_VOLUME:
            what = f"{inert(cell, 40)} is not a number of messages such as 5000"
            raise FileError(path, what, line=number)
        found.append(int(cell))
    return found[:1000]

"""How far a list is: a line on the terminal while it is worked on, and a table at the end."""

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from typing import IO

LEVELS = ("breach", "warn", "unknown", "ok")
EVERY = 0.5
"""Seconds between two looks."""


class Progress:
    """Counts domains; shows them where `stream` is a terminal."""

    def __init__(self, descriptor: int, stream: IO[str], clock: Callable[[], float]) -> None:
        status = os.fstat(descriptor)
        self._size = status.st_size if stat.S_ISREG(status.st_mode) else 0
        self._stream = stream
        self._shown = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._clock = clock
        self._begun = self._last = clock()
        self._octets = self._taken = 0
        self.done = 0

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return max(self._clock() - self._begun, 0.001)

    @property
    def rate(self) -> float:
        """Domains a second."""
        return self.done / self.seconds

    def read(self, octets: int) -> None:
        """So much of the list was read."""
        self._octets = octets

    def take(self, domains: int) -> None:
        """So many of them are to be measured: a list is read far ahead of the answers."""
        self._taken += domains

    def update(self, done: int) -> None:
        """So many more domains are done."""
        self.done += done
        if self._shown and self._clock() - self._last >= EVERY:
            self._last = self._clock()
            self._write(f"{self.done:,} domains, {self.rate:,.0f} a second{self._left()}")

    def clear(self) -> None:
        """The line goes away."""
        if self._shown:
            self._write("")

    def _left(self) -> str:
        if not self._size or not self._octets or not self.done:
            return ""
        all_of_it = self._taken * max(self._size / self._octets, 1.0)
        share = min(self.done / all_of_it, 1.0) if all_of_it else 1.0
        left = self.seconds * (1 / share - 1)
        return f", {share:.0%}, about {_duration(left)} left"

    def _write(self, text: str) -> None:
        self._stream.write(f"\r\x1b[K{text}")
        self._stream.flush()


def summary(counts: Counter[str], progress: Progress, *, bad: int, there: int) -> Iterator[str]:
    """What the list came to, and a row for each check."""
    domains = sum(counts[f"verdict {level}"] for level in LEVELS)
    verdicts = ", ".join(f"{counts[f'verdict {level}']:,} {level}" for level in LEVELS)
    yield f"mailwatch: {_many(domains, 'domain')}: {verdicts}"
    extra = [
        (
            f"measured {progress.done:,} in {_duration(progress.seconds)}, "
            f"{progress.rate:,.0f} a second"
        ),
        f"{there:,} were there before" if there else "",
        _many(bad, "bad line") if bad else "",
    ]
    yield f"  {'; '.join(filter(None, extra))}"
    found = (name.split(" ") for name in counts if name.startswith("check "))
    checks = sorted({check for _, check, _ in found})
    width = max(map(len, checks), default=0)
    if checks:
        yield f"  {'':{width}}" + "".join(f"{level:>12}" for level in LEVELS)
    for check in checks:
        row = (counts[f"check {check} {level}"] for level in LEVELS)
        yield f"  {check:{width}}" + "".join(f"{number:>12,}" for number in row)


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s"

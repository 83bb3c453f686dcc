"""Where the lines of a list go: stdout, a file, or both, each line as soon as it is done."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from mailwatch.bulk.lines import counts_of
from mailwatch.bulk.resume import KeySet, LineFile, reason_of
from mailwatch.bulk.work import Done
from mailwatch.cli.output import ClosedPipe, OutputError, print_out, say_aside
from mailwatch.cli.outputfile import open_for_lines
from mailwatch.errors import ConfigError
from mailwatch.text.inert import inert


class LineOutput:
    """Takes what is done, and counts it."""

    def __init__(self, *, printed: bool, path: Path | None, quiet: bool) -> None:
        self._printed = printed
        self._path = path
        self._quiet = quiet
        self._file: LineFile | None = None
        self._problem: Exception | None = None
        self.counts: Counter[str] = Counter()
        self.lost = False
        """True when the file could not be written to the end."""
        self.progress: Callable[[int], None] = lambda done: None

    def begin(self, *, resume: bool) -> KeySet | None:
        """Opens the file; with `resume`, what it holds already. Raises ConfigError."""
        if self._path is None:
            return None
        try:
            file = LineFile(open_for_lines(self._path), self._path)
            there, self.counts = file.begin(counts_of if resume else None)
        except OSError as error:
            place = inert(str(self._path))
            raise ConfigError(f"--output: {place} cannot be written: {reason_of(error)}") from None
        self._file = file
        return there

    @property
    def broken(self) -> bool:
        """True when nothing takes the lines any more."""
        return self._file is None and not self._printed

    def give(self, results: Sequence[Done]) -> None:
        """Writes the lines. What goes wrong is kept for `raise_problem`."""
        lines = [done.line for done in results]
        for done in results:
            self.counts.update(done.counts)
        if self._file is not None:
            self._write(self._file, lines)
        if self._printed:
            try:
                print_out(filter(None, map(_without_ok, lines)) if self._quiet else lines)
            except (ClosedPipe, OutputError) as problem:
                self._problem, self._printed = problem, False
        self.progress(len(results))

    def close(self) -> None:
        """Ends the file."""
        if self._file is not None:
            try:
                self._file.close()
            except OSError as error:
                self._lose(error)

    def raise_problem(self) -> None:
        """Raises what stdout did not take."""
        if self._problem is not None:
            raise self._problem

    def _write(self, file: LineFile, lines: list[str]) -> None:
        try:
            file.write(lines)
        except OSError as error:
            self._lose(error)

    def _lose(self, error: OSError) -> None:
        place = inert(str(self._path))
        say_aside(f"mailwatch: --output jsonl: {place} cannot be written: {reason_of(error)}")
        self._file, self.lost = None, True


def _without_ok(line: str) -> str:
    """`line` without the findings that are ok; nothing where the domain is."""
    found = json.loads(line)
    if found["verdict"] == "ok":
        return ""
    found["findings"] = [one for one in found["findings"] if one["level"] != "ok"]
    return json.dumps(found, ensure_ascii=False) + "\n"

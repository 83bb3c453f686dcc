"""Days as CSV and as JSON lines: what `history import` reads and `history export` writes.

The columns are check, subject (JSON), day, numerator, denominator, value. Where both counts are
given, the value follows from them.
"""

import csv
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from mailwatch.errors import FileError
from mailwatch.history.encoded import dumps
from mailwatch.history.store import Row
from mailwatch.history.stored import StoredDay, StoredSeries
from mailwatch.model import SUBJECT_KEYS, Subject
from mailwatch.text.inert import inert
from mailwatch.text.nearest import nearest

COLUMNS = ("check", "subject", "day", "numerator", "denominator", "value")
MOST = 10**15
"""Messages in a day: more than that is a mistake."""
LONGEST = 400
"""Characters of a subject's value, as everywhere."""
ROUNDED = 0.0005
"""How far a value may be from its counts: somebody rounded it to a tenth of a percent."""
_CHECK = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_COUNT = re.compile(r"[0-9]{1,16}")
_WORD = re.compile(r"[A-Za-z][\w .:/-]{0,99}")


def read_rows(path: Path) -> Iterator[Row]:
    """Each row of the CSV file, as it is asked for.

    Raises FileError, with line and column, for anything that cannot be taken as it stands.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _read(path, csv.reader(file, strict=True))
    except UnicodeDecodeError:
        raise FileError(path, "is not UTF-8 text", tip="Save it as UTF-8.") from None
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror}") from None


def _read(path: Path, lines: Any) -> Iterator[Row]:
    try:
        header = next(lines, None)
        places = _places(path, header)
        once = _Once()
        for cells in lines:
            if not cells:
                continue
            if len(cells) != len(places):
                what = f"has {len(cells)} columns, and the first line has {len(places)}"
                raise FileError(path, what, line=lines.line_num)
            try:
                row = _row([cells[place] for place in places])
                once.add(row)
            except _WrongCell as error:
                raise FileError(path, error.what, line=lines.line_num, key=error.column) from None
            yield row
    except csv.Error as error:
        raise FileError(path, f"is not CSV: {error}", line=lines.line_num) from None


class _WrongCell(Exception):  # noqa: N818  # turned into a FileError, which knows the line
    """What is wrong with the cell of one column."""

    def __init__(self, column: str, what: str) -> None:
        super().__init__(what)
        self.column = column
        self.what = what


class _Once:
    """The days that the file has had so far, as one bit each: millions of rows take little room."""

    def __init__(self) -> None:
        self._spans: dict[tuple[str, Subject, int], int] = {}

    def add(self, row: Row) -> None:
        """Raises _WrongCell for a day that is there twice."""
        check, subject, stored = row
        span, place = divmod(stored.day.toordinal(), 512)
        key = check, subject, span
        days = self._spans.get(key, 0)
        if days >> place & 1:
            raise _WrongCell("day", f"{stored.day} of this check and subject is there twice")
        self._spans[key] = days | 1 << place


def _places(path: Path, header: Sequence[str] | None) -> list[int]:
    """Where each of COLUMNS is, in their order."""
    names = [name.strip().lower() for name in header or ()]
    for name in names:
        if name not in COLUMNS:
            shown = inert(name, 40) or "without a name"
            what = f"unknown column {shown}{nearest(name, COLUMNS)}"
            raise FileError(path, what, line=1, tip=f"The columns are {', '.join(COLUMNS)}.")
        if names.count(name) > 1:
            raise FileError(path, f"the column {name} is there twice", line=1)
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        what = f"the column {missing[0]} is missing" if names else "is empty"
        raise FileError(path, what, line=1, tip=f"The columns are {', '.join(COLUMNS)}.")
    return [names.index(name) for name in COLUMNS]


def _row(cells: Sequence[str]) -> Row:
    check, subject, day, k, n, value = cells
    numerator, denominator = _count("numerator", k), _count("denominator", n)
    given = _value(value)
    if numerator is not None and denominator:
        exact = numerator / denominator
        if isinstance(given, str) or (
            given is not None and abs(given - exact) > max(ROUNDED, 0.01 * exact)
        ):
            raise _WrongCell("value", f"{inert(value, 40)} is not {numerator} ÷ {denominator}")
        given = exact
    elif given is None and denominator != 0:
        raise _WrongCell("value", "is empty, and does not follow from the counts")
    return _check(check), _subject(subject), StoredDay(_day(day), given, numerator, denominator)


@lru_cache(maxsize=4096)
def _check(text: str) -> str:
    if not _CHECK.fullmatch(text.strip()) or len(text) > 100:
        raise _WrongCell(
            "check", f"{inert(text, 60) or 'nothing'} is not a check such as sendgrid.bounce_rate"
        )
    return text.strip()


@lru_cache(maxsize=65536)
def _subject(text: str) -> Subject:
    try:
        pairs = json.loads(text or "{}")
    except (ValueError, RecursionError):
        pairs = None
    if not isinstance(pairs, dict) or not all(isinstance(v, str) for v in pairs.values()):
        what = f'{inert(text, 60)} is not a JSON object such as {{"subuser": "news"}}'
        raise _WrongCell("subject", what)
    for key, value in pairs.items():
        if key not in SUBJECT_KEYS:
            keys = ", ".join(SUBJECT_KEYS)
            what = f"{inert(key, 40)} is not a key of a subject{nearest(key, SUBJECT_KEYS)}: {keys}"
            raise _WrongCell("subject", what)
        if not value or len(value) > LONGEST:
            raise _WrongCell("subject", f"the value of {key} is empty or too long")
    return Subject.of(**{key: inert(value) for key, value in pairs.items()})


@lru_cache(maxsize=8192)
def _day(text: str) -> date:
    try:
        # Only this form: Python also takes 20261123 and 2026-W48-1.
        return date.fromisoformat(text.strip() if _DAY.fullmatch(text.strip()) else "")
    except ValueError:
        what = f"{inert(text, 40) or 'nothing'} is not a day such as 2026-11-23"
        raise _WrongCell("day", what) from None


def _count(column: str, text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not _COUNT.fullmatch(text) or int(text) > MOST:
        raise _WrongCell(column, f"{inert(text, 40)} is not a whole number such as 1234")
    return int(text)


def _value(text: str) -> float | str | None:
    text = text.strip()
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        if _WORD.fullmatch(text):
            return text
        raise _WrongCell("value", f"{inert(text, 40)} is not a number or a word") from None
    if not math.isfinite(number) or "_" in text:
        raise _WrongCell("value", f"{inert(text, 40)} is not a number that can be stored")
    return number


class _Line:
    """What a csv.writer writes to, one line at a time."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        """Takes one line."""
        self.text = text
        return len(text)


def to_csv(series: Iterable[StoredSeries]) -> Iterator[str]:
    """The lines of a CSV file with all days, as `read_rows` takes them."""
    line = _Line()
    writer = csv.writer(line, lineterminator="\n")
    writer.writerow(COLUMNS)
    yield line.text
    for one in series:
        subject = dumps(dict(one.subject.pairs))
        lines = []
        for day in one.days:
            k, n, value = day.numerator, day.denominator, day.value
            writer.writerow((one.check, subject, day.day, k, n, value))
            lines.append(line.text)
        yield "".join(lines)


def to_json_lines(series: Iterable[StoredSeries]) -> Iterator[str]:
    """One JSON object a day, with the names of the columns."""
    for one in series:
        about = {"check": one.check, "subject": dict(one.subject.pairs)}
        yield "".join(dumps({**about, **day_document(day)}) + "\n" for day in one.days)


def day_document(day: StoredDay) -> Mapping[str, Any]:
    """A day as JSON has it."""
    return {
        "day": str(day.day),
        "value": day.value,
        "numerator": day.numerator,
        "denominator": day.denominator,
    }

"""The CSV file of a backtest: daily counts, of one subject or of several."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from mailwatch.errors import FileError
from mailwatch.text.inert import inert
from mailwatch.text.nearest import nearest

REQUIRED = ("date", "numerator", "denominator")
COLUMNS = (*REQUIRED, "subject")
MOST_MESSAGES = 10**12
LONGEST_SUBJECT = 200
_WHOLE = re.compile(r"[0-9]{1,13}")

Counts = tuple[date, int, int]
Series = Mapping[str, tuple[Counts, ...]]
"""Days in order, by subject; `""` where the file has no subjects."""


def read_counts(path: Path) -> Series:
    """The daily counts in the CSV file at `path`.

    Raises FileError, with the line, for anything that cannot be taken as it stands.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _arrange(path, _rows(path, csv.reader(file)))
    except UnicodeDecodeError:
        raise FileError(path, "is not UTF-8 text", tip="Save it as UTF-8.") from None
    except csv.Error as error:
        raise FileError(path, f"is not a CSV file: {error}") from None
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror}") from None


def _rows(path: Path, lines: Iterable[list[str]]) -> Iterator[tuple[int, str, Counts]]:
    """Line number, subject and counts of each row."""
    numbered = enumerate(lines, 1)
    header: list[str] | None = None
    for number, cells in numbered:
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = _header(path, [cell.strip().lower() for cell in cells], number)
            continue
        if len(cells) != len(header):
            what = f"has {len(cells)} columns, and the first line has {len(header)}"
            raise FileError(path, what, line=number)
        row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        day = _day(path, row["date"], number)
        k, n = (_count(path, row, name, number) for name in ("numerator", "denominator"))
        yield number, inert(row.get("subject", ""), LONGEST_SUBJECT), (day, k, n)
    if header is None:
        raise FileError(path, "is empty", tip=f"Its columns are {', '.join(COLUMNS)}.")


def _header(path: Path, names: list[str], number: int) -> list[str]:
    for name in names:
        if name not in COLUMNS:
            raise FileError(
                path,
                f"unknown column {inert(name, 40) or 'without a name'}{nearest(name, COLUMNS)}",
                line=number,
                tip=f"The columns are {', '.join(COLUMNS)}; subject may be left out.",
            )
        if names.count(name) > 1:
            raise FileError(path, f"the column {name} is there twice", line=number)
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise FileError(path, f"the column {missing[0]} is missing", line=number)
    return names


def _day(path: Path, text: str, number: int) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        what = f"{inert(text, 40) or 'nothing'} is not a day such as 2026-11-23"
        raise FileError(path, what, line=number, key="date") from None


def _count(path: Path, row: Mapping[str, str], name: str, number: int) -> int:
    text = row[name]
    if not _WHOLE.fullmatch(text) or int(text) > MOST_MESSAGES:
        what = f"{inert(text, 40) or 'nothing'} is not a whole number such as 1234"
        raise FileError(path, what, line=number, key=name)
    return int(text)


def _arrange(path: Path, rows: Iterable[tuple[int, str, Counts]]) -> Series:
    found: dict[str, dict[date, Counts]] = {}
    for number, subject, counts in rows:
        days = found.setdefault(subject, {})
        if counts[0] in days:
            whose = f" of {subject}" if subject else ""
            raise FileError(path, f"{counts[0]}{whose} is there twice", line=number, key="date")
        days[counts[0]] = counts
    return {subject: tuple(days[day] for day in sorted(days)) for subject, days in found.items()}

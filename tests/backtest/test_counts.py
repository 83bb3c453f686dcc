"""The CSV file of a backtest is read strictly: a slip names its line."""

from datetime import date
from pathlib import Path

import pytest

from mailwatch.backtest.counts import read_counts
from mailwatch.errors import FileError


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "counts.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_days_are_read_in_order_whatever_their_order_in_the_file(tmp_path: Path) -> None:
    # Given a file with a byte-order mark, blank lines, spaces, and columns in another order
    text = "\ufeffDenominator, date ,numerator\r\n\r\n900,2026-11-02,9\r\n1000,2026-11-01,12\r\n"
    # Then the counts are there, in the order of days
    assert read_counts(write(tmp_path, text)) == {
        "": ((date(2026, 11, 1), 12, 1000), (date(2026, 11, 2), 9, 900))
    }


def test_each_subject_is_a_series_of_its_own(tmp_path: Path) -> None:
    text = "date,numerator,denominator,subject\n2026-11-01,1,10,a\n2026-11-01,2,20,b\x1b[31m\n"
    series = read_counts(write(tmp_path, text))
    # A stranger's escape sequence is shown and not obeyed
    assert list(series) == ["a", "b\\x1b[31m"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("date,numerator\n", "line 1: the column denominator is missing"),
        ("date,numerator,denominater\n", "did you mean denominator?"),
        ("date,numerator,numerator,denominator\n", "there twice"),
        ("date,numerator,denominator\n2026-11-01,1\n", "line 2: has 2 columns"),
        ("date,numerator,denominator\n01.11.2026,1,2\n", "01.11.2026 is not a day"),
        ("date,numerator,denominator\n2026-11-01,-1,2\n", "-1 is not a whole number"),
        ("date,numerator,denominator\n2026-11-01,1,1e3\n", "1e3 is not a whole number"),
        ("date,numerator,denominator\n2026-11-01,1,\n", "nothing is not a whole number"),
        ("date,numerator,denominator\n2026-11-01,1,9999999999999\n", "not a whole number"),
        ("date,numerator,denominator\n2026-11-01,1,2\n2026-11-01,1,2\n", "line 3"),
        (b"date,numerator,denominator\n\xff\xfe,1,2\n", "is not UTF-8"),
        ('date,numerator,denominator\n"2026-11-01\n', "line 2"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_line(
    tmp_path: Path, text: str | bytes, what: str
) -> None:
    with pytest.raises(FileError) as refused:
        read_counts(write(tmp_path, text))
    assert what in str(refused.value.what)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        read_counts(tmp_path / "none.csv")

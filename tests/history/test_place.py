"""Where the history is, and how a place is shown."""

from pathlib import Path

import pytest

from mailwatch.history.place import NOWHERE, HistoryPlace, default_place, parse_place

FOLDER = Path("/etc/mailwatch")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("none", NOWHERE),
        ("h.sqlite", HistoryPlace(path=FOLDER / "h.sqlite")),
        (" /var/h.sqlite ", HistoryPlace(path=Path("/var/h.sqlite"))),
        ("~/h.sqlite", HistoryPlace(path=Path("/home/me/h.sqlite"))),
        ("postgresql://h/db", HistoryPlace(url="postgresql://h/db")),
        ("postgres://h/db", HistoryPlace(url="postgresql://h/db")),
        ("PostgreSQL+psycopg://h/db", HistoryPlace(url="postgresql://h/db")),
    ],
)
def test_a_place_is_read(text: str, place: HistoryPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert parse_place(text, FOLDER) == place


@pytest.mark.parametrize(
    "text", ["", " ", "mysql://me:s3cret@h", "postgresql://me:s3cret/x@h/db", "a\nb", "a\x1b[2J"]
)
def test_what_is_not_a_place_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match="is ") as caught:
        parse_place(text, FOLDER)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:s3cret@h/db", "postgresql://me:•••@h/db"),
        ("postgresql://me:s3%63ret@h/db", "postgresql://me:•••@h/db"),
        ("postgresql://h/db?user=me&password=s3cret", "postgresql://h/db?user=me&password=•••"),
        ("postgresql://h/db?sslpassword=s3cret#x", "postgresql://h/db?sslpassword=•••#x"),
        ("postgresql://me@h/db", "postgresql://me@h/db"),
    ],
)
def test_a_password_is_never_shown(url: str, shown: str) -> None:
    place = parse_place(url, FOLDER)
    assert str(place) == shown
    assert "s3cret" not in repr(place)
    assert "s3cret" not in place.mask("error near s3cret") or not place.passwords


@pytest.mark.parametrize(
    ("variables", "path"),
    [
        ({"XDG_STATE_HOME": "/state", "HOME": "/home/me"}, "/state"),
        ({"XDG_STATE_HOME": "state", "HOME": "/home/me"}, "/home/me/.local/state"),
        ({"HOME": "/home/me"}, "/home/me/.local/state"),
    ],
)
def test_the_default_is_the_state_folder(variables: dict[str, str], path: str) -> None:
    assert default_place(variables) == HistoryPlace(
        path=Path(path) / "mailwatch" / "history.sqlite", own=True
    )
    assert str(NOWHERE) == "none"

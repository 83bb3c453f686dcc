"""What the terminal gets: colours, width, language, encoding."""

import contextlib
import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from mailwatch.cli.output import (
    choose_language,
    choose_style,
    choose_width,
    print_out,
)
from mailwatch.reports import FORMATS, View
from tests.cli.conftest import Command, watched
from tests.reports.samples import CASES


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


@pytest.mark.parametrize(
    ("color", "environment", "terminal", "style"),
    [
        ("auto", {}, True, (True, True)),
        ("auto", {}, False, (False, False)),
        ("auto", {"NO_COLOR": "1"}, True, (False, True)),
        ("auto", {"NO_COLOR": "1"}, False, (False, False)),
        ("auto", {"NO_COLOR": ""}, True, (True, True)),
        ("auto", {"FORCE_COLOR": "1"}, False, (True, True)),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, (False, False)),
        ("auto", {"TERM": "dumb"}, True, (False, False)),
        ("always", {"NO_COLOR": "1"}, False, (True, True)),
        ("never", {"FORCE_COLOR": "1"}, True, (False, False)),
    ],
)
def test_colour_and_bold(
    color: str, environment: dict[str, str], terminal: bool, style: tuple[bool, bool]
) -> None:
    stream = Terminal() if terminal else io.StringIO()
    assert choose_style(color, environment, stream) == style


@pytest.mark.parametrize(
    ("width", "environment", "columns"),
    [(50, {"COLUMNS": "70"}, 50), (None, {"COLUMNS": "70"}, 70), (None, {"COLUMNS": "x"}, 80)],
)
def test_width(
    width: int | None, environment: dict[str, str], columns: int, capsys: object
) -> None:
    assert choose_width(width, environment) == columns


@pytest.mark.parametrize(
    ("lang", "environment", "language"),
    [
        (None, {}, "en"),
        (None, {"LANG": "ja_JP.UTF-8"}, "ja"),
        (None, {"LANG": "ja"}, "ja"),
        (None, {"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
        (None, {"LANG": "C", "LC_MESSAGES": "ja_JP"}, "ja"),
        (None, {"LANG": "jam_JM.UTF-8"}, "en"),
        ("en", {"LANG": "ja_JP.UTF-8"}, "en"),
        ("ja", {}, "ja"),
    ],
)
def test_language(lang: str | None, environment: dict[str, str], language: str) -> None:
    assert choose_language(lang, environment, sys.stdout) == language


@pytest.mark.parametrize(
    ("encoding", "language"),
    [("utf-8", "ja"), ("euc-jp", "ja"), ("latin-1", "en"), ("ascii", "en")],
)
@pytest.mark.parametrize("lang", [None, "ja"])
def test_a_terminal_without_japanese_letters_gets_english(
    lang: str | None, encoding: str, language: str
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    assert choose_language(lang, {"LANG": "ja_JP"}, stream) == language
    assert choose_language(lang, {"LANG": "ja_JP"}, None) == "ja", "a file is in UTF-8"


def test_an_encoding_without_our_signs_gets_plain_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii", write_through=True))
    print_out(["✗ BREACH ≤ 3 % ▁█ 8 ÷ 2 日\n"])
    assert raw.getvalue() == b"x BREACH <= 3 % _# 8 / 2 ?\n"


def test_a_line_with_plain_signs_is_no_longer_either(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii", write_through=True))
    for width in range(40, 82, 3):
        room = choose_width(width, {})
        for name in ("everything", "fine"):
            for cut in (True, False):
                view = View(width=room, all=not cut)
                print_out(FORMATS["console"].render(CASES[name](), view))
        lines = raw.getvalue().decode().splitlines()
        assert any("<=" in line for line in lines)
        assert max(map(len, lines)) <= width
        raw.seek(0)
        raw.truncate()


def test_a_pipe_gets_no_escape_sequence(mailwatch: Command) -> None:
    with watched("migration") as (_, config):
        assert "\x1b" not in mailwatch("check", "--config", config).out
        assert "\x1b[" in mailwatch("check", "--config", config, "--color", "always").out


def test_no_line_is_longer_than_asked(mailwatch: Command) -> None:
    from rich.cells import cell_len

    with watched("breach") as (_, config):
        for lang in ("en", "ja"):
            for width in ("20", "40", "80", "131"):
                out = mailwatch("check", "--config", config, "--lang", lang, "--width", width).out
                assert max(map(cell_len, out.splitlines())) <= int(width)


def test_explain_and_checks_keep_to_the_width(mailwatch: Command) -> None:
    from rich.cells import cell_len

    for argv in (("explain", "dns.dmarc_policy"), ("checks",)):
        for lang in ("en", "ja"):
            out = mailwatch(*argv, "--lang", lang, "--width", "60").out
            assert max(map(cell_len, out.splitlines())) <= 60


def test_a_terminal_sees_who_is_still_asked_and_a_pipe_does_not() -> None:
    with watched() as (_, config):
        argv = [sys.executable, "-m", "mailwatch", "check", "--config", config]
        here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm"}
        master, terminal = pty.openpty()
        on_terminal = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=terminal, env=here)
        os.close(terminal)
        seen = b""
        with contextlib.suppress(OSError):  # the end of a pseudo-terminal is an error on Linux
            while chunk := os.read(master, 4096):
                seen += chunk
        out, _ = on_terminal.communicate(timeout=20)
        os.close(master)
        piped = subprocess.run(argv, capture_output=True, env=here, check=False)
    assert b"Asking" in seen
    assert b"postmaster" in seen
    assert b"Asking" not in out
    assert b"\x1b" not in out
    assert piped.stderr == b""

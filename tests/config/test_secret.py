"""Secrets: found where the reference says, and never shown."""

import os
import shlex
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mailwatch import inputfile
from mailwatch.config import secret
from mailwatch.config.secret import HIDDEN, MOST_BYTES, SecretRef, hide, is_file
from mailwatch.errors import ConfigError, SecretError
from mailwatch.words import worded

KEY = "SG.very.secret"
VARIABLE = "MAILWATCH_TEST_KEY"


def command(*words: str) -> SecretRef:
    return SecretRef.parse(f"cmd:{shlex.join(words)}", Path())


def python(code: str) -> SecretRef:
    return command(sys.executable, "-c", code)


def refusal(ask: Callable[[], object], *hidden: str) -> SecretError:
    with pytest.raises(SecretError) as caught:
        ask()
    error = caught.value
    assert error.what.isprintable()
    assert error.__cause__ is None
    for word in (KEY, *hidden):
        assert word not in f"{error}{error!r}{error.what}{error.why}{error.args}"
    return error


# --- what a reference is ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "target"),
    [
        ("env:NAME", "env", "NAME"),
        ("env: NAME ", "env", "NAME"),
        ("env:_n4me", "env", "_n4me"),
        ("file:a b/c:d", "file", "a b/c:d"),
        ("file:鍵.txt", "file", "鍵.txt"),
        ("cmd:pass show 'a b'", "cmd", "pass show 'a b'"),
    ],
)
def test_references(text: str, kind: str, target: str) -> None:
    reference = SecretRef.parse(text, Path("here"))
    assert (reference.kind, reference.target, reference.folder) == (kind, target, Path("here"))
    assert str(reference) == (f"cmd:pass {HIDDEN}" if kind == "cmd" else f"{kind}:{target}")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (KEY, "a secret is never written here"),
        ("SG:abc", "a secret is never written here"),
        ("ENV:SECRET", "a secret is never written here"),
        ("environment:SECRET", "a secret is never written here"),
        (" env:SECRET", "a secret is never written here"),
        ("", "a secret is never written here"),
        ("env:", "nothing follows env:"),
        ("file: \t", "nothing follows file:"),
        ("cmd:", "nothing follows cmd:"),
        (f"env:{KEY}", "the name of a variable, not its value"),
        ("env:A=SECRET", "the name of a variable, not its value"),
        ("env:1SECRET", "the name of a variable, not its value"),
        ("file:a\nSECRET", "must be one line of readable text"),
        ("file:a\rSECRET", "must be one line of readable text"),
        ("file:a\x00SECRET", "must be one line of readable text"),
        ("file:\ud800SECRET", "must be one line of readable text"),
        ("cmd:echo \x1bSECRET", "must be one line of readable text"),
    ],
)
def test_what_is_no_reference_is_not_repeated(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        SecretRef.parse(text, Path())
    assert "SECRET" not in str(caught.value)
    assert "SG" not in str(caught.value)


def test_a_reference_is_shown_inert() -> None:
    assert str(SecretRef("file", "\u202ex" + "y" * 300)) == "file:\\u202ex" + "y" * 192 + "…"


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("pass", "cmd:pass"),
        ("/usr/bin/op read op://SECRET", f"cmd:/usr/bin/op {HIDDEN}"),
        ("TOKEN=SECRET curl x", f"cmd:TOKEN={HIDDEN} {HIDDEN}"),
        ("echo 'SECRET", f"cmd:echo {HIDDEN}"),
        ("'my program' SECRET", f"cmd:my program {HIDDEN}"),
        ("''", "cmd:"),
    ],
)
def test_only_the_program_of_a_command_is_shown(target: str, shown: str) -> None:
    # Given a command whose arguments hold a secret
    # When it is shown, or fails
    reference = SecretRef.parse(f"cmd:{target}", Path())
    # Then only the program is named
    assert str(reference) == shown


def test_a_failing_command_s_arguments_are_in_no_error() -> None:
    error = refusal(command("false", KEY).line)
    assert error.what == f"cmd:false {HIDDEN} ended with status 1"


# --- env --------------------------------------------------------------------------------------


def test_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    reference = SecretRef("env", VARIABLE)
    monkeypatch.delenv(VARIABLE, raising=False)
    assert reference.is_set() is False
    assert refusal(reference.line).what == f"The variable {VARIABLE} is not set"
    monkeypatch.setenv(VARIABLE, "")
    assert reference.is_set() is False
    refusal(reference.whole)
    monkeypatch.setenv(VARIABLE, KEY)
    assert reference.is_set() is True
    assert reference.line() == reference.whole() == KEY
    assert KEY not in f"{reference}{reference!r}"


@pytest.mark.parametrize(
    ("value", "key"),
    [(f"{KEY}\n", KEY), (f" {KEY} ", KEY), (f"{KEY}\r\nmore", KEY), (f"{KEY}\x85x", KEY)],
)
def test_the_key_is_the_first_line(monkeypatch: pytest.MonkeyPatch, value: str, key: str) -> None:
    monkeypatch.setenv(VARIABLE, value)
    assert SecretRef("env", VARIABLE).line() == key
    assert SecretRef("env", VARIABLE).whole() == value


@pytest.mark.parametrize("value", ["\n", " ", f"\n{KEY}", " \t\n"])
def test_an_empty_first_line_is_no_key(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(VARIABLE, value)
    assert refusal(SecretRef("env", VARIABLE).line).what == f"env:{VARIABLE} is empty"


@pytest.mark.parametrize(
    "value", [f"{KEY} x", f"{KEY}\x1b[0m", f"{KEY}\tx", f"é{KEY}", f"\u200b{KEY}"]
)
def test_what_no_key_holds_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(VARIABLE, value)
    assert "characters that a key cannot have" in refusal(SecretRef("env", VARIABLE).line).what


@pytest.mark.parametrize(
    "value", [f"{KEY}\n", f"{KEY}\nx", f"\r{KEY}", f"{KEY}\x0b", f"\u2028{KEY}"]
)
def test_a_variable_with_a_line_break_is_refused_before_it_is_sent(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv(VARIABLE, value)
    with pytest.raises(
        ConfigError, match=f"The variable {VARIABLE} contains a line break"
    ) as caught:
        SecretRef("env", VARIABLE).refuse_broken_variable()
    assert KEY not in f"{caught.value!r}{caught.value.tip}"


@pytest.mark.parametrize("value", ["", KEY, f" {KEY}"])
def test_other_variables_are_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str
) -> None:
    monkeypatch.setenv(VARIABLE, value)
    SecretRef("env", VARIABLE).refuse_broken_variable()
    monkeypatch.setenv(VARIABLE, "a\nb")
    SecretRef("file", VARIABLE, tmp_path).refuse_broken_variable()
    with pytest.raises(ConfigError):
        SecretRef("env", VARIABLE).refuse_broken_variable()


# --- file -------------------------------------------------------------------------------------


def test_a_file_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "key").write_text(f"{KEY}\nmore\n")
    for reference in (
        SecretRef.parse("file:sub/key", tmp_path),
        SecretRef.parse("file:../sub/key", tmp_path / "sub"),
        SecretRef.parse(f"file:{tmp_path}/sub/key", Path("/nowhere")),
    ):
        assert reference.is_set() is True
        assert reference.line() == KEY
        assert reference.whole() == f"{KEY}\nmore\n"
        assert KEY not in f"{reference}{reference!r}"


def test_a_file_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "key").write_text(KEY)
    assert SecretRef.parse("file:~/key", Path("/nowhere")).line() == KEY


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("none", "cannot be read: No such file or directory"),
        (".", "cannot be read: Is a directory"),
        ("~nobody-of-this-name/key", "cannot be read: No such file or directory"),
        ("x" * 5000, "cannot be read: File name too long"),
        ("key/below", "cannot be read: Not a directory"),
        ("loop", "cannot be read: Too many levels of symbolic links"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, target: str, why: str) -> None:
    (tmp_path / "key").write_text(KEY)
    (tmp_path / "loop").symlink_to("loop")
    reference = SecretRef.parse(f"file:{target}", tmp_path)
    assert reference.is_set() is False
    assert why in refusal(reference.line).what


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look everywhere")
def test_a_file_in_a_closed_folder_is_not_set(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "key").write_text(KEY)
    closed.chmod(0)
    try:
        assert SecretRef("file", "closed/key", tmp_path).is_set() is False
    finally:
        closed.chmod(0o700)


def test_files_are_seen(tmp_path: Path) -> None:
    (tmp_path / "key").touch()
    assert is_file(tmp_path / "key")
    assert not is_file(tmp_path)
    assert not is_file(tmp_path / ("x" * 5000))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"\xff\xfe" + KEY.encode(), "is not a text file"),
        (KEY.encode() * 10_000, "is larger than 65,536 bytes"),
    ],
)
def test_a_file_that_holds_no_key(tmp_path: Path, data: bytes, why: str) -> None:
    (tmp_path / "key").write_bytes(data)
    assert why in refusal(SecretRef("file", "key", tmp_path).line).what


def test_a_file_may_be_as_large_as_the_limit_and_begin_with_a_mark(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xef\xbb\xbf" + KEY.encode())
    assert SecretRef("file", "key", tmp_path).line() == KEY
    (tmp_path / "key").write_bytes(b"x" * MOST_BYTES)
    assert len(SecretRef("file", "key", tmp_path).whole()) == MOST_BYTES


def test_a_pipe_without_a_writer_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputfile, "SECONDS", 0.1)
    os.mkfifo(tmp_path / "key")
    error = refusal(SecretRef("file", "key", tmp_path).line)
    assert "it did not end within 0.1 s" in error.what


def test_a_pipe_whose_writer_comes_late_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "key")
    writer = threading.Thread(target=(tmp_path / "key").write_text, args=(f"{KEY}\nmore\n",))
    writer.start()
    assert SecretRef("file", "key", tmp_path).line() == KEY
    writer.join()


# --- cmd --------------------------------------------------------------------------------------


def test_a_command_s_first_line(tmp_path: Path) -> None:
    reference = python(f"print('{KEY}'[:3] + '{KEY[3:]}'); print('more')")
    assert reference.is_set() is None
    assert reference.line() == KEY
    assert reference.whole() == f"{KEY}\nmore\n"


def test_a_command_runs_without_a_shell(tmp_path: Path) -> None:
    assert command("echo", "$HOME", "a  b", ";", "id").whole() == "$HOME a  b ; id\n"


def test_a_command_has_nothing_to_read_and_its_complaints_are_not_shown(
    capfd: pytest.CaptureFixture[str],
) -> None:
    code = "import sys; sys.stderr.write('SG.complaint'); print(len(sys.stdin.read()))"
    assert python(code).line() == "0"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("cmd:no-such-program-here", "cannot be run: No such file or directory"),
        ("cmd:/", "cannot be run: Permission denied"),
        ("cmd:''", "cannot be run"),
        ("cmd:echo 'open", "cannot be run: a quotation mark is not closed"),
        ("cmd:false", "ended with status 1"),
    ],
)
def test_a_command_that_gives_nothing(text: str, why: str) -> None:
    assert why in refusal(SecretRef.parse(text, Path()).line).what


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"env:{VARIABLE}", f"環境変数 {VARIABLE} が未設定"),
        ("file:none", "file:none を読み取れない: ファイルが存在しない"),
        ("file:.", "file:. を読み取れない: ファイルではなくフォルダ"),
        ("cmd:/", "cmd:/ を実行できない: アクセス権限がない"),
        ("cmd:echo 'open", f"cmd:echo {HIDDEN} を実行できない: 引用符が閉じられていない"),
        ("cmd:false", "cmd:false が終了コード 1 で失敗"),
        ("cmd:true", "cmd:true が空"),
    ],
)
def test_why_is_said_in_the_language_of_the_report(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, why: str
) -> None:
    # Given a reference to where there is no key
    monkeypatch.delenv(VARIABLE, raising=False)
    reference = SecretRef.parse(text, tmp_path)
    # When it is read
    error = refusal(reference.line)
    # Then why there is none can be said in each language
    assert worded(error.why, "ja") == why
    assert worded(error.why, "en") == error.what


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import os; os.write(1, b'SG.very' + b'.secret'); raise SystemExit(3)", "with status 3"),
        (
            "import os; print('SG.very' + '.secret', flush=True); os.kill(os.getpid(), 9)",
            "with status -9",
        ),
        ("print()", "is empty"),
        ("import os; os.write(1, b'\\xff\\xfe')", "characters that a key cannot have"),
    ],
)
def test_what_a_failing_command_printed_is_not_reported(code: str, why: str) -> None:
    assert why in refusal(python(code).line).what


@pytest.mark.parametrize(
    "code",
    [
        "import time; time.sleep(60)",
        "import time; print('x', flush=True); time.sleep(60)",
        "import os, time; os.close(1); time.sleep(60)",
    ],
)
def test_a_command_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(secret, "CMD_SECONDS", 0.5)
    begun = time.monotonic()
    assert "did not end within 0.5 s" in refusal(python(code).line).what
    assert time.monotonic() - begun < 10


def test_its_children_end_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(secret, "CMD_SECONDS", 1.0)
    pid_file = tmp_path / "pid"
    code = (
        "import subprocess, pathlib, time; child = subprocess.Popen(['sleep', '60']); "
        f"pathlib.Path({str(pid_file)!r}).write_text(str(child.pid)); time.sleep(60)"
    )
    refusal(python(code).line)
    pid = int(pid_file.read_text())
    deadline = time.monotonic() + 5
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    """True while the process is there and no zombie that nobody has buried."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_a_command_that_prints_without_end_is_ended_at_once() -> None:
    begun = time.monotonic()
    error = refusal(command("yes", "SG.flood").line, "SG.flood\n")
    assert "prints more than 65,536 bytes" in error.what
    assert time.monotonic() - begun < 5


def test_a_command_may_print_as_much_as_the_limit() -> None:
    assert len(python(f"print('x' * {MOST_BYTES - 1})").whole()) == MOST_BYTES
    assert "prints more" in refusal(python(f"print('x' * {MOST_BYTES})").whole).what


# --- hiding -----------------------------------------------------------------------------------


def test_secrets_are_hidden_in_what_comes_back() -> None:
    assert hide(f"a {KEY} b {KEY}", KEY) == f"a {HIDDEN} b {HIDDEN}"
    assert hide("a one b two", "one", "two") == f"a {HIDDEN} b {HIDDEN}"
    assert hide("unchanged", "", "other") == "unchanged"
    assert hide("unchanged") == "unchanged"

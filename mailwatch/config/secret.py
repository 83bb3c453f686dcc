"""References to secrets: the configuration says where a secret is, never what it is.

env:NAME       the environment variable
file:PATH      a file's first line (a Google credential: all of it), relative to the
               configuration file's folder
cmd:COMMAND    the first line of what a command prints (Google: all of it); split as a shell
               would, run without one, given ten seconds, and only when a source needs it
"""

import contextlib
import errno
import os
import re
import selectors
import shlex
import signal
import subprocess
import threading
import time
import unicodedata
from dataclasses import field
from pathlib import Path
from typing import IO, Literal, get_args

from mailwatch import inputfile
from mailwatch.errors import ConfigError, SecretError
from mailwatch.frozen import dataclass
from mailwatch.inputfile import read_input
from mailwatch.model import Phrase, say, verbatim
from mailwatch.text.inert import inert

Kind = Literal["env", "file", "cmd"]
CMD_SECONDS = 10.0
MOST_BYTES = 65536
HIDDEN = "•••"
_OF_THE_SYSTEM = {
    errno.ENOENT: "secret.no_such_file",
    errno.EACCES: "secret.permission_denied",
    errno.EISDIR: "secret.is_a_folder",
    errno.ETIMEDOUT: "secret.pipe_too_slow",
}
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a secret is."""

    kind: Kind
    target: str
    folder: Path = field(default_factory=Path)
    """What a relative `file:` starts from."""

    @classmethod
    def parse(cls, text: str, folder: Path) -> "SecretRef":
        """The reference that `text` is. Raises ValueError for a literal secret or an empty target.

        The error does not repeat `text`, which may be the secret itself.
        """
        kind, colon, target = text.partition(":")
        if not colon or kind not in get_args(Kind):
            raise ValueError("a secret is never written here, only where it is")
        if not target.strip():
            raise ValueError(f"nothing follows {kind}:")
        if any(unicodedata.category(char) in ("Cc", "Cs") for char in text):
            raise ValueError("a reference must be one line of readable text")
        if kind == "env" and not _VARIABLE.fullmatch(target.strip()):
            raise ValueError("env: must be followed by the name of a variable, not its value")
        return cls(kind, target.strip(), folder)  # type: ignore[arg-type]  # checked above

    def __str__(self) -> str:
        """Where it is, for people to read. Of a command only the program: what follows it, and
        what comes before it as NAME=VALUE in a shell, may be a secret itself."""
        if self.kind != "cmd":
            return f"{self.kind}:{inert(self.target, 200)}"
        program, *rest = _words(self.target) or [""]
        name, equals, _ = program.partition("=")
        return (
            f"cmd:{inert(name, 200)}{'=' + HIDDEN if equals else ''}{' ' + HIDDEN if rest else ''}"
        )

    def is_set(self) -> bool | None:
        """Whether the variable or file exists; None for a command, which is not run for this."""
        if self.kind == "env":
            return bool(os.environ.get(self.target))
        return is_file(self._path()) if self.kind == "file" else None

    def line(self) -> str:
        """The secret: the first line. Raises SecretError where there is none."""
        lines = self.whole().splitlines()
        secret = lines[0].strip() if lines else ""
        if not secret:
            raise SecretError(say("secret.empty", place=str(self)))
        if not secret.isprintable() or not secret.isascii() or " " in secret:
            raise SecretError(say("secret.odd_characters", place=str(self)))
        return secret

    def whole(self) -> str:
        """All that is there. Raises SecretError where it cannot be read."""
        if self.kind == "env":
            return self._from_environment()
        return self._from_file() if self.kind == "file" else self._from_command()

    def refuse_broken_variable(self) -> None:
        """Raises ConfigError when it is a variable with a line break in its value: such a key
        would break the HTTP header it is sent in, and would then be printed with the error."""
        value = os.environ.get(self.target, "") if self.kind == "env" else ""
        if value.splitlines() not in ([], [value]):
            raise ConfigError(
                f"The variable {inert(self.target, 100)} contains a line break",
                f"Set it to only the key, for example: export {inert(self.target, 100)}="
                '"$(head -n 1 FILE)"',
            )

    def _path(self) -> Path:
        return self.folder / os.path.expanduser(self.target)  # noqa: PTH111  # Path's may raise

    def _from_environment(self) -> str:
        value = os.environ.get(self.target, "")
        if not value:
            raise SecretError(say("secret.variable_not_set", name=inert(self.target, 100)))
        return value

    def _from_file(self) -> str:
        try:
            data = read_input(self._path(), MOST_BYTES)
            if len(data) > MOST_BYTES:
                raise SecretError(say("secret.too_large", place=str(self), most=MOST_BYTES))
            return data.decode("utf-8-sig")
        except OSError as error:
            why = _of_the_system(error)
            raise SecretError(say("secret.unreadable", place=str(self), why=why)) from None
        except UnicodeDecodeError:
            raise SecretError(say("secret.not_text", place=str(self))) from None

    def _from_command(self) -> str:
        try:
            process = _COMMANDS.start(shlex.split(self.target))
        except (OSError, ValueError) as error:
            why = _of_the_system(error) if isinstance(error, OSError) else say("secret.open_quote")
            raise SecretError(say("secret.not_run", place=str(self), why=why)) from None
        with process:
            try:
                output = self._what_it_prints(process)
            except BaseException:
                _kill_group(process)
                raise
            finally:
                _COMMANDS.forget(process)
        if process.returncode:
            status = process.returncode
            raise SecretError(say("secret.command_failed", place=str(self), status=status))
        return output.decode(errors="replace")

    def _what_it_prints(self, process: "subprocess.Popen[bytes]") -> bytes:
        """All of it, once the process has ended; bounded in time and size."""
        deadline = time.monotonic() + CMD_SECONDS
        try:
            output = _read(process.stdout, deadline)  # type: ignore[arg-type]  # it is a pipe
            if len(output) > MOST_BYTES:
                raise SecretError(say("secret.prints_too_much", place=str(self), most=MOST_BYTES))
            process.wait(max(0.0, deadline - time.monotonic()))
        except (TimeoutError, subprocess.TimeoutExpired):
            seconds = f"{CMD_SECONDS:g}"
            raise SecretError(
                say("secret.command_too_slow", place=str(self), seconds=seconds)
            ) from None
        return output


class _Commands:
    """The commands that run now. Each has a session of its own, so that Ctrl-C on the terminal
    does not reach it: it is ended from here."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._over = False

    def start(self, argv: list[str]) -> "subprocess.Popen[bytes]":
        """The started command. Raises OSError or ValueError."""
        with self._lock:
            if self._over:
                raise InterruptedError(errno.EINTR, "mailwatch is ending")
            process = subprocess.Popen(  # noqa: S603  # the user's own command, without a shell
                argv,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            self._running.add(process)
        return process

    def forget(self, process: "subprocess.Popen[bytes]") -> None:
        """It has been read, or killed."""
        with self._lock:
            self._running.discard(process)

    def end(self) -> None:
        """Kills every command that runs; none is started after that."""
        with self._lock:
            self._over = True
            for process in self._running:
                _kill_group(process)


_COMMANDS = _Commands()


def end_commands() -> None:
    """No command that was started for a secret runs any more. For the end of the process."""
    _COMMANDS.end()


def _of_the_system(error: OSError) -> Phrase:
    """Why the system could not do it. What happens often has words in every language."""
    code = _OF_THE_SYSTEM.get(error.errno or 0)
    if code == "secret.pipe_too_slow":
        return say(code, seconds=f"{inputfile.SECONDS:g}")
    return say(code) if code else verbatim(error.strerror or type(error).__name__)


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)


def _words(command: str) -> list[str]:
    """The command split as it is run, or at its spaces where a quote is not closed."""
    try:
        return shlex.split(command)
    except ValueError:
        return command.split()


def _read(pipe: IO[bytes], deadline: float) -> bytes:
    """What comes out of `pipe` until it closes. Raises TimeoutError.

    More than MOST_BYTES is not waited for: a command that prints without end fills no memory.
    """
    output = b""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while len(output) <= MOST_BYTES:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            read = os.read(pipe.fileno(), MOST_BYTES)
            if not read:
                break
            output += read
    return output


def is_file(path: Path) -> bool:
    """True for a file that can be seen; Path.is_file raises where a folder above is closed."""
    return os.path.isfile(path)  # noqa: PTH113


def hide(text: str, *secrets: str) -> str:
    """`text` with every one of `secrets` replaced: an API may echo what it was sent."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, HIDDEN)
    return text

"""References to secrets: the configuration says where a secret is, never what it is.

env:NAME       the environment variable
file:PATH      a file's first line (a Google credential: all of it), relative to the
               configuration file's folder
cmd:COMMAND    the first line of what a command prints (Google: all of it); split as a shell
               would, run without one, given ten seconds, and only when a source needs it
"""

import os
import shlex
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from mailwatch.errors import ConfigError, SecretError
from mailwatch.inert import inert

Kind = Literal["env", "file", "cmd"]
CMD_SECONDS = 10.0
MOST_BYTES = 65536
HIDDEN = "•••"


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
            raise ValueError("a secret is named, never written here")
        if not target.strip():
            raise ValueError(f"nothing stands after {kind}:")
        if "\n" in text or "\r" in text or "\x00" in text:
            raise ValueError("a reference is one line")
        return cls(kind, target.strip(), folder)  # type: ignore[arg-type]  # checked above

    def __str__(self) -> str:
        return f"{self.kind}:{inert(self.target, 200)}"

    def is_set(self) -> bool | None:
        """Whether the variable or file is there; None for a command, which is not run to tell."""
        if self.kind == "env":
            return bool(os.environ.get(self.target))
        return self._path().is_file() if self.kind == "file" else None

    def line(self) -> str:
        """The secret on its first line. Raises SecretError where there is none to be had."""
        lines = self.whole().splitlines()
        secret = lines[0].strip() if lines else ""
        if not secret:
            raise SecretError(f"{self} is empty", "Put the secret there.")
        if not secret.isprintable() or not secret.isascii() or " " in secret:
            raise SecretError(
                f"{self} holds characters that no key has (a space, a control character …)",
                "Store the key alone, on one line.",
            )
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
                f"The variable {inert(self.target, 100)} holds a line break",
                f"Set it to the key alone, for instance: export {inert(self.target, 100)}="
                '"$(head -n 1 FILE)"',
            )

    def _path(self) -> Path:
        return self.folder / Path(self.target).expanduser()

    def _from_environment(self) -> str:
        value = os.environ.get(self.target, "")
        if not value:
            raise SecretError(f"The variable {inert(self.target, 100)} is not set", "Set it.")
        return value

    def _from_file(self) -> str:
        try:
            with self._path().open("rb") as file:
                data = file.read(MOST_BYTES + 1)
            if len(data) > MOST_BYTES:
                raise SecretError(f"{self} is larger than {MOST_BYTES:,} bytes", "Is it the file?")
            return data.decode()
        except OSError as error:
            raise SecretError(
                f"{self} cannot be read: {error.strerror}", "Mend the path."
            ) from None
        except UnicodeDecodeError:
            raise SecretError(f"{self} is no text file", "Is it the file?") from None

    def _from_command(self) -> str:
        try:
            process = subprocess.Popen(  # noqa: S603  # the user's own command, without a shell
                shlex.split(self.target),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            what = error.strerror if isinstance(error, OSError) else "its quotes do not close"
            raise SecretError(f"{self} cannot be run: {what}", "Mend the command.") from None
        with process:
            try:
                output, _ = process.communicate(timeout=CMD_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise SecretError(
                    f"{self} did not end within {CMD_SECONDS:.0f} s",
                    "A command that asks for a password cannot be answered here.",
                ) from None
        if process.returncode:
            raise SecretError(f"{self} ended with status {process.returncode}", "Run it by hand.")
        return output[:MOST_BYTES].decode(errors="replace")


def hide(text: str, *secrets: str) -> str:
    """`text` with every one of `secrets` replaced: an API may echo what it was sent."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, HIDDEN)
    return text

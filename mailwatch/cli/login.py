"""login: a person's consent at Google, and the token file that it gives."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailwatch.cli.output import print_out, say_aside
from mailwatch.clock import Clock
from mailwatch.config import load_config
from mailwatch.errors import ConfigError
from mailwatch.sources.job import Job
from mailwatch.sources.postmaster.consent import (
    CREATE_AGAIN,
    ConsentError,
    ConsentRequest,
    OAuthClient,
    exchange,
    read_client,
    scopes_for,
)
from mailwatch.sources.postmaster.redirect import LoopbackReceiver, RedirectAnswer
from mailwatch.text.inert import inert

TOKEN_FILE = "postmaster-token.json"  # noqa: S105  # the name of a file
OPEN = (
    "Open this address in a browser on this machine, and sign in as the user who sees the domains "
    "in Postmaster Tools:\n\n"
)
AFTERWARDS = (
    "While the consent screen is in Testing, the token ends after 7 days: set it to Internal or "
    "In production.\nNext: mailwatch doctor\n"
)
EXCHANGE_SECONDS = 30.0
LONGEST_CLIENT = 64 * 1024


@dataclass(frozen=True, slots=True)
class LoginOptions:
    """What `mailwatch login google` was given."""

    client: Path
    output: Path | None = None
    config: Path | None = None
    port: int = 0
    timeout: float = 300.0
    force: bool = False


def log_in(clock: Clock, options: LoginOptions) -> int:
    """Writes the token file. Raises ConfigError and ConsentError."""
    config = load_config(options.config).config.postmaster
    named = config.credentials if config else None
    default = Path(named.target) if named and named.kind == "file" else Path(TOKEN_FILE)
    path = options.output or default
    _check_place(path, force=options.force)
    client = _load_client(options.client)
    scopes = scopes_for(legacy_v1=bool(config and config.legacy_v1))
    info = _ask(clock, client, scopes, options)
    _write(path, info, force=options.force)
    print_out([f"Wrote {inert(str(path))}, readable for you alone. It does not belong into git.\n"])
    if named is None or named.target != str(path):
        print_out(
            [f"Set in mailwatch.yaml: postmaster: {{credentials: file:{inert(str(path))}}}\n"]
        )
    print_out([AFTERWARDS])
    return 0


def _ask(
    clock: Clock, client: OAuthClient, scopes: tuple[str, ...], options: LoginOptions
) -> dict[str, Any]:
    try:
        receiver = LoopbackReceiver(options.port)
    except OSError as error:
        raise ConfigError(
            f"port {options.port} of 127.0.0.1 cannot be used: {error.strerror}",
            "Choose another --port, or leave it out.",
        ) from None
    with receiver:
        request = ConsentRequest(client, receiver.redirect_uri, scopes)
        receiver.expect(request.state)
        print_out([OPEN, f"{request.url}\n\n"])
        say_aside(f"mailwatch: waits on {receiver.redirect_uri} for {options.timeout:g} s.")
        answer = receiver.wait(options.timeout)
    code = _code_of(answer, options)
    job = Job(clock.now(), None, clock.monotonic() + EXCHANGE_SECONDS, clock)
    return exchange(request, code, job)


def _code_of(answer: RedirectAnswer | None, options: LoginOptions) -> str:
    if answer is None:
        raise ConsentError(
            f"no answer within {options.timeout:g} s",
            "Run the command again. From another machine, choose a --port and forward it: "
            "ssh -L PORT:127.0.0.1:PORT HOST.",
        )
    if answer.error is not None or answer.code is None:
        raise ConsentError(
            f"Google gave no consent ({inert(answer.error or '?', 60)})",
            "For access_denied, run the command again and choose Continue; while the consent "
            "screen is in Testing, add the user there as a test user.",
        )
    return answer.code


def _load_client(path: Path) -> OAuthClient:
    try:
        with path.open("rb") as file:
            text = file.read(LONGEST_CLIENT + 1).decode()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigError(
            f"--client {inert(str(path))} cannot be read: {reason}", CREATE_AGAIN
        ) from None
    return read_client(text)


def _check_place(path: Path, *, force: bool) -> None:
    """Before anybody is asked: that the token can be kept."""
    if os.path.lexists(path) and not force:
        raise ConfigError(
            f"{inert(str(path))} exists already, and was not changed",
            "Name another --output, or replace it with --force.",
        )
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK | os.X_OK) or path.is_dir():
        raise ConfigError(
            f"{inert(str(path))} cannot be written there", "Name another place with --output."
        )


def _write(path: Path, info: dict[str, Any], *, force: bool) -> None:
    """Writes all of it or nothing, with mode 0600 from the start, and never over a file that came
    meanwhile."""
    beside = path.parent / f".mailwatch-{secrets.token_hex(8)}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        descriptor = os.open(beside, flags, 0o600)
        try:
            with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123  # a descriptor
                file.write(json.dumps(info, indent=2) + "\n")
                file.flush()
                os.fsync(descriptor)
            if not force:  # takes the name, or finds that it is taken
                os.close(os.open(path, flags, 0o600))
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ConfigError(
            f"{inert(str(path))} was not written: {error.strerror}", "Name another --output."
        ) from None

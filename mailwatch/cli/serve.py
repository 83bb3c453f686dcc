"""serve: the history as web pages, and the receiver of SendGrid's Event Webhook."""

import socket
import time
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from mailwatch.cli.check import catalog_in_use
from mailwatch.cli.memory import named_place, place_in_use
from mailwatch.cli.options import ReportOptions
from mailwatch.cli.output import say_aside
from mailwatch.cli.serve_command import ServeOptions
from mailwatch.clock import Clock
from mailwatch.config import Config, load_config
from mailwatch.config.addresses import is_loopback
from mailwatch.config.secret import SecretRef
from mailwatch.config.serve import ServeConfig, parse_host, parse_public_key
from mailwatch.errors import ConfigError, MailwatchError, SecretError
from mailwatch.history.opened import open_store
from mailwatch.history.store import PlaceError, Store
from mailwatch.text.inert import inert

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

LEAST_TOKEN = 16
"""Characters of a token: a shorter one can be guessed."""
QUIET_SECONDS = 60.0
"""The same trouble is said once in this time."""
_WILDCARDS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104  # compared with, not listened on


def serve(clock: Clock, options: ServeOptions) -> int:
    """Listens until a signal ends the process."""
    _require_extra()
    from mailwatch.serve.server import listen, make_server
    from mailwatch.serve.site import Site
    from mailwatch.serve.webhook import Receiver

    loaded = load_config(options.config)
    config = loaded.config
    token = _token(options, config.serve)
    given = ReportOptions(thresholds=options.thresholds, checks=options.checks)
    site = Site(
        _store(options, config),
        catalog_in_use(given, loaded),
        clock.now,
        _Complaints(),
        "ja" if options.lang == "ja" else "en" if options.lang else None,
        token,
        _hosts(options, config.serve),
        Receiver(_keys(options, config.serve), config.serve.webhook_max_age_minutes * 60.0),
        config.ignore,
    )
    try:
        listening = listen(options.host, options.port)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise ConfigError(
            f"{inert(options.host, 80)}, port {options.port}: cannot listen there: {why}",
            "Choose another --host or --port.",
        ) from None
    with listening:
        say_aside(f"mailwatch: serving on {_address(listening)} until Ctrl-C")
        make_server(site.app()).run(sockets=[listening])
    return 0


def _require_extra() -> None:
    """Raises ConfigError where Starlette or uvicorn is not installed."""
    try:
        import starlette  # noqa: F401  # asked for here, to name the extra
        import uvicorn  # noqa: F401
    except ImportError:
        raise ConfigError(
            "serve needs Starlette and uvicorn",
            "Install them from the checkout: pip install '.[serve]' (the extra mailwatch[serve]).",
        ) from None


def _token(options: ServeOptions, config: ServeConfig) -> str | None:
    """The token; None where none is configured and only this machine can connect."""
    try:
        reference = config.token
        if options.token is not None:
            reference = SecretRef.parse(options.token, Path.cwd())
        token = reference.line() if reference else None
    except ValueError as error:
        raise ConfigError(f"--token {error}", "As in --token env:MAILWATCH_TOKEN.") from None
    except SecretError as error:
        raise ConfigError(f"The token of serve: {error.what}") from None
    if token is None and not is_loopback(options.host):
        raise ConfigError(
            f"--host {inert(options.host, 80)}: others than this machine can connect there, "
            "and no token is set",
            "Set one with --token env:MAILWATCH_TOKEN, or token: under serve: in mailwatch.yaml.",
        )
    if token is not None and len(token) < LEAST_TOKEN:
        raise ConfigError(
            f"The token of serve has fewer than {LEAST_TOKEN} characters",
            "Make one, for example: openssl rand -hex 24",
        )
    return token


def _hosts(options: ServeOptions, config: ServeConfig) -> frozenset[str]:
    """The names that a Host header may have."""
    from mailwatch.serve.guard import LOCAL

    try:
        given = {parse_host(name) for name in options.allow_hosts}
    except ValueError as error:
        raise ConfigError(f"--allow-host {error}") from None
    own = {socket.gethostname().lower()} if options.host in _WILDCARDS else {options.host.lower()}
    return LOCAL | given | own | frozenset(config.hosts)


def _store(options: ServeOptions, config: Config) -> Store:
    store = open_store(place_in_use(named_place(options.history), config))
    if store is None:
        raise PlaceError("none: nothing is stored", "Name a place with --history.")
    store.event_counts(2**40)  # a place that can never be one is an error now, not later
    return store


def _keys(options: ServeOptions, config: ServeConfig) -> "Mapping[str, EllipticCurvePublicKey]":
    from mailwatch.serve.webhook import read_key

    try:
        return {
            name: read_key(key.line() if isinstance(key, SecretRef) else key, name or "the account")
            for name, key in _written_keys(options, config)
        }
    except SecretError as error:
        raise ConfigError(f"The webhook's public key: {error.what}") from None


def _written_keys(
    options: ServeOptions, config: ServeConfig
) -> Iterator[tuple[str, str | SecretRef]]:
    account = config.webhook_public_key
    if options.webhook_key is not None:
        folder = Path.cwd()
        try:
            account = parse_public_key(
                options.webhook_key, lambda text: SecretRef.parse(text, folder)
            )
        except ValueError as error:
            raise ConfigError(f"--webhook-key {error}") from None
    if account is not None:
        yield "", account
    for subuser in config.webhook_subusers:
        yield subuser.name, subuser.public_key


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


class _Complaints:
    """Says on stderr what went wrong, the same thing once a minute."""

    def __init__(self) -> None:
        self._said: dict[str, float] = {}

    def __call__(self, error: Exception) -> None:
        what = error.what if isinstance(error, MailwatchError) else _defect(error)
        now = time.monotonic()
        if now - self._said.get(what, float("-inf")) > QUIET_SECONDS:
            self._said = {what: now} if len(self._said) > 100 else {**self._said, what: now}
            say_aside(f"mailwatch: {what}")


def _defect(error: Exception) -> str:
    """Where it is, and none of its values."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}, line {place.lineno}"
    return f"a defect of mailwatch itself: {type(error).__name__} in {where}"

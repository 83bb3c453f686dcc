"""mailwatch.yaml: what to watch, and where the secrets are. Every key has a default.

Found as `--config`, `$MAILWATCH_CONFIG`, `./mailwatch.yaml`, or in the user's configuration folder.
A `./mailwatch.yaml` that nobody named may be a stranger's: it may run no command and send no
credential to an address of its own choice.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any

from mailwatch.config.addresses import (
    parse_domain,
    parse_nameserver,
    parse_selector,
    parse_url,
    parse_zone,
)
from mailwatch.config.secret import SecretRef, is_file
from mailwatch.errors import ConfigError
from mailwatch.yamlfile.reader import load
from mailwatch.yamlfile.shape import Fields, Listed, Nullable, Parsed, Spot, integer, text

FILE = "mailwatch.yaml"
VARIABLE = "MAILWATCH_CONFIG"
API_KEY_VARIABLE = "SENDGRID_API_KEY"
GOOGLE_VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS"
SENDGRID_URL = "https://api.sendgrid.com"
POSTMASTER_URL = "https://gmailpostmastertools.googleapis.com/"


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain to watch; its name in ASCII (A-labels), lower case, without the final dot."""

    name: str
    dkim_selectors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SendGridConfig:
    """The SendGrid account."""

    api_key: SecretRef = field(default_factory=lambda: SecretRef("env", API_KEY_VARIABLE))
    base_url: str = SENDGRID_URL
    timezone: str | None = None
    """The account's own zone (IANA name); no endpoint tells it."""
    window_days: int = 7


@dataclass(frozen=True, slots=True)
class PostmasterConfig:
    """Gmail Postmaster Tools."""

    credentials: SecretRef | None = None
    subject: str | None = None
    """Whom a service account acts for."""
    endpoint: str = POSTMASTER_URL


@dataclass(frozen=True, slots=True)
class DnsConfig:
    """Name servers as `HOST` or `HOST:PORT`; none: the system's."""

    nameservers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that a run needs to know. A source's part is None where it is not configured."""

    domains: tuple[Domain, ...] = ()
    sendgrid: SendGridConfig | None = None
    postmaster: PostmasterConfig | None = None
    dns: DnsConfig = field(default_factory=DnsConfig)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration, the file it came from, and the keys that the file set."""

    config: Config
    path: Path | None = None
    set_keys: frozenset[str] = frozenset()
    from_environment: frozenset[str] = frozenset()
    """The keys that took their value from a variable, for want of one in the file."""


def load_config(named: Path | None, environment: Mapping[str, str] | None = None) -> Loaded:
    """The configuration in force. Raises FileError or ConfigError for what cannot be taken.

    The environment gives two defaults that the file beats: SENDGRID_API_KEY, which alone
    configures sendgrid, and GOOGLE_APPLICATION_CREDENTIALS, which does not configure postmaster
    (other tools set it).
    """
    environment = os.environ if environment is None else environment
    path, trusted = _find(named, environment)
    values: dict[str, Any] = {}
    if path is not None:
        node = load(path)
        if node is not None:
            values = file_shape(path.parent, trusted=trusted).read(node, Spot(path))
    return _with_environment(values, path, environment)


def file_shape(folder: Path, *, trusted: bool) -> Fields:
    """What mailwatch.yaml may hold. `file:` references start from `folder`."""

    def secret(value: str) -> SecretRef:
        reference = SecretRef.parse(value, folder)
        if reference.kind == "cmd" and not trusted:
            raise ValueError("cmd: is refused in a file that was merely found; name it: --config")
        return reference

    def url(home: str, end: str = "") -> Parsed:
        limit = None if trusted else home
        return Parsed(lambda v: parse_url(v, home=limit) + end, "an https address", repeats=False)

    reference = Parsed(secret, "env:NAME, file:PATH or cmd:COMMAND", repeats=False)
    selector = Parsed(parse_selector, "a DKIM selector, as in s1", repeats=False)
    domain = Fields(
        {
            "name": Parsed(parse_domain, "a domain name, as in example.com", repeats=False),
            "dkim_selectors": Nullable(Listed(selector, name=str)),
        },
        required=("name",),
    )
    sendgrid = Fields(
        {
            "api_key": reference,
            "base_url": url("sendgrid.com"),
            "timezone": Nullable(Parsed(parse_zone, "a time zone, as in Asia/Tokyo")),
            "window_days": integer(1, 90),
        }
    )
    postmaster = Fields(
        {
            "credentials": reference,
            "subject": Nullable(text(254)),
            "endpoint": url("googleapis.com", end="/"),
        }
    )
    server = Parsed(parse_nameserver, "HOST or HOST:PORT", repeats=False)
    return Fields(
        {
            "domains": Nullable(Listed(domain, name=itemgetter("name"))),
            "sendgrid": Nullable(sendgrid),
            "postmaster": Nullable(postmaster),
            "dns": Nullable(Fields({"nameservers": Nullable(Listed(server))})),
        }
    )


def with_domains(config: Config, names: tuple[str, ...], selectors: tuple[str, ...]) -> Config:
    """`config` with these domains instead of its own (none: its own), and these selectors.

    A domain that the configuration knows keeps its selectors where none are given.
    Raises ConfigError for what is no domain or selector.
    """
    known = {domain.name: domain for domain in config.domains}
    try:
        chosen = dict.fromkeys(parse_domain(name) for name in names) or known
        given = tuple(dict.fromkeys(parse_selector(selector) for selector in selectors))
    except ValueError as error:
        raise ConfigError(str(error)) from None
    domains = tuple(
        Domain(name, given or (known[name].dkim_selectors if name in known else ()))
        for name in chosen
    )
    return Config(domains, config.sendgrid, config.postmaster, config.dns)


def _find(named: Path | None, environment: Mapping[str, str]) -> tuple[Path | None, bool]:
    """The file to read and whether somebody chose it; None where there is none."""
    if named is not None:
        return named, True
    if environment.get(VARIABLE):
        return Path(environment[VARIABLE]), True
    if is_file(Path(FILE)):
        return Path(FILE), False
    home = environment.get("HOME") or os.path.expanduser("~")  # noqa: PTH111  # Path's may raise
    folder = Path(environment.get("XDG_CONFIG_HOME") or Path(home) / ".config")
    users = folder / "mailwatch" / FILE
    # A relative one would be looked for in the folder one stands in, which may be a stranger's.
    return (users, True) if folder.is_absolute() and is_file(users) else (None, True)


def _with_environment(
    values: dict[str, Any], path: Path | None, environment: Mapping[str, str]
) -> Loaded:
    domains = tuple(
        Domain(domain["name"], domain.get("dkim_selectors") or ())
        for domain in values.get("domains") or ()
    )
    from_environment: set[str] = set()
    sendgrid = values.get("sendgrid") or {}
    if "sendgrid" not in values and environment.get(API_KEY_VARIABLE):
        values["sendgrid"] = None
    if "api_key" not in sendgrid and environment.get(API_KEY_VARIABLE):
        from_environment.add("sendgrid.api_key")
    postmaster = dict(values.get("postmaster") or {})
    if "postmaster" in values and "credentials" not in postmaster:
        default = google_default(environment)
        if default is not None:
            postmaster["credentials"] = default
            from_environment.add("postmaster.credentials")
    config = Config(
        domains=domains,
        sendgrid=SendGridConfig(**sendgrid) if "sendgrid" in values else None,
        postmaster=PostmasterConfig(**postmaster) if "postmaster" in values else None,
        dns=DnsConfig(**{k: v or () for k, v in (values.get("dns") or {}).items()}),
    )
    return Loaded(config, path, _keys(values), frozenset(from_environment))


def google_default(environment: Mapping[str, str]) -> SecretRef | None:
    """The credential file that GOOGLE_APPLICATION_CREDENTIALS names, if it is set."""
    path = environment.get(GOOGLE_VARIABLE)
    return SecretRef("file", path) if path else None


def _keys(values: Mapping[str, Any]) -> frozenset[str]:
    keys: set[str] = set()
    for name, value in values.items():
        keys.add(name)
        if isinstance(value, dict):
            keys |= {f"{name}.{key}" for key in value}
    return frozenset(keys)

"""init and config: write the two files, and show what is in force."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mailwatch.catalog import shipped
from mailwatch.cli.check import THRESHOLDS_FILE, thresholds_in_use
from mailwatch.cli.options import Reading
from mailwatch.cli.output import print_out
from mailwatch.config import (
    Config,
    Loaded,
    PostmasterConfig,
    SendGridConfig,
    load_config,
    with_domains,
)
from mailwatch.config.file import FILE, VARIABLE
from mailwatch.config.secret import HIDDEN, SecretRef
from mailwatch.errors import ConfigError
from mailwatch.text.inert import inert

CONFIG_TEXT = """\
# What mailwatch watches, and where the secrets are. A secret is never written here, only where it
# is: env:NAME, file:PATH (relative to this file), or cmd:COMMAND.

domains:
  - name: {domain}
    dkim_selectors: [{selectors}]

{off}sendgrid:
{off}  api_key: env:SENDGRID_API_KEY
{off}  timezone: Etc/UTC           # the account's own zone, as under Settings, Account Details
{off}  window_days: 7              # the days a rate is pooled over

# postmaster:                   # Gmail Postmaster Tools
#   credentials: file:postmaster-token.json
#   subject: null               # whom a service account acts for

# dns:
#   nameservers: [127.0.0.1]    # default: the system's
"""
THRESHOLDS_TEXT = """\
# Your numbers, laid over the ones mailwatch comes with, key by key. Those are shown below, switched
# off by a # each: take the # away from a line and change it. `mailwatch checks` shows what is in
# force.

"""


def init(domains: Sequence[str], selectors: Sequence[str]) -> int:
    """Writes both files, or neither where one exists."""
    names = tuple(domains) or ("example.com",)
    config = with_domains(Config(), names, tuple(selectors) or ("s1", "s2"))
    existing = [name for name in (FILE, THRESHOLDS_FILE) if os.path.lexists(name)]
    if existing:
        raise ConfigError(
            f"Nothing was written: {' and '.join(existing)} is here already",
            "Move it away first, or run init in another folder.",
        )
    first, *others = config.domains
    text = CONFIG_TEXT.format(
        domain=first.name,
        selectors=", ".join(first.dkim_selectors),
        off="" if os.environ.get("SENDGRID_API_KEY") else "# ",
    )
    for other in others:
        entry = f"  - name: {other.name}\n    dkim_selectors: [{', '.join(other.dkim_selectors)}]\n"
        text = text.replace("]\n\n", f"]\n{entry}\n", 1)
    _write_new({FILE: text, THRESHOLDS_FILE: THRESHOLDS_TEXT + _switched_off()})
    print_out([f"Wrote {FILE} and {THRESHOLDS_FILE}. Next: mailwatch config, mailwatch check\n"])
    return 0


def _switched_off() -> str:
    lines = shipped.THRESHOLDS.read_text(encoding="utf-8").splitlines()
    return "".join(
        f"{line if line.startswith('#') or not line else '# ' + line}\n" for line in lines
    )


def _write_new(files: dict[str, str]) -> None:
    """Writes all of the files or none, and never over one that exists."""
    written: list[Path] = []
    try:
        for name, text in files.items():
            with Path(name).open("x", encoding="utf-8") as file:
                written.append(Path(name))
                file.write(text)
    except OSError as error:
        for path in written:
            path.unlink()
        raise ConfigError(
            f"Nothing was written: {error.strerror}", "Is this your folder?"
        ) from None


class Row(NamedTuple):
    """A value in force, and where it came from."""

    key: str
    value: str | None
    origin: str


def show(reading: Reading) -> int:
    """Prints what is in force."""
    loaded = load_config(reading.config)
    rows = [*_file_rows(loaded, reading), *_rows(loaded)]
    if reading.format == "json":
        document = [{"key": key, "value": value, "origin": origin} for key, value, origin in rows]
        print_out([json.dumps({"config": document}, ensure_ascii=False, indent=2), "\n"])
        return 0
    key_size = max(len(row.key) for row in rows)
    print_out(
        f"{row.key:<{key_size}}  {'not set' if row.value is None else row.value}  ({row.origin})\n"
        for row in rows
    )
    return 0


def _file_rows(loaded: Loaded, reading: Reading) -> Iterator[Row]:
    found = "--config" if reading.config else "found"
    if not reading.config and loaded.path and os.environ.get(VARIABLE):
        found = f"${VARIABLE}"
    none_found = "none was found: flags and environment only"
    yield Row(FILE, _shown(loaded.path), found if loaded.path else none_found)
    path = thresholds_in_use(reading, loaded)
    beside = "--thresholds" if reading.thresholds else f"beside {FILE}"
    yield Row(THRESHOLDS_FILE, _shown(path or shipped.THRESHOLDS), beside if path else "shipped")


def _rows(loaded: Loaded) -> Iterator[Row]:
    config = loaded.config
    for n, domain in enumerate(config.domains, 1):
        yield Row(f"domains.{n}.name", domain.name, FILE)
        selectors = ", ".join(domain.dkim_selectors)
        yield Row(f"domains.{n}.dkim_selectors", selectors or None, FILE)
    if not config.domains:
        yield Row("domains", None, "default")
    sections: tuple[tuple[str, Any, bool], ...] = (
        ("sendgrid", config.sendgrid or SendGridConfig(), config.sendgrid is not None),
        ("postmaster", config.postmaster or PostmasterConfig(), config.postmaster is not None),
        ("dns", config.dns, True),
    )
    for name, section, configured in sections:
        if not configured:
            yield Row(name, None, "not configured")
            continue
        for field in section.__dataclass_fields__:
            key = f"{name}.{field}"
            yield Row(key, _shown(getattr(section, field)), _origin(key, loaded))


def _origin(key: str, loaded: Loaded) -> str:
    if key in loaded.set_keys:
        return FILE
    return "environment" if key in loaded.from_environment else "default"


def _shown(value: Any) -> str | None:
    """A value as text; of a secret only where it is, and whether it is there."""
    if isinstance(value, SecretRef):
        state = {True: HIDDEN, False: "not set", None: "a command, not run"}[value.is_set()]
        return f"{state} at {value}"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or None
    return None if value is None else inert(str(value))

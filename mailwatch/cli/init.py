"""init: write the two files, commented, for the user to edit."""

import os
from collections.abc import Sequence
from pathlib import Path

from mailwatch.catalog import shipped
from mailwatch.cli.check import THRESHOLDS_FILE
from mailwatch.cli.output import print_out
from mailwatch.config import Config, Domain, with_domains
from mailwatch.config.domains import EXAMPLE, written_out
from mailwatch.config.file import FILE
from mailwatch.config.sections import SECTIONS
from mailwatch.errors import ConfigError

CONFIG_HEAD = """\
# What mailwatch watches, and where the secrets are. This file never holds a secret itself, only
# where one is: env:NAME, file:PATH (relative to this file), or cmd:COMMAND.

"""
THRESHOLDS_HEAD = """\
# Your thresholds. They replace the ones that mailwatch comes with, key by key. Those are listed
# below, each commented out with a #. Remove the # from a line and change its numbers.
# `mailwatch checks` lists the current thresholds, `mailwatch explain ID` says what a check means.
#
#   ideal         this value or better is ok
#   act           worse than this is a breach: act now. Between the two is a warning.
#                 For words, at `act` or worse is a breach.
#                 A percentage needs its sign: 0.3%. A comparator can be given: act: ">= 0.3%".
#                 none switches a side off: the figure is shown, but not judged by it.
#   min_messages  with fewer messages the answer is "cannot tell yet"
#   min_daily     on a day with fewer messages the figure is ok, not judged
#   max_age_days  an older figure is "cannot tell yet"
#
# Some of the mail can have its own thresholds. Every pair of `match` must fit. If several
# overrides fit, the last one wins:
#
# overrides:
#   - match: {{domain: {domain}}}
#     postmaster.spam_rate: {{ideal: "<= 0.05%", act: ">= 0.2%"}}

"""
FIRST_GROUP = "# ---"
"""How a group of thresholds begins in the shipped file. What is before speaks of that file."""


def write_files(names: Sequence[str], selectors: Sequence[str]) -> int:
    """Both files are written, or neither where one exists."""
    named = tuple(names) or (EXAMPLE.name,)
    chosen = tuple(selectors) or EXAMPLE.dkim_selectors
    domains = with_domains(Config(), named, chosen).domains
    existing = [name for name in (FILE, THRESHOLDS_FILE) if os.path.lexists(name)]
    if existing:
        raise ConfigError(
            f"Nothing was written: {' and '.join(existing)} already exists here",
            "Move it away first, or run init in another folder.",
        )
    _write_new({FILE: config_text(domains), THRESHOLDS_FILE: thresholds_text(domains)})
    print_out([f"Wrote {FILE} and {THRESHOLDS_FILE}. Next: mailwatch config, mailwatch check\n"])
    return 0


def config_text(domains: Sequence[Domain]) -> str:
    """A new mailwatch.yaml for these domains."""
    parts = [
        written_out(domains) if name == "domains" else section.template(os.environ)
        for name, section in SECTIONS.items()
    ]
    return CONFIG_HEAD + "\n".join(parts)


def thresholds_text(domains: Sequence[Domain]) -> str:
    """A new thresholds.yaml: the shipped numbers, all switched off."""
    text = shipped.THRESHOLDS.read_text(encoding="utf-8")
    lines = text[text.index(f"\n{FIRST_GROUP}") + 1 :].splitlines()
    switched_off = (
        line if line.startswith("#") or not line.strip() else f"# {line}" for line in lines
    )
    head = THRESHOLDS_HEAD.format(domain=domains[0].name)
    return head + "".join(f"{line}\n" for line in switched_off)


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
            f"Nothing was written: {error.strerror}",
            "Check the folder's permissions and the free disk space.",
        ) from None

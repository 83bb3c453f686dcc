"""Where a report goes: stdout, the files of `--output`, and a step of GitHub Actions."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from mailwatch.cli.github_actions import annotate, fill_step
from mailwatch.cli.options import ReportOptions
from mailwatch.cli.output import (
    OutputError,
    choose_language,
    choose_style,
    choose_width,
    print_out,
    say_aside,
)
from mailwatch.cli.outputfile import same_file, write_file
from mailwatch.errors import ConfigError
from mailwatch.model import Report
from mailwatch.reports import FORMATS, Format, View
from mailwatch.text.inert import inert
from mailwatch.text.nearest import nearest

FOR_PEOPLE = ("console", "markdown", "html")
"""Formats in the reader's language; the others are English unless asked for otherwise."""
STDOUT = "-"


class Outputs(NamedTuple):
    """What is to be written."""

    printed: str
    """The format of stdout."""
    files: list[tuple[str, Path]]
    """The format and the path of each file."""


def deliver(
    report: Report,
    outputs: Outputs,
    options: ReportOptions,
    formats: Mapping[str, Format] = FORMATS,
) -> int:
    """Writes the report everywhere; the exit status."""
    printed, files = outputs
    # The files first: a reader of stdout that goes away, as head does, must not cost them.
    delivered = [_write(report, formats[name], (name, path), options) for name, path in files]
    try:
        print_out(formats[printed].render(report, view_for(options, printed)))
    except OutputError as error:
        say_aside(f"mailwatch: {error.what}")
        delivered.append(False)
    delivered.append(_serve_actions(report, printed, options))
    if printed == "nagios":
        from mailwatch.reports import nagios

        return nagios.status(report) if all(delivered) else nagios.UNKNOWN
    if not all(delivered) and report.exit_code == 0 and options.fail_on != "never":
        return 3
    return report.exit_code


def _serve_actions(report: Report, printed: str, options: ReportOptions) -> bool:
    """True when a step of GitHub Actions has what it should have; also where this is none.

    There a plain run, whose format nobody chose, annotates by itself.
    """
    plain = options.format is None and printed == "console"
    inside = os.environ.get("GITHUB_ACTIONS") == "true"
    if not (printed == "github" or (inside and plain)):
        return True
    if plain:
        annotate(report, view_for(options, "github"))
    return fill_step(report, view_for(options, "markdown", file=True), os.environ)


def view_for(options: ReportOptions, format_name: str, *, file: bool = False) -> View:
    """The view that the user asked for, of the report on stdout or (`file`) in a file."""
    colour, bold = choose_style(options.color, os.environ, sys.stdout)
    person = format_name in FOR_PEOPLE
    return View(
        width=choose_width(options.width, os.environ),
        colour=colour and not file,
        bold=bold and not file,
        # What a machine reads is English unless asked for otherwise.
        lang=choose_language(
            options.lang, os.environ if person else {}, None if file else sys.stdout
        ),
        quiet=options.quiet_ok and not file,
        all=options.all,
        folder=Path.cwd(),
    )


def _write(
    report: Report, format_: Format, place: tuple[str, Path], options: ReportOptions
) -> bool:
    """True when the report is in the file. Why it is not is said on stderr."""
    name, path = place
    problem = write_file(path, format_.render(report, view_for(options, name, file=True)))
    if problem:
        say_aside(f"mailwatch: --output {name}: {problem}")
    return problem is None


def read_outputs(options: ReportOptions) -> Outputs:
    """What `--format` and `--output` ask for. Raises ConfigError."""
    printed: str | None = None
    files: list[tuple[str, Path]] = []
    for text in options.output or ():
        name, path = _read_output(text)
        if path == STDOUT:
            if options.format is not None or printed is not None:
                raise ConfigError(
                    f"--output {name}=-: only one report can go to stdout",
                    "Name a format for stdout once, with --format or with --output.",
                )
            printed = name
            continue
        if any(same_file(Path(path), other) for _, other in files):
            raise ConfigError(
                f"--output {name}: two reports would be written to {inert(path, 80)}",
                "Give each report its own file.",
            )
        files.append((name, Path(path)))
    return Outputs(printed or options.format or "console", files)


def _read_output(text: str) -> tuple[str, str]:
    """One `--output` as a format and a path. Raises ConfigError."""
    name, equals, path = text.partition("=")
    if not equals or not path:
        raise ConfigError(
            f"--output {inert(text, 80)} is not FORMAT=PATH", "For example: --output json=out.json"
        )
    if name not in FORMATS:
        raise ConfigError(
            f"--output: there is no format {inert(name, 40)}{nearest(name, FORMATS)}",
            f"The formats are {', '.join(FORMATS)}.",
        )
    return name, path

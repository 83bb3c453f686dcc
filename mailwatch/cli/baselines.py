"""What does not count in a run: `ignore:` in the configuration, and the baseline."""

from pathlib import Path

from mailwatch.accepted import KnownFindings
from mailwatch.baseline_file import FILE, read_baseline, render
from mailwatch.catalog.catalog import Catalog
from mailwatch.cli.options import ReportOptions
from mailwatch.cli.output import print_out, say_aside
from mailwatch.cli.outputfile import write_file
from mailwatch.config import Config
from mailwatch.errors import FileError
from mailwatch.model import Level, Report, State
from mailwatch.text.inert import inert
from mailwatch.text.nearest import nearest


def baseline_in_use(options: ReportOptions) -> KnownFindings | None:
    """The one that `--baseline` names. Raises FileError."""
    return read_baseline(options.baseline) if options.baseline else None


def refuse_unknown_checks(config: Config, catalog: Catalog) -> None:
    """Raises FileError for an entry of `ignore:` about a check that does not exist."""
    for rule in config.ignore:
        if rule.check not in catalog.checks and rule.at is not None:
            raise FileError(
                rule.at.path,
                f"{inert(rule.check, 80)} is not a check{nearest(rule.check, catalog.checks)}",
                line=rule.at.line,
                key="ignore",
                tip="mailwatch checks lists them all.",
            )


def write_baseline(report: Report, path: Path | None) -> int:
    """Writes what `report` found: status 0, and 3 where that failed or a source is missing."""
    path = path or Path(FILE)
    problem = write_file(path, render(report))
    if problem:
        say_aside(f"mailwatch: {problem}")
        return 3
    failed = [state.name for state in report.sources if state.state is State.FAILED]
    for name in failed:
        say_aside(f"mailwatch: {name} could not be measured: its findings are not in the baseline")
    found = sum(finding.level is not Level.OK for finding in report.findings)
    noun = "finding" if found == 1 else "findings"
    print_out([f"Wrote {inert(str(path))} with {found} {noun}. Use it: --baseline {path}\n"])
    return 3 if failed else 0

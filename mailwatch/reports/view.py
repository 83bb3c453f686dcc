"""What a format knows about its reader."""

from pathlib import Path

from mailwatch.frozen import dataclass
from mailwatch.model import Finding, Lang, Level, Report


@dataclass(frozen=True, slots=True)
class View:
    """How the reader wants it; a format needs nothing else."""

    width: int = 80
    """Columns of the terminal; no line of the console report is longer."""
    colour: bool = False
    bold: bool = False
    """Bold and dim type may be used: a terminal that wants no colours still has them."""
    lang: Lang = "en"
    quiet: bool = False
    """Leave out what is ok; print nothing where the whole report is."""
    all: bool = False
    """Cut nothing; one line for each figure that is ok. Of interest to formats for people only."""

    folder: Path | None = None
    """What the paths of files in a report are relative to, where they are inside it."""

    def silences(self, report: Report) -> bool:
        """True when there is nothing to print. A run that fails for another reason than a finding
        (a source of a strict run) is not silenced, and neither is one that shows a recovery."""
        fine = report.verdict is Level.OK and report.exit_code == 0
        return self.quiet and fine and not report.recovered

    def leaves_out(self, finding: Finding) -> bool:
        """True for what is ok where only the rest is wanted, unless it has recovered."""
        return self.quiet and finding.level is Level.OK and not finding.recovered

    def most(self, number: int) -> int | None:
        """Where a list is cut: at `number`, or nowhere."""
        return None if self.all else number

"""What a run leaves for GitHub Actions besides its report: the summary and the output of the step.

The runner names two files in the environment; a step appends to them. (GitHub Docs, Workflow
commands for GitHub Actions.)
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from mailwatch.cli.output import say_aside
from mailwatch.model import Report
from mailwatch.reports.view import View

SUMMARY_BYTES = 1024 * 1024 - 1024
"""GitHub refuses a summary over 1 MiB."""


def annotate(report: Report, view: View) -> None:
    """Writes the annotations to stderr, for a report on stdout that has none."""
    from mailwatch.reports import github

    say_aside(*(line.rstrip("\n") for line in github.annotations(report, view.lang)))


def fill_step(report: Report, view: View, environment: Mapping[str, str]) -> bool:
    """True when the step has its summary and its output `verdict`, as far as there are files for
    them. Why one could not be written is said on stderr."""
    from mailwatch.reports import markdown

    texts = {
        "GITHUB_STEP_SUMMARY": "".join(_within(markdown.render(report, view))),
        "GITHUB_OUTPUT": f"verdict={report.verdict.value}\n",
    }
    written = [
        _append(name, environment[name], text)
        for name, text in texts.items()
        if environment.get(name)
    ]
    return all(written)


def _append(name: str, path: str, text: str) -> bool:
    try:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        say_aside(f"mailwatch: ${name} cannot be written: {error.strerror}")
        return False
    return True


def _within(lines: Iterator[str]) -> Iterator[str]:
    left = SUMMARY_BYTES
    for line in lines:
        left -= len(line.encode())
        if left < 0:
            yield "\n…\n"
            return
        yield line

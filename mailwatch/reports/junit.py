"""JUnit XML, as CI systems show it: one suite a source, one test case a finding.

A breach is a failure, what is unknown is skipped, a warning passes and says why in its
output. The schema is the one of Jenkins' xUnit plugin (junit-10.xsd), which others accept too.
"""

from collections.abc import Iterator
from datetime import UTC
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mailwatch.model import Finding, Lang, Level, Report, SourceState, State
from mailwatch.reports.facts import value
from mailwatch.reports.view import View
from mailwatch.words import worded


def render(report: Report, view: View) -> Iterator[str]:
    """The whole document."""
    if view.silences(report):
        return
    root = Element("testsuites", name="mailwatch")
    for state in report.sources:
        found = [f for f in report.findings if f.check.source == state.name]
        _add_suite(root, report, state, found, view.lang)
    indent(root)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield tostring(root, encoding="unicode") + "\n"


def _add_suite(
    root: Element, report: Report, state: SourceState, found: list[Finding], lang: Lang
) -> None:
    levels = [finding.level for finding in found if finding.ignored is None]
    failed = state.state is State.FAILED
    suite = SubElement(
        root,
        "testsuite",
        name=state.name,
        tests=str(len(found) + failed),
        failures=str(levels.count(Level.BREACH)),
        errors=str(int(failed)),
        skipped=str(levels.count(Level.UNKNOWN) + len(found) - len(levels)),
        time=f"{state.seconds:.3f}",
        timestamp=report.generated_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
    )
    if failed and state.error is not None:
        case = SubElement(suite, "testcase", classname=state.name, name=state.name)
        SubElement(case, "error", message=worded(state.error, lang), type="could_not_measure")
    for finding in found:
        _add_case(suite, finding, lang)


def _add_case(suite: Element, finding: Finding, lang: Lang) -> None:
    subject = " ".join(v for _, v in finding.measurement.subject.pairs)
    name = f"{finding.check.title[lang]} {subject}".rstrip()
    case = SubElement(suite, "testcase", classname=finding.check.id, name=name)
    message = f"{value(finding)}: {worded(finding.reason, lang)}"
    if finding.ignored is not None:
        SubElement(case, "skipped", message=worded(finding.ignored.reason, lang))
    elif finding.level is Level.BREACH:
        failure = SubElement(case, "failure", message=message, type=finding.level.value)
        failure.text = "\n".join(worded(line, lang) for line in finding.measurement.evidence)
    elif finding.level is Level.UNKNOWN:
        SubElement(case, "skipped", message=message)
    elif finding.level is Level.WARN:
        SubElement(case, "system-out").text = message

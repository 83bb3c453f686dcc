"""SARIF 2.1.0, as code scanning in CI systems takes it: one result for each finding that is not ok.

A breach is an `error`, a warning a `warning`; what is unknown has the kind `open` (not yet
decided) and no level, as the standard asks for. The location is the line of thresholds.yaml where
the check is. (OASIS, Static Analysis Results Interchange Format 2.1.0.)
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mailwatch.catalog.shipped import THRESHOLDS
from mailwatch.model import Check, Finding, Lang, Level, Place, Report, SourceState, State
from mailwatch.reports.facts import value
from mailwatch.reports.view import View
from mailwatch.words import worded

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
SHIPPED = "MAILWATCH"
"""The name of the folder of the files that mailwatch comes with."""
_LEVELS = {Level.BREACH: "error", Level.WARN: "warning", Level.UNKNOWN: "none"}


def render(report: Report, view: View) -> Iterator[str]:
    """The whole log, as one JSON object."""
    if view.silences(report):
        return
    shown = [finding for finding in report.findings if finding.level in _LEVELS]
    checks = list({finding.check.id: finding.check for finding in shown}.values())
    places = {check.id: number for number, check in enumerate(checks)}
    run = {
        "tool": {
            "driver": {
                "name": "mailwatch",
                "semanticVersion": report.version,
                "rules": [_rule(check, view.lang) for check in checks],
            }
        },
        "originalUriBaseIds": {SHIPPED: {"description": {"text": "The files of mailwatch itself"}}},
        "invocations": [_invocation(report, view.lang)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, places[finding.check.id], view) for finding in shown],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    yield json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _rule(check: Check, lang: Lang) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": check.id,
        "shortDescription": {"text": check.title[lang]},
        "fullDescription": {"text": check.why[lang]},
        "help": {"text": "\n".join(action.text[lang] for action in check.actions)},
    }
    return {**rule, "helpUri": check.references[0]} if check.references else rule


def _invocation(report: Report, lang: Lang) -> dict[str, Any]:
    trouble = [state for state in report.sources if state.state in (State.FAILED, State.PARTIAL)]
    return {
        "executionSuccessful": not any(state.state is State.FAILED for state in trouble),
        "exitCode": report.exit_code,
        "startTimeUtc": report.generated_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "toolExecutionNotifications": [_notification(state, lang) for state in trouble],
    }


def _notification(state: SourceState, lang: Lang) -> dict[str, Any]:
    error = worded(state.error, lang) if state.error else state.state.value
    return {
        "level": "error" if state.state is State.FAILED else "warning",
        "message": _message(f"{state.name}: {error}"),
    }


def _result(finding: Finding, rule: int, view: View) -> dict[str, Any]:
    subject = finding.measurement.subject
    names = [text for _, text in subject.pairs]
    about = " ".join([finding.check.title[view.lang], *names])
    text = f"{about}: {value(finding)}. {worded(finding.reason, view.lang)}"
    result: dict[str, Any] = {
        "ruleId": finding.check.id,
        "ruleIndex": rule,
        "kind": "open" if finding.level is Level.UNKNOWN else "fail",
        "level": _LEVELS[finding.level],
        "message": _message(text),
        "locations": [_location(finding.threshold.at, names, view)],
        "partialFingerprints": {"mailwatch/v1": _fingerprint([finding.check.id, *names])},
        "properties": {
            "subject": dict(subject.pairs),
            "evidence": [worded(line, view.lang) for line in finding.measurement.evidence],
        },
    }
    if finding.ignored is not None:
        why = worded(finding.ignored.reason, view.lang)
        result["suppressions"] = [{"kind": "external", "justification": why}]
    return result


def _message(text: str) -> dict[str, str]:
    """`text` without a link: `[name](address)` is one in any message (SARIF 2.1.0, 3.11.6)."""
    return {"text": text.replace("](", "] (")}


def _fingerprint(parts: Iterable[str]) -> str:
    """What the finding keeps from run to run."""
    return json.dumps([*parts], ensure_ascii=False)


def _location(place: Place | None, names: list[str], view: View) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if names:
        location["logicalLocations"] = [{"fullyQualifiedName": "/".join(names)}]
    if place is not None:
        location["physicalLocation"] = {
            "artifactLocation": _artifact(place.path, view.folder),
            "region": {"startLine": place.line},
        }
    return location


def _artifact(path: Path, folder: Path | None) -> dict[str, str]:
    """The file as a URI: relative to `folder` where it is inside, as code scanning wants it."""
    if path == THRESHOLDS:
        return {"uri": path.name, "uriBaseId": SHIPPED}
    if not path.is_absolute():
        return {"uri": quote(path.as_posix())}
    if folder is not None and path.is_relative_to(folder):
        return {"uri": quote(path.relative_to(folder).as_posix())}
    return {"uri": path.as_uri()}

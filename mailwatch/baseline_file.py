"""The baseline file: what a run found that was not ok, so that only what is new counts later.

{"schema": "mailwatch.baseline/1", "written": "2026-11-24",
 "findings": [{"check": "dns.mx", "subject": {"domain": "example.com"}, "level": "warn"}]}
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from mailwatch.accepted import KnownFindings
from mailwatch.errors import FileError
from mailwatch.inputfile import read_input
from mailwatch.model import Level, Report, Subject
from mailwatch.text.inert import inert

FILE = "mailwatch-baseline.json"
SCHEMA = "mailwatch.baseline/1"
MOST_BYTES = 16 * 1024 * 1024
_TIP = "Write it again with mailwatch baseline write."


def render(report: Report) -> Iterator[str]:
    """The baseline that `report` makes: all findings that are not ok, one a line."""
    lines = [
        {
            "check": finding.check.id,
            "subject": dict(finding.measurement.subject.pairs),
            "level": finding.level.value,
        }
        for finding in report.findings
        if finding.level is not Level.OK
    ]
    head = {"schema": SCHEMA, "written": str(report.generated_at.date())}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "findings": ['
    yield ",".join(f"\n  {json.dumps(line, ensure_ascii=False)}" for line in lines)
    yield "\n]}\n"


def read_baseline(path: Path) -> KnownFindings:
    """The baseline in the file. Raises FileError."""
    try:
        data = read_input(path, MOST_BYTES)
    except OSError as error:
        raise FileError(path, f"cannot be read: {error.strerror or error}", tip=_TIP) from None
    if len(data) > MOST_BYTES:
        raise FileError(path, "is too large for a baseline", tip=_TIP)
    try:
        return _baseline(json.loads(data))
    except json.JSONDecodeError as error:
        raise FileError(path, f"is not JSON: {error.msg}", line=error.lineno, tip=_TIP) from None
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        raise FileError(path, f"is not a {SCHEMA} file", tip=_TIP) from None


def _baseline(document: Any) -> KnownFindings:
    if document["schema"] != SCHEMA:
        raise ValueError(inert(str(document["schema"]), 40))
    levels = {
        (str(line["check"]), Subject.of(**line["subject"])): Level(line["level"])
        for line in document["findings"]
    }
    return KnownFindings(date.fromisoformat(document["written"]), levels)

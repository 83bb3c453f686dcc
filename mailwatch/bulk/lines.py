"""The line of a domain: its findings without the texts that are the same for every domain.

Judging a figure of DNS depends on its value and on the limits alone. So what a value comes to is
worked out once, kept in a table as the text that it becomes, and looked up from then on.
"""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mailwatch.bulk.work import Done
from mailwatch.catalog.catalog import Catalog
from mailwatch.judge import judge
from mailwatch.model import Check, Fault, Lang, Level, Measurement, Phrase, State, Threshold
from mailwatch.model.measurement import Cause
from mailwatch.sources.dns.measured import Taken
from mailwatch.verdict import verdict_of
from mailwatch.words import worded

SCHEMA = "mailwatch.domain/1"
WORST_FIRST = (Level.BREACH, Level.WARN, Level.UNKNOWN, Level.OK)
MOST_KEPT = 20_000
"""Entries of the table. It is begun anew when it is full."""


class JudgedText(NamedTuple):
    """A finding, without its subject."""

    level: Level
    before: str
    """The JSON text up to the subject."""
    after: str
    counted: str


Key = tuple[str, float | str | None, Cause | None, Phrase | None, tuple[Threshold, ...] | None]


class LineWriter:
    """Makes the line of a domain from what was measured of it."""

    def __init__(self, catalog: Catalog, lang: Lang, *, strict: bool) -> None:
        self._catalog = catalog
        self._lang = lang
        self._strict = strict
        self._table: dict[Key, tuple[JudgedText, ...]] = {}

    def done(self, domain: str, taken: Iterable[Taken]) -> Done:
        """The line of `domain`, the worst findings first, and what is counted of it."""
        parts: dict[Level, list[str]] = {level: [] for level in WORST_FIRST}
        counts: list[str] = []
        measured = asked = True
        measured = False
        for item in taken:
            if isinstance(item, Fault):
                asked = False
                continue
            measured = measured or item.value is not None
            subject = ", ".join(f'"{key}": "{value}"' for key, value in item.subject.pairs)
            for judged in self._judge(item):
                parts[judged.level].append(f"{judged.before}{{{subject}}}{judged.after}")
                counts.append(judged.counted)
        state = State.OK if asked else State.PARTIAL if measured else State.FAILED
        levels = {level for level, found in parts.items() if found}
        verdict = verdict_of(levels, {state}, strict=self._strict)
        findings = ", ".join([text for found in parts.values() for text in found])
        line = (
            f'{{"schema": "{SCHEMA}", "domain": "{domain}", "verdict": "{verdict}", '
            f'"findings": [{findings}]}}\n'
        )
        return Done(line, (*counts, f"verdict {verdict}", f"state {state}"))

    def _judge(self, item: Measurement) -> tuple[JudgedText, ...]:
        checks = self._catalog.judging(item.metric)
        thresholds = None
        if self._catalog.overrides:  # what is in force may depend on the domain
            thresholds = tuple(self._catalog.threshold(check, item.subject) for check in checks)
        key = (item.metric, item.value, item.cause, item.note, thresholds)
        judged = self._table.get(key)
        if judged is None:
            judged = tuple(self._worded(item, checks))
            if len(self._table) >= MOST_KEPT:
                self._table.clear()
            self._table[key] = judged
        return judged

    def _worded(self, item: Measurement, checks: Iterable[Check]) -> Iterator[JudgedText]:
        for check in checks:
            finding = judge(item, check, self._catalog.threshold(check, item.subject))
            rest = {
                "level": finding.level.value,
                "value": item.value,
                "reason": worded(finding.reason, self._lang),
                "cause": finding.cause.value if finding.cause else None,
            }
            yield JudgedText(
                finding.level,
                f'{{"check": {json.dumps(check.id)}, "subject": ',
                f", {json.dumps(rest, ensure_ascii=False)[1:]}",
                f"check {check.id} {finding.level.value}",
            )


def counts_of(line: bytes) -> tuple[str, tuple[str, ...]] | None:
    """The domain of a line that an earlier run wrote, and what is counted of it; None where the
    line is not one."""
    try:
        found = json.loads(line)
        if found["schema"] != SCHEMA:
            return None
        findings = found["findings"]
        counts = [f"check {finding['check']} {finding['level']}" for finding in findings]
        asked = all(finding["cause"] != Cause.COULD_NOT_ASK.value for finding in findings)
        measured = any(finding["value"] is not None for finding in findings)
        state = State.OK if asked else State.PARTIAL if measured else State.FAILED
        return str(found["domain"]), (*counts, f"verdict {found['verdict']}", f"state {state}")
    except (ValueError, KeyError, TypeError, RecursionError):
        return None

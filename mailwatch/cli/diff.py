"""diff: what changed since the last run, since the last good one, and what could have caused it."""

import json
import os
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from mailwatch.catalog.catalog import Catalog
from mailwatch.cli.check import catalog_in_use
from mailwatch.cli.explain import wrapped
from mailwatch.cli.history import known_language, opened
from mailwatch.cli.history_commands import HistoryOptions
from mailwatch.cli.options import ReportOptions
from mailwatch.cli.output import choose_width, print_out
from mailwatch.config import load_config
from mailwatch.history.changes import (
    Difference,
    FindingChange,
    compare_runs,
    last_runs,
    run_before,
)
from mailwatch.history.store import Store
from mailwatch.history.stored import StoredFinding, StoredRun
from mailwatch.model import Lang, Level, say
from mailwatch.reports.groups import named
from mailwatch.text.units import display
from mailwatch.words import worded

SCHEMA = "mailwatch.diff/1"


def diff(since: date | None, options: HistoryOptions) -> int:
    """Prints what changed. 0 also where nothing did, or where there is nothing to compare."""
    loaded = load_config(options.config)
    store = opened(options, loaded)
    given = ReportOptions(thresholds=options.thresholds, checks=options.checks)
    catalog = catalog_in_use(given, loaded)
    found = _compared(store, since)
    if options.format == "json":
        document = {
            "schema": SCHEMA,
            **{name: _document(one) if one else None for name, one in found.items()},
        }
        print_out([json.dumps(document, ensure_ascii=False, indent=2), "\n"])
        return 0
    lang, width = known_language(options), choose_width(options.width, os.environ)
    print_out(wrapped(_page(found, catalog, lang), width))
    return 0


def _compared(store: Store, since: date | None) -> dict[str, Difference | None]:
    """The newest run beside the run before, or that of `since`; and beside the last good one."""
    runs = last_runs(store.runs())
    if not runs:
        return {"since_last": None, "since_good": None}
    newest, *older = runs
    base = run_before(newest, older)
    if since is not None:
        up_to = [run for run in older if run.day <= since]
        base = run_before(newest, up_to) or (older[-1] if older else None)
    good = _last_good(newest, older)
    return {
        "since_last": compare_runs(store, base, newest) if base else None,
        "since_good": compare_runs(store, good, newest) if good and good != base else None,
    }


def _last_good(newest: StoredRun, older: Sequence[StoredRun]) -> StoredRun | None:
    """The last run that found all well; None where the newest does."""
    if newest.verdict is Level.OK:
        return None
    return run_before(newest, [run for run in older if run.verdict is Level.OK])


def _document(found: Difference) -> dict[str, Any]:
    return {
        "before": _run(found.before),
        "after": _run(found.after),
        "findings": [_finding(change) for change in found.findings],
        "causes": {
            "records": [
                {
                    "name": change.after.name,
                    "type": change.after.rdtype,
                    "old": list(change.before.records.values),
                    "new": list(change.after.values),
                    "last_seen": str(change.before.last_seen),
                }
                for change in found.records
            ],
            "settings": [
                {"name": setting.name, "old": setting.before, "new": setting.after}
                for setting in found.settings
            ],
            "requirements": [_finding(change) for change in found.requirements],
            "subjects": [{subject.key: subject.value} for subject in found.subjects],
            "parts": [
                {"check": part.check, "subject": {part.key: part.value}, "share": part.share}
                for part in found.parts
            ],
        },
    }


def _run(run: StoredRun) -> dict[str, Any]:
    return {
        "generated_at": run.generated_at,
        "verdict": run.verdict.value,
        "exit_code": run.exit_code,
    }


def _finding(change: FindingChange) -> dict[str, Any]:
    return {
        "check": change.either.check,
        "subject": dict(change.either.subject.pairs),
        "change": change.kind,
        "before": _state(change.before),
        "after": _state(change.after),
    }


def _state(finding: StoredFinding | None) -> dict[str, Any] | None:
    if finding is None:
        return None
    return {"level": finding.level.value, "value": finding.measurement.value}


def _page(
    found: dict[str, Difference | None], catalog: Catalog, lang: Lang
) -> Iterator[tuple[str, str]]:
    if not any(found.values()):
        yield "", worded(say("diff.nothing_to_compare"), lang)
    for name, one in found.items():
        if one is None:
            continue
        if name == "since_good" and found["since_last"]:
            yield "", ""
        phrase = say(f"diff.{name}", moment=one.before.generated_at)
        yield "", worded(phrase, lang)
        if one.empty:
            yield "  ", worded(say("diff.nothing"), lang)
        for change in one.findings:
            yield "  ", _change(change, catalog, lang)
        causes = list(_causes(one, catalog, lang))
        if causes:
            yield "", worded(say("diff.causes"), lang)
        for cause in causes:
            yield "  · ", cause


def _change(change: FindingChange, catalog: Catalog, lang: Lang) -> str:
    name = named(change.either.subject.pairs)
    title = _title(change.either.check, catalog, lang)
    kind = worded(say(f"diff.{change.kind}"), lang)
    sides = [_side(side, catalog, lang) for side in (change.before, change.after) if side]
    return f"{kind}: {title}{f' ({name})' if name else ''}  {' → '.join(sides)}"


def _side(finding: StoredFinding, catalog: Catalog, lang: Lang) -> str:
    level = worded(say(f"console.{finding.level.value}"), lang)
    check = catalog.checks.get(finding.check)
    value = finding.measurement.value
    if value is None:
        return level
    return f"{level} {display(value, check.unit) if check else value}"


def _causes(found: Difference, catalog: Catalog, lang: Lang) -> Iterator[str]:
    for part in found.parts:
        phrase = say(
            "diff.part",
            title=_title(part.check, catalog, lang),
            key=part.key.replace("_", " "),
            value=part.value,
            share=f"{part.share:.0%}",
        )
        yield worded(phrase, lang)
    for subject in found.subjects:
        yield worded(say("diff.new_subject", key=subject.key, value=subject.value), lang)
    for row in found.requirements:
        sides = [str(side.measurement.value) for side in (row.before, row.after) if side]
        requirement = row.either.subject.get("requirement") or ""
        phrase = say("diff.requirement", requirement=requirement, change=" → ".join(sides))
        yield worded(phrase, lang)
    for change in found.records:
        yield worded(change.phrase, lang)
    none = worded(say("commands.none"), lang)
    for setting in found.settings:
        old, new = setting.before or none, setting.after or none
        yield worded(say("diff.setting", name=setting.name, old=old, new=new), lang)


def _title(check: str, catalog: Catalog, lang: Lang) -> str:
    return catalog.checks[check].title[lang] if check in catalog.checks else check

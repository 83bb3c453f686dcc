"""checks and explain: what is judged, by which numbers, and what it means."""

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

from mailwatch.catalog.catalog import Catalog, read_catalog
from mailwatch.cli.check import thresholds_in_use
from mailwatch.cli.options import Reading
from mailwatch.cli.output import choose_language, choose_width, print_out
from mailwatch.config import load_config
from mailwatch.model import ACCOUNT, Check, Lang, Subject, Threshold, say
from mailwatch.text.inert import inert
from mailwatch.text.units import limit_text
from mailwatch.words import worded


def list_all(reading: Reading) -> int:
    """Prints every check with its thresholds."""
    catalog = _catalog(reading)
    language = _language(reading)
    if reading.format == "json":
        rows = [_document(check, catalog, language) for check in catalog.checks.values()]
        print_out([json.dumps({"checks": rows}, ensure_ascii=False, indent=2), "\n"])
    else:
        print_out(_table(catalog, language, choose_width(reading.width, os.environ)))
    return 0


def explain(check_id: str, reading: Reading) -> int:
    """Prints what one check means."""
    catalog = _catalog(reading)
    check = catalog.check(check_id)
    language = _language(reading)
    if reading.format == "json":
        document = _document(check, catalog, language)
        print_out([json.dumps(document, ensure_ascii=False, indent=2), "\n"])
    else:
        width = choose_width(reading.width, os.environ)
        print_out(wrapped(_page(check, catalog, language), width))
    return 0


def _language(reading: Reading) -> Lang:
    return choose_language(
        reading.lang, os.environ if reading.format == "console" else {}, sys.stdout
    )


def _catalog(reading: Reading) -> Catalog:
    return read_catalog(thresholds_in_use(reading, load_config(reading.config)), reading.checks)


def _sides(threshold: Threshold, check: Check, *, readable: bool) -> tuple[str | None, str | None]:
    return (
        limit_text(threshold.ideal, check.unit, readable=readable),
        limit_text(threshold.act, check.unit, readable=readable),
    )


def _table(catalog: Catalog, lang: Lang, width: int) -> Iterator[str]:
    """One line a check; the title gives way where the terminal is narrow."""
    from rich.cells import cell_len, set_cell_size

    rows = [
        (
            check.id,
            *(
                side or "-"
                for side in _sides(catalog.threshold(check, ACCOUNT), check, readable=True)
            ),
            check.title[lang],
        )
        for check in catalog.checks.values()
    ]
    heads = ("ID", worded(say("commands.ideal"), lang), worded(say("commands.act"), lang), "")
    columns = list(zip(heads, *rows, strict=True))
    sizes = [max(map(cell_len, column)) for column in columns[:3]]
    for row in (heads, *rows):
        cells = [set_cell_size(cell, size) for cell, size in zip(row, sizes, strict=False)]
        line = "  ".join((*cells, row[3]))
        yield (set_cell_size(line, width) if cell_len(line) > width else line).rstrip() + "\n"


def _document(check: Check, catalog: Catalog, lang: Lang) -> dict[str, Any]:
    threshold = catalog.threshold(check, ACCOUNT)
    ideal, act = _sides(threshold, check, readable=False)
    return {
        "check": check.id,
        "metric": check.metric,
        "title": check.title[lang],
        "unit": check.unit,
        "worse": list(check.worse) if isinstance(check.worse, tuple) else check.worse,
        "ideal": ideal,
        "act": act,
        "min_messages": threshold.min_messages,
        "min_daily": threshold.min_daily,
        "max_age_days": threshold.max_age_days,
        "overrides": [
            {"match": dict(match.pairs), "ideal": sides[0], "act": sides[1]}
            for match, sides in _overridden(check, catalog, readable=False)
        ],
        "why": check.why[lang],
        "risks": list(check.risks[lang]),
        "actions": list(check.actions[lang]),
        "references": list(check.references),
    }


def _overridden(
    check: Check, catalog: Catalog, *, readable: bool
) -> Iterator[tuple[Subject, tuple[str | None, str | None]]]:
    for override in catalog.overrides:
        if check.id in override.numbers:
            threshold = catalog.threshold(check, override.match)
            yield override.match, _sides(threshold, check, readable=readable)


def _page(check: Check, catalog: Catalog, lang: Lang) -> Iterator[tuple[str, str]]:
    """The page as lines, each an indent with its mark and a text to wrap."""

    def word(code: str, **values: Any) -> str:
        return worded(say(f"commands.{code}", **values), lang)

    threshold = catalog.threshold(check, ACCOUNT)
    yield "", f"{check.title[lang]}  ({check.id})"
    yield "", ""
    yield "", check.why[lang]
    yield "", ""
    yield from (("  ", line) for line in _limits(check, threshold, word))
    for match, (ideal, act) in _overridden(check, catalog, readable=True):
        subject = ", ".join(f"{key} {inert(value)}" for key, value in match.pairs)
        sides = f"{word('ideal')} {ideal or '-'}, {word('act')} {act or '-'}"
        yield "  ", f"{word('override', subject=subject)}: {sides}"
    sections = (
        ("risks", [("  - ", risk) for risk in check.risks[lang]]),
        ("actions", [(f"  {n} ", action) for n, action in enumerate(check.actions[lang], 1)]),
        ("references", [("  ", address) for address in check.references]),
    )
    for name, lines in sections:
        if lines:
            yield "", ""
            yield "", word(name)
            yield from lines


def _limits(check: Check, threshold: Threshold, word: Any) -> Iterator[str]:
    ideal, act = _sides(threshold, check, readable=True)
    yield f"{word('ideal')}  {ideal or word('none')}"
    yield f"{word('act')}  {act or word('none')}"
    if isinstance(check.worse, tuple):
        yield f"{word('order')}: {', '.join(check.worse)}"
    for name in ("min_messages", "min_daily", "max_age_days"):
        if number := getattr(threshold, name):
            yield word(name, n=number)


def wrapped(lines: Iterator[tuple[str, str]], width: int) -> Iterator[str]:
    """Each text wrapped to `width` behind its mark, with a hanging indent."""
    from rich.text import Text

    from mailwatch.reports.console.layout import hang

    for mark, text in lines:
        for line in hang(Text(mark), Text(text), width, len(mark)):
            yield f"{line.plain.rstrip()}\n"

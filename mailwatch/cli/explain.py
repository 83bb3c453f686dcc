"""checks and explain: what is judged, by which numbers, and what it means."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from mailwatch.catalog import shipped
from mailwatch.catalog.catalog import Catalog
from mailwatch.cli.check import catalog_in_use
from mailwatch.cli.options import PageOptions
from mailwatch.cli.output import choose_language, choose_width, encodable, print_out
from mailwatch.config import load_config
from mailwatch.errors import ConfigError
from mailwatch.model import ACCOUNT, Check, Lang, Place, Subject, Threshold, say
from mailwatch.model.phrase import Value
from mailwatch.text.inert import inert
from mailwatch.text.nearest import nearest
from mailwatch.text.units import limit_text
from mailwatch.words import worded


def list_all(options: PageOptions) -> int:
    """Prints every check with its thresholds."""
    catalog = _catalog(options)
    _list([*catalog.checks.values()], catalog, options)
    return 0


def explain(wanted: str, options: PageOptions) -> int:
    """Prints what the check `wanted` means; of several that the word fits, which they are."""
    catalog = _catalog(options)
    found = find(wanted, catalog)
    if len(found) > 1:
        _list(found, catalog, options)
        return 0
    (check,) = found
    language = _language(options)
    if options.format == "json":
        document = _document(check, catalog, language)
        print_out([json.dumps(document, ensure_ascii=False, indent=2), "\n"])
    else:
        width = choose_width(options.width, os.environ)
        print_out(explanation(check, catalog, language, width))
    return 0


def explanation(check: Check, catalog: Catalog, lang: Lang, width: int) -> Iterator[str]:
    """What the check means and where its limits were written, in lines of at most `width`."""
    return wrapped(_page(check, catalog, lang), width)


def find(wanted: str, catalog: Catalog) -> Sequence[Check]:
    """The check with this id, or those with this part in their id or a title of either language.

    Where it is a title of the one whose id all others begin with, that one.

    At least one. Raises ConfigError with the nearest right word.
    """
    if wanted in catalog.checks:
        return [catalog.checks[wanted]]
    fits = _fits(wanted)
    found = [check for check in catalog.checks.values() if any(map(fits, _names(check)))]
    shortest = min(found, key=lambda check: len(check.id), default=None)
    if shortest and all(check.id.startswith(shortest.id) for check in found):
        titles = (*shortest.title.values(), *(shortest.short or {}).values())
        if wanted.lower() in map(str.lower, titles):
            return [shortest]
    if not found:
        words = {
            word
            for check in catalog.checks.values()
            for name in _names(check)
            for word in (name, *re.split(r"[ ._]", name))
        }
        raise ConfigError(
            f"There is no check {inert(wanted, 80)}{nearest(wanted, sorted(words))}",
            "mailwatch checks lists them all.",
        )
    return found


def _fits(wanted: str) -> Callable[[str], bool]:
    """True for a name with this part. With a dot, it is the beginning of an id, in whole words:
    `dns.spf` finds dns.spf_record, and `sendgrid.bounce_rat` is a spelling mistake."""
    part = wanted.strip().casefold()
    if "." in part:
        return lambda name: re.match(rf"{re.escape(part)}(_|$)", name) is not None
    return lambda name: bool(part) and part in name.casefold()


def _names(check: Check) -> tuple[str, ...]:
    return (check.id, *check.title.values(), *(check.short or {}).values())


def _list(checks: Sequence[Check], catalog: Catalog, options: PageOptions) -> None:
    language = _language(options)
    if options.format == "json":
        rows = [_document(check, catalog, language) for check in checks]
        print_out([json.dumps({"checks": rows}, ensure_ascii=False, indent=2), "\n"])
    else:
        width = choose_width(options.width, os.environ)
        print_out(_table(checks, catalog, language, width))


def _language(options: PageOptions) -> Lang:
    return choose_language(options.lang, os.environ if options.format != "json" else {}, sys.stdout)


def _catalog(options: PageOptions) -> Catalog:
    return catalog_in_use(options, load_config(options.config))


def sides(threshold: Threshold, check: Check, *, readable: bool) -> tuple[str | None, str | None]:
    return (
        limit_text(threshold.ideal, check.unit, readable=readable),
        limit_text(threshold.act, check.unit, readable=readable),
    )


def _table(checks: Iterable[Check], catalog: Catalog, lang: Lang, width: int) -> Iterator[str]:
    """One line a check; the title gives way where the terminal is narrow."""
    from rich.cells import cell_len, set_cell_size

    rows = [
        (
            check.id,
            *(
                encodable(side or "-", sys.stdout)
                for side in sides(catalog.threshold(check, ACCOUNT), check, readable=True)
            ),
            check.title[lang],
        )
        for check in checks
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
    ideal, act = sides(threshold, check, readable=False)
    return {
        "check": check.id,
        "metric": check.metric,
        "title": check.title[lang],
        "short": check.short[lang] if check.short else None,
        "unit": check.unit,
        "worse": list(check.worse) if isinstance(check.worse, tuple) else check.worse,
        "ideal": ideal,
        "act": act,
        "ideal_at": _written(threshold.ideal_at),
        "act_at": _written(threshold.act_at),
        "min_messages": threshold.min_messages,
        "min_daily": threshold.min_daily,
        "max_age_days": threshold.max_age_days,
        "overrides": [
            _override(check, match, changed) for match, changed in overridden(check, catalog)
        ],
        "why": check.why[lang],
        "risks": list(check.risks[lang]),
        "actions": [
            {"text": action.text[lang], "for": list(action.cases)} for action in check.actions
        ],
        "references": list(check.references),
    }


def _written(place: Place | None) -> dict[str, Any] | None:
    return {"file": inert(str(place.path)), "line": place.line} if place else None


def _override(check: Check, match: Subject, threshold: Threshold) -> dict[str, Any]:
    ideal, act = sides(threshold, check, readable=False)
    return {
        "match": dict(match.pairs),
        "ideal": ideal,
        "act": act,
        "ideal_at": _written(threshold.ideal_at),
        "act_at": _written(threshold.act_at),
    }


def overridden(check: Check, catalog: Catalog) -> Iterator[tuple[Subject, Threshold]]:
    for override in catalog.overrides:
        if check.id in override.numbers:
            yield override.match, catalog.threshold(check, override.match)


class _Word(Protocol):
    """Words a phrase of `words/commands.py`."""

    def __call__(self, code: str, **values: Value) -> str: ...


def _page(check: Check, catalog: Catalog, lang: Lang) -> Iterator[tuple[str, str]]:
    """The page as lines, each an indent with its mark and a text to wrap."""

    def word(code: str, **values: Value) -> str:
        return worded(say(f"commands.{code}", **values), lang)

    threshold = catalog.threshold(check, ACCOUNT)
    yield "", f"{check.title[lang]}  ({check.id})"
    yield "", ""
    yield "", check.why[lang]
    yield "", ""
    yield from (("  ", line) for line in _limits(check, threshold, word))
    for match, changed in overridden(check, catalog):
        subject = ", ".join(f"{key} {inert(value)}" for key, value in match.pairs)
        text = ", ".join(_both_sides(check, changed, word, " "))
        yield "  ", f"{word('override', subject=subject)}: {text}"
    actions = [
        f"{', '.join(action.cases)}: {action.text[lang]}" if action.cases else action.text[lang]
        for action in check.actions
    ]
    sections = (
        ("risks", [("  - ", risk) for risk in check.risks[lang]]),
        ("actions", [(f"  {n} ", action) for n, action in enumerate(actions, 1)]),
        ("references", [("  ", address) for address in check.references]),
    )
    for name, lines in sections:
        if lines:
            yield "", ""
            yield "", word(name)
            yield from lines


def _limits(check: Check, threshold: Threshold, word: _Word) -> Iterator[str]:
    yield from _both_sides(check, threshold, word, "  ")
    if isinstance(check.worse, tuple):
        yield f"{word('order')}: {', '.join(check.worse)}"
    for name in ("min_messages", "min_daily", "max_age_days"):
        if number := getattr(threshold, name):
            yield word(name, n=number)
    if check.unit == "percent" and check.proportion and threshold.min_messages:
        yield word("independent")


def _both_sides(check: Check, threshold: Threshold, word: _Word, gap: str) -> Iterator[str]:
    """Each side with its number and the place in a file where that was written."""
    places = (threshold.ideal_at, threshold.act_at)
    both = sides(threshold, check, readable=True)
    for name, side, place in zip(("ideal", "act"), both, places, strict=True):
        where = ""
        if place is not None:
            file = _file(place.path, word)
            where = f"  ({word('set_in', file=file, line=place.line)})"
        yield f"{word(name)}{gap}{side or word('none')}{where}"


def _file(path: Path, word: _Word) -> str:
    if path == shipped.THRESHOLDS:
        return word("shipped", name=path.name)
    return inert(str(path))


def wrapped(lines: Iterator[tuple[str, str]], width: int) -> Iterator[str]:
    """Each text wrapped to `width` behind its mark, with a hanging indent."""
    from rich.text import Text

    from mailwatch.reports.console.layout import hang

    for mark, text in lines:
        for line in hang(Text(mark), Text(text), width, len(mark)):
            yield f"{line.plain.rstrip()}\n"

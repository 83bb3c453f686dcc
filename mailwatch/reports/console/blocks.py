"""The blocks of what is not ok, and the summary of them, as lines."""

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from mailwatch.model import Lang, Level, say
from mailwatch.reports.block import Block, FigureLine
from mailwatch.reports.console.frame import STYLES
from mailwatch.reports.console.layout import hang, pack, pad, spread
from mailwatch.reports.headline import SIGNS, marked
from mailwatch.reports.view import View
from mailwatch.words import worded

INDENT = 10
NARROW = 50
"""Columns below which the marks have no column of their own."""
LABEL = 8
MOST_SUMMED_UP = 24


def indent_of(view: View) -> int:
    """Where the text begins behind the marks."""
    return INDENT if view.width >= NARROW else 2


def draw(block: Block, view: View) -> Iterator[Text]:
    """The figure, its limits and sample; what was seen; what to do; what it risks."""
    style = STYLES[block.level]
    first, *rest = _mark(block.level, view)
    lines = [*_head(block, Text(first, style), view), *_body(block, view)]
    for n, line in enumerate(lines):
        if 0 < n <= len(rest):  # a mark of two words takes two lines
            yield Text.assemble((rest[n - 1], style), line[len(rest[n - 1]) :])
        else:
            yield line


def sum_up(blocks: Sequence[Block], known: str, view: View) -> Iterator[Text]:
    """One line for each block; `known` is the subject that needs no naming."""
    shown = blocks[:MOST_SUMMED_UP]
    titles = min(max(cell_len(block.brief_title) for block in shown), view.width // 2 - 2)
    values = min(max(cell_len(block.brief_value) for block in shown), view.width // 3)
    for block in shown:
        about = "" if block.about == known else block.about
        columns = (pad(block.brief_title, titles), pad(block.brief_value, values), about, block.age)
        text = Text("  ".join(column for column in columns if column.strip()))
        yield from hang(Text(f"{SIGNS[block.level]} ", STYLES[block.level]), text, view.width, 2)
    if len(blocks) > len(shown):
        more = worded(say("console.more", n=len(blocks) - len(shown)), view.lang)
        yield from hang(Text("  "), Text(more), view.width, 2)


def _mark(level: Level, view: View) -> list[str]:
    """The sign and the word, as wide as the indent; of two words each a line's own."""
    mark = marked(level, view.lang)
    if indent_of(view) != INDENT:
        return [mark + "  "]
    if cell_len(mark) + 2 <= INDENT:
        return [pad(mark, INDENT)]
    first, _, second = mark.rpartition(" ")
    return [pad(first, INDENT), pad(f"  {second}", INDENT)] if second else [mark + "  "]


def _head(block: Block, mark: Text, view: View) -> Iterator[Text]:
    head = Text(block.title, "bold")
    if block.value:
        style = "not bold" if block.level is Level.UNKNOWN else STYLES[block.level]
        head.append(f"  {block.value}", style)
    yield from spread(mark, head, Text(block.about), view.width, indent_of(view))


def _body(block: Block, view: View) -> Iterator[Text]:
    lang, indent = view.lang, indent_of(view)
    for facts in pack(block.facts, view.width - indent):
        yield from _indented(Text(facts), view)
    yield from _listed(block, view)
    yield from _section("with_it", block.joined, view)
    seen = [f"{seen.whose}: {seen.text}" if seen.whose else seen.text for seen in block.seen]
    yield from _section("seen", seen, view)
    label = pad(worded(say("console.do"), lang), LABEL - 3)
    for n, action in enumerate(block.actions, 1):
        before = label if n == 1 else " " * (LABEL - 3)
        mark = Text(f"{' ' * indent}{before}{n}", "bold")
        yield from hang(mark, Text(action), view.width, indent + LABEL)
    yield from _section("risk", block.risks, view)
    yield from _section("read_on", filter(None, [block.command]), view)


def _listed(block: Block, view: View) -> Iterator[Text]:
    if not block.rows:
        return
    rows, indent = block.rows, indent_of(view)
    values = max(cell_len(row.value) for row in rows)
    names = max(cell_len(row.name) for row in rows)
    ways = max(cell_len(row.spark) for row in rows)
    style = "" if block.level is Level.UNKNOWN else STYLES[block.level]
    for row in rows:
        mark = Text.assemble(" " * indent, (pad(row.value, values), style), "  ")
        text = Text("  ".join(_columns(row, names if names <= view.width * 3 // 10 else 0, ways)))
        if mark.cell_len > view.width // 3:  # too wide a column for the lines below to keep
            yield from _indented(Text.assemble(mark[indent:], text), view)
        else:
            yield from hang(mark, text, view.width, mark.cell_len)
    if block.more:
        yield from _indented(Text(worded(say("console.more", n=block.more), view.lang)), view)


def _columns(row: FigureLine, names: int, ways: int) -> Iterable[str]:
    return filter(None, (pad(row.name, names), pad(row.spark, ways), *row.rest))


def _indented(text: Text, view: View) -> Iterator[Text]:
    indent = indent_of(view)
    yield from hang(Text(" " * indent), text, view.width, indent)


def _section(name: str, lines: Iterable[str], view: View) -> Iterator[Text]:
    label, indent = _label(name, view.lang), indent_of(view)
    for n, line in enumerate(lines):
        mark = Text(" " * indent + ("" if n else label), "bold")
        yield from hang(mark, Text(line), view.width, indent + LABEL)


def _label(name: str, lang: Lang) -> str:
    return worded(say(f"console.{name}"), lang)

"""Lines of styled text that fit: wrapped by terminal cells, full-width characters counting two."""

import re
from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from mailwatch.reports.view import View

_WIDE = "\u3000-\u9fff\uf900-\ufaff\uff00-\uffef"
_OPENING = "（「『【〔"  # full-width brackets are what is meant
_CLOSING = "、。，．）」』】〕？！・ー々…％ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_TOKEN = re.compile(rf"\s+|[{_OPENING}]*(?:[^\s{_WIDE}]+|[{_WIDE}])[{_CLOSING}]*")
"""What is kept on one line: a word, or a full-width character with the punctuation around it."""


def wrap(text: Text, width: int) -> Iterator[Text]:
    """`text` in lines of at most `width` cells.

    Broken at spaces and between full-width characters, but never before closing punctuation; a
    word that is longer than a line is folded.
    """
    breaks: list[int] = []
    used = 0
    for token in _TOKEN.finditer(text.plain):
        cells = cell_len(token[0])
        if used + cells > width and used and not token[0].isspace():
            breaks.append(token.start())
            used = 0
        if cells <= width or token[0].isspace():
            used += cells
            continue
        for offset, char in enumerate(token[0], token.start()):
            if used + cell_len(char) > width and used:
                breaks.append(offset)
                used = 0
            used += cell_len(char)
    for line in text.divide(breaks):
        line.rstrip()
        yield line


def hang(mark: Text, text: Text, width: int, indent: int) -> Iterator[Text]:
    """`text` behind `mark`, wrapped to `width`; the lines after the first are indented.

    On a narrow terminal, where the indent would leave too little, `mark` has lines of its own.
    """
    if not text.plain:
        yield mark
        return
    if indent > width // 3:
        indent = 2
        if mark.plain.strip():
            yield from wrap(mark, width)
        mark = Text()
    for n, line in enumerate(wrap(text, width - indent)):
        lead = Text(" " * indent) if n else mark
        yield Text.assemble(lead, " " * (indent - lead.cell_len), line)


def spread(left: Text, right: Text, width: int, indent: int) -> Iterator[Text]:
    """`left` and, flush right, `right`; on a line of its own where there is no room for it."""
    room = width - left.cell_len - right.cell_len
    if not right.plain:
        yield from hang(Text(), left, width, 0)
    elif room >= 2:
        yield Text.assemble(left, " " * room, right)
    else:
        yield from hang(Text(), left, width, 0)
        yield from hang(Text(" " * indent), right, width, indent)


def pack(pieces: Iterable[str], width: int) -> Iterator[str]:
    """The pieces on as few lines as they need, none of them broken over two."""
    line = ""
    for piece in filter(None, pieces):
        if line and cell_len(line) + 2 + cell_len(piece) > width:
            yield line
            line = ""
        line = f"{line}  {piece}" if line else piece
    if line:
        yield line


def cut(line: Text, width: int) -> Text:
    """`line` on one line of at most `width`, with an ellipsis where something is left out."""
    short = line.copy()
    short.truncate(width, overflow="ellipsis")
    return short


def pad(text: str, cells: int) -> str:
    """`text` filled with spaces to that many cells."""
    return text + " " * max(0, cells - cell_len(text))


def print_lines(lines: Iterable[Text], view: View) -> Iterator[str]:
    """Each line as text, with escape sequences where the view has colour or bold type."""
    if not (view.colour or view.bold):
        for line in lines:
            yield line.plain.rstrip() + "\n"
        return
    console = Console(
        width=view.width,
        force_terminal=True,
        no_color=not view.colour,
        color_system="standard",
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
    for line in lines:
        line.rstrip()
        with console.capture() as captured:
            console.print(line, soft_wrap=True)
        yield captured.get()

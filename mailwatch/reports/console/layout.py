"""Lines of styled text that fit: wrapped by terminal cells, full-width characters counting two."""

import re
from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from rich.text import Text

from mailwatch.reports.glue import GLUE, unglue
from mailwatch.reports.view import View

_WIDE = "\u3000-\u9fff\uf900-\ufaff\uff00-\uffef"
_OPENING = r"（「『【〔(\["  # full-width brackets are what is meant
_CLOSING = r")\],.:;~〜、。，．）」』】〕？！・ー々…％ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_UNIT = rf"(?:(?<=[0-9]) %[^\s{_WIDE}]*)?(?:(?:(?<=[0-9])|(?<=[0-9]{GLUE})) ?[{_WIDE}])?"
_WORD = rf"(?:[≤≥<>] )?(?:[^\s{_WIDE}]|{GLUE})+{_UNIT}"
_TOKEN = rf"[^\S{GLUE}]+|[{_OPENING}]*(?:{_WORD}|[{_WIDE}])[{_CLOSING}]*"
"""What is kept on one line: a word (`3 %`, `≤ 3`, `11月`, `7 日`), or a full-width character with
the punctuation around it."""
_NARROW = rf"[^\S{GLUE}]+|(?:[(\[]*[≤≥<>] )?(?:\S|{GLUE})+(?:(?<=[0-9]) %\S*)?"
"""The same in a text without full-width characters; it takes much less time to compile."""
_UNGLUED = re.compile(r"\S+")
"""What is kept of it where it is longer than a line."""
_FOLDED = rf".[{_CLOSING}]{{0,3}}"
"""What is kept together even of a word that is itself longer than a line."""


def wrap(text: Text, width: int) -> Iterator[Text]:
    """`text` in lines of at most `width` cells.

    Broken at spaces and between full-width characters, but never before closing punctuation; a
    word that is longer than a line is folded.
    """
    for line in text.divide(_breaks(text.plain, width)):
        line.rstrip()
        yield line


def _breaks(plain: str, width: int) -> list[int]:
    breaks: list[int] = []
    begin = 0

    def place(start: int, end: int) -> None:
        nonlocal begin
        if start > begin and cell_len(plain[begin:end]) > width:
            breaks.append(start)
            begin = start

    wide = max(plain, default="") >= "\u3000"
    for token in re.finditer(_TOKEN if wide else _NARROW, plain):
        if token[0].isspace():
            continue
        place(*token.span())
        if cell_len(token[0]) <= width:
            continue
        for word in _UNGLUED.finditer(plain, *token.span()):
            place(*word.span())
            if cell_len(word[0]) > width:
                for start, end in _clusters(word[0]):
                    place(word.start() + start, word.start() + end)
    return breaks


def _clusters(word: str) -> Iterator[tuple[int, int]]:
    """Where each character of `word` begins and ends, with what combines with it."""
    start = 0
    for piece in re.finditer(_FOLDED, word, re.DOTALL):
        if start < piece.start() and cell_len(piece[0]):
            yield start, piece.start()
            start = piece.start()
    yield start, len(word)


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


def spread(mark: Text, left: Text, right: Text, width: int, indent: int) -> Iterator[Text]:
    """`left` behind `mark` and, flush right, `right`; on lines of their own without room for it."""
    used = mark.cell_len + left.cell_len
    room = width - used - right.cell_len
    if right.plain and room >= 2:
        yield Text.assemble(mark, left, " " * room, right)
        return
    yield from hang(mark, left, width, mark.cell_len)
    if right.plain:
        yield from hang(Text(" " * indent), right, width, indent)


def pack(pieces: Iterable[str], width: int, gap: str = "  ") -> Iterator[str]:
    """The pieces on as few lines as they need, none of them broken over two."""
    line = ""
    for piece in filter(None, pieces):
        if line and cell_len(line) + cell_len(gap) + cell_len(piece) > width:
            yield line
            line = ""
        line = f"{line}{gap}{piece}" if line else piece
    if line:
        yield line


def pad(text: str, cells: int) -> str:
    """`text` filled with spaces to that many cells."""
    return text + " " * max(0, cells - cell_len(text))


def print_lines(lines: Iterable[Text], view: View) -> Iterator[str]:
    """Each line as text, with escape sequences where the view has colour or bold type."""
    if not (view.colour or view.bold):
        for line in lines:
            yield _unglued(line).plain + "\n"
        return
    from rich.console import Console  # slow to import, and plain text needs none

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
        with console.capture() as captured:
            console.print(_unglued(line), soft_wrap=True)
        yield captured.get()


def _unglued(line: Text) -> Text:
    """`line` as it is printed, with spaces that every search finds and none at its end."""
    printed = line.copy()
    printed.plain = unglue(line.plain)
    printed.rstrip()
    return printed

"""An aggregate report, read from its bytes: in constant memory, whole or not at all.

Two ways to the same result. Nearly every reporter writes plain UTF-8 without comments, and nearly
all records of a report are alike but for address and count. So the quick way lets expat prove that
the document is well formed, cuts it at `</record>`, and reads each shape of record once. Whatever
it does not expect (another encoding, a comment, a prefix, an entity, an odd order) makes it give
up, and the thorough way reads the document with ElementTree.

Entity declarations are refused before the first element, so nothing expands and nothing is
fetched.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser, fromstring
from xml.parsers import expat

from mailwatch.sources.dmarc.bounds import CHUNK, COUNT, ELEMENT, RECORDS
from mailwatch.sources.dmarc.contents import AggregateReport, ReportError, RowShape
from mailwatch.sources.dmarc.fields import (
    Texts,
    child,
    local_name,
    read_address,
    read_count,
    read_head,
    read_shape,
)

Chunks = Callable[[], Iterator[bytes]]
"""Gives the document from its beginning, each time that it is called."""
Rows = dict[tuple[str, RowShape], int]

_MOST_SHAPES = 2000
_MOST_PARTS = 50
"""Children of the root, other than records, that are kept."""
_PLAIN_ENCODINGS = (None, "utf-8", "us-ascii")
_ADDRESS = re.compile(rb"[0-9A-Fa-f.:]{2,45}")
_END = re.compile(rb"\s*</[A-Za-z_][\w.-]*\s*>\s*")
_BAD_TOKEN, _UNKNOWN_ENCODING, _WRONG_ENCODING = 4, 18, 19
"""XML_ERROR_INVALID_TOKEN, XML_ERROR_UNKNOWN_ENCODING, XML_ERROR_INCORRECT_ENCODING of expat."""


class _IrregularError(Exception):
    """The document is not as plain as the quick way needs it."""


def read_aggregate(chunks: Chunks) -> AggregateReport:
    """The report in the document. Raises ReportError for what is not one, whole and well formed."""
    try:
        return _read_quickly(chunks)
    except ReportError:
        raise
    except (_IrregularError, expat.ExpatError, LookupError, ValueError):
        pass  # the last two: an encoding that Python does not have, or not for XML
    try:
        return _read_thoroughly(chunks)
    except ParseError as error:
        if error.code not in (_BAD_TOKEN, _UNKNOWN_ENCODING, _WRONG_ENCODING):
            raise _malformed(error.code, error.position) from None
    except ReportError:
        raise
    except (LookupError, ValueError):
        pass
    # Reporters cut a name in the middle of a character, or declare an encoding that is not used.
    try:
        return _read_thoroughly(lambda: _as_utf8(chunks()), "utf-8")
    except ParseError as error:
        raise _malformed(error.code, error.position) from None


def _malformed(code: int, place: tuple[int, int]) -> ReportError:
    return ReportError("dmarc.malformed", why=expat.ErrorString(code) or "?", line=place[0])


# --- the quick way ---------------------------------------------------------------------------

_shapes: dict[bytes, RowShape] = {}
"""Shapes by the bytes of a record without address and count. Bounded; the same in any report."""


def _read_quickly(chunks: Chunks) -> AggregateReport:
    parser = expat.ParserCreate()
    encodings: list[str | None] = []
    parser.EntityDeclHandler = _give_up
    parser.XmlDeclHandler = lambda version, encoding, alone: encodings.append(encoding)
    rows: Rows = {}
    head: list[Element] | None = None
    left, records = b"", 0
    for chunk in chunks():
        parser.Parse(chunk, False)
        pieces = (left + chunk).split(b"</record>")
        left = pieces.pop()
        if head is None:
            if not pieces:
                if len(left) > ELEMENT:
                    raise _IrregularError
                continue
            _refuse_encodings(encodings)
            head, pieces[0] = _split_head(pieces[0])
        records += len(pieces)
        if len(left) > ELEMENT or records > RECORDS:
            raise _IrregularError  # refused, with its reason, by the thorough way
        _add_pieces(pieces, rows)
    parser.Parse(b"", True)
    if head is None or not _END.fullmatch(left):
        raise _IrregularError
    return read_head(head, rows)


def _give_up(*declared: Any) -> None:
    raise _IrregularError


def _refuse_encodings(encodings: list[str | None]) -> None:
    if any(one and one.lower() not in _PLAIN_ENCODINGS for one in encodings):
        raise _IrregularError


def _split_head(piece: bytes) -> tuple[list[Element], bytes]:
    """The children of the root before the first record, and that record."""
    start = piece.find(b"<record>")
    head = piece[:start]
    if start < 0 or head.find(b"<!") >= 0 or head.find(b"<?", 5) >= 0:
        raise _IrregularError
    builder = TreeBuilder()
    top = builder.start("top", {})
    try:
        XMLParser(target=builder).feed(head)  # noqa: S314  # bounded, no document type
    except ParseError:
        raise _IrregularError from None
    if not len(top) or local_name(top[0]) != "feedback":
        raise _IrregularError
    return list(top[0]), piece[start:]


def _add_pieces(pieces: list[bytes], rows: Rows) -> None:
    """Adds the records, each without its end tag."""
    shapes = _shapes
    for piece in pieces:
        a = piece.find(b"<source_ip>") + 11
        b = piece.find(b"</source_ip>", a)
        c = piece.find(b"<count>", b) + 7
        d = piece.find(b"</count>", c)
        count, address = piece[c:d], piece[a:b]
        if a < 11 or b < 0 or c < 7 or d < 0 or not count.isdigit() or len(count) > 10:
            raise _IrregularError
        rest = piece[:a] + piece[b:c] + piece[d:]
        shape = shapes.get(rest) or _learn(rest)
        number = int(count)
        if number > COUNT or not _ADDRESS.fullmatch(address):
            raise _IrregularError
        key = (address.decode("ascii").lower(), shape)
        rows[key] = rows.get(key, 0) + number


def _learn(rest: bytes) -> RowShape:
    """The shape of a record that has not been met yet."""
    if b"<!" in rest or b"<?" in rest:
        raise _IrregularError
    try:
        record = fromstring(rest + b"</record>")  # noqa: S314  # no document type, and bounded
    except ParseError:
        raise _IrregularError from None
    row = child(record, "row")
    single = all(len(list(record.iter(name))) == 1 for name in ("source_ip", "count"))
    if record.tag != "record" or row is None or not single or child(row, "count") is None:
        raise _IrregularError
    if child(row, "source_ip") is None:
        raise _IrregularError
    shape = read_shape(record)
    if len(_shapes) >= _MOST_SHAPES:
        _shapes.clear()
    if len(rest) <= 16 * 1024:
        _shapes[rest] = shape
    return shape


# --- the thorough way ------------------------------------------------------------------------


def _read_thoroughly(chunks: Chunks, encoding: str | None = None) -> AggregateReport:
    builder = TreeBuilder()
    top = builder.start("top", {})
    parser = XMLParser(target=builder, encoding=encoding)  # noqa: S314  # bounded; see _Prolog
    prolog = _Prolog(encoding)
    reader = _Reader()
    since = 0
    for chunk in chunks():
        prolog.feed(chunk)
        for start in range(0, len(chunk), CHUNK):
            part = chunk[start : start + CHUNK]
            parser.feed(part)
            since += len(part)
            if len(top) and reader.take(top[0], final=False):
                since = 0
            if since > ELEMENT:
                raise ReportError("dmarc.element_too_large", kb=ELEMENT // 1024)
    parser.close()
    reader.take(top[0], final=True)
    return read_head(reader.head, reader.rows)


class _Prolog:
    """Refuses what comes before the root element, if it declares entities or is long."""

    def __init__(self, encoding: str | None) -> None:
        self._parser = expat.ParserCreate(encoding)
        self._parser.EntityDeclHandler = self._refuse
        self._parser.StartElementHandler = self._end
        self._over = False
        self._fed = 0

    def feed(self, chunk: bytes) -> None:
        """The next part of the document."""
        if self._over:
            return
        self._fed += len(chunk)
        if self._fed > ELEMENT:
            raise ReportError("dmarc.element_too_large", kb=ELEMENT // 1024)
        try:
            self._parser.Parse(chunk, False)
        except expat.ExpatError as error:
            if not self._over:
                raise _as_parse_error(error) from None
        if self._over:
            del self._parser

    def _refuse(self, *declared: Any) -> None:
        raise ReportError("dmarc.entities")

    def _end(self, name: str, attributes: object) -> None:
        self._over = True
        self._parser.EntityDeclHandler = None
        self._parser.StartElementHandler = None


def _as_parse_error(error: expat.ExpatError) -> ParseError:
    parse_error = ParseError(str(error))
    parse_error.code, parse_error.position = error.code, (error.lineno, error.offset)
    return parse_error


class _Reader:
    """Takes the children of the root as they are complete, and lets go of them."""

    def __init__(self) -> None:
        self.head: list[Element] = []
        self.rows: Rows = {}
        self._records = 0

    def take(self, root: Element, *, final: bool) -> bool:
        """Takes what is complete: all, or all but the last child. True when there was any."""
        if local_name(root) != "feedback":
            raise ReportError("dmarc.not_feedback")
        done = list(root) if final else list(root[:-1])
        del root[: len(done)]
        for element in done:
            if local_name(element) == "record":
                self._take_record(element)
            elif len(self.head) < _MOST_PARTS:
                self.head.append(element)
            else:
                raise ReportError("dmarc.element_too_large", kb=ELEMENT // 1024)
        return bool(done)

    def _take_record(self, record: Element) -> None:
        self._records += 1
        if self._records > RECORDS:
            raise ReportError("dmarc.too_many_records", most=RECORDS)
        texts = Texts()
        address = read_address(record, texts)
        count = child(child(record, "row"), "count")
        key = (address, read_shape(record))
        number = read_count(count.text or "" if count is not None else "")
        self.rows[key] = self.rows.get(key, 0) + number


def _as_utf8(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The document with each byte that is not UTF-8 replaced."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for chunk in chunks:
        yield decoder.decode(chunk).encode()
    yield decoder.decode(b"", True).encode()

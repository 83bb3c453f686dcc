"""Bytes that can be read from their beginning as often as needed, also those in a gzip file."""

import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from mailwatch.sources.dmarc.bounds import AT_ONCE, CHUNK, INFLATED
from mailwatch.sources.dmarc.contents import ReportError

_GZIP = 31
"""For zlib: a gzip header and trailer, and its largest window."""


class Blob(Protocol):
    """Bytes that can be read again."""

    def chunks(self) -> Iterator[bytes]:
        """All of them, from the beginning. Raises ReportError past a bound, OSError."""
        ...

    def open(self) -> IO[bytes]:
        """The same as a file that can be searched. Raises OSError."""
        ...


class FileBlob:
    """A file that the user named, or that is in a folder that the user named."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self) -> IO[bytes]:
        return self._path.open("rb", buffering=0)

    def chunks(self) -> Iterator[bytes]:
        with self._path.open("rb", buffering=0) as file:
            yield from bounded(iter(lambda: file.read(CHUNK), b""))


class HeldBlob:
    """Bytes in memory."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def open(self) -> IO[bytes]:
        return io.BytesIO(self._content)

    def chunks(self) -> Iterator[bytes]:
        for start in range(0, len(self._content), CHUNK):
            yield self._content[start : start + CHUNK]


class SpooledBlob:
    """Standard input, kept in a file without a name."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def open(self) -> IO[bytes]:
        self._file.seek(0)
        return self._file

    def chunks(self) -> Iterator[bytes]:
        self._file.seek(0)
        yield from bounded(iter(lambda: self._file.read(CHUNK), b""))


class _GzipBlob:
    def __init__(self, packed: Blob) -> None:
        self._packed = packed

    def open(self) -> IO[bytes]:
        return io.BytesIO(b"".join(self.chunks()))

    def chunks(self) -> Iterator[bytes]:
        yield from bounded(_inflate(self._packed.chunks()))


def unzip(packed: Blob) -> Blob:
    """What is inside a gzip file, whole and within the bounds. Raises ReportError.

    What is small is held; anything else has been inflated once to see that it is whole.
    """
    blob = _GzipBlob(packed)
    held, size = [], 0
    for chunk in blob.chunks():
        size += len(chunk)
        if size <= AT_ONCE:
            held.append(chunk)
        elif held:
            held.clear()
    return HeldBlob(b"".join(held)) if size <= AT_ONCE else blob


def _inflate(packed: Iterator[bytes]) -> Iterator[bytes]:
    """The content of a gzip file, piece by piece. Raises ReportError where it is cut off.

    Several of them one after the other are one content (RFC 1952 §2.2).
    """
    machine = zlib.decompressobj(_GZIP)
    try:
        for chunk in packed:
            while chunk:
                if machine.eof:
                    if not chunk.startswith(b"\x1f\x8b"):
                        return  # padding
                    machine = zlib.decompressobj(_GZIP)
                yield machine.decompress(chunk, CHUNK)
                chunk = machine.unconsumed_tail or machine.unused_data  # noqa: PLW2901
    except zlib.error:
        raise ReportError("dmarc.archive_broken") from None
    if not machine.eof:
        raise ReportError("dmarc.cut_off")


def bounded(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """`chunks`, as long as they are within the bound. Raises ReportError past it."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > INFLATED:
            raise ReportError("dmarc.too_large", mb=INFLATED // 1024 // 1024)
        yield chunk

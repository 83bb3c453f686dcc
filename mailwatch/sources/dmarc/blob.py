"""Bytes that can be read from their beginning as often as needed, and what is inside of them.

Nothing is ever unpacked to a file: a member of an archive is read where it is, by its number, so
that its name cannot lead anywhere.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from mailwatch.sources.dmarc.bounds import AT_ONCE, CHUNK, DIRECTORY, INFLATED, MEMBERS
from mailwatch.sources.dmarc.contents import ReportError
from mailwatch.text.inert import inert

_GZIP = 31
"""For zlib: a gzip header and trailer, and its largest window."""
_END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
_ENCRYPTED = 0x1


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
            yield from _bounded(iter(lambda: file.read(CHUNK), b""))


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
        yield from _bounded(iter(lambda: self._file.read(CHUNK), b""))


class _GzipBlob:
    def __init__(self, packed: Blob) -> None:
        self._packed = packed

    def open(self) -> IO[bytes]:
        return io.BytesIO(b"".join(self.chunks()))

    def chunks(self) -> Iterator[bytes]:
        yield from _bounded(_inflate(self._packed.chunks()))


class _MemberBlob:
    def __init__(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        self._archive = archive
        self._member = member

    def open(self) -> IO[bytes]:
        return io.BytesIO(b"".join(self.chunks()))

    def chunks(self) -> Iterator[bytes]:
        try:
            with self._archive.open(self._member) as file:
                yield from _bounded(iter(lambda: file.read(CHUNK), b""))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            raise ReportError("dmarc.archive_broken") from None


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


def members(packed: Blob) -> Iterator[tuple[str, Blob]]:
    """The files of a zip archive by name, in order. Raises ReportError past a bound.

    What macOS adds about each file, and folders, are passed over.
    """
    with packed.open() as file:
        _refuse_long_directory(file)
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, UnicodeDecodeError):
            raise ReportError("dmarc.archive_broken") from None
        listed = archive.infolist()
        if len(listed) > MEMBERS:
            raise ReportError("dmarc.too_many_members", most=MEMBERS)
        if sum(member.file_size for member in listed) > INFLATED:
            raise ReportError("dmarc.too_large", mb=INFLATED // 1024 // 1024)
        for member in listed:
            if _is_passed_over(member):
                continue
            if member.flag_bits & _ENCRYPTED:
                raise ReportError("dmarc.encrypted")
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ReportError("dmarc.archive_broken")
            yield inert(member.filename, 100), _MemberBlob(archive, member)


def _is_passed_over(member: zipfile.ZipInfo) -> bool:
    parts = member.filename.split("/")
    folder = member.filename.endswith("/")  # is_dir() fails for a member without a name
    return folder or "__MACOSX" in parts or parts[-1].startswith("._")


def _refuse_long_directory(file: IO[bytes]) -> None:
    """Raises ReportError where the list of members alone would fill the memory, before it is read.

    The 64-bit form is for archives far past the bounds.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 65557))
    tail = file.read(65557)
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < _END_OF_DIRECTORY.size:
        raise ReportError("dmarc.archive_broken")
    length = _END_OF_DIRECTORY.unpack_from(tail, place)[5]
    if length > DIRECTORY or b"PK\x06\x07" in tail:
        raise ReportError("dmarc.too_many_members", most=MEMBERS)
    file.seek(0)


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


def _bounded(chunks: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > INFLATED:
            raise ReportError("dmarc.too_large", mb=INFLATED // 1024 // 1024)
        yield chunk

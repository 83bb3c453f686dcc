"""The members of a zip archive.

Nothing is ever unpacked to a file: a member is read where it is, by its number, so that its name
cannot lead anywhere. This module is imported when there is an archive: zipfile takes its time.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from mailwatch.sources.dmarc.blob import Blob, bounded
from mailwatch.sources.dmarc.bounds import CHUNK, DIRECTORY, INFLATED, MEMBERS
from mailwatch.sources.dmarc.contents import ReportError
from mailwatch.text.inert import inert

_END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
_ENCRYPTED = 0x1


class _MemberBlob:
    def __init__(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        self._archive = archive
        self._member = member

    def open(self) -> IO[bytes]:
        return io.BytesIO(b"".join(self.chunks()))

    def chunks(self) -> Iterator[bytes]:
        try:
            with self._archive.open(self._member) as file:
                yield from bounded(iter(lambda: file.read(CHUNK), b""))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            raise ReportError("dmarc.archive_broken") from None


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

"""Logs that are packed, gz or xz, unpacked piece by piece: what a file is, its first bytes say."""

import errno
import gzip
import io
from typing import TYPE_CHECKING, Any, BinaryIO, cast

if TYPE_CHECKING:
    from lzma import LZMADecompressor

_GZIP = b"\x1f\x8b"
_XZ = b"\xfd7zXZ\x00"
_MAGIC = max(len(_GZIP), len(_XZ))
_PIECE = 65536
XZ_MEMORY = 72 << 20
"""Bytes that unpacking xz may take: `xz -9` needs 65 MiB, and a file may ask for gigabytes."""


def is_packed(start: bytes) -> bool:
    """True for the first bytes of gz and xz."""
    return start.startswith((_GZIP, _XZ))


def unpacked(plain: "io.BufferedReader[Any]") -> BinaryIO:
    """What is in `plain`, which is packed or not."""
    start = plain.peek(_MAGIC)[:_MAGIC]
    if start.startswith(_GZIP):
        return cast("BinaryIO", gzip.GzipFile(fileobj=plain))
    if start.startswith(_XZ):
        return io.BufferedReader(_Xz(plain), 1 << 20)
    return plain


class _Xz(io.RawIOBase):
    """`lzma.LZMAFile` has no bound for its memory. Raises OSError, and EOFError for what is damaged
    or cut off."""

    def __init__(self, packed: "io.BufferedReader[Any]") -> None:
        self._packed = packed
        self._machine = _new_machine()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what is passed
        data = b""
        while not data:
            packed = b""
            if self._machine.eof and not (packed := self._next_stream()):
                return 0
            if not packed and self._machine.needs_input:
                packed = self._packed.read(_PIECE)
                if not packed:
                    raise EOFError
            data = self._inflate(packed, len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _next_stream(self) -> bytes:
        """The beginning of the next of several streams, which are one content; zeros fill up."""
        rest = self._machine.unused_data.lstrip(b"\0")
        while not rest and (more := self._packed.read(_PIECE)):
            rest = more.lstrip(b"\0")
        self._machine = _new_machine() if rest else self._machine
        return rest

    def _inflate(self, packed: bytes, most: int) -> bytes:
        from lzma import LZMAError

        try:
            return self._machine.decompress(packed, most)
        except LZMAError as error:
            if "emory" in str(error):
                raise OSError(errno.ENOMEM, "it needs too much memory to unpack") from None
            raise EOFError from None


def _new_machine() -> "LZMADecompressor":
    try:
        import lzma
    except ImportError:
        raise OSError(errno.ENOTSUP, "this Python cannot unpack xz") from None
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, XZ_MEMORY)

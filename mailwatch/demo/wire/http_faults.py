"""Faults of an HTTP server alone."""

import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass

from mailwatch.demo.wire.faults import Wire

Headers = tuple[tuple[str, str], ...]
CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class HttpReply:
    """A whole answer: status, body, headers. A str is UTF-8; the type defaults to JSON."""

    status: int
    body: bytes | str = b""
    headers: Headers = ()

    def play(self, wire: Wire) -> bool:
        """Answers; the connection lives on."""
        body = self.body.encode() if isinstance(self.body, str) else self.body
        given = {name.lower() for name, _ in self.headers}
        typed = () if "content-type" in given else (("Content-Type", "application/json"),)
        wire.head(self.status, (*typed, *self.headers, ("Content-Length", str(len(body)))))
        wire.send(body)
        return True


@dataclass(frozen=True, slots=True)
class Redirect:
    """A redirect to `location`."""

    location: str
    status: int = 302

    def play(self, wire: Wire) -> bool:
        """Answers with the status and the place."""
        return HttpReply(self.status, b"", (("Location", self.location),)).play(wire)


@dataclass(frozen=True, slots=True)
class Truncate:
    """A body that breaks off `missing` octets before the length that was announced."""

    body: bytes = b'[{"date":'
    missing: int = 100
    status: int = 200

    def play(self, wire: Wire) -> bool:
        """Sends the part and closes."""
        wire.close()
        length = str(len(self.body) + self.missing)
        wire.head(self.status, (("Content-Type", "application/json"), ("Content-Length", length)))
        wire.send(self.body)
        return True


@dataclass(frozen=True, slots=True)
class Endless:
    """A body of `size` octets of JSON white space; with `compressed` a gzip of that size.

    With `announced` its length is in the headers; else it ends where the connection does.
    """

    size: int = 100_000_000
    compressed: bool = False
    announced: bool = False
    status: int = 200

    def play(self, wire: Wire) -> bool:
        """Streams it, and stops as soon as the client is gone or the server stops."""
        wire.close()
        headers: Headers = (("Content-Type", "application/json"),)
        if self.compressed:
            headers += (("Content-Encoding", "gzip"),)
        if self.announced:
            length = sum(map(len, self._chunks()))
            headers += (("Content-Length", str(length)),)
        wire.head(self.status, headers)
        for chunk in self._chunks():
            if wire.rest(0):
                break
            wire.send(chunk)
        return True

    def _chunks(self) -> Iterator[bytes]:
        plain = (b" " * min(CHUNK, self.size - at) for at in range(0, self.size, CHUNK))
        return _zipped(plain) if self.compressed else plain


def _zipped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    sink = io.BytesIO()
    with gzip.GzipFile(fileobj=sink, mode="wb", compresslevel=9, mtime=0) as packer:
        for chunk in chunks:
            packer.write(chunk)
            if sink.tell():
                yield sink.getvalue()
                sink.seek(0)
                sink.truncate()
    yield sink.getvalue()


@dataclass(frozen=True, slots=True)
class Trickle:
    """A body that comes octet by octet, one every `every` seconds: no read times out."""

    body: bytes = b"[]" + b" " * 10_000
    every: float = 0.05
    status: int = 200

    def play(self, wire: Wire) -> bool:
        """Sends octet by octet until the client is gone or the server stops."""
        wire.close()
        length = str(len(self.body))
        wire.head(self.status, (("Content-Type", "application/json"), ("Content-Length", length)))
        for at in range(len(self.body)):
            wire.send(self.body[at : at + 1])
            if wire.rest(self.every):
                break
        return True

"""Messages between the process that reads the list and those that work: pickled, in order.

Only our own processes are at the two ends of the socket pair: nobody else's pickle is ever read.
"""

import asyncio
import contextlib
import pickle
import socket
import struct
from typing import Any

_LENGTH = struct.Struct("!I")


class Channel:
    """One end. What is sent is buffered, so that sending never waits for the other end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def send(self, kind: str, content: Any) -> None:
        """Sends a message of this kind; nothing where the other end is gone."""
        if self._writer.is_closing():
            return
        data = pickle.dumps((kind, content), pickle.HIGHEST_PROTOCOL)
        self._writer.write(_LENGTH.pack(len(data)) + data)

    async def receive(self) -> tuple[str, Any] | None:
        """The next message; None where the other end is closed."""
        try:
            (length,) = _LENGTH.unpack(await self._reader.readexactly(_LENGTH.size))
            kind, content = pickle.loads(await self._reader.readexactly(length))  # noqa: S301  # ours
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        return kind, content

    async def flush(self) -> None:
        """Waits until everything is on its way, or the other end is gone."""
        with contextlib.suppress(ConnectionError):
            await self._writer.drain()

    async def close(self) -> None:
        """Nothing more is sent or received."""
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()


async def open_channel(end: socket.socket) -> Channel:
    """A channel over `end`."""
    return Channel(*await asyncio.open_unix_connection(sock=end, limit=1 << 20))

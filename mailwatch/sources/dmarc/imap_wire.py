"""Connections to an IMAP server that may be hostile.

A server names any size of what follows, or never ends, and imaplib believes it and keeps all that
comes. Here an answer that is larger than any that is asked for ends the connection.
"""

import imaplib
from typing import Any

from mailwatch.sources.dmarc.bounds import MESSAGE

BATCH_BYTES = 4 * 1024 * 1024
"""Bytes of messages that are asked for together; of a single one, there may be MESSAGE."""
_ANSWER = MESSAGE + BATCH_BYTES + 1024 * 1024
"""Bytes of the answer to one command."""
_KEPT = 1024
"""Bytes that are counted for a line beside its own: what imaplib makes of it."""


class _Bounded:
    room = _ANSWER

    def read(self: Any, size: int) -> bytes:
        """The next `size` bytes."""
        self.spend(size)
        data: bytes = super().read(size)  # type: ignore[misc]  # of the class it is mixed into
        return data

    def readline(self: Any) -> bytes:
        """The next line."""
        line: bytes = super().readline()  # type: ignore[misc]
        self.spend(len(line) + _KEPT)
        return line

    def spend(self: Any, size: int) -> None:
        """Raises abort where there is no room for so many bytes more."""
        self.room -= size
        if self.room < 0:
            raise imaplib.IMAP4.abort("answer too large")

    def send(self: Any, data: Any) -> None:
        """Sends a command: its answer has all the room."""
        self.room = _ANSWER
        super().send(data)  # type: ignore[misc]


class StartTls(_Bounded, imaplib.IMAP4):
    """A connection that is without TLS at first."""


class ImplicitTls(_Bounded, imaplib.IMAP4_SSL):
    """A connection with TLS from the first byte."""

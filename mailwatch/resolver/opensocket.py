"""A socket to one name server, and the questions that wait for an answer on it."""

import asyncio
import socket
from collections.abc import Callable

from mailwatch.model import Phrase  # noqa: TC001  # mypy wants it for the attribute
from mailwatch.resolver.balance import ServerState
from mailwatch.resolver.lookup import Answer, RdType
from mailwatch.resolver.packet import answers_question, encode_query

_DRAINED = 256
"""Packets read before the loop gets its turn again."""
_RECEIVE = 1 << 20
"""Octets that may wait to be read."""


class Pending:
    """One question on its way."""

    __slots__ = (
        "asked_at",
        "asking", "failed", "failure", "future", "number", "octets", "rdtype",
        "servfails", "standing", "tried",
    )  # fmt: skip

    def __init__(self, octets: bytes, rdtype: RdType, future: "asyncio.Future[Answer]") -> None:
        self.octets = octets
        self.rdtype = rdtype
        self.future = future
        self.asked_at = 0.0
        self.tried = 0
        self.servfails = 0
        self.failed: list[ServerState] = []
        self.failure: Phrase | None = None
        self.standing: ServerState | None = None
        self.asking: OpenSocket | None = None
        self.number = 0


class OpenSocket:
    """A socket to one server, and what was asked through it."""

    def __init__(
        self,
        standing: ServerState,
        take: Callable[[Pending, bytes], None],
        refuse: Callable[[Pending], None],
    ) -> None:
        server = standing.server
        family = socket.AF_INET6 if ":" in server.host else socket.AF_INET
        self.waiting: dict[int, Pending] = {}
        self.uses = 0
        self._take = take
        self._refuse = refuse
        self._socket = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE)
            self._socket.connect((server.host, server.port))
            asyncio.get_running_loop().add_reader(self._socket, self._read)
        except BaseException:
            self._socket.close()
            raise

    def send(self, number: int, question: Pending) -> None:
        """Asks it. Raises OSError where the server cannot be reached."""
        self._socket.send(encode_query(number, question.octets))
        self.waiting[number] = question
        self.uses += 1

    def close(self) -> None:
        """Nothing more is read."""
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def _read(self) -> None:
        receive, waiting = self._socket.recv, self.waiting
        for _ in range(_DRAINED):
            try:
                message = receive(65535)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:  # an ICMP message: the port is closed, or there is no way there
                for question in list(waiting.values()):
                    self._refuse(question)
                return
            if len(message) < 12:
                continue
            asked = waiting.get(message[0] << 8 | message[1])
            if asked is not None and answers_question(message, asked.octets):
                self._take(asked, message)

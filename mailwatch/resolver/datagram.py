"""Questions by UDP over a few sockets that stay open, for thousands of them a second.

A packet is taken as an answer only where the socket (connected: no other sender gets through), the
random id and the question fit (RFC 5452 §9); everything else is passed over. An answer that fits
and is odd is asked for again by dnspython, which knows TCP and every other case.
"""

import asyncio
import errno
import os
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from random import SystemRandom

from mailwatch.model import Phrase, say
from mailwatch.resolver.balance import Balance, ServerState
from mailwatch.resolver.lookup import Answer, Ask, Outcome, RdType, failed
from mailwatch.resolver.opensocket import OpenSocket, Pending
from mailwatch.resolver.packet import Odd, ServerFailed, decode_answer, encode_question
from mailwatch.resolver.servers import Server
from mailwatch.text.inert import inert

TRIES = (0.5, 0.7, 1.0, 1.5, 2.0)
"""Seconds to wait in each try. With several hundred in flight on a busy machine some time out that
were not lost; five tries get nearly everything through a network that loses 2 %."""
MOST_SERVFAILS = 2
"""Times that a server may say that it could not find out, before it is believed."""
SILENT = 64
"""Questions that nobody answered in any try, before nothing more is waited for."""
_SOCKETS = 4
"""Open at a time to a server: whoever forges an answer has to guess the port as well as the id."""
_USES = 5000
"""Questions until a socket is replaced by one with another port."""
_TICK = 0.05


class DatagramTransport:
    """Asks name servers, several times if need be, and leaves what is odd to `odd`."""

    def __init__(
        self,
        servers: Sequence[Server],
        odd: Callable[[Server], Ask],
        tries: Sequence[float] = TRIES,
    ) -> None:
        self._random = SystemRandom()
        self._servers = tuple(server for server in servers if server.unresolved is None)
        self._odd = odd
        self._tries = tries
        self._balance = Balance(self._servers, self._random)
        self._sockets: dict[int, list[OpenSocket]] = {}
        self._retired: list[OpenSocket] = []
        self._deadlines: list[deque[tuple[float, Pending]]] = [deque() for _ in tries]
        self._held: deque[Pending] = deque()
        self._ticking: asyncio.TimerHandle | None = None
        self._handed_over: set[asyncio.Future[Answer]] = set()
        self._heard = False
        self._silent = 0
        self._why_unreachable = next(
            (server for server in servers if server.unresolved is not None), None
        )

    def ask(self, name: str, rdtype: RdType) -> "Awaitable[Answer]":
        """The answer to come. Never raises for what a server does."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        octets = encode_question(name, rdtype)
        if octets is None:
            future.set_result(Answer(Outcome.NO_SUCH_NAME))
        elif not self._servers:
            future.set_result(failed(self._no_server()))
        else:
            self._send(Pending(octets, rdtype, future))
        return future

    def close(self) -> None:
        """Closes the sockets. What was asked stays unanswered."""
        if self._ticking is not None:
            self._ticking.cancel()
        for handed_over in self._handed_over:
            handed_over.cancel()
        for sockets in (*self._sockets.values(), self._retired):
            for one in sockets:
                one.close()
        self._sockets, self._retired = {}, []

    def _no_server(self) -> Phrase:
        server = self._why_unreachable
        if server is None:
            return say("dns.no_nameserver")
        where, error = inert(str(server)), inert(server.unresolved or "")
        return say("dns.unresolved_nameserver", server=where, error=error)

    def _send(self, question: Pending) -> None:
        """Asks `question`, or holds it back until a server has room for it."""
        while True:
            silent = not self._heard and self._silent >= SILENT
            if question.tried >= len(self._tries) or (silent and question.failure is not None):
                self._give_up(question)
                return
            standing = self._balance.choose(question.failed)
            if standing is None:
                self._held.append(question)
                return
            patience = question.tried
            question.tried += 1
            try:
                self._send_to(standing, question)
            except (OSError, ValueError) as error:
                self._note_failure(question, standing, self._unreachable(standing, error))
                continue
            loop = asyncio.get_running_loop()
            question.asked_at = loop.time()
            until = question.asked_at + standing.patience(self._tries[patience])
            self._deadlines[patience].append((until, question))
            if self._ticking is None:
                self._ticking = loop.call_later(_TICK, self._tick)
            return

    def _send_to(self, standing: ServerState, question: Pending) -> None:
        sockets = self._sockets.setdefault(id(standing), [])
        if len(sockets) < _SOCKETS:
            sockets.append(OpenSocket(standing, self._take, self._refuse))
        chance = self._random.getrandbits(32)
        place = (chance >> 16) % len(sockets)
        chosen = sockets[place]
        if chosen.uses >= _USES:
            self._retired.append(chosen)
            chosen = sockets[place] = OpenSocket(standing, self._take, self._refuse)
        number = chance & 0xFFFF
        while number in chosen.waiting:
            number = self._random.getrandbits(16)
        chosen.send(number, question)
        question.asking, question.number, question.standing = chosen, number, standing
        standing.in_flight += 1

    def _take_back(self, question: Pending) -> ServerState | None:
        """The server that was asked last; it is waited for no longer."""
        standing, asking = question.standing, question.asking
        if asking is not None and standing is not None:
            del asking.waiting[question.number]
            standing.in_flight -= 1
        question.asking = question.standing = None
        return standing

    def _take(self, question: Pending, message: bytes) -> None:
        """A packet that answers `question`."""
        self._heard = True
        standing = self._take_back(question)
        if standing is None or question.future.done():
            return
        try:
            answer = decode_answer(message, question.octets, question.rdtype)
        except Odd:
            self._hand_over(question, standing)
            answer = None
        if isinstance(answer, ServerFailed):
            question.servfails += 1
            why = say(answer.code, server=inert(str(standing.server)))
            self._note_failure(question, standing, why)
            others = len(question.failed) < len(self._servers)
            if others or question.servfails < MOST_SERVFAILS:
                self._send(question)
            else:
                self._give_up(question)
        elif answer is not None:
            standing.answered(asyncio.get_running_loop().time() - question.asked_at)
            question.future.set_result(answer)
        self._send_held()

    def _refuse(self, question: Pending) -> None:
        """The server's port is closed. One that has been heard may only be starting again: it is
        waited for, unless there is another."""
        if self._heard and len(self._servers) == 1:
            return
        standing = self._take_back(question)
        if standing is not None:
            refused = ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
            self._note_failure(question, standing, self._unreachable(standing, refused))
            self._send(question)

    def _note_failure(self, question: Pending, standing: ServerState, why: Phrase) -> None:
        question.failure = why
        if standing not in question.failed:  # once a question, so that it can be taken back
            standing.failed()
            question.failed.append(standing)

    def _give_up(self, question: Pending) -> None:
        if not self._heard:
            self._silent += 1
        if len(question.failed) == len(self._servers):
            for standing in question.failed:
                standing.absolved()
        if not question.future.done():
            question.future.set_result(failed(question.failure or say("dns.out_of_time")))

    def _tick(self) -> None:
        """Asks again what has waited for long enough."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for patience, waiting in enumerate(self._deadlines):
            while waiting and (waiting[0][0] <= now or waiting[0][1].future.done()):
                _, question = waiting.popleft()
                if question.future.done() or question.tried != patience + 1:
                    continue
                standing = self._take_back(question)
                if standing is None:  # it is held back, or handed over
                    continue
                why = say("dns.timeout", server=inert(str(standing.server)))
                self._note_failure(question, standing, why)
                self._send(question)
        self._send_held()
        self._retired = [one for one in self._retired if not self._closed(one)]
        busy = any(self._deadlines) or self._held or self._retired
        self._ticking = loop.call_later(_TICK, self._tick) if busy else None

    def _closed(self, one: OpenSocket) -> bool:
        if not one.waiting:
            one.close()
        return not one.waiting

    def _send_held(self) -> None:
        for _ in range(len(self._held)):
            question = self._held.popleft()
            self._send(question)
            if self._held and self._held[-1] is question:
                return

    def _hand_over(self, question: Pending, standing: ServerState) -> None:
        """dnspython asks again, first of the server whose answer was odd."""
        name = _name_of(question.octets)
        asking = asyncio.ensure_future(self._odd(standing.server)(name, question.rdtype))
        self._handed_over.add(asking)

        def answered(asked: "asyncio.Future[Answer]") -> None:
            self._handed_over.discard(asked)
            if not question.future.done() and not asked.cancelled():
                question.future.set_result(asked.result())

        asking.add_done_callback(answered)

    def _unreachable(self, standing: ServerState, error: Exception) -> Phrase:
        where = inert(str(standing.server))
        if isinstance(error, OSError) and error.strerror:
            return say("dns.unreachable", server=where, error=inert(error.strerror))
        return say("dns.bad_nameserver", server=where)


def _name_of(question: bytes) -> str:
    labels: list[bytes] = []
    at = 0
    while length := question[at]:
        labels.append(question[at + 1 : at + 1 + length])
        at += length + 1
    return b".".join(labels).decode("latin-1")

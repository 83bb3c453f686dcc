"""The sockets of the DNS server: UDP and TCP on one port of 127.0.0.1."""

import contextlib
import errno
import socket
import struct
import threading
from collections.abc import Callable

import dns.exception
import dns.message
import dns.rdatatype

from mailwatch.demo.dns.answers import Resolver
from mailwatch.demo.wire.exchange import Record, Request
from mailwatch.demo.wire.faults import DnsFault, DnsQuery, Faults

TRIES = 50


class NameServer:
    """Answers from a resolver, or plays a fault; each question in a daemon thread of its own."""

    def __init__(
        self, resolver: Resolver, faults: tuple[Faults, ...], record: Record, port: int = 0
    ) -> None:
        """Binds both sockets to one port, `port` or a free one. Raises OSError when it is taken."""
        self._resolver, self._faults, self._record = resolver, faults, record
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()
        self._connections: set[socket.socket] = set()
        self._udp, self._tcp = _bound(port)
        for each in (self._udp, self._tcp):
            each.settimeout(0.005)  # how soon a stop is noticed

    @property
    def address(self) -> str:
        """Where it listens, as HOST:PORT."""
        host, port = self._udp.getsockname()
        return f"{host}:{port}"

    def start(self) -> None:
        """Begins to answer."""
        self._spawn(self._listen)
        self._spawn(self._accept)

    def stop(self) -> None:
        """Ends every exchange, waits for the threads and closes the sockets."""
        self._stopping.set()
        with self._lock:
            threads, connections = list(self._threads), list(self._connections)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(5)
        self._udp.close()
        self._tcp.close()

    def _spawn(self, work: Callable[[], None]) -> None:
        def run() -> None:
            try:
                work()
            finally:
                with self._lock:
                    self._threads.discard(threading.current_thread())

        thread = threading.Thread(target=run, daemon=True)
        with self._lock:
            self._threads.add(thread)
        thread.start()

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                wire, peer = self._udp.recvfrom(65535)
            except OSError:  # a time-out, or an ICMP error about a client that went away
                continue
            self._spawn(lambda wire=wire, peer=peer: self._answer_udp(wire, peer))  # type: ignore[misc]

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._tcp.accept()
            except OSError:
                continue
            self._spawn(lambda connection=connection: self._answer_tcp(connection))  # type: ignore[misc]

    def _answer_udp(self, wire: bytes, peer: tuple[str, int]) -> None:
        answer = self._reply(wire, udp=True)
        if answer is not None:
            with contextlib.suppress(OSError):
                self._udp.sendto(answer, peer)

    def _answer_tcp(self, connection: socket.socket) -> None:
        """Questions on one connection, one after the other (RFC 7766), until one gets no answer."""
        with self._lock:
            self._connections.add(connection)
        try:
            with connection, contextlib.suppress(OSError):
                connection.settimeout(None)
                while not self._stopping.is_set():
                    (length,) = struct.unpack("!H", _exactly(connection, 2))
                    answer = self._reply(_exactly(connection, length), udp=False)
                    if answer is None:
                        break
                    connection.sendall(struct.pack("!H", len(answer)) + answer)
        finally:
            with self._lock:
                self._connections.discard(connection)

    def _reply(self, wire: bytes, *, udp: bool) -> bytes | None:
        question = _question(wire)
        if question is None:
            return self._resolver.answer(wire, udp)
        name, rdtype = question
        self._record(Request("dns", rdtype, name, (("transport", "udp" if udp else "tcp"),)))
        return self._play(question, wire, udp, self._faults)

    def _play(
        self, question: tuple[str, str], wire: bytes, udp: bool, faults: tuple[Faults, ...]
    ) -> bytes | None:
        """What the first of `faults` that has a rule for it does, else the true answer."""
        if not faults:
            return self._resolver.answer(wire, udp)
        first, *rest = faults
        behaviour = first.pick("dns", *question)
        if not isinstance(behaviour, DnsFault):
            return self._play(question, wire, udp, tuple(rest))
        return behaviour.reply(
            DnsQuery(
                wire=wire,
                udp=udp,
                honest=lambda: self._play(question, wire, udp, tuple(rest)),
                unfollowed=lambda: self._resolver.answer(wire, udp, unfollowed=True),
                rest=self._stopping.wait,
            )
        )


def _question(wire: bytes) -> tuple[str, str] | None:
    """The name without its last dot and the type that are asked for; None where nothing is."""
    try:
        questions = dns.message.from_wire(wire).question
    except (dns.exception.DNSException, struct.error):
        return None
    if len(questions) != 1:
        return None
    name = questions[0].name.to_text(omit_final_dot=True)
    return name, dns.rdatatype.to_text(questions[0].rdtype)


def _exactly(connection: socket.socket, length: int) -> bytes:
    """The next `length` octets. Raises ConnectionError where the connection ends before."""
    data = b""
    while len(data) < length:
        more = connection.recv(length - len(data))
        if not more:
            raise ConnectionError
        data += more
    return data


def _bound(port: int) -> tuple[socket.socket, socket.socket]:
    """A UDP and a TCP socket on one port; one that is free for UDP may be taken for TCP."""
    for _ in range(TRIES):
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            udp.bind(("127.0.0.1", port))
            tcp.bind(udp.getsockname())
            tcp.listen(128)
        except OSError as error:
            udp.close()
            tcp.close()
            if port or error.errno != errno.EADDRINUSE:
                raise
        else:
            return udp, tcp
    raise OSError(errno.EADDRINUSE, "no port is free for both UDP and TCP")

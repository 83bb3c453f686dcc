"""An https server of MTA-STS policy files on loopback, with a certificate authority of its own."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mailwatch.sources.dns.policy_file import PolicyServer
from tests.sources.tls_peer import own_certificate

POLICY = "version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\nmx: *.example.net\r\n"
POLICY += "max_age: 2592000\r\n"


def ok(
    body: str | bytes = POLICY,
    media_type: str = "text/plain",
    status: str = "200 OK",
    more: str = "",
) -> bytes:
    """A whole answer."""
    octets = body.encode() if isinstance(body, str) else body
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\n{more}"
    return f"{head}Content-Length: {len(octets)}\r\n\r\n".encode() + octets


@contextmanager
def policy_server(
    folder: Path, answer: bytes | None = None, name: str = "mta-sts.example.com"
) -> Iterator[tuple[PolicyServer, list[bytes]]]:
    """Where it is and whom to trust, and what it heard. Without an answer it stays silent."""
    certificate = own_certificate(folder, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    heard: list[bytes] = []
    done = threading.Event()

    def serve(connection: socket.socket) -> None:
        try:
            with context.wrap_socket(connection, server_side=True) as stream:
                heard.append(stream.recv(65536))
                if answer is None:
                    done.wait(10)
                else:
                    stream.sendall(answer)
        except OSError:
            connection.close()  # the client went away, or does not trust us

    def listen() -> None:
        while not done.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                continue
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        thread = threading.Thread(target=listen)
        thread.start()
        try:
            trusted = ssl.create_default_context(cafile=str(certificate))
            yield PolicyServer(listener.getsockname()[1], trusted), heard
        finally:
            done.set()
            thread.join()

"""Certificates that vouch for themselves, and servers behind TLS."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mailwatch.demo.wire.exchange import Request, Response
from tests.sources.sendgrid.sendgrid_peer import CountingServer, Served


def own_certificate(folder: Path, name: str = "127.0.0.1") -> Path:
    """A certificate for `name` that is its own issuer, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    is_address = name.replace(".", "").isdigit()
    place = x509.IPAddress(ip_address(name)) if is_address else x509.DNSName(name)
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([place]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "own.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


@contextmanager
def peer_that_answers(
    data: bytes, context: ssl.SSLContext | None = None
) -> Iterator[tuple[int, list[bytes]]]:
    """A port that answers one connection with `data`, and what it heard there."""
    heard: list[bytes] = []

    def answer() -> None:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        try:
            with connection if context is None else _wrapped(connection, context) as stream:
                heard.append(stream.recv(65536))
                stream.sendall(data)
        except OSError:
            pass  # the client went away

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield listener.getsockname()[1], heard
        finally:
            thread.join()


@contextmanager
def peer_behind_tls(certificate: Path) -> Iterator[tuple[int, list[bytes]]]:
    """The same behind TLS; it answers `hi`."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    with peer_that_answers(answer, _context(certificate)) as peer:
        yield peer


class TlsServer(CountingServer):
    """Answers `{"path": …}` over TLS, as often as it is asked on a connection."""

    def __init__(self, certificate: Path, requests: list[Request]) -> None:
        self._context = _context(certificate)
        super().__init__(
            lambda path: "sendgrid",
            lambda request: Response(200, {"path": request.path}),
            (),
            requests.append,
        )

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Speaks TLS first."""
        with self._context.wrap_socket(request, server_side=True) as stream:
            super().finish_request(stream, client_address)


@contextmanager
def serve_tls(certificate: Path) -> Iterator[Served]:
    """A server behind TLS for many requests."""
    requests: list[Request] = []
    server = TlsServer(certificate, requests)
    server.start()
    try:
        yield Served(server.url.replace("http:", "https:"), requests, server.accepted)
    finally:
        server.stop()


def _context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def _wrapped(connection: socket.socket, context: ssl.SSLContext) -> ssl.SSLSocket:
    try:
        return context.wrap_socket(connection, server_side=True)
    except OSError:
        connection.close()
        raise


@contextmanager
def tunnel_to(port: int) -> Iterator[tuple[int, list[bytes]]]:
    """A proxy that opens one tunnel, always to `port` on loopback, and what it was asked."""
    heard: list[bytes] = []

    def copy(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # one of them went away

    def work() -> None:
        with listener.accept()[0] as client, socket.create_connection(("127.0.0.1", port)) as inner:
            heard.append(client.recv(65536))
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=copy, args=(inner, client))
            back.start()
            copy(client, inner)
            back.join()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield listener.getsockname()[1], heard
        finally:
            thread.join()

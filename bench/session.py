"""How long 100 calls take over one session and TLS, as a ratio to the waiting they cannot avoid.

Run it: python bench/session.py [CALLS]. A server in a process of its own answers each request 50 ms
late; four workers ask it. Its certificate is made for this run, and trusted through SSL_CERT_FILE.
"""

import multiprocessing
import os
import ssl
import sys
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mailwatch.sources.http import Session
from mailwatch.sources.job import Job
from mailwatch.sources.workers import ask_all

LATENCY = 0.05
WORKERS = 4


class Handler(BaseHTTPRequestHandler):
    """Answers late."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:  # http.server's name
        """Waits, then sends an empty list."""
        time.sleep(LATENCY)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"[]")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's name
        """Says nothing."""


class Server(ThreadingHTTPServer):
    """Speaks TLS in each connection's thread, as servers do that have many clients."""

    context: ssl.SSLContext

    def finish_request(self, request, client_address) -> None:  # type: ignore[no-untyped-def]  # any socket
        """Begins with the handshake."""
        with self.context.wrap_socket(request, server_side=True) as stream:
            super().finish_request(stream, client_address)


def serve(certificate: Path, port: Connection) -> None:
    """Serves until the process is ended."""
    server = Server(("127.0.0.1", 0), Handler)
    server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.context.load_cert_chain(certificate)
    port.send(server.server_address[1])
    server.serve_forever()


def make_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that is its own issuer, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    place = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(place, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "own.pem"
    path.write_bytes(secret + certificate.public_bytes(pem))
    return path


def seconds(url: str, calls: int) -> float:
    """Wall-clock seconds that `calls` requests take, the first connections included."""
    job = Job(datetime.now(UTC), None, time.monotonic() + 60)
    begun = time.perf_counter()
    replies: list[object] = []
    with Session(job) as session:
        ask_all(
            job,
            range(calls),
            lambda: session,
            lambda shared, _: shared.send("GET", url).body,
            lambda _, reply: replies.append(reply),
            WORKERS,
        )
    taken = time.perf_counter() - begun
    if replies != [b"[]"] * calls:
        raise SystemExit("not every call was answered")
    return taken


def main() -> None:
    """Prints the time and the ratio."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with TemporaryDirectory() as folder:
        certificate = make_certificate(Path(folder))
        os.environ["SSL_CERT_FILE"] = str(certificate)
        here, there = multiprocessing.Pipe()
        server = multiprocessing.Process(target=serve, args=(certificate, there), daemon=True)
        server.start()
        url = f"https://127.0.0.1:{here.recv()}/"
        seconds(url, WORKERS)  # the server is awake then
        taken = seconds(url, calls)
        server.terminate()
        server.join()
    least = calls / WORKERS * LATENCY
    print(f"{calls} calls with {WORKERS} workers over TLS   {taken * 1000:6.0f} ms")
    print(f"÷ {least * 1000:.0f} ms of waiting             {taken / least:6.2f}   (at most 1.3)")


if __name__ == "__main__":
    main()

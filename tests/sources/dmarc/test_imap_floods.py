"""An IMAP server that goes on for ever is left soon, with little of what it has to say."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.sources.dmarc.conftest import state
from tests.sources.tls_peer import own_certificate

FOLDER = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n"
ANSWERS = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
    b"EXAMINE": FOLDER,
    b"SELECT": FOLDER,
    b"FETCH": b"* 1 FETCH (UID 1 RFC822.SIZE 100)\r\n",
}


@pytest.mark.parametrize(
    "hostile",
    [
        b"* 1 FETCH (UID 1 BODY[] {99999999999}\r\n" * 1000,
        b"* 1 FETCH (UID 1 BODY[] {4000000}\r\n" + bytes(4_000_000) + b")\r\n",
        b"* 1 FETCH ()\r\n" * 10_000,
        b"x" * 1_000_000,
    ],
    ids=["a size", "literals", "lines", "a line"],
)
def test_an_answer_without_end_is_given_up(
    mailwatch: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hostile: bytes
) -> None:
    monkeypatch.setenv("MAILWATCH_IMAP_PASSWORD", "secret")
    certificate = own_certificate(tmp_path)
    sent: list[int] = []
    with flooding(certificate, hostile, sent) as port:
        url = f"imaps://dmarc@127.0.0.1:{port}/INBOX"
        outcome = mailwatch("dmarc", "--imap", url, "--imap-ca", str(certificate),
                            "--format", "json")  # fmt: skip
    assert (outcome.status, state(outcome)["state"]) == (3, "failed")
    assert "127.0.0.1" in state(outcome)["error"]
    assert sum(sent) < 100 << 20, "three connections, and what is on the way in each"


@contextmanager
def flooding(certificate: Path, hostile: bytes, sent: list[int]) -> Iterator[int]:
    """The port of a server with one message, which answers the question for it without an end;
    `sent` gets the size of each piece."""
    listener = socket.create_server(("127.0.0.1", 0))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def serve() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:  # closed: the test is over
                return
            with contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True) as one:
                one.sendall(b"* OK ready\r\n")
                while data := one.recv(1000):
                    tag, command, *_ = data.split()
                    while command == b"UID":
                        one.sendall(hostile)
                        sent.append(len(hostile))
                    one.sendall(ANSWERS.get(command, b"") + tag + b" OK done\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(20)

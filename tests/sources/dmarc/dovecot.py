"""Dovecot from Debian, on loopback ports of its own, and a wire to it that can break."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sources.tls_peer import own_certificate

USER, PASSWORD = "dmarc@example.com", "correct-horse"
_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{folder}/own.pem
ssl_key = <{folder}/own.pem
disable_plaintext_auth = yes
default_vsz_limit = 512M
first_valid_uid = 1
mail_location = mbox:{folder}/home/mail:INBOX={folder}/home/inbox
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = {starttls}
  }}
  inet_listener imaps {{
    port = {implicit}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
}}
"""


@dataclass
class Dovecot:
    """A server that runs."""

    folder: Path
    starttls: int
    implicit: int
    folders: int = 0

    @property
    def ca(self) -> str:
        """The certificate to trust."""
        return str(self.folder / "own.pem")

    def url(self, folder: str, port: int | None = None) -> str:
        """The address of a folder, with STARTTLS."""
        user = USER.replace("@", "%40")
        return f"imap://{user}@127.0.0.1:{port or self.starttls}/{folder}"

    def fill(self, messages: bytes) -> str:
        """A new folder with the messages of an mbox; its name."""
        self.folders += 1
        path = self.path(f"reports{self.folders}")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(messages)
        for owned in (path, path.parent):
            shutil.chown(owned, "nobody", "nogroup")
        return path.name

    def path(self, name: str) -> Path:
        """The mbox of a folder."""
        return self.folder / "home/mail" / name

    def deliver(self, name: str, messages: bytes) -> None:
        """Adds messages to a folder."""
        with self.path(name).open("ab") as file:
            file.write(messages)

    def messages(self, name: str) -> int:
        """The number of messages in a folder."""
        path = self.path(name)
        return path.read_bytes().count(b"\nSubject: Report domain") if path.exists() else 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_dovecot() -> Iterator[Dovecot]:
    """A server; the test is skipped where Dovecot is not installed or does not start."""
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("Dovecot is not installed here (Debian: dovecot-imapd)")
    if os.getuid() != 0:
        pytest.skip("Dovecot needs root to start its processes")
    # Not pytest's own folder: its name is too long for the sockets in it.
    folder = Path(tempfile.mkdtemp(prefix="dc"))
    server = Dovecot(folder, _free_port(), _free_port())
    folder.chmod(0o755)
    own_certificate(folder)
    (folder / "home").mkdir()
    shutil.chown(folder / "home", "nobody", "nogroup")
    (folder / "dovecot.conf").write_text(
        _CONFIGURATION.format(
            folder=folder, password=PASSWORD, uid="nobody", gid="nogroup",
            starttls=server.starttls, implicit=server.implicit,
        )
    )  # fmt: skip
    process = subprocess.Popen(
        [program, "-F", "-c", str(folder / "dovecot.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(server: Dovecot, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", server.starttls), 1) as connection,
        ):
            if connection.recv(10).startswith(b"* OK"):
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    log = server.folder / "log"
    pytest.skip(f"Dovecot does not start here: {log.read_text()[-300:] if log.exists() else ''}")


@contextmanager
def breaking_wire(port: int, after: int, times: int) -> Iterator[int]:
    """A port that leads to `port`; the first connections break after so many bytes."""
    listener = socket.create_server(("127.0.0.1", 0))
    left = [after] * times
    pipes: list[socket.socket] = []

    def carry(source: socket.socket, target: socket.socket, most: float) -> None:
        carried = 0
        with contextlib.suppress(OSError):
            while data := source.recv(16384):
                carried += len(data)
                if carried > most:
                    break
                target.sendall(data)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.create_connection(("127.0.0.1", port))
                pipes.extend((client, server))
                most = left.pop() if left else float("inf")
                for pair in ((client, server, float("inf")), (server, client, most)):
                    threading.Thread(target=carry, args=pair, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        for one in (listener, *pipes):
            one.close()

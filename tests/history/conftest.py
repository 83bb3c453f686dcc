"""A PostgreSQL server of our own, Debian's, for as long as the tests of one process run."""

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
SETTINGS = ("fsync=off", "listen_addresses=", "shared_buffers=16MB", "max_connections=20")


def _as_owner() -> list[str]:
    """What comes before a command of the server, which refuses to run as root."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Path]:
    """The folder of the socket of a running server."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    if not BINARIES:
        pytest.skip("Debian's PostgreSQL (apt install postgresql) is not installed here")
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        pytest.skip("PostgreSQL does not run as root, and runuser is not installed here")
    binaries = BINARIES[-1]
    folder = Path(tempfile.mkdtemp(prefix="mailwatch-pg-"))
    password = folder / "password"
    password.write_text("s3cret\n")
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        shutil.chown(password, "postgres")
    data = folder / "data"
    made = [str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "scram-sha-256"]
    made += ["-N", f"--pwfile={password}", "-E", "UTF8", "--locale=C"]
    subprocess.run([*_as_owner(), *made], check=True, capture_output=True, cwd="/")
    options = [f"-c{setting}" for setting in (*SETTINGS, f"unix_socket_directories={folder}")]
    server = subprocess.Popen(
        [*_as_owner(), str(binaries / "postgres"), "-D", str(data), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )
    try:
        ready = [str(binaries / "pg_isready"), "-q", "-h", str(folder)]
        while subprocess.run(ready, check=False).returncode:
            assert server.poll() is None, "the server ended"
        yield folder
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


@pytest.fixture
def postgres(postgres_server: Path) -> Callable[[], str]:
    """Makes the URL of a new, empty database."""
    import psycopg

    names = (f"test_{os.urandom(6).hex()}" for _ in itertools.count())

    def make() -> str:
        name = next(names)
        login = f"host={postgres_server} user=postgres password=s3cret"
        with psycopg.connect(f"{login} dbname=postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return f"postgresql://postgres:s3cret@/{name}?host={postgres_server}"

    return make

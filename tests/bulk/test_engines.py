"""The same work by every engine: the same result, whatever happens to a process.

A run that is to be met at work reads its list from a named pipe: it cannot end before the test
closes that.
"""

import json
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mailwatch.bulk import cluster
from mailwatch.demo import Faults, Rule, Running, build, serve
from mailwatch.demo.wire.faults import Drop
from tests.cli.conftest import NOON, Command, empty_home, mailwatch, start
from tests.cli.look_up import Served, texts
from tests.sources.dmarc.samples import Row, report

if TYPE_CHECKING:
    import subprocess

__all__ = ["empty_home", "mailwatch"]

NUMBER = 40
NAMES = [f"d{number}.example" for number in range(NUMBER)]
ZONE = texts(
    {
        "spf.example": "v=spf1 include:more.example -all",
        "more.example": "v=spf1 ip4:192.0.2.0/24 -all",
        **dict.fromkeys(NAMES, "v=spf1 include:spf.example -all"),
        **{f"_dmarc.{name}": "v=DMARC1; p=reject; rua=mailto:a@b.c" for name in NAMES},
    }
)


FAULTS = Faults()


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    """A server of forty domains, which fails as FAULTS says."""
    world = replace(build("healthy", NOON.date()), zone=ZONE)
    with serve(world, faults=FAULTS) as given:
        yield given


@pytest.fixture
def peer(mailwatch: Command, running: Running) -> Served:
    """The command with that server, which has heard nothing yet, and a list of its domains."""
    Path("list").write_text("\n".join(NAMES), encoding="utf-8")
    del running.requests[:]
    return Served(running, mailwatch, "dns")


def arguments(running: Running, *argv: str, listed: str = "list") -> list[str]:
    return ["dns", "--from", listed, "--resolver", running.nameserver, *argv]


def domains(text: str) -> list[str]:
    return sorted(json.loads(line)["domain"] for line in text.splitlines())


def children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children").read_text("utf-8")
    return [int(number) for number in found.split()]


class Slow:
    """A list that comes through a pipe."""

    def __init__(self) -> None:
        os.mkfifo("pipe")
        self._pipe = os.open("pipe", os.O_RDWR)

    def write(self, names: Sequence[str]) -> None:
        """These come now."""
        os.write(self._pipe, "".join(f"{name}\n" for name in names).encode())

    def close(self) -> None:
        """Nothing more comes."""
        if self._pipe >= 0:
            os.close(self._pipe)
        self._pipe = -1


@contextmanager
def at_work(peer: Served, *argv: str) -> Iterator[tuple["subprocess.Popen[bytes]", Slow]]:
    """A run that has written a line to `out`, and has half of the list still to come."""
    listed = Slow()
    listed.write(NAMES[: NUMBER // 2])
    process = start(*arguments(peer.running, *argv, "--output", "jsonl=out", listed="pipe"))
    try:
        deadline = time.monotonic() + 60
        while not (Path("out").exists() and Path("out").stat().st_size):
            assert time.monotonic() < deadline, "the lines do not come"
            time.sleep(0.01)
        yield process, listed
    finally:
        listed.close()
        process.kill()
        process.communicate()


def test_several_processes_ask_each_name_once(peer: Served) -> None:
    # Given a list whose domains share records
    # When two processes work on it
    also = ["--also", "tls-rpt", "--also", "caa"]
    several = peer.mailwatch(*arguments(peer.running, "--processes", "2", *also))
    asked = peer.asked()
    alone = peer.mailwatch(*arguments(peer.running, "--processes", "1", *also))
    # Then the lines are those of one process, and no question was asked twice
    assert several.status == alone.status == 0
    assert sorted(several.out.splitlines()) == sorted(alone.out.splitlines())
    assert domains(several.out) == sorted(NAMES)
    assert several.out.count('"dns.tls_rpt"') == several.out.count('"dns.caa"') == NUMBER
    questions = [(request.method, request.path) for request in peer.running.requests[: len(asked)]]
    assert len(questions) == len(set(questions))


def test_a_process_that_dies_costs_no_line(peer: Served) -> None:
    # Given two processes at work
    with at_work(peer, "--processes", "2") as (process, listed):
        # When one of them is killed, and the rest of the list comes
        os.kill(children(process.pid)[0], signal.SIGKILL)
        listed.write(NAMES[NUMBER // 2 :])
        listed.close()
        _, err = process.communicate(timeout=60)
        # Then the other does what is left, and nothing is there twice
        assert process.returncode == 0, err
    assert domains(Path("out").read_text("utf-8")) == sorted(NAMES)


@pytest.mark.parametrize(("processes", "number"), [("1", signal.SIGINT), ("2", signal.SIGTERM)])
def test_an_end_in_the_middle_loses_nothing_that_is_done(
    peer: Served, processes: str, number: int
) -> None:
    # Given a run that is at work
    argv = ["--processes", processes, "--format", "jsonl"]
    with at_work(peer, *argv) as (process, _):
        # When it gets a signal to end
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        # Then it ends with that status, and what is printed and what is in the file are whole lines
        assert process.returncode == 128 + number, err
    written = Path("out").read_text("utf-8")
    assert sorted(written.splitlines()) == sorted(out.decode().splitlines())
    # And another run goes on from there
    argv = arguments(peer.running, "--output", "jsonl=out", "--resume")
    assert peer.mailwatch(*argv).status == 0
    after = Path("out").read_text("utf-8")
    assert after.startswith(written)
    assert domains(after) == sorted(NAMES)


def test_a_reader_that_goes_away_ends_the_run(peer: Served) -> None:
    # Given a run whose first line was read
    listed = Slow()
    listed.write(NAMES[: NUMBER // 2])
    argv = arguments(peer.running, "--processes", "1", "--format", "jsonl", listed="pipe")
    with start(*argv) as process:
        assert process.stdout is not None
        process.stdout.readline()
        # When the reader goes away
        process.stdout.close()
        listed.write(NAMES[NUMBER // 2 :])
        # Then the run ends, though the list does not
        assert process.wait(60) == 141
    listed.close()


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a cluster of two worker processes."""
    distributed: Any = pytest.importorskip("distributed", reason="dask is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
    ) as given:
        yield given.scheduler_address


def workers(scheduler: str) -> list[int]:
    """The processes of the workers that are there now: a new one comes for each that is lost."""
    import distributed

    library: Any = distributed  # it has no types for these
    with library.Client(scheduler) as client:
        client.wait_for_workers(2)
        return list(client.run(os.getpid).values())


def test_dask_does_the_partition_of_a_lost_worker_again(
    peer: Served, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a cluster, partitions that take a while since some questions are lost, and a worker
    # that is killed meanwhile
    monkeypatch.setattr(cluster, "PARTITION", NUMBER // 4)
    FAULTS.add(Rule("dns", Drop(), times=NUMBER))
    worker = workers(scheduler)[0]
    killer = threading.Thread(target=kill_when_asked, args=(peer.running, worker))
    killer.start()
    # When it works through a list
    outcome = peer.mailwatch(*arguments(peer.running, "--engine", "dask", "--scheduler", scheduler))
    killer.join()
    # Then every line is there, and none twice
    assert outcome.status == 0, outcome.err
    assert domains(outcome.out) == sorted(NAMES)


def kill_when_asked(running: Running, worker: int) -> None:
    """Kills `worker` as soon as the first questions have come in."""
    deadline = time.monotonic() + 60
    while not running.requests and time.monotonic() < deadline:
        time.sleep(0.005)
    os.kill(worker, signal.SIGKILL)


def test_dask_reads_the_reports_of_a_lost_worker_again(mailwatch: Command, scheduler: str) -> None:
    # Given reports in several partitions, with a duplicate and one that cannot be read, and a
    # worker that is killed while it has one of them open
    Path("reports").mkdir()
    for number in range(100):
        content = report(Row(count=number + 1), ident=str(max(1, number)))
        Path("reports", f"{number:03}").write_text(content, encoding="utf-8")
    Path("reports", "050").write_text("nothing", encoding="utf-8")
    argv = ("dmarc", "reports", "pipe", "--format", "json", "--history", "none")
    os.mkfifo("pipe")
    killer = threading.Thread(target=kill_reader, args=(Path("pipe"), workers(scheduler)))
    killer.start()
    # When the cluster reads them
    spread = mailwatch(*argv, "--engine", "dask", "--scheduler", scheduler)
    killer.join()
    # Then the report is that of two processes of this machine, with everything counted once
    found = spread.json["sources"][0]
    assert found["counts"]["reports"] == 99, found["error"]
    assert (found["counts"]["duplicates"], found["counts"]["failed"]) == (1, 1)
    assert mailwatch(*argv, "--jobs", "2").json["findings"] == spread.json["findings"]


def kill_reader(pipe: Path, processes: list[int]) -> None:
    """Kills the process that reads `pipe`, in whose place a report is by then."""
    after = pipe.with_name("after")
    after.write_text(report(Row(count=1000), ident="after"), encoding="utf-8")
    with pipe.open("wb"):  # when somebody reads it
        reader = next(process for process in processes if has_open(process, pipe.resolve()))
        after.replace(pipe)
        os.kill(reader, signal.SIGKILL)


def has_open(process: int, path: Path) -> bool:
    return path in [link.resolve() for link in Path(f"/proc/{process}/fd").iterdir()]


def test_a_scheduler_that_is_not_there_is_a_usage_error(peer: Served) -> None:
    pytest.importorskip("distributed", reason="the extra dask is not installed")
    outcome = peer.mailwatch(
        *arguments(peer.running, "--engine", "dask", "--scheduler", "nonsense://x")
    )
    assert outcome.status == 2
    assert outcome.err.startswith("mailwatch: --scheduler nonsense://x cannot be reached")

"""The parts that usually run in other processes, run in this one."""

import asyncio
import io
import os
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mailwatch.bulk.channel import open_channel
from mailwatch.bulk.cluster import spread, work_partition
from mailwatch.bulk.domainwork import DomainWork
from mailwatch.bulk.on_request import FIRST, OnRequest
from mailwatch.bulk.worker import serve
from mailwatch.catalog.catalog import read_catalog
from mailwatch.cli.list_progress import Progress, summary
from mailwatch.config import Domain
from mailwatch.demo import build
from mailwatch.demo import serve as serve_world
from mailwatch.resolver.budget import BudgetedLookup
from mailwatch.resolver.servers import find_servers
from mailwatch.sources.dns.measured import Taken
from tests.cli.look_up import texts
from tests.sources.dns.dns_peer import MemoryLookup, run
from tests.sources.dns.policy_peer import ok, policy_server

DOMAINS = [Domain(f"d{number}.example", ("s1",)) for number in range(5)]
ZONE = texts({"spf.example": "v=spf1 -all"} | {
    domain.name: "v=spf1 include:spf.example -all" for domain in DOMAINS
})  # fmt: skip


@pytest.fixture
def work() -> Iterator[DomainWork]:
    """The work on a small zone that is served."""
    with serve_world(replace(build("healthy", date(2026, 11, 24)), zone=ZONE)) as running:
        servers = find_servers([running.nameserver])
        yield DomainWork.of(servers, read_catalog(), "en", strict=False)


def test_a_partition_gives_a_line_for_each_item(work: DomainWork) -> None:
    # Given two partitions of one run, and one of another
    for token in ("one", "one", "other"):
        # When they are worked on
        results = work_partition(token, work, DOMAINS)
        # Then there is a line for each item, and it is counted
        assert len(results) == len(DOMAINS)
        assert all("verdict breach" in counts for _, counts in results)


def test_a_policy_file_is_fetched_where_there_is_a_record(tmp_path: Path) -> None:
    # Given two domains, of which one has a policy
    zone = MemoryLookup(
        {
            ("_mta-sts.example.com", "TXT"): ["v=STSv1; id=1"],
            ("mta-sts.example.com", "A"): ["127.0.0.1"],
            ("example.com", "MX"): ["10 mx1.example.com"],
            ("example.net", "MX"): ["10 mx1.example.com"],
        }
    )

    async def measure(domain: str) -> list[Taken]:
        lookup = BudgetedLookup(zone.get)
        on_request = OnRequest(tuple(FIRST), server)
        on_request.begin(domain, lookup)
        return await on_request.measure(domain, lookup)

    # When everything is measured that can be asked for
    with policy_server(tmp_path, ok()) as (server, heard):
        found = {domain: run(measure(domain)) for domain in ("example.com", "example.net")}
    # Then one has what is in its file, and nothing was fetched for the other
    assert found["example.com"].value("dns.mta_sts") == "enforce"
    assert found["example.com"].value("dns.mta_sts_mx") == "covered"
    assert found["example.net"].value("dns.mta_sts") == "missing"
    assert len(heard) == 1
    for figures in found.values():
        assert {"dns.mta_sts", "dns.tls_rpt", "dns.bimi", "dns.caa"} <= figures.metrics


class Lost:
    """A future of Dask's whose result is lost with its worker, and is there a moment later."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._statuses = ["lost", "pending", "finished"]

    @property
    def status(self) -> str:
        """What Dask says now."""
        return self._statuses[0] if len(self._statuses) == 1 else self._statuses.pop(0)

    def add_done_callback(self, call: Callable[["Lost"], None]) -> None:
        """It is done at once."""
        call(self)


class Losing:
    """A cluster that loses each result once."""

    def __init__(self) -> None:
        self.cancelled: list[Lost] = []

    def nthreads(self) -> dict[str, int]:
        """One worker."""
        return {"one": 1}

    def submit(self, _: object, part: str, *, pure: bool) -> Lost:
        """The future of `part`."""
        assert not pure
        return Lost(part)

    def cancel(self, futures: list[Lost], *, force: bool) -> None:
        """These are not wanted any more."""
        assert force
        self.cancelled += futures


def test_a_result_that_is_lost_with_its_worker_is_waited_for() -> None:
    client = Losing()
    given = [future for _, future in spread(client, str, iter(["a", "b"]), lambda: False)]
    assert [(one.key, one.status) for one in given] == [("a", "finished"), ("b", "finished")]
    assert not client.cancelled


def test_a_worker_asks_who_finds_out_what_several_need(work: DomainWork) -> None:
    async def talk() -> list[tuple[str, Any]]:
        ours, its = socket.socketpair()
        serving = asyncio.create_task(serve(its))
        channel = await open_channel(ours)
        channel.send("work", work)
        channel.send("items", list(enumerate(DOMAINS)))
        heard: list[tuple[str, Any]] = []
        done = 0
        while done < len(DOMAINS):
            message = await channel.receive()
            assert message is not None
            kind, content = message
            heard.append(message)
            if kind == "wanted":
                channel.send("answers", [(key, None) for key in content])
            if kind == "done":
                done += len(content)
        channel.send("end", None)
        await serving
        assert await channel.receive() is None
        await channel.close()
        return heard

    heard = asyncio.run(talk())
    wanted = [key for kind, content in heard if kind == "wanted" for key in content]
    assert Counter(wanted)["spf.example", "TXT"] == 1
    assert {content[0] for kind, content in heard if kind == "found"} == set(wanted)


def test_nothing_is_said_to_an_end_that_is_gone(caplog: pytest.LogCaptureFixture) -> None:
    async def talk() -> None:
        ours, its = socket.socketpair()
        channel = await open_channel(ours)
        its.close()  # as when the process that reads the list is killed
        for number in range(10):
            channel.send("done", number)
        await channel.flush()
        assert await channel.receive() is None
        await channel.close()

    asyncio.run(talk())
    assert not caplog.records


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """True."""
        return True


def test_progress_shows_rate_and_time_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a list of which a quarter was read in ten seconds, and half of that is done
    monkeypatch.setenv("TERM", "xterm")
    path = tmp_path / "list"
    path.write_bytes(b"x" * 4000)
    now = [0.0]
    terminal = Terminal()
    with path.open("rb") as file:
        progress = Progress(file.fileno(), terminal, lambda: now[0])
        progress.read(1000)
        progress.take(5000)
        now[0] = 10.0
        progress.update(2500)
    # Then it is said on the terminal, and goes away in the end
    assert "2,500 domains, 250 a second, 12%, about 1 min 10 s left" in terminal.getvalue()
    progress.clear()
    assert terminal.getvalue().endswith("\r\x1b[K")
    # And nothing of it on a pipe, and no time left where the size is not known
    pipe = io.StringIO()
    reading, writing = os.pipe()
    quiet = Progress(reading, pipe, lambda: now[0])
    now[0] = 3700.0
    quiet.update(1)
    assert pipe.getvalue() == ""
    os.close(reading)
    os.close(writing)
    lines = list(
        summary(Counter({"verdict ok": 1, "check dns.mx ok": 1}), progress, bad=1, there=2)
    )
    assert lines[0] == "mailwatch: 1 domain: 0 breach, 0 warn, 0 unknown, 1 ok"
    assert "2 were there before; 1 bad line" in lines[1]

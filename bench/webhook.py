"""How many events a second `mailwatch serve` takes, with the history on.

Run it: python bench/webhook.py [SECONDS] [CLIENTS] [EVENTS A REQUEST …]. The server is a process of
its own with a SQLite file; the clients are another one, so that both share this machine's
processors. Requests are signed before the clock starts. In the end the counts are compared with
what was acknowledged.

No answer comes before its events are on the disk, so that a client waits for a commit each time:
with small requests the speed of the disk counts as much as that of the processor. Its own is
printed too.
"""

import http.client
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from mailwatch.history.opened import open_store
from mailwatch.history.place import HistoryPlace
from tests.serve.peer import PATH, Sender, event, packed

LEAST = 3_000
KINDS = ("processed", "delivered", "open", "delivered", "bounce", "click", "deferred")
Request = tuple[bytes, dict[str, str]]


def prepared(sender: Sender, client: int, requests: int, size: int) -> list[Request]:
    """Signed requests with events of a thousand domains, each with an id of its own."""
    now = int(time.time())
    found = []
    for request in range(requests):
        events = [
            event(
                f"{client}-{request}-{n}",
                KINDS[n % len(KINDS)],
                now - n % 60,
                email=f"reader{n}@domain{(request * size + n) % 1000}.example",
                useragent="Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
                ip="192.0.2.17",
                url="https://www.example.com/some/page?with=a&query=string",
            )
            for n in range(size)
        ]
        body = packed(events)
        found.append((body, sender.headers(body, now)))
    return found


def post_all(port: int, requests: list[Request], until: float, answers: list[float]) -> None:
    """Sends on one connection, as long as there is time; the seconds of each answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for body, headers in requests:
        begun = time.perf_counter()
        if begun > until:
            break
        connection.request("POST", PATH, body, headers)
        response = connection.getresponse()
        response.read()
        assert response.status == 204, response.status
        answers.append(time.perf_counter() - begun)
    connection.close()


def load(port: int, batches: list[list[Request]], seconds: float, results: object) -> None:
    """All clients; puts each answer's seconds and the whole time into `results`."""
    answers: list[float] = []
    begun = time.perf_counter()
    threads = [
        threading.Thread(target=post_all, args=(port, batch, begun + seconds, answers))
        for batch in batches
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put((answers, time.perf_counter() - begun))  # type: ignore[attr-defined]  # a queue


def flush_seconds(folder: Path) -> float:
    """The median time that the disk needs to keep 4 KiB."""
    taken = []
    with (folder / "flush").open("wb") as file:
        for _ in range(50):
            begun = time.perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def measure(seconds: float, clients: int, size: int) -> None:
    """Prints each figure of requests with `size` events, with what it has to be."""
    sender = Sender()
    most = int(60_000 * seconds / size / clients) + 1
    batches = [prepared(sender, client, most, size) for client in range(clients)]
    with TemporaryDirectory(dir=Path.cwd()) as name:  # a disk: /tmp may be in memory
        flush = flush_seconds(Path(name))
        config = Path(name) / "mailwatch.yaml"
        config.write_text(f"history: h.sqlite\nserve:\n  webhook_public_key: {sender.public}\n")
        command = [sys.executable, "-m", "mailwatch", "serve", "--config", str(config)]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        server = subprocess.Popen(
            [*command, "--port", "0"], stderr=subprocess.PIPE, text=True, env=os.environ
        )
        assert server.stderr is not None
        port = int(server.stderr.readline().split(":")[3].partition("/")[0])
        results: multiprocessing.Queue[tuple[list[float], float]] = multiprocessing.Queue()
        process = multiprocessing.Process(target=load, args=(port, batches, seconds, results))
        process.start()
        answers, taken = results.get()
        process.join()
        server.terminate()
        server.wait()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        store = open_store(HistoryPlace(path=Path(name) / "h.sqlite"))
        counted = sum(count.n for count in store.event_counts(0)) if store else 0
        file_size = (Path(name) / "h.sqlite").stat().st_size
    answers.sort()
    events = len(answers) * size
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"events                {events:10,} in {taken:.1f} s, {size} a request, {clients} clients"
    )
    print(f"events a second       {events / taken:10,.0f} (at least {LEAST:,})")
    print(f"counted               {counted:10,} (as many as were acknowledged)")
    print(f"an answer, median     {answers[len(answers) // 2] * 1000:10.0f} ms")
    print(f"an answer, 99 of 100  {answers[len(answers) * 99 // 100] * 1000:10.0f} ms")
    print(f"size of the file      {file_size / events:10.0f} bytes an event")
    print(f"processor             {cpu:10.1f} s of both sides, {events / cpu:,.0f} events each")
    print(f"the disk, one flush   {flush * 1000:10.1f} ms")
    assert counted == events


def main() -> None:
    """Large requests and small ones."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    clients = int(sys.argv[2]) if len(sys.argv) > 2 else 16
    for size in map(int, sys.argv[3:] or ("100", "10")):
        measure(seconds, clients, size)
        print()


if __name__ == "__main__":
    main()

"""A list of domains: mailwatch beside checkdmarc and bare aiodns, in the same run.

    python bench/dns.py [DOMAINS] [MANY]

DOMAINS (1,000) generated domains with SPF trees of 2 to 4 levels, DMARC, two selectors and MX, on
NSD behind a proxy that adds 20 ms. The slow peers do a part of the list, and the figure is scaled;
the table says so. MANY (20,000) domains show what memory does. What is compared takes turns; the
ratios are of the medians. The machine should have nothing else to do: the name server and the proxy
share it.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from dns_world import SELECTORS, nsd, proxy, zone

ROUNDS = 3
THREADED, SEQUENTIAL = 100, 10
"""Domains that checkdmarc does: with threads, and as its command does them."""


def memory_of(process: int) -> int:
    """kB of the process and all below it, shared pages counted once."""
    total = 0
    for one in [process, *_children(process)]:
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text("utf-8")
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total


def _children(process: int) -> list[int]:
    try:
        text = Path(f"/proc/{process}/task/{process}/children").read_text("utf-8")
    except OSError:
        return []
    return [int(child) for child in text.split()]


def ours(path: Path, port: int, *options: str) -> tuple[float, int, list[str]]:
    """Seconds without the start of Python, as of the peers, peak kB, and the lines."""
    out = path.with_suffix(".jsonl")
    selectors = [part for name in SELECTORS for part in ("--selector", name)]
    process = subprocess.Popen(
        [sys.executable, "-m", "mailwatch", "dns", "--from", str(path), *selectors,
         "--resolver", f"127.0.0.1:{port}", "--output", f"jsonl={out}", *options],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    peaks = [0]

    def watch() -> None:
        while process.poll() is None:
            peaks.append(memory_of(process.pid))
            time.sleep(0.1)

    watching = threading.Thread(target=watch)
    watching.start()
    _, said = process.communicate()
    watching.join()
    rate = re.search(r"([0-9,.]+) a second", said)
    lines = sorted(out.read_text("utf-8").splitlines())
    seconds = len(lines) / float(rate.group(1).replace(",", "")) if rate else 0.0
    return seconds, max(peaks), lines


def peer(name: str, path: Path, port: int, names: list[str]) -> float:
    """Seconds a domain of a peer that does these names."""
    part = path.with_suffix(f".{name}")
    part.write_text("\n".join(names), encoding="utf-8")
    program = Path(__file__).with_name("dns_peers.py")
    run = subprocess.run(
        [sys.executable, str(program), name, str(port), str(part)],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return float(run.stdout) / len(names)


def verdicts(lines: list[str]) -> dict[str, str]:
    """The verdict of each domain."""
    return {found["domain"]: found["verdict"] for found in map(json.loads, lines)}


def speeds(path: Path, upstream: int, names: list[str]) -> dict[str, float]:
    """Seconds a domain of each contender; mailwatch and aiodns take turns."""
    taken: dict[str, list[float]] = {"one process": [], "two processes": [], "bare aiodns": []}
    with proxy(upstream) as port:
        for _ in range(ROUNDS):
            for number, name in ((1, "one process"), (2, "two processes")):
                seconds, _, _ = ours(path, port, "--processes", str(number))
                taken[name].append(seconds / len(names))
            taken["bare aiodns"].append(peer("aiodns", path, port, names))
        threaded = peer("checkdmarc-threads", path, port, names[:THREADED])
        taken["checkdmarc, 32 threads"] = [threaded]
        taken["checkdmarc, its command"] = [peer("checkdmarc", path, port, names[:SEQUENTIAL])]
    return {name: statistics.median(found) for name, found in taken.items()}


def losses(path: Path, upstream: int, count: int) -> None:
    """What 2 % of lost packets cost, each way."""
    with proxy(upstream) as port:
        sound, _, lines = ours(path, port)
    with proxy(upstream, loss=0.02) as port:
        lossy, _, lossy_lines = ours(path, port)
    right, found = verdicts(lines), verdicts(lossy_lines)
    unknown = sum(verdict == "unknown" for verdict in found.values())
    wrong = sum(found[name] not in (right[name], "unknown") for name in right)
    print(f"2 % loss: {lossy / sound:.1f} × the time (at most 4), {wrong} wrong verdicts, "
          f"{unknown} of {count} unknown")  # fmt: skip


def memory(path: Path, upstream: int, count: int, many: int) -> None:
    """The peak of many domains against that of the list."""
    with proxy(upstream, delay=0.0) as port:
        few = ours(path, port)[1]
        names = path.read_text("utf-8").split()
        longer = path.with_suffix(".many")
        # Names below those that are served: a wildcard answers, and none is in a cache.
        longer.write_text("\n".join(f"w{n}.{names[n % count]}" for n in range(many)))
        seconds, peak, _ = ours(longer, port)
    print(f"memory of all processes: {count:,} domains {few / 1024:.0f} MB, {many:,} domains "
          f"{peak / 1024:.0f} MB: {(peak - few) / 1024:+.0f} MB (at most +40), "
          f"{many / seconds:,.0f} domains a second without delay")  # fmt: skip


def cold(upstream: int, name: str) -> None:
    """One domain against the imports that it cannot do without."""
    command = [sys.executable, "-m", "mailwatch", "dns", name, "--resolver",
               f"127.0.0.1:{upstream}"]  # fmt: skip
    bare = [sys.executable, "-c", "import typer, rich, dns.asyncresolver"]
    taken: list[tuple[float, float]] = []
    for _ in range(9):
        pair = []
        for argv in (command, bare):
            begun = time.perf_counter()
            subprocess.run(argv, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            pair.append(time.perf_counter() - begun)
        taken.append((pair[0], pair[1]))
    one, other = (statistics.median(column) for column in zip(*taken, strict=True))
    print(f"one domain, cold: {one * 1000:.0f} ms, imports {other * 1000:.0f} ms: "
          f"{one / other:.2f} × (at most 1.5)")  # fmt: skip


def questions(path: Path, upstream: int, count: int) -> None:
    """Questions a domain, as a counting proxy sees them."""
    with tempfile.NamedTemporaryFile() as file, proxy(upstream, count_to=file.name) as port:
        ours(path, port)
        time.sleep(0.3)
        asked = int(Path(file.name).read_text("utf-8") or 0)
    print(f"questions a domain: {asked / count:.2f} (at most 6)")


def main() -> None:
    """Prints the table of the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    many = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    text, names = zone(count)
    with tempfile.TemporaryDirectory() as folder, nsd(text) as upstream:
        os.environ["XDG_STATE_HOME"] = folder  # no history of other runs is read
        path = Path(folder) / "list"
        path.write_text("\n".join(names), encoding="utf-8")
        seconds = speeds(path, upstream, names)
        for name, taken in seconds.items():
            print(f"{name:26} {1 / taken:10,.1f} domains a second")
        print(f"(checkdmarc: {THREADED} domains with threads, {SEQUENTIAL} without, scaled)")
        best = min(seconds["one process"], seconds["two processes"])
        threaded, command = (seconds[f"checkdmarc, {how}"] for how in ("32 threads", "its command"))
        print(f"against checkdmarc with 32 threads: {threaded / best:.0f} × (at least 25); "
              f"as its command runs: {command / best:,.0f} × (at least 800)")  # fmt: skip
        for name in ("one process", "two processes"):
            print(f"against bare aiodns, {name}: {seconds['bare aiodns'] / seconds[name]:.2f}")
        questions(path, upstream, count)
        losses(path, upstream, count)
        memory(path, upstream, count, many)
        cold(upstream, names[0])


if __name__ == "__main__":
    main()

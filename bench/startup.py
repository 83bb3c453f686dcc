"""How long mailwatch takes to start: its help, and one domain asked about.

    python bench/startup.py [RUNS]

`mailwatch --help` is held against `python -c "import typer, rich"`. `mailwatch dns example.com`,
with a name server on this machine and a history, is held against `python -c "import typer, rich,
dns.asyncresolver"`: what a program with these libraries cannot do without. The two take turns, so
that a machine that slows down slows both; the ratios are of the medians of RUNS (20). Beside the
time on the clock stands that of the processor, which other work on the machine disturbs less. All
of it is compiled once before, as an installed program is.

dnspython imports what there is for DNS over HTTPS, so that its start depends on what else is
installed; the table says so.
"""

import contextlib
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from dns_world import NSD, nsd

ROOT = Path(__file__).parents[1]
DOMAIN = "example.com"
ZONE = f"""$ORIGIN .
$TTL 3600
. SOA ns.test. admin.test. 1 7200 900 1209600 300
. NS ns.test.
ns.test. A 127.0.0.1
{DOMAIN}. TXT "v=spf1 include:spf.test -all"
{DOMAIN}. MX 10 mx.{DOMAIN}.
mx.{DOMAIN}. A 192.0.2.1
_dmarc.{DOMAIN}. TXT "v=DMARC1; p=reject; rua=mailto:dmarc@{DOMAIN}"
spf.test. TXT "v=spf1 ip4:192.0.2.0/24 ~all"
"""
SERVE = """
import datetime, sys
from mailwatch.demo import build, serve
with serve(build("healthy", datetime.date(2026, 11, 24))) as running:
    print(running.nameserver, flush=True)
    sys.stdin.read()
"""
CLIENTS = ("sendgrid", "googleapiclient", "dns", "urllib3")
Cost = tuple[float, float]
"""Milliseconds on the clock, and of the processor."""


@contextlib.contextmanager
def name_server() -> Iterator[str]:
    """NSD; where it is not installed, the server of the demo, in a process of its own."""
    if Path(NSD).exists():
        with nsd(ZONE) as port:
            yield f"127.0.0.1:{port}"
        return
    command = [sys.executable, "-c", SERVE]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT) as server:
        yield (server.stdout.readline() if server.stdout else "").strip()
        server.communicate("")


def cost(command: list[str], folder: str) -> Cost:
    """What one run of `command` takes, in an empty folder and with a history of its own."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": f"{folder}/compiled",
        "XDG_STATE_HOME": f"{folder}/state",
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, *command],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
    )
    taken, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return taken * 1000, processor * 1000


def compare(ours: list[str], peers: list[str], most: float, runs: int) -> None:
    """Prints what both take, and the ratio, which is to be `most` at most."""
    with TemporaryDirectory() as folder:
        cost(ours, folder), cost(peers, folder)
        pairs = [(cost(ours, folder), cost(peers, folder)) for _ in range(runs)]
    medians = [
        [statistics.median(run[side][kind] for run in pairs) for kind in (0, 1)] for side in (0, 1)
    ]
    names = f"mailwatch {' '.join(ours[2:4])}", f'python -c "{peers[1]}"'
    for name, (clock, processor) in zip(names, medians, strict=True):
        print(f"{name:<53}{clock:6.0f} ms {processor:6.0f} ms")
    clock, processor = (mine / theirs for mine, theirs in zip(*medians, strict=True))
    print(f"{'ratio':<53}{clock:6.2f}    {processor:6.2f}    (at most {most})\n")


def imported(*modules: str) -> str:
    """Which of these a help imports, or (for those of dnspython) its resolver."""
    script = (
        "import sys; from mailwatch.cli import main; main(['--help']); "
        f"print(*[m for m in {modules} if m in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT
    )
    return ", ".join(run.stderr.split()) or "none"


def main() -> None:
    """Prints both comparisons, and what was imported."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    print(f"{'':<53}{'clock':>9} {'processor':>9}")
    compare(["-m", "mailwatch", "--help"], ["-c", "import typer, rich"], 1.6, runs)
    with name_server() as address:
        compare(
            ["-m", "mailwatch", "dns", DOMAIN, "--resolver", address],
            ["-c", "import typer, rich, dns.asyncresolver"],
            1.5,
            runs,
        )
    print(f"client libraries that the help imports: {imported(*CLIENTS)}")
    script = (
        "import sys, dns.asyncresolver; print('httpx2' in sys.modules or 'httpx' in sys.modules)"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    print(f"dnspython imports DNS over HTTPS here:   {'yes' if 'True' in found.stdout else 'no'}")


if __name__ == "__main__":
    main()

"""How long `mailwatch --help` takes, as a ratio to `python -c "import typer, rich"`.

Run it: python bench/startup.py [RUNS]. The two take turns, so that a machine that slows down slows
both; the ratio is of the medians.
"""

import statistics
import subprocess
import sys
import time

MAILWATCH = [sys.executable, "-m", "mailwatch", "--help"]
PEER = [sys.executable, "-c", "import typer, rich"]
CLIENTS = ("sendgrid", "googleapiclient", "dns", "urllib3")


def seconds(command: list[str]) -> float:
    """Wall-clock seconds of one run of `command`."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def imported() -> list[str]:
    """The client libraries that `mailwatch --help` imports: there should be none."""
    script = (
        "import sys; from mailwatch.cli import main; main(['--help']); "
        f"print(*[m for m in {CLIENTS} if m in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return run.stderr.split()


def main() -> None:
    """Prints both medians, the ratio and what was imported."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    seconds(MAILWATCH), seconds(PEER)
    pairs = [(seconds(MAILWATCH), seconds(PEER)) for _ in range(runs)]
    ours, peers = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"mailwatch --help                 {ours * 1000:6.0f} ms")
    print(f'python -c "import typer, rich"   {peers * 1000:6.0f} ms')
    print(f"ratio                            {ours / peers:6.2f}    (at most 1.6)")
    print(f"client libraries imported        {', '.join(imported()) or 'none'}")


if __name__ == "__main__":
    main()

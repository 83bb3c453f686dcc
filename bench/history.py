"""What a year of history costs: 1,000 subjects with 20 figures each, 7.3 million days.

Run it: python bench/history.py [SUBJECTS] [FILE]. The history is made by importing a CSV file,
which is timed. Then one series is read, and `check` on the demo's servers runs with that history
and without any, taking turns; the history has two months of the demo's figures too, so that a run
finds days before its own. `make bench` runs it with fewer subjects.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from mailwatch.demo import build, serve
from mailwatch.demo.story.configuration import configured
from mailwatch.history.opened import open_store
from mailwatch.history.place import HistoryPlace
from mailwatch.model import Subject

FIGURES = 20
DAYS = 365
FIRST = date(2025, 11, 24)
NAMES = ["sendgrid.bounce_rate", *(f"sendgrid.figure_{n}" for n in range(1, FIGURES))]


def lines(subjects: int) -> Iterator[str]:
    """The CSV file, one series after the other."""
    days = [str(FIRST + timedelta(days=n)) for n in range(DAYS)]
    for subject in range(subjects):
        about = f'"{{""subuser"": ""s{subject}""}}"'
        for name in NAMES:
            yield "".join(
                f"{name},{about},{day},{n % 97},{9000 + n},\n" for n, day in enumerate(days)
            )


def write_csv(path: Path, subjects: int) -> int:
    """The file; how many rows it has."""
    with path.open("w", encoding="utf-8") as file:
        file.write("check,subject,day,numerator,denominator,value\n")
        file.writelines(lines(subjects))
    return subjects * FIGURES * DAYS


def seconds(command: list[str], **more: str) -> float:
    """Wall-clock seconds of a process, whatever its exit status."""
    begun = time.perf_counter()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env={**os.environ, **more})
    return time.perf_counter() - begun


def median_read(path: Path, subjects: int) -> float:
    """Seconds for one series through the library, the store opened anew each time."""
    taken = []
    for n in range(25):
        wanted = Subject.of(subuser=f"s{n * 37 % subjects}")
        begun = time.perf_counter()
        store = open_store(HistoryPlace(path=path))
        found = list(store.series(NAMES[0], wanted)) if store else []
        taken.append(time.perf_counter() - begun)
        assert [len(series.days) for series in found] == [DAYS]
    return statistics.median(taken)


def both_seconds(command: list[str]) -> tuple[float, float]:
    """Wall-clock seconds of a process, and seconds of CPU, which a busy machine does not change
    much."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall = seconds(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def add_earlier_months(path: Path) -> int:
    """Gives each series of the newest run its own days again, one and two months before; how many
    days that is."""
    store = open_store(HistoryPlace(path=path))
    assert store is not None
    known = {(found.check, found.subject) for found in store.findings(store.runs()[-1])}
    series = [found for one in known if (found := store.one_series(*one)) is not None]
    return store.import_days(
        (one.check, one.subject, replace(day, day=day.day - timedelta(days=months * 31)))
        for one in series
        if len(one.days) > 1
        for months in (1, 2)
        for day in one.days
    )


Added = tuple[float, float, float]


def median_added(path: Path, turns: int = 9) -> Added:
    """Seconds of `check` without a history, what this one adds to it, and what of CPU."""
    world = build("creeping", datetime.now().astimezone().date())
    with serve(world) as running, configured(world, running) as config:
        command = [sys.executable, "-m", "mailwatch", "check", "--config", str(config)]
        asked = [(*command, "--history", place) for place in ("none", str(path))]
        for one in asked:
            seconds([*one])
        add_earlier_months(path)
        taken = [[both_seconds([*one]) for one in asked] for _ in range(turns)]
    wall = [statistics.median(turn[place][0] for turn in taken) for place in (0, 1)]
    cpu = [statistics.median(turn[place][1] for turn in taken) for place in (0, 1)]
    return wall[0], wall[1] - wall[0], cpu[1] - cpu[0]


def main() -> None:
    """Prints each figure with what it may be."""
    subjects = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = Path(sys.argv[2]) if len(sys.argv) > 2 else folder / "history.sqlite"
        mailwatch = [sys.executable, "-m", "mailwatch", "history"]
        if not path.exists():
            rows = write_csv(folder / "year.csv", subjects)
            taken = seconds(
                [*mailwatch, "import", str(folder / "year.csv"), "--history", str(path)]
            )
            print(f"import                  {rows / taken:10,.0f} rows a second (at least 10,000)")
            print(f"rows                    {rows:10,}, {taken:.0f} s")
            memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(f"memory of the import    {memory:10,.0f} MB")
        print(f"size of the file        {path.stat().st_size / 1e6:10,.0f} MB")
        print(f"one series, library     {median_read(path, subjects) * 1000:10.1f} ms (under 50)")
        show = [*mailwatch, NAMES[0], "--subject", "subuser=s7", "--history", str(path)]
        shown = statistics.median(seconds(show) for _ in range(5))
        print(f"one series, process     {shown * 1000:10.0f} ms, with Python's start")
        without, added, cpu = median_added(path)
        print(f"check without a history {without * 1000:10.0f} ms")
        print(
            f"check adds              {added * 1000:10.0f} ms (under 200), {cpu * 1000:.0f} of CPU"
        )


if __name__ == "__main__":
    main()

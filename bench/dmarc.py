"""How fast DMARC reports are read, beside parsedmarc, dmarc-report and a bare parser of XML.

Run it: python bench/dmarc.py [RUNS]. Whole processes, start-up included; in each round every
program has its turn, and the ratios are of the medians. It needs parsedmarc and dmarc-report.

    20,000 records   one file
    files            small gz files in a folder, with and without --jobs
    bomb             200 MB in a small file: seconds and memory, compared with a small report
"""

import gzip
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

MAILWATCH = [sys.executable, "-m", "mailwatch", "dmarc", "--format", "json", "--fail-on", "never"]
PARSEDMARC = [str(Path(sys.executable).with_name("parsedmarc")), "--offline", "-s"]
DMARC_REPORT_CODE = (
    "import pathlib, sys\n"
    "from dmarc_report.parser import DMARCParser\n"
    "named = pathlib.Path(sys.argv[1])\n"
    "files = sorted(named.iterdir()) if named.is_dir() else [named]\n"
    "for file in files: DMARCParser.parse_file(file)\n"
)
DMARC_REPORT = [sys.executable, "-c", DMARC_REPORT_CODE]
ITERPARSE_CODE = (
    "import gzip, sys\n"
    "from xml.etree.ElementTree import iterparse\n"
    "for _, element in iterparse(gzip.open(sys.argv[1])):\n"
    "    if element.tag == 'record': element.clear()\n"
)
ITERPARSE = [sys.executable, "-c", ITERPARSE_CODE]
BEGIN = 1_795_392_000
RECORD = """  <record>
    <row>
      <source_ip>{ip}</source_ip>
      <count>{count}</count>
      <policy_evaluated>
        <disposition>none</disposition>
        <dkim>{result}</dkim>
        <spf>{result}</spf>
      </policy_evaluated>
    </row>
    <identifiers>
      <envelope_from>bounce.example.com</envelope_from>
      <header_from>example.com</header_from>
    </identifiers>
    <auth_results>
      <dkim>
        <domain>example.com</domain>
        <selector>s{selector}</selector>
        <result>{result}</result>
      </dkim>
      <spf>
        <domain>bounce.example.com</domain>
        <scope>mfrom</scope>
        <result>{result}</result>
      </spf>
    </auth_results>
  </record>
"""


def report(records: int, number: int = 0) -> str:
    """A report with so many records, always the same one."""
    chance = random.Random(number)
    rows = [
        RECORD.format(
            ip=f"198.51.{chance.randrange(100)}.{chance.randrange(256)}",
            count=chance.randrange(1, 200),
            result="pass" if chance.random() < 0.9 else "fail",
            selector=chance.randrange(1, 4),
        )
        for _ in range(records)
    ]
    return f"""<?xml version="1.0" encoding="UTF-8" ?>
<feedback>
  <version>1.0</version>
  <report_metadata>
    <org_name>receiver.example</org_name>
    <email>noreply-dmarc@receiver.example</email>
    <report_id>{number}</report_id>
    <date_range>
      <begin>{BEGIN}</begin>
      <end>{BEGIN + 86399}</end>
    </date_range>
  </report_metadata>
  <policy_published>
    <domain>example.com</domain>
    <adkim>r</adkim>
    <aspf>r</aspf>
    <p>none</p>
    <sp>none</sp>
    <pct>100</pct>
  </policy_published>
{"".join(rows)}</feedback>
"""


MEASURE = (
    "import os, sys, time\n"
    "out = os.open(os.devnull, os.O_WRONLY)\n"
    "begun = time.perf_counter()\n"
    "pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[\n"
    "    (os.POSIX_SPAWN_DUP2, out, 1), (os.POSIX_SPAWN_DUP2, out, 2)])\n"
    "_, status, usage = os.wait4(pid, 0)\n"
    "seconds = time.perf_counter() - begun\n"
    "print(seconds, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))\n"
)
"""A small process that starts the one to measure: a new process begins with its parent's peak."""


def run(command: list[str]) -> tuple[float, float]:
    """Seconds and megabytes of one process; of its children only the largest counts."""
    measured = subprocess.run(
        [sys.executable, "-S", "-E", "-c", MEASURE, *command],
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, megabytes, status = measured.stdout.split()
    if status not in ("0", "3"):
        raise SystemExit(f"{command[0]}: status {status}")
    return float(seconds), float(megabytes)


def compare(title: str, commands: Mapping[str, list[str]], runs: int) -> dict[str, float]:
    """The median seconds of each command, which take turns."""
    print(title)
    for command in commands.values():
        run(command)
    rounds = [{name: run(command) for name, command in commands.items()} for _ in range(runs)]
    seconds = {name: statistics.median(one[name][0] for one in rounds) for name in commands}
    for name in commands:
        size = max(one[name][1] for one in rounds)
        print(f"  {name:<22} {seconds[name]:7.2f} s {size:6.0f} MB")
    return seconds


def ratios(seconds: Mapping[str, float], ours: str, parsedmarc: float, dmarc_report: float) -> None:
    """Prints how many times faster `ours` is, and the least that is wanted."""
    for name, least in (("parsedmarc", parsedmarc), ("dmarc-report", dmarc_report)):
        print(f"  {seconds[name] / seconds[ours]:5.1f} × {name}   (at least {least:g})")


def write_files(folder: Path, files: int) -> Path:
    """So many small gz files, ten records each."""
    folder.mkdir()
    for number in range(files):
        content = gzip.compress(report(10, number).encode())
        name = f"receiver.example!example.com!{BEGIN}!{BEGIN + 86399}!{number}.xml.gz"
        (folder / name).write_bytes(content)
    return folder


def compare_one_file(folder: Path, runs: int) -> None:
    """One file of 20,000 records."""
    path = folder / "large.xml.gz"
    path.write_bytes(gzip.compress(report(20_000).encode()))
    seconds = compare(
        "One file of 20,000 records",
        {
            "mailwatch": [*MAILWATCH, str(path)],
            "parsedmarc": [*PARSEDMARC, str(path)],
            "dmarc-report": [*DMARC_REPORT, str(path)],
            "iterparse": [*ITERPARSE, str(path)],
        },
        runs,
    )
    ratios(seconds, "mailwatch", 6.5, 3)
    print(f"  {seconds['mailwatch'] / seconds['iterparse']:5.1f} × iterparse's time   (at most 2)")


def compare_folder(folder: Path, jobs: int, least: tuple[float, float], runs: int) -> None:
    """A folder of small files."""
    files = len(list(folder.iterdir()))
    options = ["--jobs", str(jobs)] if jobs > 1 else []
    seconds = compare(
        f"{files:,} small gz files, {'--jobs ' + str(jobs) if jobs > 1 else 'without --jobs'}",
        {
            "mailwatch": [*MAILWATCH, *options, str(folder)],
            "parsedmarc": [*PARSEDMARC, str(folder)],
            "dmarc-report": [*DMARC_REPORT, str(folder)],
        },
        runs,
    )
    ratios(seconds, "mailwatch", *least)


def show_bomb(folder: Path, runs: int) -> None:
    """What 200 MB in a small file cost more than a small report."""
    small, bombs = folder / "small.gz", {"zeros": b"\0", "spaces": b" ", "records": b""}
    small.write_bytes(gzip.compress(report(10).encode()))
    print("A bomb of 200 MB")
    plain = [run([*MAILWATCH, str(small)]) for _ in range(runs)]
    seconds, size = (statistics.median(column) for column in zip(*plain, strict=True))
    record = RECORD.format(ip="192.0.2.1", count=1, result="pass", selector=1).encode()
    for name, filling in bombs.items():
        path = folder / f"{name}.gz"
        filling = filling * (1 << 20) if filling else record * 1000  # noqa: PLW2901
        head, _, _ = report(0).partition("</feedback>")
        with gzip.open(path, "wb", 6) as file:
            file.write(b"" if name == "zeros" else head.encode())
            for _ in range(200 * (1 << 20) // len(filling)):
                file.write(filling)
        took = [run([*MAILWATCH, str(path)]) for _ in range(runs)]
        more, most = (statistics.median(column) for column in zip(*took, strict=True))
        print(
            f"  {name:<10} {more - seconds:+5.2f} s   (at most 1)  {most:4.0f} MB, "
            f"{most - size:+.0f} MB   (at most 60)"
        )


def main() -> None:
    """Prints every comparison."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_STATE_HOME"] = str(folder / "state")  # each run is stored, as always
        compare_one_file(folder, runs)
        show_bomb(folder, runs)
        compare_folder(write_files(folder / "2000", 2000), 1, (3.5, 2.2), runs)
        compare_folder(write_files(folder / "5000", 5000), 2, (5, 3), runs)


if __name__ == "__main__":
    main()

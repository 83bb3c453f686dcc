"""dns --from: what comes out for each line of a list, and what the run exits with."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import mailwatch as package
from mailwatch.demo import Running
from mailwatch.demo.dns.dns_faults import Rcode
from mailwatch.demo.wire.faults import Rule
from tests.cli.conftest import ROOT, Command, Outcome, watched
from tests.cli.look_up import served, texts

SCHEMA = Draft202012Validator(
    json.loads((Path(package.__file__).parent / "schemas" / "domain.json").read_text("utf-8"))
)
SHARED = "v=spf1 ip4:192.0.2.0/24 -all"
ZONE = {
    **texts(
        {
            "spf.example": SHARED,
            **{f"d{n}.example": "v=spf1 include:spf.example -all" for n in range(40)},
            **{f"_dmarc.d{n}.example": "v=DMARC1; p=reject; rua=mailto:a@b.c" for n in range(40)},
        }
    ),
    **{(f"d{n}.example", "MX"): ("10 mx.example.",) for n in range(40)},
}


@dataclass(frozen=True)
class Listed:
    """The command on a list, and what it asked."""

    mailwatch: Command
    running: Running

    def __call__(self, *argv: str, lines: str | None = None) -> Outcome:
        """The outcome, of a list of these lines; every line on stdout is as the schema says."""
        if lines is not None:
            Path("list").write_text(lines, encoding="utf-8")
        outcome = self.mailwatch(
            "dns", "--from", "list", "--resolver", self.running.nameserver, *argv
        )
        for found in by_domain(outcome.out).values():
            SCHEMA.validate(found)
        return outcome


def by_domain(text: str) -> dict[str, Any]:
    """The lines by their domains, each of which has one."""
    found = [json.loads(line) for line in text.splitlines()]
    assert len({one["domain"] for one in found}) == len(found)
    return {one["domain"]: one for one in found}


def names(number: int) -> str:
    return "".join(f"d{n}.example\n" for n in range(number))


@pytest.fixture
def listed(mailwatch: Command) -> Iterator[Listed]:
    """A zone of forty sound domains without selectors."""
    with served(mailwatch, "dns", ZONE) as peer:
        yield Listed(mailwatch, peer.running)


def level_of(found: Mapping[str, Any]) -> set[tuple[str, str, str, Any]]:
    """What a finding says, as far as a line and a report both have it."""
    return {
        (one["check"], json.dumps(one["subject"], sort_keys=True), one["level"], one["value"])
        for one in found["findings"]
    }


def test_a_line_says_what_the_report_on_one_domain_says(mailwatch: Command) -> None:
    # Given the demo world, and a list with a plain line, an object and one that does not exist
    with watched("migration") as (running, _):
        line = Listed(mailwatch, running)
        lines = 'example.com\n{"domain": "sendgrid.net", "selectors": ["s1"]}\nno.such.invalid\n'
        # When the list is measured, and then each domain by itself
        also = ["--also", "tls-rpt", "--also", "bimi", "--also", "caa"]
        found = by_domain(line("--selector", "s1", "--format", "jsonl", *also, lines=lines).out)
        measured = {one["check"] for one in found["example.com"]["findings"]}
        assert {"dns.tls_rpt", "dns.bimi", "dns.caa"} <= measured
        assert len(found["no.such.invalid"]["findings"]) == 1
        for domain, selectors in (("example.com", 1), ("sendgrid.net", 1), ("no.such.invalid", 1)):
            alone = mailwatch(
                "dns", domain, *["--selector", "s1"] * selectors, "--format", "json",
                "--resolver", running.nameserver,
            ).json  # fmt: skip
            # Then both say the same, in the same words
            # (a domain by itself is also measured around its records)
            assert level_of(found[domain])
            assert level_of(found[domain]) <= level_of(alone)
            reasons = {one["check"]: one["reason"] for one in alone["findings"]}
            assert all(one["reason"] == reasons[one["check"]] for one in found[domain]["findings"])


def test_lines_that_name_no_domain_are_reported_and_skipped(listed: Listed) -> None:
    # Given a list with every kind of bad line, and names in other spellings
    selectors = '{"domain": "d0.example", "selectors": "s1"}'
    bad = ["no domain", "{", '{"domain": 1}', '{"domian": "a.example"}', "x" * 20_000, selectors]
    bad += ["a..b", "\x00", '["d0.example"]', "localhost", "a" * 300, "a.b@d0.example", "192.0.2.1"]
    lines = "\ufeffd0.example\r\n\n" + "\n".join(bad) + "\n D1.EXAMPLE. \nd２.example"
    # When it is measured
    outcome = listed("--processes", "1", lines=lines)
    # Then each bad line is named by its number, and none costs the others or the status
    assert set(by_domain(outcome.out)) == {"d0.example", "d1.example", "d2.example"}
    for number in range(3, 3 + len(bad)):
        assert f"line {number}: " in outcome.err
    assert "3 domains: 0 breach" in outcome.err
    assert f"{len(bad)} bad lines" in outcome.err
    assert all(line.isprintable() for line in outcome.err.splitlines())
    assert outcome.status == 0
    # With --strict it does
    assert listed("--processes", "1", "--strict").status == 3


CONTRADICTIONS = [
    ["--format", "json"],
    ["--format", "html"],
    ["--output", "json=x"],
    ["--output", "jsonl"],
    ["--output", "jsonl=x", "--output", "jsonl=y"],
    ["--resume"],
    ["--resume", "--output", "jsonl=-"],
    ["d0.example"],
    ["--as-of", "2026-11-20"],
    ["--scheduler", "tcp://127.0.0.1:1"],
    ["--selector", "a b"],
    ["--output", "jsonl=list"],
    ["--output", "jsonl=no/such/folder"],
    ["--resume", "--output", "jsonl=/dev/null"],
    ["--fix", "zone"],
    ["--baseline", "baseline.json"],
    ["--history", "history.sqlite"],
    ["--mail-to", "a@b.example"],
    ["--digest", "weekly"],
    ["--from", ""],
]


def test_a_contradiction_is_a_usage_error(listed: Listed) -> None:
    # Given a list, and options that do not fit it
    for argv in CONTRADICTIONS:
        # When / Then nothing is measured, and it says why
        outcome = listed(*argv, lines="d0.example\n")
        assert (outcome.status, outcome.out) == (2, ""), argv
        assert outcome.err.startswith("mailwatch: "), argv
    assert not listed.running.requests


def test_a_list_that_cannot_be_read_is_a_usage_error(mailwatch: Command) -> None:
    for name in ("no-such-file", "."):
        assert mailwatch("dns", "--from", name, "--resolver", "127.0.0.1:9").status == 2
    for option in (
        ["--also", "caa"],
        ["--resume"],
        ["--processes", "2"],
        ["--engine", "dask"],
        ["--scheduler", "x"],
    ):
        assert mailwatch("dns", "example.com", *option).status == 2


def test_no_name_is_asked_twice(listed: Listed) -> None:
    # Given forty domains that share a record, and one that is there twice
    # When they are measured
    Path("list").write_text(names(40) + "d7.example\n", encoding="utf-8")
    outcome = listed.mailwatch("dns", "--from", "list", "--resolver", listed.running.nameserver)
    # Then each question was asked once, and there is a line for each line
    assert outcome.status == 0
    assert len(outcome.out.splitlines()) == 41
    asked = [(request.method, request.path) for request in listed.running.requests]
    assert len(asked) == len(set(asked))
    assert len(asked) <= 6 * 40


def test_the_status_is_that_of_the_findings(mailwatch: Command, listed: Listed) -> None:
    # Given a list in which one domain has no policy
    lines = "d0.example\nspf.example\n"
    # When / Then a breach exits with 1, unless nobody wants to know
    assert listed(lines=lines).status == 1
    assert listed("--fail-on", "never").status == 0
    assert listed("--fail-on", "unknown", lines="d0.example\n").status == 1
    # And a resolver that does not answer exits with 3
    assert mailwatch("dns", "--from", "list", "--resolver", "127.0.0.1:9").status == 3


def test_quiet_leaves_out_what_is_ok_on_stdout_only(listed: Listed) -> None:
    outcome = listed("--quiet-ok", "--format", "jsonl", "--output", "jsonl=out",
                     lines="d0.example\nspf.example\n")  # fmt: skip
    shown = by_domain(outcome.out)["spf.example"]
    assert "ok" not in {one["level"] for one in shown["findings"]}
    assert set(by_domain(Path("out").read_text("utf-8"))) == {"d0.example", "spf.example"}


def test_a_run_goes_on_where_another_ended(listed: Listed) -> None:
    # Given the lines of a whole run, and a file with the first of them and half of another
    listed("--output", "jsonl=whole", lines=names(8) + "spf.example\n")
    whole = Path("whole").read_bytes().splitlines(keepends=True)
    breach = next(line for line in whole if b"spf.example" in line)
    kept = [breach, *[line for line in whole if line is not breach][:3]]
    Path("out").write_bytes(b"".join(kept) + whole[-1][:40])
    # When it is resumed
    outcome = listed("--output", "jsonl=out", "--resume")
    # Then what was there stands untouched, the rest follows, and the status counts all of it
    after = Path("out").read_bytes()
    assert after.startswith(b"".join(kept))
    assert set(by_domain(after.decode())) == set(by_domain(b"".join(whole).decode()))
    assert outcome.status == 1
    assert outcome.out == ""
    assert "4 were there before" in outcome.err
    # And resumed again, there is nothing left to do
    assert listed("--output", "jsonl=out", "--resume").status == 1
    assert Path("out").read_bytes() == after
    # And without --resume it is written anew
    listed("--output", "jsonl=out", lines="d0.example\n")
    assert list(by_domain(Path("out").read_text("utf-8"))) == ["d0.example"]


def test_a_file_of_something_else_is_not_appended_to(listed: Listed) -> None:
    Path("out").write_text("my diary\n", encoding="utf-8")
    outcome = listed("--output", "jsonl=out", "--resume", lines="d0.example\n")
    assert outcome.status == 2
    assert "line 1 of out" in outcome.err
    assert Path("out").read_text("utf-8") == "my diary\n"


def test_a_full_disk_and_a_limit_of_time_are_no_success(listed: Listed) -> None:
    if Path("/dev/full").exists():
        assert listed("--output", "jsonl=/dev/full", lines="d0.example\n").status == 3
    # Given a resolver that does not answer, and a limit that was given
    outcome = listed("--timeout", "0.1", "--resolver", "192.0.2.1", lines=names(3))
    assert outcome.status in (0, 3)


def test_what_cannot_be_asked_for_is_unknown(mailwatch: Command) -> None:
    # Given a server that fails for one domain
    with served(mailwatch, "dns", ZONE, Rule("dns", Rcode(), "_dmarc.d1.example")) as peer:
        found = by_domain(Listed(mailwatch, peer.running)(lines=names(3)).out)
    # Then that domain is unknown, and no other
    assert {name: one["verdict"] for name, one in found.items()} == {
        "d0.example": "ok", "d1.example": "unknown", "d2.example": "ok",
    }  # fmt: skip


def test_the_list_may_come_through_a_pipe(listed: Listed) -> None:
    # Given a list on stdin, of which more comes when the first line is done
    process = subprocess.Popen(
        [sys.executable, "-m", "mailwatch", "dns", "--from", "-", "--processes", "1",
         "--resolver", listed.running.nameserver],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"d0.example\n")
    process.stdin.flush()
    # When / Then the line of the first comes while the list is still open
    assert json.loads(process.stdout.readline())["domain"] == "d0.example"
    out, err = process.communicate(b"d1.example", timeout=60)
    assert json.loads(out)["domain"] == "d1.example"
    assert process.returncode == 0, err

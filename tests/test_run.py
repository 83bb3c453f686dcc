"""A run: every source at once, within its time, and what the report comes to."""

import itertools
import shutil
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from mailwatch import __version__
from mailwatch.catalog.catalog import Catalog
from mailwatch.collect import Watcher
from mailwatch.config import Config, DnsConfig, Domain, PostmasterConfig, SendGridConfig
from mailwatch.demo import Faults, Rule, Running, serve
from mailwatch.demo.story.configuration import configured
from mailwatch.demo.wire.faults import DnsQuery, Wire
from mailwatch.model import (
    ACCOUNT,
    Check,
    Finding,
    Level,
    Report,
    SourceState,
    State,
    Threshold,
    say,
)
from mailwatch.run import Options, run
from mailwatch.sources import SOURCES, dns, postmaster, sendgrid
from mailwatch.verdict import FailOn, choose_exit_code, reach_verdict
from tests.pretended import BROKEN, EXAMPLE, Pretended, figure, handing_over
from tests.sources.sendgrid.sendgrid_peer import NOON, Waits, catalog, healthy, key_file

# --- the whole world ------------------------------------------------------------------------------


def watching(folder: Path, running: Running) -> Config:
    """All sources of a world."""
    from mailwatch.config import load_config

    with configured(running.world, running) as path:
        loaded = load_config(path, {}).config
        shutil.copytree(path.parent / "dmarc-reports", folder / "dmarc-reports")
        token = (path.parent / "postmaster-token.json").read_text()
    (folder / "token.json").write_text(token)
    assert loaded.sendgrid is not None
    assert loaded.postmaster is not None
    assert loaded.dmarc is not None
    credentials = replace(key_file(folder), target="token.json")
    return replace(
        loaded,
        postfix=None,
        sendgrid=replace(loaded.sendgrid, api_key=key_file(folder)),
        postmaster=replace(loaded.postmaster, credentials=credentials),
        dmarc=replace(loaded.dmarc, maildir=(folder / "dmarc-reports",)),
    )


class Together:
    """The true answer, once every service has been asked; never, where they are asked in turn."""

    def __init__(self, services: int) -> None:
        self._all = threading.Barrier(services)
        self.met = 0

    def play(self, wire: Wire) -> bool:
        """Waits for the others."""
        self._wait()
        return False

    def reply(self, query: DnsQuery) -> bytes | None:
        """Waits for the others."""
        self._wait()
        return query.honest()

    def _wait(self) -> None:
        try:
            self._all.wait(9)
        except threading.BrokenBarrierError:
            return
        self.met += 1


class Heard(Watcher):
    """Notes which sources began and are done."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self.done: list[str] = []

    def begun(self, name: str, counts: Mapping[str, int]) -> None:
        assert counts["calls"] == 0
        self.began.append(name)

    def finished(self, name: str) -> None:
        self.done.append(name)


def test_sources_run_at_the_same_time(tmp_path: Path) -> None:
    together = Together(3)
    rules = [Rule(service, together, times=1) for service in ("sendgrid", "token", "dns")]
    watcher = Heard()
    faults = Faults()
    with serve(healthy(), faults=faults) as running:
        config = watching(tmp_path, running)
        asking = Options(sources=("sendgrid", "postmaster", "dns"))
        run(config, catalog(), asking, Waits().clock)  # the libraries are imported by then
        faults.add(*rules)
        report = run(config, catalog(), asking, Waits().clock, watcher)
    assert together.met == 3
    configured = [state for state in report.sources if state.state is not State.SKIPPED]
    assert [state.name for state in configured] == ["sendgrid", "postmaster", "dns"]
    assert {state.state for state in configured} == {State.OK}
    assert watcher.began == ["sendgrid", "postmaster", "dns"]
    assert sorted(watcher.done) == ["dns", "postmaster", "sendgrid"]
    assert {f.check.source for f in report.findings} == {"sendgrid", "postmaster", "dns"}
    assert report.subjects == ("example.com",)
    assert (report.generated_at, report.version) == (NOON, __version__)
    assert report.exit_code == 0
    states = {state.name: state for state in report.sources}
    assert all(state.seconds > 0 for state in configured)
    assert all(state.counts["calls"] for state in configured)
    assert states["sendgrid"].counts == {"calls": 31, "dns_questions": 6}
    assert states["dns"].newest_day is None


def test_equal_runs_give_equal_reports(tmp_path: Path) -> None:
    with serve(healthy()) as running:
        config = watching(tmp_path, running)
        first, second = (run(config, catalog(), clock=Waits().clock) for _ in range(2))
    assert first.findings == second.findings


def test_a_run_needs_neither_options_nor_a_clock() -> None:
    before = datetime.now(UTC)
    report = run(Config(), catalog())
    assert before <= report.generated_at <= datetime.now(UTC)
    loud = [name for name, source in SOURCES.items() if not source.ABOUT.quiet]
    assert [state.name for state in report.sources] == loud


def test_nothing_configured_is_skipped_and_no_verdict() -> None:
    report = run(Config(), catalog(), Options(), Waits().clock)
    assert {state.state for state in report.sources} == {State.SKIPPED}
    assert all(state.error is not None for state in report.sources)
    assert report.findings == ()
    assert (report.verdict, report.exit_code) == (Level.UNKNOWN, 3)


def test_the_past_skips_what_has_none() -> None:
    options = Options(sources=("dns",), as_of=date(2026, 11, 1))
    report = run(EXAMPLE, catalog(), options, Waits().clock)
    assert report.sources == (SourceState("dns", State.SKIPPED, say("dns.skipped_no_past")),)
    assert report.findings == ()


@pytest.mark.parametrize("module", [sendgrid, postmaster, dns])
def test_a_source_expects_nothing_twice(module: Any) -> None:
    domains = (Domain("a.example", ("s1", "s2")), Domain("b.example"))
    expected = list(
        module.expected(Config(domains, SendGridConfig(), PostmasterConfig(), DnsConfig()))
    )
    assert expected
    assert len(expected) == len(set(expected))


def test_several_checks_may_judge_one_figure() -> None:
    shipped = catalog()
    check = shipped.checks["sendgrid.reputation"]
    second = replace(check, id="mine.reputation")
    both = Catalog(
        {**shipped.checks, second.id: second},
        {**shipped.numbers, second.id: {}},
        shipped.overrides,
        shipped.examples,
    )
    assert both.judging("sendgrid.reputation") == (check, second)
    config = Config(sendgrid=SendGridConfig(base_url="http://127.0.0.1:1"))
    report = run(config, both, Options(sources=("sendgrid",)), Waits().clock)
    assert [f.check.id for f in report.findings].count("mine.reputation") == 1
    assert len(report.findings) == 16


# --- the verdict and the exit code, against the words of the contract -----------------------------

CHECK = Check("a.b", "a.b", {}, "count", "higher", {}, {}, ())
FAIL_ON: tuple[FailOn, ...] = ("breach", "warn", "unknown", "never")
LEVELS = tuple(
    levels for size in range(5) for levels in itertools.combinations(sorted(Level), size)
)
STATES = tuple(
    states for size in range(4) for states in itertools.product(sorted(State), repeat=size)
)


def findings_of(levels: Iterable[Level]) -> tuple[Finding, ...]:
    return tuple(
        Finding(CHECK, figure("a.b"), Threshold(), level, say("run.not_measured"))
        for level in levels
    )


def states_of(states: Iterable[State]) -> tuple[SourceState, ...]:
    return tuple(SourceState(f"s{n}", state) for n, state in enumerate(states))


def verdict_of(levels: tuple[str, ...], states: tuple[str, ...], strict: bool) -> str:
    """`breach` if any finding is, else `unknown` if a source failed, else `warn` if any finding
    is, else `unknown` if a source is partial or all findings are unknown (or there are none),
    else `ok`."""
    if "breach" in levels:
        return "breach"
    if "failed" in states or (strict and "partial" in states):
        return "unknown"
    if "warn" in levels:
        return "warn"
    if "partial" in states or all(level == "unknown" for level in levels):
        return "unknown"
    return "ok"


def exit_of(levels: tuple[str, ...], states: tuple[str, ...], fail_on: str, strict: bool) -> int:
    """1: a finding at or above; 3: a source that was asked for could not be measured at all, or
    every source was skipped, and no finding reached it; `never` rules out both."""
    if fail_on == "never":
        return 0
    ladder = ["unknown", "warn", "breach"]
    reached = ladder[ladder.index(fail_on) :]
    if any(level in reached for level in levels):
        return 1
    bad = {"failed", "partial"} if strict else {"failed"}
    if bad.intersection(states) or set(states) <= {"skipped"}:
        return 3
    return 0


@pytest.mark.parametrize("strict", [False, True])
def test_the_verdict_is_as_the_contract_says(strict: bool) -> None:
    for levels, states in itertools.product(LEVELS, STATES):
        verdict = reach_verdict(findings_of(levels), states_of(states), strict=strict)
        assert str(verdict) == verdict_of(levels, states, strict), (levels, states)


@pytest.mark.parametrize("fail_on", FAIL_ON)
@pytest.mark.parametrize("strict", [False, True])
def test_the_exit_code_is_as_the_contract_says(fail_on: FailOn, strict: bool) -> None:
    for levels, states in itertools.product(LEVELS, STATES):
        code = choose_exit_code(findings_of(levels), states_of(states), fail_on, strict=strict)
        assert code == exit_of(levels, states, fail_on, strict), (levels, states)


@pytest.mark.parametrize(
    ("fail_on", "strict", "code", "verdict"),
    [
        ("breach", False, 0, Level.UNKNOWN),
        ("breach", True, 3, Level.UNKNOWN),
        ("unknown", False, 1, Level.UNKNOWN),
        ("never", True, 0, Level.UNKNOWN),
    ],
)
def test_a_run_hands_its_options_on(
    pretend: Callable[..., Report], fail_on: FailOn, strict: bool, code: int, verdict: Level
) -> None:
    source = Pretended(
        (("sendgrid.b", ACCOUNT),),
        handing_over(figure("sendgrid.a", ACCOUNT), BROKEN),
    )
    report = pretend(sendgrid=source, options=Options(fail_on=fail_on, strict=strict))
    assert report.sources[0].state is State.PARTIAL
    assert (report.exit_code, report.verdict) == (code, verdict)

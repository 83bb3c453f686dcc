"""A run: every source at once, within its time, and what the report comes to."""

import itertools
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mailwatch import __version__
from mailwatch.catalog.catalog import Catalog
from mailwatch.clock import Clock
from mailwatch.config import Config, DnsConfig, Domain, PostmasterConfig, SendGridConfig
from mailwatch.demo import Faults, Rule, Running, serve
from mailwatch.demo.story.configuration import configured
from mailwatch.demo.wire.faults import Query, Wire
from mailwatch.model import (
    ACCOUNT,
    Cause,
    Check,
    Fault,
    Finding,
    Level,
    Limit,
    Measurement,
    Phrase,
    Report,
    SourceState,
    State,
    Subject,
    Threshold,
    Window,
    say,
    verbatim,
)
from mailwatch.run import Options, run
from mailwatch.sources import SOURCES, dns, postmaster, sendgrid
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.job import Job
from mailwatch.verdict import FailOn, choose_exit_code, reach_verdict
from tests.sources.sendgrid.sendgrid_peer import NOON, Waits, catalog, healthy, key_file

DOMAIN = Subject.of(domain="example.com")
EXAMPLE = Config(domains=(Domain("example.com"),))
BROKEN = Fault(Cause.COULD_NOT_ASK, say("http.broken", host="x"))


def simple(*metrics: str) -> Catalog:
    """A check of each metric: up to 1 is ok, up to 2 a warning."""
    checks = {name: Check(name, name, {}, "count", "higher", {}, {}, ()) for name in metrics}
    numbers = {"ideal": Limit(1.0, "<="), "act": Limit(2.0, ">")}
    return Catalog(checks, dict.fromkeys(metrics, numbers), (), {})


SIMPLE = simple(*(f"{source}.{name}" for source in SOURCES for name in "abcdef"))


@dataclass
class Pretended:
    """A source that does as it is told."""

    owes: tuple[tuple[str, Subject], ...] = ()
    collecting: Callable[[Job], None] = lambda job: None
    reason: Phrase | None = None
    jobs: list[Job] = field(default_factory=list)

    def skipped(self, config: Config, as_of: date | None) -> Phrase | None:
        """As told."""
        return self.reason

    def expected(self, config: Config) -> Iterable[tuple[str, Subject]]:
        """As told."""
        return self.owes

    def collect(self, config: Config, job: Job) -> None:
        """As told."""
        self.jobs.append(job)
        self.collecting(job)

    def diagnose(self, config: Config, job: Job) -> Iterable[Diagnosis]:
        """Nothing."""
        return ()


def handing_over(*items: Measurement | Fault) -> Callable[[Job], None]:
    """A source's work that comes to these."""

    def collect(job: Job) -> None:
        for item in items:
            job.take(item)

    return collect


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Report]:
    """A run over pretended sources, by name."""

    def pretended(config: Config = EXAMPLE, clock: Clock | None = None, **sources: Any) -> Report:
        options = sources.pop("options", Options())
        for name, source in sources.items():
            monkeypatch.setitem(SOURCES, name, source)
        chosen = replace(options, sources=tuple(sources))
        return run(config, SIMPLE, chosen, clock or Waits().clock)

    return pretended


def figure(metric: str, subject: Subject = DOMAIN, value: float | None = 1.0) -> Measurement:
    return Measurement(metric, subject, value, cause=None if value is not None else Cause.NO_DATA)


def by_check(report: Report) -> dict[str, Finding]:
    assert len({f.check.id for f in report.findings}) == len(report.findings)
    return {finding.check.id: finding for finding in report.findings}


# --- the whole world ------------------------------------------------------------------------------


def watching(folder: Path, running: Running) -> Config:
    """All three sources of a world."""
    from mailwatch.config import load_config

    with configured(running.world, running) as path:
        loaded = load_config(path, {}).config
        token = (path.parent / "postmaster-token.json").read_text()
    (folder / "token.json").write_text(token)
    assert loaded.sendgrid is not None
    assert loaded.postmaster is not None
    credentials = replace(key_file(folder), target="token.json")
    return replace(
        loaded,
        sendgrid=replace(loaded.sendgrid, api_key=key_file(folder)),
        postmaster=replace(loaded.postmaster, credentials=credentials),
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

    def reply(self, query: Query) -> bytes | None:
        """Waits for the others."""
        self._wait()
        return query.honest()

    def _wait(self) -> None:
        try:
            self._all.wait(9)
        except threading.BrokenBarrierError:
            return
        self.met += 1


def test_sources_run_at_the_same_time(tmp_path: Path) -> None:
    together = Together(3)
    rules = [Rule(service, together, times=1) for service in ("sendgrid", "token", "dns")]
    finished: list[str] = []
    faults = Faults()
    with serve(healthy(), faults=faults) as running:
        config = watching(tmp_path, running)
        run(config, catalog(), clock=Waits().clock)  # the libraries are imported by then
        faults.add(*rules)
        report = run(config, catalog(), clock=Waits().clock, finished=finished.append)
    assert together.met == 3
    assert [state.name for state in report.sources] == ["sendgrid", "postmaster", "dns"]
    assert {state.state for state in report.sources} == {State.OK}
    assert sorted(finished) == ["dns", "postmaster", "sendgrid"]
    assert {f.check.source for f in report.findings} == {"sendgrid", "postmaster", "dns"}
    assert report.subjects == ("example.com",)
    assert (report.generated_at, report.version) == (NOON, __version__)
    assert report.exit_code == 0
    states = {state.name: state for state in report.sources}
    assert states["sendgrid"].calls == 2
    assert all(state.calls and state.seconds > 0 for state in report.sources)
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
    assert [state.name for state in report.sources] == list(SOURCES)


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
def test_a_source_owes_nothing_twice(module: Any) -> None:
    domains = (Domain("a.example", ("s1", "s2")), Domain("b.example"))
    owed = list(module.expected(Config(domains, SendGridConfig(), PostmasterConfig(), DnsConfig())))
    assert owed
    assert len(owed) == len(set(owed))


# --- one source fails, the others are reported ----------------------------------------------------


def test_a_source_that_crashes_costs_its_own_figures_only(
    pretend: Callable[..., Report], caplog: pytest.LogCaptureFixture
) -> None:
    def crash(job: Job) -> None:
        raise ZeroDivisionError(hidden)

    hidden = "-".join(("a", "key"))
    caplog.set_level("DEBUG", "mailwatch")
    owes = (("dns.a", DOMAIN), ("dns.b", DOMAIN))
    report = pretend(
        dns=Pretended(owes, crash),
        sendgrid=Pretended(
            (("sendgrid.a", ACCOUNT),),
            handing_over(figure("sendgrid.a", ACCOUNT)),
        ),
    )
    broken, fine = report.sources
    assert (broken.name, broken.state, fine.state) == ("dns", State.FAILED, State.OK)
    assert broken.error == say("run.crashed", kind="ZeroDivisionError")
    found = by_check(report)
    assert found["sendgrid.a"].level is Level.OK
    for check in ("dns.a", "dns.b"):
        assert (found[check].level, found[check].cause) == (Level.UNKNOWN, Cause.COULD_NOT_ASK)
        assert found[check].reason == broken.error
    assert report.exit_code == 3
    assert "ZeroDivisionError" in caplog.text
    assert "in crash" in caplog.text
    assert hidden not in repr(report) + caplog.text


def test_a_source_that_crashes_keeps_what_it_handed_over(pretend: Callable[..., Report]) -> None:
    def crash(job: Job) -> None:
        job.take(figure("sendgrid.a", ACCOUNT))
        raise RuntimeError

    owes = (("sendgrid.a", ACCOUNT), ("sendgrid.b", ACCOUNT))
    report = pretend(sendgrid=Pretended(owes, crash))
    assert report.sources[0].state is State.PARTIAL
    assert by_check(report)["sendgrid.a"].level is Level.OK
    assert by_check(report)["sendgrid.b"].cause is Cause.COULD_NOT_ASK


def test_a_source_that_hangs_is_left_behind(pretend: Callable[..., Report]) -> None:
    released = threading.Event()

    def hang(job: Job) -> None:
        job.take(figure("sendgrid.a", ACCOUNT))
        released.wait(30)
        job.take(figure("sendgrid.b", ACCOUNT))

    def wait(job: Job) -> None:
        released.wait(30)

    owes = (("sendgrid.a", ACCOUNT), ("sendgrid.b", ACCOUNT))
    nothing = Pretended((("dns.a", DOMAIN),), wait)
    quick = Pretended((("postmaster.a", DOMAIN),), handing_over(figure("postmaster.a")))
    begun = time.monotonic()
    try:
        report = pretend(
            options=Options(timeout=0.5),
            clock=Clock(now=lambda: NOON),
            sendgrid=Pretended(owes, hang),
            dns=nothing,
            postmaster=quick,
        )
        took = time.monotonic() - begun
    finally:
        released.set()
    assert 0.5 <= took < 5
    partial, failed, ok = report.sources
    assert [partial.state, failed.state, ok.state] == [State.PARTIAL, State.FAILED, State.OK]
    assert partial.error == failed.error == say("run.out_of_time", seconds="0.5")
    assert partial.seconds == failed.seconds == 0.5
    assert ok.seconds < 0.5
    found = by_check(report)
    assert found["sendgrid.a"].level is Level.OK
    assert found["postmaster.a"].level is Level.OK
    for check in ("sendgrid.b", "dns.a"):
        assert (found[check].cause, found[check].reason) == (Cause.COULD_NOT_ASK, partial.error)


def test_a_run_does_not_wait_longer_than_its_slowest_source(pretend: Callable[..., Report]) -> None:
    begun = time.monotonic()
    report = pretend(dns=Pretended(), sendgrid=Pretended(), options=Options(timeout=300))
    assert time.monotonic() - begun < 10
    assert {state.state for state in report.sources} == {State.OK}


def test_threads_that_are_left_behind_hold_no_exit(pretend: Callable[..., Report]) -> None:
    released = threading.Event()
    kinds: list[bool] = []

    def work(job: Job) -> None:
        kinds.append(threading.current_thread().daemon)
        released.set()

    pretend(dns=Pretended((), work))
    assert kinds == [True]


def test_a_task_carries_the_day_and_the_time(pretend: Callable[..., Report]) -> None:
    source = Pretended()
    clock = Clock(now=lambda: NOON, monotonic=lambda: 100.0)
    pretend(dns=source, options=Options(timeout=7, as_of=date(2026, 11, 1)), clock=clock)
    (job,) = source.jobs
    assert (job.now, job.as_of, job.deadline) == (NOON, date(2026, 11, 1), 107.0)
    assert job.remaining() == 7


def test_states_stand_in_the_order_that_was_asked_for(pretend: Callable[..., Report]) -> None:
    skipped = Pretended(reason=say("run.not_configured"))
    report = pretend(dns=Pretended(), sendgrid=skipped, postmaster=Pretended())
    assert [(state.name, state.state) for state in report.sources] == [
        ("dns", State.OK),
        ("sendgrid", State.SKIPPED),
        ("postmaster", State.OK),
    ]
    assert report.sources[1].error == skipped.reason
    assert skipped.jobs == []


def test_each_source_is_told_when_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    first = threading.Event()

    def second(job: Job) -> None:
        first.wait(5)

    monkeypatch.setitem(SOURCES, "dns", Pretended((), second))
    monkeypatch.setitem(SOURCES, "sendgrid", Pretended())
    monkeypatch.setitem(SOURCES, "postmaster", Pretended(reason=say("run.not_configured")))
    told: list[str] = []

    def finished(name: str) -> None:
        told.append(name)
        first.set()

    run(EXAMPLE, catalog(), None, Waits().clock, finished)
    assert told == ["sendgrid", "dns"]


# --- what a source owes ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "state", "error"),
    [
        ((), State.OK, None),
        ((figure("dns.a"),), State.OK, None),
        ((figure("dns.a", value=None),), State.OK, None),
        ((BROKEN,), State.FAILED, BROKEN.what),
        ((BROKEN, figure("dns.a", value=None)), State.FAILED, BROKEN.what),
        ((BROKEN, figure("dns.a")), State.PARTIAL, BROKEN.what),
        ((figure("dns.a"), BROKEN, BROKEN), State.PARTIAL, BROKEN.what),
        (
            (BROKEN, replace(BROKEN, what=verbatim("b")), BROKEN),
            State.FAILED,
            say("run.some_failed", first=BROKEN.what, more=1),
        ),
        (
            (BROKEN, replace(BROKEN, what=verbatim("b")), replace(BROKEN, what=verbatim("c"))),
            State.FAILED,
            say("run.some_failed", first=BROKEN.what, more=2),
        ),
    ],
)
def test_the_state_follows_from_faults_and_figures(
    pretend: Callable[..., Report],
    items: tuple[Measurement | Fault, ...],
    state: State,
    error: Phrase | None,
) -> None:
    (told,) = pretend(dns=Pretended((), handing_over(*items))).sources
    assert (told.state, told.error) == (state, error)


def test_every_metric_that_is_owed_has_a_finding(pretend: Callable[..., Report]) -> None:
    other = Subject.of(domain="b.example")
    owes = tuple(
        (metric, subject) for metric in ("dns.a", "dns.b", "dns.c") for subject in (DOMAIN, other)
    )
    report = pretend(
        dns=Pretended(
            owes,
            handing_over(
                figure("dns.a"),
                Fault(Cause.NOT_ALLOWED, verbatim("spf of b"), other, ("dns.b",)),
                Fault(Cause.COULD_NOT_ASK, verbatim("all of b"), other),
            ),
        )
    )
    told = {
        (f.check.id, f.measurement.subject.get("domain")): (f.cause, f.reason)
        for f in report.findings
    }
    assert len(report.findings) == len(told) == 6
    missing = (Cause.NO_DATA, say("run.not_measured"))
    assert told["dns.a", "example.com"][0] is None
    assert told["dns.b", "example.com"] == missing
    assert told["dns.c", "example.com"] == missing
    assert told["dns.b", "b.example"] == (Cause.NOT_ALLOWED, verbatim("spf of b"))
    assert told["dns.a", "b.example"] == (Cause.COULD_NOT_ASK, verbatim("all of b"))
    assert told["dns.c", "b.example"] == (Cause.COULD_NOT_ASK, verbatim("all of b"))


def test_a_part_of_a_subject_pays_what_is_owed_for_it(pretend: Callable[..., Report]) -> None:
    part = Subject.of(domain="example.com", provider="gmail")
    report = pretend(dns=Pretended((("dns.a", DOMAIN),), handing_over(figure("dns.a", part))))
    assert [f.measurement.subject for f in report.findings] == [part]


def test_findings_are_worst_first_and_then_as_they_are_owed(pretend: Callable[..., Report]) -> None:
    parts = [Subject.of(domain="example.com", selector=name) for name in ("z", "a")]
    owes = tuple((f"dns.{name}", DOMAIN) for name in "dbca")
    report = pretend(
        dns=Pretended(
            owes,
            handing_over(
                *(figure("dns.b", part, 3.0) for part in parts),
                figure("dns.e", value=3.0),  # owed by nobody: after those that are
                figure("dns.a", value=3.0),
                figure("dns.d", value=0.0),
                figure("dns.f", value=2.0),
            ),
        )
    )
    assert [
        (str(f.level), f.check.id, f.measurement.subject.get("selector")) for f in report.findings
    ] == [
        ("breach", "dns.b", "z"),
        ("breach", "dns.b", "a"),
        ("breach", "dns.a", None),
        ("breach", "dns.e", None),
        ("warn", "dns.f", None),
        ("unknown", "dns.c", None),
        ("ok", "dns.d", None),
    ]
    assert (report.verdict, report.exit_code) == (Level.BREACH, 1)


def test_the_newest_day_is_that_of_what_was_measured(pretend: Callable[..., Report]) -> None:
    newest = date(2026, 11, 23)
    windows = [Window(newest - timedelta(n + 7), newest - timedelta(n)) for n in range(3)]
    report = pretend(
        dns=Pretended(
            (),
            handing_over(
                replace(figure("dns.a", value=None), window=windows[0]),
                replace(figure("dns.b"), window=windows[2]),
                replace(figure("dns.d"), window=windows[1]),
                figure("dns.c"),
            ),
        )
    )
    assert report.sources[0].newest_day == windows[1].last


def test_calls_and_seconds_are_counted(pretend: Callable[..., Report]) -> None:
    times = iter([0.0, 10.0, 12.5, 99.0])

    def work(job: Job) -> None:
        job.called("GET a")
        job.called("GET b")

    clock = Clock(now=lambda: NOON, monotonic=lambda: next(times, 12.5))
    (state,) = pretend(dns=Pretended((), work), clock=clock, options=Options(timeout=1000)).sources
    assert state.calls == 2
    assert state.seconds == 2.5


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
    assert len(report.findings) == 11


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


def told_verdict(levels: tuple[str, ...], states: tuple[str, ...], strict: bool) -> str:
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


def told_exit(levels: tuple[str, ...], states: tuple[str, ...], fail_on: str, strict: bool) -> int:
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
        assert str(verdict) == told_verdict(levels, states, strict), (levels, states)


@pytest.mark.parametrize("fail_on", FAIL_ON)
@pytest.mark.parametrize("strict", [False, True])
def test_the_exit_code_is_as_the_contract_says(fail_on: FailOn, strict: bool) -> None:
    for levels, states in itertools.product(LEVELS, STATES):
        code = choose_exit_code(findings_of(levels), states_of(states), fail_on, strict=strict)
        assert code == told_exit(levels, states, fail_on, strict), (levels, states)


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

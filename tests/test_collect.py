"""Sources side by side, within their time, and a finding for every figure that is expected."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from mailwatch.clock import Clock
from mailwatch.collect import Watcher
from mailwatch.model import (
    ACCOUNT,
    Cause,
    Fault,
    Level,
    Measurement,
    Phrase,
    Report,
    State,
    Subject,
    Window,
    say,
    verbatim,
)
from mailwatch.run import Options, run
from mailwatch.sources import SOURCES
from mailwatch.sources.job import Job
from tests.pretended import BROKEN, DOMAIN, EXAMPLE, Pretended, by_check, figure, handing_over
from tests.sources.sendgrid.sendgrid_peer import NOON, Waits, catalog

# --- one source fails, the others are reported ----------------------------------------------------


def test_a_source_that_crashes_costs_its_own_figures_only(
    pretend: Callable[..., Report], caplog: pytest.LogCaptureFixture
) -> None:
    def crash(job: Job) -> None:
        raise ZeroDivisionError(hidden)

    hidden = "-".join(("a", "key"))
    caplog.set_level("DEBUG", "mailwatch")
    expects = (("dns.a", DOMAIN), ("dns.b", DOMAIN))
    report = pretend(
        dns=Pretended(expects, crash),
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

    expects = (("sendgrid.a", ACCOUNT), ("sendgrid.b", ACCOUNT))
    report = pretend(sendgrid=Pretended(expects, crash))
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

    expects = (("sendgrid.a", ACCOUNT), ("sendgrid.b", ACCOUNT))
    nothing = Pretended((("dns.a", DOMAIN),), wait)
    quick = Pretended((("postmaster.a", DOMAIN),), handing_over(figure("postmaster.a")))
    try:
        report = pretend(
            options=Options(timeout=1.0),
            clock=Clock(now=lambda: NOON),
            sendgrid=Pretended(expects, hang),
            dns=nothing,
            postmaster=quick,
        )
    finally:
        released.set()
    partial, failed, ok = report.sources
    assert [partial.state, failed.state, ok.state] == [State.PARTIAL, State.FAILED, State.OK]
    assert partial.error == failed.error == say("run.out_of_time", seconds="1")
    assert partial.seconds == failed.seconds == 1.0
    assert ok.seconds < 1.0
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


def test_each_source_is_named_when_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    first = threading.Event()

    def second(job: Job) -> None:
        first.wait(5)

    monkeypatch.setitem(SOURCES, "dns", Pretended((), second))
    monkeypatch.setitem(SOURCES, "sendgrid", Pretended())
    monkeypatch.setitem(SOURCES, "postmaster", Pretended(reason=say("run.not_configured")))
    done: list[str] = []

    class Heard(Watcher):
        def finished(self, name: str) -> None:
            done.append(name)
            first.set()

    run(EXAMPLE, catalog(), None, Waits().clock, Heard())
    assert done == ["sendgrid", "dns"]


# --- what is expected of a source ----------------------------------------------------------------


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
    (done,) = pretend(dns=Pretended((), handing_over(*items))).sources
    assert (done.state, done.error) == (state, error)


def test_every_figure_that_is_expected_has_a_finding(pretend: Callable[..., Report]) -> None:
    other = Subject.of(domain="b.example")
    expects = tuple(
        (metric, subject) for metric in ("dns.a", "dns.b", "dns.c") for subject in (DOMAIN, other)
    )
    report = pretend(
        dns=Pretended(
            expects,
            handing_over(
                figure("dns.a"),
                Fault(Cause.NOT_ALLOWED, verbatim("spf of b"), other, ("dns.b",)),
                Fault(Cause.COULD_NOT_ASK, verbatim("all of b"), other),
            ),
        )
    )
    done = {
        (f.check.id, f.measurement.subject.get("domain")): (f.cause, f.reason)
        for f in report.findings
    }
    assert len(report.findings) == len(done) == 6
    missing = (Cause.NO_DATA, say("run.not_measured"))
    assert done["dns.a", "example.com"][0] is None
    assert done["dns.b", "example.com"] == missing
    assert done["dns.c", "example.com"] == missing
    assert done["dns.b", "b.example"] == (Cause.NOT_ALLOWED, verbatim("spf of b"))
    assert done["dns.a", "b.example"] == (Cause.COULD_NOT_ASK, verbatim("all of b"))
    assert done["dns.c", "b.example"] == (Cause.COULD_NOT_ASK, verbatim("all of b"))


def test_the_figure_of_a_part_does_not_stand_for_the_whole(pretend: Callable[..., Report]) -> None:
    # Given a source whose call for the account failed, while those for two subusers worked
    users = [Subject.of(subuser=name) for name in ("news", "shop")]
    why = say("http.broken", host="x")
    source = Pretended(
        (("sendgrid.a", ACCOUNT),),
        handing_over(
            Fault(Cause.COULD_NOT_ASK, why, ACCOUNT, ("sendgrid.a",)),
            *(figure("sendgrid.a", user) for user in users),
        ),
    )
    # When a run reports it
    report = pretend(sendgrid=source)
    # Then there is a finding that the account's own figure is not known, and why
    found = {f.measurement.subject: (f.level, f.reason) for f in report.findings}
    assert found.keys() == {ACCOUNT, *users}
    assert found[ACCOUNT] == (Level.UNKNOWN, why)


def test_what_is_expected_while_the_source_works_has_a_finding(
    pretend: Callable[..., Report],
) -> None:
    # Given a source that finds two subusers, and is refused the figures of one
    users = [Subject.of(subuser=name) for name in ("news", "shop")]
    why = verbatim("not yours")

    def work(job: Job) -> None:
        for user in users:
            job.expect("sendgrid.a", user)
        job.expect("sendgrid.a", users[0])  # said again: still one figure
        job.take(figure("sendgrid.a", users[0]))
        job.take(Fault(Cause.NOT_ALLOWED, why, users[1]))

    # When a run reports it
    report = pretend(sendgrid=Pretended((("sendgrid.a", ACCOUNT),), work))
    # Then each has its finding, and the account too, which nobody measured
    found = {f.measurement.subject: (f.level, f.cause) for f in report.findings}
    assert len(report.findings) == len(found) == 3
    assert found[users[0]] == (Level.OK, None)
    assert found[users[1]] == (Level.UNKNOWN, Cause.NOT_ALLOWED)
    assert found[ACCOUNT] == (Level.UNKNOWN, Cause.NO_DATA)


def test_what_is_withdrawn_needs_no_finding(pretend: Callable[..., Report]) -> None:
    # Given a figure that cannot exist, one of which only the parts exist, and one that came anyway
    part = Subject.of(domain="example.com", reason="spam")

    def work(job: Job) -> None:
        job.expect("dns.b", part)
        for metric in ("dns.a", "dns.b", "dns.c", "dns.d"):
            job.withdraw(metric, DOMAIN)
        job.expect("dns.d", DOMAIN)  # the last word counts
        job.take(figure("dns.c"))

    report = pretend(dns=Pretended(tuple((f"dns.{n}", DOMAIN) for n in "abcd"), work))
    # Then there are findings on the part, and on what was measured
    found = {(f.check.id, f.measurement.subject): f.level for f in report.findings}
    assert found == {
        ("dns.b", part): Level.UNKNOWN,
        ("dns.c", DOMAIN): Level.OK,
        ("dns.d", DOMAIN): Level.UNKNOWN,
    }


def test_what_was_expected_before_time_ran_out_is_unknown(pretend: Callable[..., Report]) -> None:
    released = threading.Event()
    user = Subject.of(subuser="news")

    def hang(job: Job) -> None:
        job.expect("sendgrid.a", user)
        released.wait(30)

    try:
        report = pretend(
            options=Options(timeout=0.3),
            clock=Clock(now=lambda: NOON),
            sendgrid=Pretended((), hang),
        )
    finally:
        released.set()
    (finding,) = report.findings
    assert finding.measurement.subject == user
    assert finding.reason == say("run.out_of_time", seconds="0.3")


def test_findings_are_worst_first_and_then_as_they_are_expected(
    pretend: Callable[..., Report],
) -> None:
    parts = [Subject.of(domain="example.com", selector=name) for name in ("z", "a")]
    report = pretend(
        dns=Pretended(
            tuple((f"dns.{name}", DOMAIN) for name in "dbca"),
            handing_over(
                *(figure("dns.b", part, 3.0) for part in parts),
                figure("dns.f", value=3.0),  # expected by nobody: after those that are
                figure("dns.e", value=3.0),
                figure("dns.a", value=3.0),
                figure("dns.d", value=0.0),
            ),
        )
    )
    assert [
        (str(f.level), f.check.id, f.measurement.subject.get("selector")) for f in report.findings
    ] == [
        ("breach", "dns.b", "a"),
        ("breach", "dns.b", "z"),
        ("breach", "dns.a", None),
        ("breach", "dns.e", None),
        ("breach", "dns.f", None),
        ("unknown", "dns.b", None),
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
        job.count("domains", 3)
        job.count("domains")

    clock = Clock(now=lambda: NOON, monotonic=lambda: next(times, 12.5))
    (state,) = pretend(dns=Pretended((), work), clock=clock, options=Options(timeout=1000)).sources
    assert state.counts == {"calls": 2, "domains": 4}
    assert state.seconds == 2.5

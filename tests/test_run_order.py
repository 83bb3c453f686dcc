"""Equal worlds give equal reports, whichever answer comes first."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from mailwatch.catalog.catalog import read_catalog
from mailwatch.clock import Clock
from mailwatch.config import Config, Domain, PostmasterConfig, SendGridConfig
from mailwatch.config.secret import SecretRef
from mailwatch.demo import Delay, Faults, HttpReply, Rule, World, build, serve
from mailwatch.demo.story.configuration import configured
from mailwatch.demo.story.world import CompliancePage, GmailDomain
from mailwatch.model import (
    ACCOUNT,
    Cause,
    Fault,
    Finding,
    Measurement,
    Phrase,
    Report,
    State,
    Subject,
    say,
    verbatim,
)
from mailwatch.run import Options, run
from mailwatch.sources import SOURCES, Source, sendgrid
from mailwatch.sources.about import About
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.job import Expected, Job

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
CATALOG = read_catalog()
RANK = {"breach": 0, "warn": 1, "unknown": 2, "ok": 3}


def patient() -> Clock:
    return Clock(now=lambda: NOON, pause=lambda seconds: None)


ABOUT = About("A source of the tests.")


@dataclass
class Replayed:
    """A real source whose answers arrive in the order given."""

    source: Any
    items: list[Measurement | Fault]
    expectations: dict[Expected, bool]
    ABOUT: About = ABOUT

    def assume(self, config: Config, environment: Mapping[str, str]) -> Config:
        """As it is."""
        return config

    def validate(self, config: Config) -> None:
        """Nothing is wrong."""

    def skipped(self, config: Config, as_of: date | None) -> Phrase | None:
        """Never."""
        return None

    def newest_day(self, config: Config, now: datetime) -> date | None:
        """None."""
        return None

    def expected(self, config: Config) -> Iterable[tuple[str, Subject]]:
        """What the real source does."""
        expected: Iterable[Expected] = self.source.expected(config)
        return expected

    def collect(self, config: Config, job: Job) -> None:
        """Gives what the real source gave, in the order given."""
        job.expected.update(self.expectations)
        for item in self.items:
            job.take(item)

    def diagnose(self, config: Config, job: Job) -> Iterable[Diagnosis]:
        """Nothing."""
        return ()


Replay = Callable[[Config, dict[str, Source]], Report]


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch) -> Replay:
    """A run over these sources instead of the real ones."""

    def replayed(config: Config, sources: dict[str, Source]) -> Report:
        for name, source in sources.items():
            monkeypatch.setitem(SOURCES, name, source)
        return run(config, CATALOG, Options(sources=tuple(sources)), patient())

    return replayed


def lines(report: Report) -> list[tuple[str, str, tuple[tuple[str, str], ...], Phrase]]:
    return [
        (str(f.level), f.check.id, f.measurement.subject.pairs, f.reason) for f in report.findings
    ]


def states(report: Report) -> list[tuple[str, State, Phrase | None, date | None]]:
    return [(s.name, s.state, s.error, s.newest_day) for s in report.sources]


def recorded(world: World, *rules: Rule) -> tuple[Config, dict[str, Replayed]]:
    """All that the sources give on `world`, bent by `rules`."""
    from mailwatch.config import load_config

    given: dict[str, Replayed] = {}
    with serve(world, faults=Faults(*rules)) as running, configured(world, running) as path:
        loaded = load_config(path, {}).config
        config = replace(loaded, domains=(*loaded.domains, Domain("b.example", ("s1", "s2"))))
        clock = patient()
        for name in ("sendgrid", "postmaster", "dns"):
            source = SOURCES[name]
            job = Job(NOON, None, clock.monotonic() + 30, clock)
            source.collect(config, job)
            taken, faults, _ = job.so_far()
            given[name] = Replayed(source, [*taken, *faults], dict(job.expected_so_far()))
    return config, given


@pytest.mark.parametrize("scenario", ["breach", "migration"])
def test_the_order_of_arrival_is_not_the_order_of_the_report(scenario: str, replay: Replay) -> None:
    # Given all that three real sources give about two domains, one of which is not shared
    config, given = recorded(build(scenario, TODAY))
    assert any(isinstance(item, Fault) for item in given["postmaster"].items)
    reports = []
    for seed in range(6):
        # When the figures and faults arrive in any order
        chance = random.Random(seed)
        shuffled: dict[str, Source] = {
            name: replace(source, items=chance.sample(source.items, len(source.items)))
            for name, source in given.items()
        }
        reports.append(replay(config, shuffled))
    # Then the report is the same to the word
    assert len({repr((lines(report), states(report))) for report in reports}) == 1
    # And it is sorted: the worst first, and within a level as it is expected
    ranks = [RANK[str(finding.level)] for finding in reports[0].findings]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) > 1
    expected = [pair for source in given.values() for pair in source.expected(config)]
    for rank in set(ranks):
        places = [
            (tuple(given).index(f.check.source), place(f, expected))
            for f in reports[0].findings
            if RANK[str(f.level)] == rank
        ]
        assert places == sorted(places)


def place(finding: Finding, expected: list[tuple[str, Subject]]) -> int:
    """Where in `expected` the finding belongs; after those of its source, if it is not in it."""
    own = (n for n, (metric, _) in enumerate(expected) if metric.startswith(finding.check.source))
    last = max(own, default=len(expected)) + 1
    return min(
        (
            n
            for n, (metric, subject) in enumerate(expected)
            if metric == finding.check.metric and finding.measurement.subject.includes(subject)
        ),
        default=last,
    )


def watching(*names: str, world: World, slow: str) -> Report:
    """A run over Postmaster alone, in which everything about the domain `slow` comes late."""
    late = Rule("postmaster", Delay(0.1), f"/v2/domains/{slow}/")
    with serve(world, faults=Faults(late)) as running, configured(world, running) as path:
        credentials = SecretRef("file", "postmaster-token.json", path.parent)
        settings = PostmasterConfig(credentials, None, running.postmaster_url)
        config = Config(domains=tuple(map(Domain, names)), postmaster=settings)
        return run(config, CATALOG, Options(sources=("postmaster",)), patient())


def test_which_domain_answers_first_does_not_show_in_the_error() -> None:
    # Given two domains that Google refuses to tell about, each for its own reason
    names = ("one.example", "two.example", "example.com")
    refusals = (
        Rule("postmaster", HttpReply(status, "{}"), f"/v2/domains/{name}/")
        for name, status in zip(names, (400, 418), strict=False)
    )
    world = replace(build("healthy", TODAY), faults=tuple(refusals))
    # When either of them answers last
    reports = [watching(*names, world=world, slow=name) for name in names[:2]]
    # Then both reports name the same fault, that of the first domain, and the same findings
    for report in reports:
        assert report.sources[0].state is State.PARTIAL
        assert "('status', 400)" in repr(report.sources[0].error)
    names_of = [[line[:3] for line in lines(report)] for report in reports]
    assert names_of[0] == names_of[1]


def test_what_nobody_expects_is_in_one_order_too() -> None:
    # Given two subdomains, whose compliance Gmail tells of their registrable domains
    rows = CompliancePage({"SPF": "NEEDS_WORK", "DKIM": "NEEDS_WORK"})
    gmail = {
        f"m.{parent}": GmailDomain(compliance=rows, registrable=parent)
        for parent in ("a.example", "b.example")
    }
    world = replace(build("healthy", TODAY), gmail=gmail)
    # When either answers last
    reports = [watching(*gmail, world=world, slow=name) for name in gmail]
    # Then the report is the same
    assert lines(reports[0]) == lines(reports[1])
    assert {"a.example", "b.example"} <= {
        pairs[0][1] for _, _, pairs, _ in lines(reports[0]) if pairs
    }


def test_a_fault_of_one_thing_is_reported_before_one_of_everything(replay: Replay) -> None:
    # Given a source that was refused one thing, and before that gave up on all the rest
    narrow = Fault(Cause.NOT_ALLOWED, verbatim("narrow"), metrics=("sendgrid.reputation",))
    wide = Fault(Cause.COULD_NOT_ASK, verbatim("wide"))
    orders: tuple[list[Measurement | Fault], ...] = ([narrow, wide], [wide, narrow])
    for items in orders:
        report = replay(
            Config(sendgrid=SendGridConfig()), {"sendgrid": Replayed(sendgrid, items, {})}
        )
        # Then each figure has the reason that is nearest to it
        found = {f.check.id: (f.cause, f.reason) for f in report.findings}
        assert found["sendgrid.reputation"] == (Cause.NOT_ALLOWED, verbatim("narrow"))
        assert found["sendgrid.bounce_rate"] == (Cause.COULD_NOT_ASK, verbatim("wide"))
        assert report.sources[0].error == say("run.some_failed", first=verbatim("narrow"), more=1)


def test_hostile_figures_end_in_findings_and_not_in_a_crash(replay: Replay) -> None:
    # Given a million million bounces of one message, and nothing about blocks or spam reports
    counts = {"requests": 1, "processed": 1, "delivered": 10**12, "bounces": 10**12}
    body = f'[{{"date":"2026-11-23","stats":[{{"metrics":{counts}}}]}}]'.replace("'", '"')
    world = build("healthy", TODAY)
    rule = Rule("sendgrid", HttpReply(200, body), "/v3/stats")
    with serve(world, faults=Faults(rule)) as running, configured(world, running) as path:
        key = SecretRef("file", "sendgrid-key", path.parent)
        config = Config(sendgrid=SendGridConfig(key, running.sendgrid_url, "Asia/Tokyo"))
        # When a run judges it by numbers that take any volume
        report = run(config, CATALOG, Options(sources=("sendgrid",)), patient())
    # Then such a rate cannot be, what was not counted is not measured, and nothing crashed
    found = {f.check.id: f for f in report.findings}
    assert found["sendgrid.bounce_rate"].measurement.value is None
    assert found["sendgrid.bounce_rate"].interval is None
    assert found["sendgrid.block_rate"].measurement.value is None
    assert report.sources[0].state is State.PARTIAL
    assert found["sendgrid.bounce_rate"].measurement.subject == ACCOUNT

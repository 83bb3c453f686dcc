"""Equal worlds give equal reports, whichever answer comes first."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from mailwatch.catalog.catalog import read_catalog
from mailwatch.clock import Clock
from mailwatch.config import Config, Domain, PostmasterConfig, SendGridConfig
from mailwatch.config.secret import SecretRef
from mailwatch.demo import Answer, Delay, Faults, Rule, World, build, serve
from mailwatch.demo.story.configuration import configured
from mailwatch.demo.story.world import Compliance, GmailDomain
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
from mailwatch.sources import SOURCES, Source, dns, postmaster, sendgrid
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.job import Job

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
CATALOG = read_catalog()
RANK = {"breach": 0, "warn": 1, "unknown": 2, "ok": 3}


def patient() -> Clock:
    return Clock(now=lambda: NOON, pause=lambda seconds: None)


@dataclass
class Replayed:
    """A real source whose answers arrive in the order given."""

    source: Any
    items: list[Measurement | Fault]

    def skipped(self, config: Config, as_of: date | None) -> Phrase | None:
        """Never."""
        return None

    def newest_day(self, config: Config, now: datetime) -> date | None:
        """None."""
        return None

    def expected(self, config: Config) -> Iterable[tuple[str, Subject]]:
        """What the real source owes."""
        owed: Iterable[tuple[str, Subject]] = self.source.expected(config)
        return owed

    def collect(self, config: Config, job: Job) -> None:
        """Hands the items over as they stand."""
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


def recorded(world: World, *rules: Rule) -> tuple[Config, dict[str, list[Measurement | Fault]]]:
    """All that the three sources hand over on `world`, bent by `rules`."""
    from mailwatch.config import load_config

    handed: dict[str, list[Measurement | Fault]] = {}
    with serve(world, faults=Faults(*rules)) as running, configured(world, running) as path:
        loaded = load_config(path, {}).config
        config = replace(loaded, domains=(*loaded.domains, Domain("b.example", ("s1", "s2"))))
        clock = patient()
        for name, source in SOURCES.items():
            job = Job(NOON, None, clock.monotonic() + 30, clock)
            source.collect(config, job)
            taken, faults, _ = job.so_far()
            handed[name] = [*taken, *faults]
    return config, handed


@pytest.mark.parametrize("scenario", ["breach", "migration"])
def test_the_order_of_arrival_is_not_the_order_of_the_report(scenario: str, replay: Replay) -> None:
    # Given all that three real sources hand over about two domains, one of which is not shared
    config, handed = recorded(build(scenario, TODAY))
    assert any(isinstance(item, Fault) for item in handed["postmaster"])
    modules: dict[str, Any] = {"sendgrid": sendgrid, "postmaster": postmaster, "dns": dns}
    reports = []
    for seed in range(6):
        # When the figures of each domain arrive in any order (those of one part come together)
        shuffled: dict[str, Source] = {
            name: Replayed(modules[name], by_parts(items, random.Random(seed)))
            for name, items in handed.items()
        }
        reports.append(replay(config, shuffled))
    # Then the report is the same to the word
    assert len({repr((lines(report), states(report))) for report in reports}) == 1
    # And it is sorted: the worst first, and within a level as it is owed
    ranks = [RANK[str(finding.level)] for finding in reports[0].findings]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) > 1
    owed = [pair for name in shuffled for pair in modules[name].expected(config)]
    for rank in set(ranks):
        places = [place(f, owed) for f in reports[0].findings if RANK[str(f.level)] == rank]
        assert places == sorted(places)


def by_parts(items: list[Measurement | Fault], chance: random.Random) -> list[Measurement | Fault]:
    """The items in another order; those of one metric and domain stay together."""
    parts: dict[object, list[Measurement | Fault]] = {}
    for item in items:
        key = item.metric if isinstance(item, Measurement) else item.what
        parts.setdefault((key, item.subject.pairs[:1]), []).append(item)
    mixed = list(parts.values())
    chance.shuffle(mixed)
    return [item for part in mixed for item in part]


def place(finding: Finding, owed: list[tuple[str, Subject]]) -> int:
    """Where in `owed` the finding belongs."""
    return min(
        (
            n
            for n, (metric, subject) in enumerate(owed)
            if metric == finding.check.metric and finding.measurement.subject.includes(subject)
        ),
        default=len(owed),
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
        Rule("postmaster", Answer(status, "{}"), f"/v2/domains/{name}/")
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


def test_what_nobody_owes_stands_in_one_order_too() -> None:
    # Given two subdomains, whose compliance Gmail tells of their registrable domains
    rows = Compliance({"SPF": "NEEDS_WORK", "DKIM": "NEEDS_WORK"})
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


def test_a_fault_of_one_thing_is_told_before_one_of_everything(replay: Replay) -> None:
    # Given a source that was refused one thing, and before that gave up on all the rest
    narrow = Fault(Cause.NOT_ALLOWED, verbatim("narrow"), metrics=("sendgrid.reputation",))
    wide = Fault(Cause.COULD_NOT_ASK, verbatim("wide"))
    orders: tuple[list[Measurement | Fault], ...] = ([narrow, wide], [wide, narrow])
    for items in orders:
        report = replay(Config(sendgrid=SendGridConfig()), {"sendgrid": Replayed(sendgrid, items)})
        # Then each figure has the reason that is nearest to it
        told = {f.check.id: (f.cause, f.reason) for f in report.findings}
        assert told["sendgrid.reputation"] == (Cause.NOT_ALLOWED, verbatim("narrow"))
        assert told["sendgrid.bounce_rate"] == (Cause.COULD_NOT_ASK, verbatim("wide"))
        assert report.sources[0].error == say("run.some_failed", first=verbatim("narrow"), more=1)


def test_hostile_figures_end_in_findings_and_not_in_a_crash(replay: Replay) -> None:
    # Given more bounces than messages: they are booked on the day they happen
    counts = {"requests": 1, "processed": 1, "delivered": 10**12, "bounces": 10**12}
    body = f'[{{"date":"2026-11-23","stats":[{{"metrics":{counts}}}]}}]'.replace("'", '"')
    world = build("healthy", TODAY)
    rule = Rule("sendgrid", Answer(200, body), "/v3/stats")
    with serve(world, faults=Faults(rule)) as running, configured(world, running) as path:
        key = SecretRef("file", "sendgrid-key", path.parent)
        config = Config(sendgrid=SendGridConfig(key, running.sendgrid_url, "Asia/Tokyo"))
        # When a run judges it by numbers that take any volume
        report = run(config, CATALOG, Options(sources=("sendgrid",)), patient())
    # Then the rate is what it is, and nothing crashed
    found = {f.check.id: f for f in report.findings}
    assert found["sendgrid.bounce_rate"].measurement.value == 10**12
    assert found["sendgrid.bounce_rate"].interval is None
    assert report.sources[0].state is State.OK
    assert found["sendgrid.bounce_rate"].measurement.subject == ACCOUNT

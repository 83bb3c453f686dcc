"""An account with settings, the DNS server beside it, and what a run over both comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mailwatch.config import Config, DnsConfig, Domain, SendGridConfig
from mailwatch.config.secret import SecretRef
from mailwatch.demo import Faults, Rule, World, build, serve
from mailwatch.demo.story.configuration import configured
from mailwatch.demo.story.parts import Sending
from mailwatch.demo.wire.exchange import Request
from mailwatch.model import Finding, Report, SourceState
from mailwatch.run import Options, run
from mailwatch.words import worded
from tests.sources.sendgrid.sendgrid_peer import TODAY, Waits, catalog

HEALTHY = replace(build("healthy", TODAY), sending=Sending())


@dataclass(frozen=True)
class Audited:
    """A run over SendGrid with its settings."""

    report: Report
    requests: tuple[Request, ...]

    @property
    def state(self) -> SourceState:
        """The source's state."""
        (state,) = self.report.sources
        return state

    @property
    def note(self) -> str:
        """What the source says of itself."""
        return worded(self.state.note, "en") if self.state.note else ""

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Method and path of each request to SendGrid."""
        return [(r.method, r.path) for r in self.requests if r.service == "sendgrid"]

    def finding(self, name: str, domain: str | None = None) -> Finding | None:
        """The finding on sendgrid.`name`; None where there is none."""
        found = [
            f
            for f in self.report.findings
            if f.check.id == f"sendgrid.{name}"
            and domain in (None, f.measurement.subject.get("domain"))
        ]
        assert len(found) <= 1
        return found[0] if found else None

    def value(self, name: str, domain: str | None = None) -> object:
        """The value of that finding."""
        finding = self.finding(name, domain)
        return finding.measurement.value if finding else None

    def words(self) -> str:
        """Everything that the report says in words."""
        phrases = [p for f in self.report.findings for p in (f.reason, *f.measurement.evidence)]
        return "\n".join(worded(phrase, "en") for phrase in phrases)


def account(world: World = HEALTHY, **settings: Any) -> World:
    """`world` with these settings of its account."""
    return replace(world, settings=replace(world.settings, **settings))


def audit(
    world: World = HEALTHY,
    *rules: Rule,
    domains: tuple[str, ...] = ("example.com",),
    as_of: date | None = None,
    given: Mapping[str, Any] | None = None,
) -> Audited:
    """What a run over SendGrid alone comes to, with the account bent by `rules`."""
    with serve(world, faults=Faults(*rules)) as running, configured(world, running) as path:
        config = Config(
            tuple(map(Domain, domains)),
            SendGridConfig(
                recipient_domains=False,
                account_health=False,
                api_key=SecretRef("file", "sendgrid-key", path.parent),
                base_url=running.sendgrid_url,
                timezone="Asia/Tokyo",
                **(given or {}),
            ),
            dns=DnsConfig((running.nameserver,)),
        )
        chosen = Options(sources=("sendgrid",), as_of=as_of)
        report = run(config, catalog(), chosen, Waits().clock)
        return Audited(report, tuple(running.requests))

"""A source that mailwatch does not have: a mailbox whose messages are counted, and its section."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from mailwatch.config import Config
from mailwatch.config.section import Origin, Settings
from mailwatch.model import ACCOUNT, Cause, Fault, Phrase, Subject, say, verbatim
from mailwatch.sources.about import About
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.job import Job
from mailwatch.yamlfile.shape import Fields, Nullable, Shape, text

ABOUT = About("A mailbox, counted.", domains=True, resolver=True)


@dataclass(frozen=True, slots=True)
class MailboxConfig:
    """The section `mailbox`."""

    name: str = "INBOX"


@dataclass(frozen=True)
class WiderConfig(Config):
    """The configuration with that section."""

    mailbox: MailboxConfig | None = None


def shape(origin: Origin) -> Shape:
    return Nullable(Fields({"name": text(80)}))


def settings(written: Any, environment: Mapping[str, str]) -> Settings:
    return Settings(None if written is None else MailboxConfig(**written))


def template(environment: Mapping[str, str]) -> str:
    return "# mailbox:\n#   name: INBOX\n"


def assume(config: Config, environment: Mapping[str, str]) -> Config:
    assert isinstance(config, WiderConfig)
    return replace(config, mailbox=config.mailbox or MailboxConfig())


def validate(config: Config) -> None:
    """Nothing can be wrong."""


def skipped(config: Config, as_of: date | None) -> Phrase | None:
    assert isinstance(config, WiderConfig)
    return say("run.not_configured") if config.mailbox is None else None


def expected(config: Config) -> Iterator[tuple[str, Subject]]:
    yield "sendgrid.bounce_rate", ACCOUNT


def newest_day(config: Config, now: datetime) -> date | None:
    return None


def collect(config: Config, job: Job) -> None:
    assert isinstance(config, WiderConfig)
    assert config.mailbox is not None
    names = f"{config.mailbox.name} of {', '.join(d.name for d in config.domains)}"
    job.take(Fault(Cause.NO_DATA, verbatim(f"no messages in {names}")))


def diagnose(config: Config, job: Job) -> Iterator[Diagnosis]:
    assert isinstance(config, WiderConfig)
    assert config.mailbox is not None
    yield Diagnosis(verbatim("Mailbox"), True, verbatim(f"{config.mailbox.name} can be opened."))

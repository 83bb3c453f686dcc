"""dns --fix, check --fix: the records to publish, instead of the report."""

import asyncio
from collections.abc import Callable, Iterator

from mailwatch.cli.at_work import work_shown
from mailwatch.cli.options import ReportOptions
from mailwatch.cli.output import print_out, say_aside, set_up_log
from mailwatch.clock import Clock
from mailwatch.config import Config
from mailwatch.errors import ConfigError
from mailwatch.publish import route53, terraform, zone_file
from mailwatch.publish.advice import propose
from mailwatch.publish.record_set import Proposal
from mailwatch.publish.sendgrid_records import publishable
from mailwatch.resolver.servers import find_servers
from mailwatch.resolver.transport import Transport
from mailwatch.sources.job import Job
from mailwatch.sources.sendgrid.audit.authentication import SenderRecords
from mailwatch.text.inert import inert
from mailwatch.words import worded

WRITERS: dict[str, Callable[[Proposal], Iterator[str]]] = {
    "zone": zone_file.render,
    "route53": route53.render,
    "terraform": terraform.render,
}


def print_records(
    config: Config,
    kind: str,
    options: ReportOptions,
    clock: Clock,
    needs_sendgrid: bool,
) -> int:
    """Prints what to publish for the domains of `config`, with what SendGrid expects, where it is
    configured. The status: 0, or 3 where DNS could not be asked for all of it, or SendGrid, where
    that is needed.
    """
    if options.format is not None or options.output:
        raise ConfigError(
            "--fix prints records and not a report, so it takes no --format and no --output",
            "Leave them out; to keep the records: mailwatch dns example.com --fix zone > records",
        )
    if options.as_of is not None:
        raise ConfigError("--fix is about DNS as it is now, so it takes no --as-of")
    if not config.domains:
        raise ConfigError(
            "--fix needs a domain, and none was given",
            "Write mailwatch dns example.com --fix zone, or add it under domains: in "
            "mailwatch.yaml.",
        )
    if kind != "zone":
        _refuse_several_zones(config, kind)
    set_up_log(options.verbose)
    end = clock.monotonic() + options.timeout
    with work_shown("Asking what to publish …"):
        half = Job(clock.now(), None, (clock.monotonic() + end) / 2, clock)
        wanted = _ask_sendgrid(config, half)
        proposal = asyncio.run(_propose(config, Job(clock.now(), None, end, clock), wanted))
    if wanted.unanswered is not None and needs_sendgrid:
        proposal.asked = False
    print_out(WRITERS[kind](proposal))
    if kind != "zone" or not proposal.asked:
        say_aside(*(f"mailwatch: {inert(note)}" for note in proposal.notes))
    return 0 if proposal.asked or options.fail_on == "never" else 3


def _ask_sendgrid(config: Config, job: Job) -> SenderRecords:
    """What SendGrid expects of DNS; nothing where it is not configured."""
    if config.sendgrid is None:
        return SenderRecords((), None)
    from mailwatch.sources.sendgrid.audit.sender_records import read_sender_records

    return read_sender_records(config, job)


async def _propose(config: Config, job: Job, wanted: SenderRecords) -> Proposal:
    transport = Transport(find_servers(config.dns.nameservers), job)
    expected = publishable(wanted.records, [domain.name for domain in config.domains])
    proposal = await propose(config.domains, transport.ask, job, expected.records)
    proposal.notes += expected.notes
    if wanted.unanswered is not None:
        why = worded(wanted.unanswered, "en")
        proposal.notes.append(f"SendGrid did not say which records it expects: {why}")
    return proposal


def _refuse_several_zones(config: Config, kind: str) -> None:
    """A change batch and a hosted zone's id are for one zone: names that share a parent."""
    shortest = min((domain.name for domain in config.domains), key=len)
    for domain in config.domains:
        if domain.name != shortest and not domain.name.endswith(f".{shortest}"):
            raise ConfigError(
                f"--fix {kind} is for one hosted zone, and {domain.name} is not below {shortest}",
                f"Name one domain: mailwatch dns {shortest} --fix {kind}",
            )

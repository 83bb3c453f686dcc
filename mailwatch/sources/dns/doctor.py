"""Do the name servers answer, each by itself, and is anything left out that only the user knows?"""

import asyncio

from mailwatch.config import Config
from mailwatch.model import say
from mailwatch.resolver.servers import Server, find_servers
from mailwatch.resolver.transport import TRIES, Transport
from mailwatch.sources.diagnosis import Diagnosis
from mailwatch.sources.job import Job
from mailwatch.text.inert import inert

_NOWHERE = "no-such-name.invalid"
"""A name that cannot exist (RFC 6761 §6.4). A resolver that has an address for it makes one up for
every name that is missing, so that what is missing is not seen."""
_ANYWHERE = "com"
"""A name that every resolver has an answer about, where no domain is configured."""


async def examine(config: Config, job: Job) -> list[Diagnosis]:
    """Each name server, then each domain without a selector."""
    servers = find_servers(config.dns.nameservers)
    name = config.domains[0].name if config.domains else _ANYWHERE
    found = await asyncio.gather(*(_examine_server(server, name, job) for server in servers))
    if not servers:
        found = [Diagnosis(say("dns.doctor_servers"), False, say("dns.no_nameserver"))]
    unnamed = (domain.name for domain in config.domains if not domain.dkim_selectors)
    return [
        *found,
        *(
            Diagnosis(say("dns.doctor_selectors", domain=domain), None, say("dns.dkim_no_selector"))
            for domain in unnamed
        ),
    ]


async def _examine_server(server: Server, name: str, job: Job) -> Diagnosis:
    """Whether it answers at all: that there is no such name is an answer, too."""
    what = say("dns.doctor_server", server=inert(str(server)))
    transport = Transport([server], job, TRIES[:2])
    answer = await transport.ask(name, "TXT")
    if answer.failure is not None:
        return Diagnosis(what, False, answer.failure)
    if (await transport.ask(_NOWHERE, "A")).values:
        return Diagnosis(what, False, say("dns.doctor_rewrites", name=_NOWHERE))
    return Diagnosis(what, True, say("dns.doctor_answers", name=inert(name)))

"""The DMARC policy of one domain in full, with the way to it (RFC 9989 §4.10)."""

import asyncio

from mailwatch.frozen import dataclass
from mailwatch.mailauth.dmarc.discovery import (
    Applied,
    Effect,
    Step,
    discover,
    effect_on,
    organizational_domain,
)
from mailwatch.model import Phrase, say, verbatim
from mailwatch.resolver.lookup import Lookup, Outcome
from mailwatch.text.inert import inert_octets


@dataclass(frozen=True, slots=True)
class PolicyFound:
    """What applies to mail from `domain`. Where a question failed (`failure`), only what is
    certain without its answer is given."""

    domain: str
    exists: bool | None
    """None where that could not be asked for."""
    steps: tuple[Step, ...]
    organization: str | None = None
    applies: Applied | None = None
    effect: Effect | None = None
    """None where no record applies."""
    failure: Phrase | None = None

    @property
    def queries(self) -> tuple[str, ...]:
        """The names that were asked for a record, in order."""
        return tuple(f"_dmarc.{step.domain}" for step in self.steps)


async def find_policy(domain: str, lookup: Lookup) -> PolicyFound:
    """The policy for mail from `domain`, and its organizational domain."""
    existence, found = await asyncio.gather(
        lookup.get(domain, "TXT"), discover(domain, lookup, whole=True)
    )
    exists: bool | None = None
    if existence.failure is None:
        # §3.2.13: only NXDOMAIN; with a CNAME before it, it is the target that does not exist.
        exists = existence.outcome is not Outcome.NO_SUCH_NAME or bool(existence.chain)
    if found.failure is not None:
        return PolicyFound(domain, exists, found.steps, failure=found.failure)
    organization = organizational_domain(found.steps)
    effect = await effect_on(domain, found.applies, lookup) if found.applies else None
    failure = existence.failure or (effect if isinstance(effect, Phrase) else None)
    return PolicyFound(
        domain,
        exists,
        found.steps,
        organization,
        found.applies,
        None if isinstance(effect, Phrase) else effect,
        failure,
    )


def reasons_for(applies: Applied, effect: Effect) -> list[Phrase]:
    """Why the policy is not simply what `p=` says."""
    record = applies.record
    if not record.sound:
        acts = "dns.dmarc_acts_as_none" if record.reachable else "dns.dmarc_no_effect"
        return [say(acts)]
    reasons = []
    if effect.tag != "p":
        reasons.append(
            say("dns.dmarc_through", tag=effect.tag, domain=inert_octets(applies.domain))
        )
    if record.testing:
        reasons.append(say("dns.dmarc_testing"))
    return reasons


def trouble_at(step: Step) -> list[Phrase]:
    """Why receivers ignore what is at a domain; nothing where there is nothing of that kind."""
    name = inert_octets(f"_dmarc.{step.domain}")
    if step.several:
        return [say("dns.dmarc_several", name=name, n=step.several)]
    if step.spoilt is None:
        return []
    text, why = step.spoilt
    return [
        verbatim(inert_octets(text)),
        say("dns.dmarc_spoilt", name=name, why=why or say("dns.dmarc_version")),
    ]

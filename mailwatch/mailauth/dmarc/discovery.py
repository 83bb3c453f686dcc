"""Which DMARC record applies to a domain, and where it is found (RFC 9989 §4.10).

No list of public suffixes is used: the records themselves say where an organization begins.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from mailwatch.frozen import dataclass
from mailwatch.mailauth.dmarc.record import (
    DmarcRecord,
    parse_record,
    select_attempts,
    select_records,
)
from mailwatch.model import Phrase
from mailwatch.resolver.lookup import Lookup, Outcome

Standing = Literal["reject", "quarantine", "none", "missing"]
Tag = Literal["p", "sp", "np"]

_LOWER: dict[str, Standing] = {"reject": "quarantine", "quarantine": "none", "none": "none"}


@dataclass(frozen=True, slots=True)
class Step:
    """What was found at one domain between the author's and the top level."""

    domain: str
    record: DmarcRecord | None = None
    several: int = 0
    """The number of records, where more than one made receivers drop them all."""
    spoilt: tuple[str, Phrase | None] | None = None
    """A record that receivers ignore, and why; None where it does not even begin like one."""


@dataclass(frozen=True, slots=True)
class Applied:
    """The record that applies, and the domain that it was found at."""

    domain: str
    record: DmarcRecord


@dataclass(frozen=True, slots=True)
class Effect:
    """What receivers are asked to do with mail that fails, and by which tag."""

    policy: Standing
    tag: Tag
    requested: Standing
    """The word of the tag, before `t=y` lowers it."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found, from the domain up. `applies` is None where no record applies."""

    steps: tuple[Step, ...]
    """The domain itself first, then each one asked."""
    applies: Applied | None = None
    failure: Phrase | None = None
    """Why the search stopped early; then it is not known what applies."""

    @property
    def own(self) -> Step:
        """What was found at the domain itself."""
        return self.steps[0]


def names_queried(domain: str) -> Iterator[str]:
    """The domains asked, at most eight: all of them, then the last seven labels, down to one."""
    yield domain
    labels = domain.split(".")
    rest = labels[-7:] if len(labels) >= 8 else labels[1:]
    while rest:
        yield ".".join(rest)
        rest = rest[1:]


async def discover(domain: str, lookup: Lookup, *, whole: bool = False) -> Discovery:
    """The record that applies to mail from `domain`.

    `whole` goes on above a record of its own, up to the organizational domain.
    """
    steps: list[Step] = []
    for name in names_queried(domain):
        step = await _look(name, lookup)
        if isinstance(step, Phrase):
            return Discovery((*steps, Step(name)), failure=step)
        steps.append(step)
        # The domain's own record is the policy, and a psd tag ends the search (§4.10, step 6).
        if step.record is None:
            continue
        if step.record.psd != "u" or (name == domain and not whole):
            break
    return Discovery(tuple(steps), _applying(steps))


async def _look(domain: str, lookup: Lookup) -> Step | Phrase:
    answer = await lookup.get(f"_dmarc.{domain}", "TXT")
    if answer.failure is not None:
        return answer.failure
    records = select_records(answer.values)
    if len(records) > 1:
        return Step(domain, several=len(records))
    if not records:
        attempts = select_attempts(answer.values)
        return Step(domain, spoilt=(attempts[0], None) if attempts else None)
    record = parse_record(records[0])
    if isinstance(record, Phrase):
        return Step(domain, spoilt=(records[0], record))
    return Step(domain, record)


def _applying(steps: list[Step]) -> Applied | None:
    """The record that is the policy (§4.10.1), by the organizational domain (§4.10.2)."""
    found = [Applied(step.domain, step.record) for step in steps if step.record is not None]
    if not found:
        return None
    if found[0].domain == steps[0].domain:
        return found[0]
    last = found[-1]  # the fewest labels, or the psd tag that ended the search
    if last.record.psd == "y" and len(found) > 1:
        # The organization is the domain one label below; the suffix's own record is used only
        # where that domain has none.
        below = found[-2]
        if below.domain.count(".") == last.domain.count(".") + 1:
            return below
    return last


def organizational_domain(steps: Sequence[Step]) -> str:
    """The domain of the organization, by what was found on the whole way up (§4.10.2)."""
    domain = steps[0].domain
    found = [(step.domain, step.record.psd) for step in steps if step.record is not None]
    for name, psd in found:
        if psd == "n":
            return name
        if psd == "y":  # the domain one label below; of a suffix that sends mail, itself
            return ".".join(domain.split(".")[-name.count(".") - 2 :])
    return found[-1][0] if found else domain


async def effect_on(domain: str, applied: Applied, lookup: Lookup) -> Effect | Phrase:
    """What `applied` asks for mail from `domain`; a phrase where that depends on a name that could
    not be asked for.
    """
    record = applied.record
    tag = await _tag_for(domain, applied, lookup)
    if isinstance(tag, Phrase):
        return tag
    if not record.sound:  # §4.10.1: with somewhere to report to it acts as p=none
        acts_as: Standing = "none" if record.reachable else "missing"
        return Effect(acts_as, tag, acts_as)
    requested: Standing = {"np": record.np, "sp": record.sp, "p": record.p}[tag] or "none"
    return Effect(lowered(requested, record), tag, requested)


def lowered(policy: Standing, record: DmarcRecord) -> Standing:
    """`policy` as it applies: one level lower where the record says `t=y`."""
    return _LOWER.get(policy, policy) if record.testing else policy


async def _tag_for(domain: str, applied: Applied, lookup: Lookup) -> Tag | Phrase:
    """The tag that speaks of `domain`; of an unsound record always p."""
    record = applied.record
    if applied.domain == domain or not record.sound:
        return "p"
    if record.np is not None:
        # §3.2.13: only NXDOMAIN makes a domain non-existent, of whatever type one asks. With a
        # CNAME before it, it is the target that does not exist.
        answer = await lookup.get(domain, "TXT")
        if answer.failure is not None:
            return answer.failure
        if answer.outcome is Outcome.NO_SUCH_NAME and not answer.chain:
            return "np"
    return "p" if record.sp is None else "sp"

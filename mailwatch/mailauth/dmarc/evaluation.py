"""The DMARC result of a message: what authenticated, and whether it is the author's domain
(RFC 9989 §4.4, §4.5, §5.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from mailwatch.mailauth.dmarc.discovery import (
    Applied,
    Effect,
    discover,
    effect_on,
    organizational_domain,
)
from mailwatch.mailauth.tags import parse_tags
from mailwatch.model import Phrase, say
from mailwatch.resolver.lookup import Lookup


class DmarcResult(StrEnum):
    """What DMARC says of a message (RFC 8601 §2.7)."""

    PASS = "pass"  # noqa: S105  # a result, not a password
    FAIL = "fail"
    NONE = "none"
    PERMERROR = "permerror"
    TEMPERROR = "temperror"


@dataclass(frozen=True, slots=True)
class Authenticated:
    """What SPF and DKIM came to, for one message."""

    spf: str | None
    """The domain that passed SPF; None where none did."""
    dkim: tuple[str, ...]
    """The domains whose signatures verified."""
    doubtful: Phrase | None = None
    """Why it is not known whether others pass, too: a question that failed."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """The result, and how it came about."""

    result: DmarcResult
    applies: Applied | None = None
    """The record that was used."""
    effect: Effect | None = None
    """What it asks for; None without a record."""
    spf: bool = False
    dkim: bool = False
    why: Phrase | None = None
    """For the errors, the reason."""


@dataclass(slots=True)
class _Organizations:
    """The organizational domains that were looked up."""

    lookup: Lookup
    failure: Phrase | None = None
    _known: dict[str, str | None] = field(default_factory=dict)

    async def of(self, domain: str) -> str | None:
        """The organizational domain of `domain`; None where a question failed."""
        if domain not in self._known:
            found = await discover(domain, self.lookup, whole=True)
            self.failure = self.failure or found.failure
            known = None if found.failure else organizational_domain(found.steps)
            self._known[domain] = known
        return self._known[domain]

    async def same(self, one: str, other: str) -> bool:
        """True when both are of one organization."""
        if one == other:
            return True
        own = await self.of(one)
        return own is not None and own == await self.of(other)


async def evaluate_alignment(
    author: str, authenticated: Authenticated, lookup: Lookup
) -> Alignment:
    """The DMARC result for mail from the domain `author`."""
    found = await discover(author, lookup)
    if found.failure is not None:
        return Alignment(DmarcResult.TEMPERROR, why=found.failure)
    strict = _strict(found.applies)
    organizations = _Organizations(lookup)
    spf = await _any_aligned(author, _listed(authenticated.spf), strict["aspf"], organizations)
    dkim = await _any_aligned(author, authenticated.dkim, strict["adkim"], organizations)
    if found.applies is None:
        return Alignment(DmarcResult.NONE, spf=spf, dkim=dkim)
    effect = await effect_on(author, found.applies, lookup)
    if isinstance(effect, Phrase):
        passed = DmarcResult.PASS if spf or dkim else DmarcResult.TEMPERROR
        return Alignment(passed, found.applies, spf=spf, dkim=dkim, why=effect)
    if effect.requested == "missing":
        why = say("dns.dmarc_no_effect")
        return Alignment(DmarcResult.PERMERROR, found.applies, None, spf, dkim, why)
    doubt = authenticated.doubtful or organizations.failure
    if spf or dkim:
        return Alignment(DmarcResult.PASS, found.applies, effect, spf, dkim)
    result = DmarcResult.TEMPERROR if doubt else DmarcResult.FAIL
    return Alignment(result, found.applies, effect, why=doubt)


def _strict(applies: Applied | None) -> dict[str, bool]:
    """Which of the two alignments the record wants to be strict (§4.7)."""
    tags = parse_tags(applies.record.text).tags if applies else ()
    named = {name.lower(): value.lower() for name, value in tags}
    return {tag: named.get(tag) == "s" for tag in ("adkim", "aspf")}


def _listed(domain: str | None) -> tuple[str, ...]:
    return (domain,) if domain else ()


async def _any_aligned(
    author: str, domains: Sequence[str], strict: bool, organizations: _Organizations
) -> bool:
    """True when one of `domains` is the author's: the same name, or unless `strict` the same
    organization."""
    if author in domains:
        return True
    if strict:
        return False
    for domain in domains:
        if await organizations.same(author, domain):
            return True
    return False

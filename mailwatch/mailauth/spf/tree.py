"""What an SPF record leads to: every term of the tree below it counted, every record read.

Each evaluation counts (RFC 7208 §4.6.4): a provider that two branches include costs twice,
although its answers are asked for once.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from mailwatch.mailauth.spf.record import SpfRecord, Term, parse_record, select_records
from mailwatch.mailauth.unknown import Unknown, no_data, not_asked
from mailwatch.model import Phrase, say
from mailwatch.resolver.lookup import Answer, Lookup, RdType
from mailwatch.text.inert import inert_octets

COUNTED = 100
"""Terms counted before counting stops: ten times what any receiver evaluates."""
MX_HOSTS = 10
"""Hosts that one `mx` may have (§4.6.4)."""

_ASKED: dict[str, tuple[RdType, ...]] = {
    "a": ("A", "AAAA"),
    "mx": ("MX",),
    "exists": ("A",),
    "ptr": (),
}
"""What a mechanism asks for, as far as that does not depend on the sender."""
_WORDS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


@dataclass(frozen=True, slots=True)
class Branch:
    """What a term, or a record, costs with all that is below it."""

    lookups: int = 0
    voids: tuple[str, ...] = ()
    """The terms whose names turned out empty."""
    broken: tuple[Phrase, ...] = ()
    """What makes receivers give up with a permanent error."""
    unasked: tuple[Phrase, ...] = ()
    """What could not be looked up, so that the rest is too low."""
    hidden: tuple[str, ...] = ()
    """Terms with macros, which only a message fills in."""
    ending: str | Unknown = "absent"
    """The word for the `all` that it ends in."""
    costs: tuple[tuple[str, int], ...] = ()
    """What each of the record's own terms costs, in their order."""


_STOPPED = Branch(ending=no_data(say("dns.spf_stopped", n=COUNTED)))


class Walk:
    """One walk through the tree below one record."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._left = COUNTED

    @property
    def stopped(self) -> bool:
        """True when there was more to count than is counted, or no end of it."""
        return self._left <= 0

    async def below(self, record: SpfRecord, domain: str, path: tuple[str, ...] = ()) -> Branch:
        """What `record` of `domain` costs; `path` holds the domains that led here."""
        terms = record.costly
        if len(terms) > self._left:
            self._left = 0
            return _STOPPED
        path = (*path, domain)
        branches = await asyncio.gather(*(self._term(term, path) for term in terms))
        return Branch(
            lookups=sum(branch.lookups for branch in branches),
            voids=tuple(chain.from_iterable(branch.voids for branch in branches)),
            broken=tuple(chain.from_iterable(branch.broken for branch in branches)),
            unasked=tuple(chain.from_iterable(branch.unasked for branch in branches)),
            hidden=tuple(chain.from_iterable(branch.hidden for branch in branches)),
            ending=_ending(record, branches),
            costs=tuple(
                (term.text, branch.lookups) for term, branch in zip(terms, branches, strict=True)
            ),
        )

    async def _term(self, term: Term, path: tuple[str, ...]) -> Branch:
        if self.stopped:
            return _STOPPED
        self._left -= 1
        if term.macro:
            gap = no_data(say("dns.spf_macro", term=inert_octets(term.text)))
            return Branch(lookups=1, hidden=(term.text,), ending=gap)
        target = (term.target or path[-1]).lower().removesuffix(".")
        if term.name in ("include", "redirect"):
            return await self._record(term, target, path)
        types = _ASKED[term.name]
        return _leaf(term, await asyncio.gather(*(self._lookup.get(target, t) for t in types)))

    async def _record(self, term: Term, target: str, path: tuple[str, ...]) -> Branch:
        if target in path:
            self._left = 0
            return _broken(
                say("dns.spf_loop", term=inert_octets(term.text), domain=inert_octets(path[-1]))
            )
        answer = await self._lookup.get(target, "TXT")
        if answer.failure is not None:
            return Branch(1, unasked=(answer.failure,), ending=not_asked(answer.failure))
        records = select_records(answer.values)
        if len(records) != 1:  # §5.2, §6.1: nothing to go by is a permanent error
            code = "dns.spf_leads_to_several" if records else "dns.spf_leads_to_none"
            voids = (term.text,) if answer.absent else ()
            return _broken(say(code, term=inert_octets(term.text), n=len(records)), voids)
        record = parse_record(records[0])
        if isinstance(record, Phrase):
            return _broken(
                say("dns.spf_leads_to_invalid", term=inert_octets(term.text), why=record)
            )
        branch = await self.below(record, target, path)
        return Branch(
            1 + branch.lookups,
            branch.voids,
            branch.broken,
            branch.unasked,
            branch.hidden,
            branch.ending,
        )


def _ending(record: SpfRecord, branches: Sequence[Branch]) -> str | Unknown:
    if record.ending is not None:
        return _WORDS[record.ending]
    if record.redirect is None:
        return "absent"
    # The redirect is evaluated after every mechanism, thus the last of the terms.
    return branches[-1].ending


def _broken(why: Phrase, voids: tuple[str, ...] = ()) -> Branch:
    return Branch(1, voids, (why,), ending=no_data(why))


def _leaf(term: Term, answers: Sequence[Answer]) -> Branch:
    """A term is void when none of `answers` has anything (§4.6.4); a failure is no void."""
    hosts = len(answers[0].values) if term.name == "mx" else 0
    if hosts > MX_HOSTS:
        return _broken(say("dns.spf_many_hosts", term=inert_octets(term.text), n=hosts))
    if not answers or any(answer.values for answer in answers):
        return Branch(1)
    failures = tuple(answer.failure for answer in answers if answer.failure is not None)
    return Branch(1, () if failures else (term.text,), unasked=failures)

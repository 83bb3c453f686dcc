"""What an SPF record leads to: every term of the tree below it counted, every record read.

Each evaluation counts (RFC 7208 §4.6.4): a provider that two branches include costs twice,
although its answers are asked for once.

The evaluation itself is pure. It goes through the terms in their order with the answers known so
far, and names the questions that are still open; those are asked, and it begins again. So the
figures depend on the answers alone, never on the order in which they come, and what is left out
where a limit is reached is the same in every run.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from mailwatch.frozen import dataclass
from mailwatch.mailauth.spf.limits import MOST_HOSTS
from mailwatch.mailauth.spf.record import SpfRecord, Term, parse_record, select_records
from mailwatch.model import Phrase, say
from mailwatch.resolver.lookup import LONGEST_CHAIN, Answer, Lookup, Outcome, RdType
from mailwatch.text.inert import inert_octets

COUNTED = 100
"""Terms counted before counting stops: ten times what any receiver evaluates."""
QUESTIONS = 100
"""Questions asked about one tree, those about the targets of CNAMEs included. With at most nine for
each of the eleven other names of a domain (its own, eight for DMARC, MX, a selector) no domain
costs more than 200."""

_SHORT = 1000
"""Characters of a record that is kept, parsed, for the next domain."""
_DEAREST = 1 + LONGEST_CHAIN
"""Questions that one may turn into, where a server leaves the targets of CNAMEs to be asked for."""

Question = tuple[str, RdType]

_ASKED: dict[str, tuple[RdType, ...]] = {
    "a": ("A", "AAAA"),
    "mx": ("MX",),
    "exists": ("A",),
    "ptr": (),
}
"""What a mechanism asks for, as far as that does not depend on the sender."""
_WORDS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


@dataclass(frozen=True, slots=True)
class NoEnding:
    """Why it is not known which `all` a record ends in."""

    why: Phrase
    unasked: bool = False
    """True when a name on the way to it could not be looked up."""


@dataclass(frozen=True, slots=True)
class CountedTerm:
    """A term that needs DNS."""

    text: str
    lookups: int
    """What it costs, with all that is below it."""
    below: tuple["CountedTerm", ...] = ()
    """The terms of the record that it leads to."""


@dataclass(frozen=True, slots=True)
class Branch:
    """What a term, or a record, costs with all that is below it."""

    lookups: int = 0
    voids: tuple[str, ...] = ()
    """The terms whose names turned out empty."""
    broken: tuple[Phrase, ...] = ()
    """What makes receivers give up with a permanent error."""
    unasked: tuple[Phrase, ...] = ()
    """What could not be looked up, so that the counts may be too low."""
    stopped: bool = False
    """True when there is more below than was counted: a loop, or over the limits of this module."""
    hidden: tuple[str, ...] = ()
    """Terms with macros, which only a message fills in."""
    ending: str | NoEnding = "absent"
    """The word for the `all` that it ends in."""
    terms: tuple[CountedTerm, ...] = ()
    """The terms that need DNS, in their order: those of the record itself, or of the record that
    the term leads to."""


_STOPPED = Branch(stopped=True, ending=NoEnding(say("dns.spf_stopped")))


async def evaluate_tree(record: SpfRecord, domain: str, lookup: Lookup) -> Branch:
    """What `record` of `domain` costs. Never more than `QUESTIONS` questions."""
    answers: dict[Question, Answer] = {}
    parsed: dict[str, SpfRecord | Phrase] = {}
    left = QUESTIONS
    while True:
        reader = _TreeReader(answers, parsed)
        branch = reader.of_record(record, (domain,))
        batch = list(reader.open)[: left // _DEAREST]
        if not batch:
            return branch
        found = await asyncio.gather(*(lookup.get(*question) for question in batch))
        answers.update(zip(batch, found, strict=True))
        left -= sum(min(1 + len(answer.chain), _DEAREST) for answer in found)


class _TreeReader:
    """The tree as far as `answers` reach. What is missing counts as stopped, and is in `open`."""

    def __init__(
        self, answers: Mapping[Question, Answer], parsed: dict[str, SpfRecord | Phrase]
    ) -> None:
        self.open: dict[Question, None] = {}
        self._answers = answers
        self._parsed = parsed
        self._left = COUNTED

    def of_record(self, record: SpfRecord, path: tuple[str, ...]) -> Branch:
        """What `record` costs; `path` holds the domains that led here, its own the last."""
        branches: list[Branch] = []
        for term in record.costly:
            if not self._left:
                branches.append(_STOPPED)
                break
            self._left -= 1
            branches.append(self._of_term(term, path))
        whole = len(branches) == len(record.costly)
        return replace(
            _sum(branches),
            ending=_ending(record, branches[-1].ending if whole and branches else None),
            terms=tuple(
                CountedTerm(term.text, branch.lookups, branch.terms)
                for term, branch in zip(record.costly, branches, strict=False)
            ),
        )

    def _of_term(self, term: Term, path: tuple[str, ...]) -> Branch:
        if term.macro:
            ending = NoEnding(say("dns.spf_macro", term=inert_octets(term.text)))
            return Branch(1, hidden=(term.text,), ending=ending)
        target = (term.target or path[-1]).lower().removesuffix(".")
        if term.name in ("include", "redirect"):
            return self._of_target(term, target, path)
        found = [self._answer(target, rdtype) for rdtype in _ASKED[term.name]]
        answers = [answer for answer in found if answer is not None]
        return _of_names(term, answers) if len(answers) == len(found) else _uncounted()

    def _of_target(self, term: Term, target: str, path: tuple[str, ...]) -> Branch:
        """What `include` or `redirect` costs. A loop ends its own branch and no other."""
        if target in path:
            why = say("dns.spf_loop", term=inert_octets(term.text), domain=inert_octets(path[-1]))
            return replace(_broken(why), stopped=True)
        answer = self._answer(target, "TXT")
        if answer is None:
            return _uncounted()
        if answer.failure is not None:
            ending = NoEnding(answer.failure, unasked=True)
            return Branch(1, unasked=(answer.failure,), ending=ending)
        records = select_records(answer.values)
        if len(records) != 1:  # §5.2, §6.1: nothing to go by is a permanent error
            code = "dns.spf_leads_to_several" if records else _nothing_at(answer)
            voids = (term.text,) if answer.absent else ()
            return _broken(say(code, term=inert_octets(term.text), n=len(records)), voids)
        record = self._parse(records[0])
        if isinstance(record, Phrase):
            why = say("dns.spf_leads_to_invalid", term=inert_octets(term.text), why=record)
            return _broken(why)
        branch = self.of_record(record, (*path, target))
        return replace(branch, lookups=1 + branch.lookups)

    def _answer(self, name: str, rdtype: RdType) -> Answer | None:
        answer = self._answers.get((name, rdtype))
        if answer is None:
            self.open[name, rdtype] = None
        return answer

    def _parse(self, text: str) -> SpfRecord | Phrase:
        if text not in self._parsed:
            short = len(text) <= _SHORT
            self._parsed[text] = _parse_often(text) if short else parse_record(text)
        return self._parsed[text]


def _nothing_at(answer: Answer) -> str:
    """A name that is gone can be registered by anybody, who then says who may send."""
    gone = answer.outcome is Outcome.NO_SUCH_NAME
    return "dns.spf_leads_nowhere" if gone else "dns.spf_leads_to_none"


@lru_cache(1024)
def _parse_often(text: str) -> SpfRecord | Phrase:
    """The records of providers, which a list of domains leads to again and again."""
    return parse_record(text)


def _sum(branches: Iterable[Branch]) -> Branch:
    lookups, stopped = 0, False
    voids: list[str] = []
    broken: list[Phrase] = []
    unasked: list[Phrase] = []
    hidden: list[str] = []
    for branch in branches:
        lookups += branch.lookups
        voids += branch.voids
        broken += branch.broken
        unasked += branch.unasked
        hidden += branch.hidden
        stopped = stopped or branch.stopped
    return Branch(lookups, tuple(voids), tuple(broken), tuple(unasked), stopped, tuple(hidden))


def _ending(record: SpfRecord, last: str | NoEnding | None) -> str | NoEnding:
    """The word for the `all` of `record`; `last` is how its last term ends, None if not reached."""
    if record.ending is not None:
        return _WORDS[record.ending]
    if record.redirect is None:
        return "absent"
    # The redirect is evaluated after every mechanism, thus the last of the terms.
    return _STOPPED.ending if last is None else last


def _uncounted() -> Branch:
    """A term that counts, and what it leads to is not known."""
    return replace(_STOPPED, lookups=1)


def _broken(why: Phrase, voids: tuple[str, ...] = ()) -> Branch:
    return Branch(1, voids, (why,), ending=NoEnding(why))


def _of_names(term: Term, answers: Sequence[Answer]) -> Branch:
    """A term is void when none of `answers` has anything (§4.6.4); a failure is not void."""
    hosts = len(answers[0].values) if term.name == "mx" else 0
    if hosts > MOST_HOSTS:
        return _broken(say("dns.spf_many_hosts", term=inert_octets(term.text), n=hosts))
    if not answers or any(answer.values for answer in answers):
        return Branch(1)
    failures = tuple(answer.failure for answer in answers if answer.failure is not None)
    return Branch(1, () if failures else (term.text,), unasked=failures)

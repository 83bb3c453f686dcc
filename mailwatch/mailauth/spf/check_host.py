"""check_host(): the SPF result for one sender, as receivers come to it (RFC 7208 §4 to §7).

The terms are evaluated one after the other, as the standard has it, so that a limit is broken by
the term that every other implementation names, too.
"""

from dataclasses import dataclass, replace
from ipaddress import IPv6Address

from mailwatch.mailauth.spf.limits import MOST_HOSTS, MOST_LOOKUPS, MOST_VOIDS
from mailwatch.mailauth.spf.macros import (
    Address,
    MacroValues,
    expand,
    expand_name,
    names_validated,
)
from mailwatch.mailauth.spf.record import SpfRecord, Term, parse_record, select_records
from mailwatch.mailauth.spf.result import EvaluatedTerm, Evaluation, Sender, SpfResult
from mailwatch.model import Phrase, say
from mailwatch.resolver.lookup import Answer, Lookup, RdType
from mailwatch.text.inert import inert_octets

_BY_QUALIFIER = {
    "+": SpfResult.PASS,
    "-": SpfResult.FAIL,
    "~": SpfResult.SOFTFAIL,
    "?": SpfResult.NEUTRAL,
}


@dataclass(frozen=True, slots=True)
class _Decision:
    """The result for one domain."""

    result: SpfResult
    domain: str
    why: Phrase | None = None
    term: EvaluatedTerm | None = None
    exp: str | None = None


class _GiveUpError(Exception):
    """The evaluation as a whole has this result, however deep it was."""

    def __init__(self, result: SpfResult, why: Phrase) -> None:
        super().__init__(result)
        self.result = result
        self.why = why


async def check_host(
    sender: Sender, lookup: Lookup, receiver: str = "unknown", moment: int = 0
) -> Evaluation:
    """The SPF result for `sender`. `receiver` and `moment` serve the macros r and t alone."""
    ip = sender.ip
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:  # §5
        ip = ip.ipv4_mapped
    domain = sender.domain
    values = MacroValues(
        ip, sender.local, domain, domain, sender.helo, receiver=receiver, moment=moment
    )
    check = _Check(lookup, values)
    try:
        decision = await check.domain(domain)
        explanation = await check.explanation(decision)
    except _GiveUpError as error:
        decision, explanation = _Decision(error.result, domain, error.why, check.at), None
    return Evaluation(
        decision.result,
        decision.why,
        decision.term,
        explanation,
        check.lookups,
        check.voids,
        tuple(check.trace),
    )


class _Check:
    """One evaluation. It stops at the first term that matches, and at the first error."""

    def __init__(self, lookup: Lookup, values: MacroValues) -> None:
        self.lookups = 0
        self.voids = 0
        self.trace: list[EvaluatedTerm] = []
        self.at: EvaluatedTerm | None = None
        """The term that is being evaluated, without what it leads to."""
        self._lookup = lookup
        self._values = values
        self._ip = values.ip
        self._type: RdType = "A" if values.ip.version == 4 else "AAAA"
        self._void_term: EvaluatedTerm | None = None

    async def domain(self, domain: str) -> _Decision:
        """The result for `domain`, a redirect included."""
        if not _is_domain(domain):
            return _Decision(SpfResult.NONE, domain, _not_a_domain(domain))
        answer = await self._lookup.get(domain, "TXT")
        if answer.failure is not None:
            raise _GiveUpError(SpfResult.TEMPERROR, answer.failure)
        records = select_records(answer.values)
        if not records:
            if self.at is not None and answer.absent:  # of an include or redirect
                self._count_void()
            return _Decision(SpfResult.NONE, domain, say("dns.spf_none"))
        record = parse_record(records[0]) if len(records) == 1 else None
        if record is None:
            raise _GiveUpError(SpfResult.PERMERROR, say("dns.spf_several", n=len(records)))
        if isinstance(record, Phrase):
            raise _GiveUpError(SpfResult.PERMERROR, record)
        return await self._record(record, domain)

    async def explanation(self, decision: _Decision) -> str | None:
        """What the domain says of a fail; None where it says nothing that can be used (§6.2)."""
        if decision.result is not SpfResult.FAIL or decision.exp is None:
            return None
        values = await self._values_for(decision.exp, decision.domain)
        name = expand_name(decision.exp, values)
        answer = await self._lookup.get(name, "TXT") if name else None
        if answer is None or len(answer.values) != 1 or not answer.values[0].isascii():
            return None
        (text,) = answer.values
        return expand(text, await self._values_for(text, decision.domain), explanation=True)

    async def _record(self, record: SpfRecord, domain: str) -> _Decision:
        for term in record.mechanisms:
            self.at = EvaluatedTerm(domain, term.text, matched=False)
            if term.counted:
                self._count_lookup(term)
            matched = await self._matches(term, domain)
            self.at = EvaluatedTerm(domain, term.text, matched)
            self.trace.append(self.at)
            if matched:
                result = _BY_QUALIFIER[term.qualifier]
                return _Decision(result, domain, term=self.at, exp=record.exp)
        if record.redirect is None:
            return _Decision(SpfResult.NEUTRAL, domain)  # §4.7
        return await self._redirected(record.redirect, domain)

    async def _redirected(self, term: Term, domain: str) -> _Decision:
        """The result of the domain that `redirect` names, which takes this one's place (§6.1)."""
        self.at = EvaluatedTerm(domain, term.text, matched=True)
        self.trace.append(self.at)
        self._count_lookup(term)
        return await self._led_to(term, domain)

    async def _led_to(self, term: Term, domain: str) -> _Decision:
        """The result of the domain that `term` leads to; one without a record is an error."""
        here = self.at
        target = await self._target(term, domain)
        found = _Decision(SpfResult.NONE, domain) if target is None else await self.domain(target)
        if found.result is SpfResult.NONE:
            self.at = here
            why = say("dns.spf_leads_to_none", term=inert_octets(term.text), n=0)
            raise _GiveUpError(SpfResult.PERMERROR, why)
        return found

    async def _matches(self, term: Term, domain: str) -> bool:
        if term.name == "all":
            return True
        if term.network is not None:
            return self._ip in term.network
        if term.name == "include":
            return (await self._led_to(term, domain)).result is SpfResult.PASS
        target = await self._target(term, domain)
        # §4.8: a name that cannot be asked for matches nothing
        return target is not None and await self._matches_name(term, target)

    async def _matches_name(self, term: Term, target: str) -> bool:
        if term.name == "exists":
            return bool((await self._ask(target, "A")).values)
        if term.name == "ptr":
            return any(_is_within(name, target) for name in await self._validated_names())
        if term.name == "mx":
            return await self._mx(target, term)
        return await self._has_address(target, term)

    async def _has_address(self, name: str, term: Term) -> bool:
        four, six = term.prefixes
        ignored = 32 - four if self._ip.version == 4 else 128 - six
        answer = await self._ask(name, self._type)
        return any(_share(self._ip, value, ignored) for value in answer.values)

    async def _mx(self, target: str, term: Term) -> bool:
        hosts = sorted((await self._ask(target, "MX")).values, key=_preference)
        if len(hosts) > MOST_HOSTS:
            why = say("dns.spf_many_hosts", term=inert_octets(term.text), n=len(hosts))
            raise _GiveUpError(SpfResult.PERMERROR, why)
        for host in hosts:
            name = host.partition(" ")[2]
            if name != "." and await self._has_address(name, term):
                return True
        return False

    async def _validated_names(self) -> list[str]:
        """The names of the address whose own addresses include it (§5.5). Errors do not match."""
        reverse = await self._lookup.get(self._ip.reverse_pointer, "PTR")
        if reverse.absent:
            self._count_void()
        names = []
        for name in reverse.values[:MOST_HOSTS]:
            answer = await self._lookup.get(name, self._type)
            if any(_share(self._ip, value, 0) for value in answer.values):
                names.append(name)
        return names

    async def _target(self, term: Term, domain: str) -> str | None:
        """The name that `term` leads to; None where it cannot be one."""
        if term.target is None:
            return domain
        return expand_name(term.target, await self._values_for(term.target, domain))

    async def _values_for(self, text: str, domain: str) -> MacroValues:
        values = replace(self._values, domain=domain)
        if not names_validated(text):
            return values
        names = await self._validated_names()
        near = [name for name in names if name == domain]
        near += [name for name in names if _is_within(name, domain)]
        return replace(values, validated=[*near, *names, "unknown"][0])

    async def _ask(self, name: str, rdtype: RdType) -> Answer:
        """The answer to a question of a mechanism. Nothing found is a void lookup."""
        answer = await self._lookup.get(name, rdtype)
        if answer.failure is not None:
            raise _GiveUpError(SpfResult.TEMPERROR, answer.failure)
        if answer.absent:
            self._count_void()
        return answer

    def _count_lookup(self, term: Term) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            why = say("dns.spf_one_too_many", term=inert_octets(term.text), most=MOST_LOOKUPS)
            raise _GiveUpError(SpfResult.PERMERROR, why)

    def _count_void(self) -> None:
        """A term counts once, however many of its questions found nothing (§4.6.4)."""
        if self._void_term is self.at:
            return
        self._void_term = self.at
        self.voids += 1
        if self.voids > MOST_VOIDS:
            why = say("dns.spf_many_voids", most=MOST_VOIDS)
            raise _GiveUpError(SpfResult.PERMERROR, why)


def _is_domain(name: str) -> bool:
    """True for a name of several labels (§4.3)."""
    labels = name.split(".")
    return len(labels) > 1 and len(name) <= 253 and all(0 < len(label) <= 63 for label in labels)


def _not_a_domain(name: str) -> Phrase:
    return say("dns.spf_not_a_domain", name=inert_octets(name))


def _is_within(name: str, domain: str) -> bool:
    return name == domain or name.endswith(f".{domain}")


def _share(ip: Address, value: str, ignored: int) -> bool:
    """True when `ip` and the address `value`, of the same family, are equal but for the last
    `ignored` bits."""
    return int(ip) >> ignored == int(type(ip)(value)) >> ignored


def _preference(value: str) -> tuple[int, str]:
    preference, _, host = value.partition(" ")
    return int(preference), host

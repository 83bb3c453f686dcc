"""The SPF record that a domain should have, where it can be made from what is there."""

from collections.abc import Sequence
from ipaddress import ip_address

from mailwatch.config import Domain
from mailwatch.mailauth.spf.record import parse_record, select_records
from mailwatch.model import Phrase
from mailwatch.publish.record_set import Proposal, with_text
from mailwatch.resolver.lookup import Lookup

_MOST_INCLUDES = 20
_ALL = {"all": "+", "+all": "+", "-all": "-", "~all": "~", "?all": "?"}
_SOFTEST_FIRST = ("+", "?", "~", "-")


async def advise_spf(domain: Domain, lookup: Lookup, proposal: Proposal) -> None:
    """Joins several records, removes what leads to no record, and ends `+all`.

    A record for a domain without one is made only from its own addresses: mail through SendGrid is
    checked at its return path, and nobody else's senders are known here.
    """
    name = domain.name
    answer = await lookup.get(name, "TXT")
    if answer.failure is not None:
        proposal.missed(f"The TXT records of {name} could not be looked up.")
        return
    records = select_records(answer.values)
    if not records:
        if domain.sending_ips and domain.return_path is None:
            proposal.add(with_text(name, answer, _of_addresses(domain.sending_ips)))
        return
    text = join_records(records)
    terms = await _without_dead(text.split(), lookup)
    text = " ".join(terms)
    if len(records) == 1 and terms == records[0].split():
        return
    if isinstance(parse_record(text), Phrase):
        proposal.notes.append(f"The SPF record of {name} has a syntax error; correct it by hand.")
        return
    note = f"Replaces the SPF record of {name}; its other TXT records are kept."
    proposal.add(with_text(name, answer, text, records, note))


def join_records(records: Sequence[str]) -> str:
    """One record with the terms of all; at its end the softest `all` of them, but never `+all`."""
    if len(records) == 1 and not _ends_open(records[0]):
        return records[0]
    terms: dict[str, None] = {}
    modifiers: dict[str, str] = {}
    ends: list[str] = []
    for record in records:
        for term in record.split()[1:]:
            lower = term.lower()
            if lower in _ALL:
                ends.append(_ALL[lower])
            elif lower.startswith("redirect=") and len(records) > 1:
                terms[f"include:{term[9:]}"] = None
            elif "=" in term and ":" not in term.partition("=")[0]:
                modifiers.setdefault(lower.partition("=")[0], term)
            else:
                terms[term] = None
    softest = min(ends, key=_SOFTEST_FIRST.index, default="~")
    end = (
        [] if "redirect" in modifiers and not ends else [f"{'~' if softest == '+' else softest}all"]
    )
    return " ".join(("v=spf1", *terms, *modifiers.values(), *end))


def _ends_open(record: str) -> bool:
    return any(_ALL.get(term.lower()) == "+" for term in record.split())


async def _without_dead(terms: Sequence[str], lookup: Lookup) -> list[str]:
    """`terms` without the includes of domains that certainly have no SPF record."""
    kept = []
    asked = 0
    for term in terms:
        target = term.lower().lstrip("+?~-").removeprefix("include:")
        included = "include:" in term.lower() and "%" not in target
        if included and asked < _MOST_INCLUDES:
            asked += 1
            answer = await lookup.get(target, "TXT")
            if answer.failure is None and not select_records(answer.values):
                continue
        kept.append(term)
    return kept


def _of_addresses(addresses: Sequence[str]) -> str:
    terms = (f"ip{ip_address(address).version}:{address}" for address in addresses)
    return " ".join(("v=spf1", *terms, "~all"))

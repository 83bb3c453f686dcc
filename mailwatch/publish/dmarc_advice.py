"""The DMARC record that a domain should have.

A policy is never raised here: that takes months of clean reports (RFC 9989 §7.4). A new record
begins with p=none, and so does one that receivers have ignored until now, whatever it says:
correcting it would put its policy in force in one step.
"""

import re
from collections.abc import Sequence

from mailwatch.mailauth.dmarc.discovery import discover
from mailwatch.mailauth.dmarc.record import (
    DmarcRecord,
    parse_record,
    select_attempts,
    select_records,
)
from mailwatch.mailauth.dmarc.report_authorization import authorization_name, find_report_hosts
from mailwatch.mailauth.tags import parse_tags
from mailwatch.model import Phrase
from mailwatch.publish.record_set import Proposal, with_text
from mailwatch.resolver.lookup import Answer, Lookup
from mailwatch.text.inert import inert_octets

_ADDRESS = re.compile(r"mailto:[^@?\s,;!\"]+@[A-Za-z0-9_.\-]+", re.IGNORECASE)
_REBUILT = ("sp", "np", "psd", "t", "adkim", "aspf", "fo", "ruf")
_MOST_ADDRESSES = 10


async def advise_dmarc(
    domain: str, own: frozenset[str], lookup: Lookup, proposal: Proposal
) -> None:
    """A record where none applies, or where its own cannot be used as it is.

    `own` are the domains whose zones the user has, for the records that accept reports.
    """
    name = f"_dmarc.{domain}"
    found = await discover(domain, lookup)
    answer = await lookup.get(name, "TXT")
    if found.failure is not None or answer.failure is not None:
        proposal.missed(f"The DMARC records of {domain} could not be looked up.")
        return
    if found.own.record is not None:
        await _authorize(domain, found.own.record, own, lookup, proposal)
    if found.own.record is None and found.applies is not None:
        # A record of its own would take the place of the policy in force, and begin at none.
        if found.own.several or found.own.spoilt:
            where = inert_octets(f"_dmarc.{found.applies.domain}")
            proposal.notes.append(
                f"Receivers ignore what is at {name}: remove it, as {where} holds."
            )
        return
    text = _text(domain, found.own.record, answer)
    if text is None:
        return
    if answer.chain:
        proposal.notes.append(
            f"{name} is a CNAME to {inert_octets(answer.chain[-1])}: have its owner publish {text}"
        )
        return
    replaced = (*select_records(answer.values), *select_attempts(answer.values))
    proposal.add(with_text(name, answer, text, replaced, _note(domain, text)))


def _note(domain: str, text: str) -> str | None:
    mailbox = _mailbox(domain).removeprefix("mailto:")
    return f"Create the mailbox {mailbox} first." if mailbox in text else None


def _mailbox(domain: str) -> str:
    return f"mailto:dmarc-reports@{domain}"


def _text(domain: str, record: DmarcRecord | None, answer: Answer) -> str | None:
    """The record to publish; None where the one in force needs no change."""
    if record is None:
        ignored = (*select_records(answer.values), *select_attempts(answer.values))
        return _written("none", _addresses_in(ignored) or [_mailbox(domain)])
    addresses = list(record.addresses[:_MOST_ADDRESSES])
    if record.sound and addresses and not record.discarded and not record.ignored:
        return None
    tags = {key.lower(): value for key, value in parse_tags(record.text).tags}
    discarded = {part.partition("=")[0].lower() for part in record.discarded}
    kept = [
        f"{key}={tags[key]}" for key in _REBUILT if key in tags and key not in discarded | {"ruf"}
    ]
    if reports := _addresses_in([tags.get("ruf", "")]):
        kept.append(f"ruf={','.join(reports)}")
    policy = record.p if record.sound and record.p else "none"
    return _written(policy, addresses or [_mailbox(domain)], kept)


def _written(policy: str, addresses: list[str], more: list[str] | None = None) -> str:
    return "; ".join(("v=DMARC1", f"p={policy}", *(more or ()), f"rua={','.join(addresses)}"))


def _addresses_in(texts: Sequence[str]) -> list[str]:
    """The mailto: addresses of records that receivers ignore, each once."""
    found: dict[str, None] = {}
    for text in texts:
        record = parse_record(text) if select_records([text]) else None
        if record is None or isinstance(record, Phrase):
            found.update(dict.fromkeys(_ADDRESS.findall(text)))
        else:
            found.update(dict.fromkeys(record.addresses))
    return list(found)[:_MOST_ADDRESSES]


async def _authorize(
    domain: str, record: DmarcRecord, own: frozenset[str], lookup: Lookup, proposal: Proposal
) -> None:
    """The record that accepts the reports: proposed where the host is the user's own."""
    for host in await find_report_hosts(domain, record, lookup):
        name = authorization_name(domain, host.host)
        if host.accepted is None:
            proposal.missed(f"The TXT records of {inert_octets(name)} could not be looked up.")
        elif not host.accepted and any(
            host.host == ours or host.host.endswith(f".{ours}") for ours in own
        ):
            answer = await lookup.get(name, "TXT")
            proposal.add(with_text(name, answer, "v=DMARC1;"))
        elif not host.accepted:
            proposal.notes.append(
                f"Reports to {inert_octets(host.host)} are not sent before its owner publishes "
                f'{inert_octets(name)} TXT "v=DMARC1;"'
            )

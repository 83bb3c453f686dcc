"""All that is found out about one message, as plain values; what is made of it comes later."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_address

from mailwatch.config.message import MessageConfig
from mailwatch.mailauth.arc import ArcChain, verify_chain
from mailwatch.mailauth.authentication_results import ReceiverResults, find_results
from mailwatch.mailauth.author import Author, find_author, parse_addresses
from mailwatch.mailauth.dkim.body_change import explain_change
from mailwatch.mailauth.dkim.signature import Signature, parse_signature
from mailwatch.mailauth.dkim.verification import (
    DkimResult,
    HashedBody,
    VerifiedSignature,
    verify_signature,
)
from mailwatch.mailauth.dmarc.evaluation import (
    Alignment,
    Authenticated,
    DmarcResult,
    evaluate_alignment,
)
from mailwatch.mailauth.received import Hop, find_hops, trusted_hop
from mailwatch.mailauth.spf.check_host import check_host
from mailwatch.mailauth.spf.result import Sender, SpfResult
from mailwatch.model import Phrase, say
from mailwatch.resolver.lookup import Lookup
from mailwatch.sources.message.rawsource import SavedMessage
from mailwatch.text.domain import to_ascii

MOST_SIGNATURES = 20
"""Signatures verified: each costs a question and a look at the whole body."""
MOST_EXPLAINED = 5
"""Bodies that changed, for which the cause is looked for."""
_TOLERANCE = timedelta(days=1)
"""How far ahead of ours the clock of a receiver may be."""


@dataclass(frozen=True, slots=True)
class SpfFound:
    """The SPF result, and for whom."""

    result: SpfResult
    domain: str | None
    """The domain that was checked; None where none is known."""
    sender: Sender | None = None
    """None where SPF could not be checked."""
    why: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """Everything about one message."""

    source: SavedMessage
    hops: tuple[Hop, ...]
    handed_over: Hop | None
    """The hop at which the receiver took it over."""
    moment: datetime
    """When it was received, which the signatures are judged at."""
    author: Author
    signatures: tuple[VerifiedSignature, ...]
    spf: SpfFound
    alignment: Alignment
    arc: ArcChain
    receiver: ReceiverResults | None


async def examine(
    source: SavedMessage, given: MessageConfig, lookup: Lookup, now: datetime
) -> Examined:
    """All about the message in `source`. What could not be asked for is in each result."""
    message = source.message
    hops = find_hops(message)
    handed_over = trusted_hop(hops)
    moment = _received_at(hops, handed_over, now)
    receiver = find_results(message)
    author = find_author(message)
    sender = _sender(source, given, handed_over, receiver)
    spf, signatures, arc = await asyncio.gather(
        _evaluate_spf(sender, lookup, moment),
        _verify(source, lookup, (int(moment.timestamp()), int(now.timestamp()))),
        verify_chain(message, lookup),
    )
    alignment = await _align(author, spf, signatures, lookup)
    return Examined(
        source, hops, handed_over, moment, author, signatures, spf, alignment, arc, receiver
    )


def _received_at(hops: tuple[Hop, ...], handed_over: Hop | None, now: datetime) -> datetime:
    """The time in the trusted Received line, else in the topmost; now where there is none that can
    be true."""
    times = [hop.at for hop in (handed_over, *hops[:1]) if hop is not None and hop.at is not None]
    return next((at for at in times if at <= now + _TOLERANCE), now)


def _sender(
    source: SavedMessage, given: MessageConfig, hop: Hop | None, receiver: ReceiverResults | None
) -> Sender | Phrase:
    """Who handed the message over, or why that is not known."""
    ip = ip_address(given.ip) if given.ip else hop.ip if hop else None
    if ip is None:
        return say("message.no_ip")
    helo = given.helo or (hop.helo if hop else None) or ""
    mail_from = given.mail_from
    if mail_from is None:
        mail_from = _return_path(source.message.first("return-path"))
    if mail_from is None and receiver is not None:
        said = [result.get("smtp.mailfrom") for result in receiver.of("spf")]
        mail_from = next((name for name in said if name), None)
    if mail_from is None and not given.helo:
        return say("message.no_return_path")
    return Sender(ip, _with_ascii_domain(mail_from or ""), helo)


def _return_path(value: str | None) -> str | None:
    """The address in Return-Path, empty for `<>`; None where there is none that can be read."""
    if value is None:
        return None
    text = value.strip()
    if text == "<>":
        return ""
    found = parse_addresses(text)
    return found[0] if found else None


def _with_ascii_domain(address: str) -> str:
    """The address with its domain as DNS has it. A domain alone is one of postmaster."""
    local, _, domain = address.strip().removeprefix("<").removesuffix(">").rpartition("@")
    if len(domain) > 1000:
        return address
    with suppress(ValueError):
        domain = to_ascii(domain)
    return f"{local}@{domain}" if domain else ""


async def _evaluate_spf(sender: Sender | Phrase, lookup: Lookup, moment: datetime) -> SpfFound:
    if isinstance(sender, Phrase):
        return SpfFound(SpfResult.NONE, None, why=sender)
    found = await check_host(sender, lookup, moment=int(moment.timestamp()))
    return SpfFound(found.result, sender.domain or None, sender, found.why)


async def _verify(
    source: SavedMessage, lookup: Lookup, times: tuple[int, int]
) -> tuple[VerifiedSignature, ...]:
    """Every signature, from the top; `times` are when the message was received, and now."""
    message = source.message
    body = HashedBody(message.body)
    signatures = [parse_signature(field) for field in message.named("dkim-signature")]
    verified = await asyncio.gather(
        *(
            verify_signature(message, one, lookup, times, body)
            for one in signatures[:MOST_SIGNATURES]
        )
    )
    changed = [one for one in verified if one.body_changed][:MOST_EXPLAINED]
    explained = [
        replace(one, why=explain_change(message.body, one.signature)) if one in changed else one
        for one in verified
    ]
    left_out = map(_left_out, signatures[MOST_SIGNATURES:])
    return (*explained, *left_out)


def _left_out(signature: Signature) -> VerifiedSignature:
    why = say("message.dkim_many", most=MOST_SIGNATURES)
    return VerifiedSignature(signature, DkimResult.PERMERROR, why)


async def _align(
    author: Author, spf: SpfFound, signatures: tuple[VerifiedSignature, ...], lookup: Lookup
) -> Alignment:
    if author.domain is None:
        return Alignment(DmarcResult.PERMERROR, why=say(f"message.from_{author.state}"))
    unasked = [one.why for one in signatures if one.result is DkimResult.TEMPERROR]
    if spf.result is SpfResult.TEMPERROR:
        unasked.append(spf.why)
    passed = [one.signature.domain for one in signatures if one.passed]
    authenticated = Authenticated(
        spf=spf.domain if spf.result is SpfResult.PASS else None,
        dkim=tuple(dict.fromkeys(domain for domain in passed if domain)),
        doubtful=next((why for why in unasked if why is not None), None),
    )
    return await evaluate_alignment(author.domain, authenticated, lookup)

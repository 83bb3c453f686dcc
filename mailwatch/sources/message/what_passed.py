"""What authenticates the message: DKIM, SPF, DMARC and ARC, and what the receiver said of them."""

from collections.abc import Iterator, Sequence

from mailwatch.mailauth.dkim.verification import DkimResult, HashedBody, VerifiedSignature
from mailwatch.mailauth.dmarc.effective_policy import reasons_for
from mailwatch.mailauth.dmarc.evaluation import DmarcResult
from mailwatch.mailauth.spf.result import SpfResult
from mailwatch.model import ACCOUNT, Cause, Fault, Measurement, Phrase, Subject, say, verbatim
from mailwatch.sources.message import metrics
from mailwatch.sources.message.examination import Examined
from mailwatch.text.inert import inert_octets

Taken = Measurement | Fault
_WORST_LAST = (DkimResult.PASS, DkimResult.TEMPERROR, DkimResult.FAIL, DkimResult.PERMERROR)


def subject_of(examined: Examined) -> Subject:
    """What the figures of the message are about: the author's domain, if it shows."""
    domain = examined.author.domain
    return Subject.of(domain=domain) if domain else ACCOUNT


def is_covered(examined: Examined, *names: str) -> bool | Phrase:
    """True when a signature that verifies is over all the fields `names`; where one that is could
    not be verified for want of an answer, the reason."""
    doubt: Phrase | None = None
    for one in examined.signatures:
        if set(names) <= set(one.signature.signed):
            if one.passed:
                return True
            if one.result is DkimResult.TEMPERROR:
                doubt = one.why
    return doubt or False


def why_not_covered(examined: Examined, code: str, *names: str) -> Phrase:
    """`code`, or where a signature is over all the fields `names`, that it does not verify."""
    broken = any(set(names) <= set(one.signature.signed) for one in examined.signatures)
    return say("message.covered_in_vain") if broken else say(code)


def measure_authentication(examined: Examined) -> Iterator[Taken]:
    """The results, each with what the receiver said beside it."""
    yield from _dkim(examined)
    yield from _spf(examined)
    yield from _dmarc(examined)
    yield from _arc(examined)
    yield from _receiver(examined)


def not_asked(
    metric: str, subject: Subject, why: Phrase, evidence: Sequence[Phrase] = ()
) -> list[Taken]:
    """`metric` has no value, since a question failed."""
    cause = Cause.COULD_NOT_ASK
    return [
        Measurement(metric, subject, cause=cause, note=why, evidence=tuple(evidence)),
        Fault(cause, why, subject, (metric,)),
    ]


def _dkim(examined: Examined) -> Iterator[Taken]:
    subject, signatures = subject_of(examined), examined.signatures
    evidence = [_line(one) for one in signatures[:20]] + said_by_receiver(examined, "dkim")
    words = {one.result for one in signatures}
    unasked = next((one for one in signatures if one.result is DkimResult.TEMPERROR), None)
    if not signatures:
        yield Measurement(metrics.DKIM, subject, "missing", evidence=tuple(evidence))
    elif DkimResult.PASS in words or unasked is None:
        word = "pass" if DkimResult.PASS in words else "fail"
        yield Measurement(metrics.DKIM, subject, word, evidence=tuple(evidence))
    else:
        yield from not_asked(metrics.DKIM, subject, unasked.why or say("message.doubt"), evidence)
    yield from _each_signature(signatures)
    passed = [one for one in signatures if one.passed]
    if passed:
        yield _body_signed(examined, passed)


def _each_signature(signatures: Sequence[VerifiedSignature]) -> Iterator[Taken]:
    """A figure for each key that signed; of several signatures with one key the best counts."""
    best: dict[Subject, VerifiedSignature] = {}
    for one in sorted(signatures, key=lambda one: _WORST_LAST.index(one.result)):
        domain, selector = one.signature.domain, one.signature.selector
        if domain and selector:
            best.setdefault(Subject.of(domain=domain, selector=selector), one)
    for subject, one in best.items():
        evidence = (one.why,) if one.why is not None else ()
        if one.result is DkimResult.TEMPERROR:
            yield from not_asked(
                metrics.DKIM_SIGNATURE, subject, one.why or say("message.doubt"), ()
            )
        else:
            yield Measurement(metrics.DKIM_SIGNATURE, subject, one.result.value, evidence=evidence)


def _body_signed(examined: Examined, passed: Sequence[VerifiedSignature]) -> Measurement:
    """Whether each signature that passes is over the whole body (`l=`)."""
    limited = [one for one in passed if one.signature.length is not None]
    body = HashedBody(examined.source.message.body)
    cut = any(
        (one.signature.length or 0) < body.total(one.signature.body_method) for one in limited
    )
    word = "partial" if cut else "limited" if limited else "whole"
    evidence = tuple(one.why for one in limited if one.why is not None)
    return Measurement(metrics.DKIM_BODY, subject_of(examined), word, evidence=evidence)


def _line(one: VerifiedSignature) -> Phrase:
    """`s1 of example.com: pass`, with the reason where there is one."""
    signature = one.signature
    domain, selector = signature.domain or "?", signature.selector or "?"
    values = {"domain": domain, "selector": selector, "result": one.result.value}
    if one.why is None:
        return say("message.signature", **values)
    return say("message.signature_why", **values, why=one.why)


def _spf(examined: Examined) -> Iterator[Taken]:
    subject, found = subject_of(examined), examined.spf
    evidence: list[Phrase] = []
    if found.sender is not None:
        evidence.append(
            say(
                "message.spf_of",
                ip=str(found.sender.ip),
                sender=inert_octets(found.sender.mail_from, 200) or "<>",
                helo=inert_octets(found.sender.helo, 200) or "-",
            )
        )
    evidence += [found.why] if found.why else []
    evidence += said_by_receiver(examined, "spf")
    if found.sender is None:
        yield Measurement(
            metrics.SPF, subject, cause=Cause.NO_DATA, note=found.why, evidence=tuple(evidence)
        )
    elif found.result is SpfResult.TEMPERROR:
        yield from not_asked(metrics.SPF, subject, found.why or say("message.doubt"), evidence)
    else:
        yield Measurement(metrics.SPF, subject, found.result.value, evidence=tuple(evidence))


def _dmarc(examined: Examined) -> Iterator[Taken]:
    subject, found = subject_of(examined), examined.alignment
    evidence = [say(f"message.aligned_{'yes' if found.spf else 'no'}", method="SPF")]
    evidence.append(say(f"message.aligned_{'yes' if found.dkim else 'no'}", method="DKIM"))
    if found.applies is not None and found.effect is not None:
        record, policy = found.applies.domain, found.effect.policy
        evidence.append(say("message.policy", policy=policy, domain=inert_octets(record)))
        evidence += reasons_for(found.applies, found.effect)
    evidence += [found.why] if found.why else []
    evidence += said_by_receiver(examined, "dmarc")
    if found.result is DmarcResult.TEMPERROR:
        yield from not_asked(metrics.DMARC, subject, found.why or say("message.doubt"), evidence)
    elif found.result is DmarcResult.FAIL and examined.spf.sender is None:
        # DKIM does not pass, and SPF could not be looked at
        yield Measurement(
            metrics.DMARC,
            subject,
            cause=Cause.NO_DATA,
            note=examined.spf.why,
            evidence=tuple(evidence),
        )
    else:
        yield Measurement(metrics.DMARC, subject, found.result.value, evidence=tuple(evidence))


def _arc(examined: Examined) -> Iterator[Taken]:
    subject, chain = subject_of(examined), examined.arc
    evidence = [chain.why] if chain.why else []
    if chain.sealer:
        evidence.insert(0, say("message.arc_chain", n=chain.instances, domain=chain.sealer))
    evidence += said_by_receiver(examined, "arc")
    if chain.could_not_ask and chain.why is not None:
        yield from not_asked(metrics.ARC, subject, chain.why, evidence)
    else:
        # "none" switches a threshold off, so this word is another one
        word = "absent" if chain.result == "none" else chain.result
        yield Measurement(metrics.ARC, subject, word, evidence=tuple(evidence))


def _receiver(examined: Examined) -> Iterator[Taken]:
    """Whether the receiver came to the same; nothing where it said nothing that can be compared."""
    ours = {"spf": examined.spf.result.value, "dmarc": examined.alignment.result.value}
    results = {one.result for one in examined.signatures}
    ours["dkim"] = "pass" if DkimResult.PASS in results else "fail" if results else "none"
    unknown = {"temperror"} if examined.spf.sender is not None else {"temperror", "none"}
    differences, compared = [], 0
    for method, mine in ours.items():
        said = {one.result for one in examined.receiver.of(method)} if examined.receiver else set()
        if not said or mine in (unknown if method == "spf" else {"temperror"}):
            continue
        compared += 1
        if ("pass" in said) != (mine == "pass"):
            theirs = inert_octets(", ".join(sorted(said)), 60)
            differences.append(say("message.differs", method=method, theirs=theirs, ours=mine))
    if compared:
        word = "differs" if differences else "agrees"
        subject = subject_of(examined)
        yield Measurement(metrics.RECEIVER, subject, word, evidence=tuple(differences))


def said_by_receiver(examined: Examined, method: str) -> list[Phrase]:
    """What the receiver said of `method`, to stand beside what we find."""
    if examined.receiver is None:
        return []
    name = inert_octets(examined.receiver.receiver, 100)
    lines = []
    for one in examined.receiver.of(method)[:5]:
        text = " ".join(
            (f"{one.method}={one.result}", *(f"{key}={value}" for key, value in one.properties[:4]))
        )
        shown = inert_octets(text, 200)
        lines.append(say("message.said", receiver=name, text=shown) if name else verbatim(shown))
    return lines

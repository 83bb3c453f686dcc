"""spf: what the SPF record of a domain costs, and what it says of one sender."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from rich.text import Text

from mailwatch.cli.asking import Line, Page, look_up, show
from mailwatch.cli.lookup_commands import Asking
from mailwatch.clock import Clock
from mailwatch.errors import ConfigError
from mailwatch.mailauth.spf.check_host import check_host, is_domain
from mailwatch.mailauth.spf.inspection import Inspection, inspect_record
from mailwatch.mailauth.spf.limits import MOST_LOOKUPS, MOST_VOIDS
from mailwatch.mailauth.spf.result import EvaluatedTerm, Evaluation, Sender, SpfResult
from mailwatch.mailauth.spf.tree import CountedTerm
from mailwatch.model import Lang, Phrase, say
from mailwatch.resolver.lookup import Lookup
from mailwatch.text.domain import domain_text, to_ascii
from mailwatch.text.inert import inert, inert_octets
from mailwatch.words import worded

SCHEMA = "mailwatch.spf/1"
_STATUS = {SpfResult.FAIL: 1, SpfResult.PERMERROR: 1, SpfResult.TEMPERROR: 3}
_STYLES = {
    SpfResult.PASS: "bold green",
    SpfResult.FAIL: "bold red",
    SpfResult.PERMERROR: "bold red",
    SpfResult.TEMPERROR: "bold cyan",
}
_SHOWN = 10
"""Records, problems and notes shown, of each."""
_TRACED = 60
"""Evaluated terms shown to people."""
_LONGEST_WRITTEN = 1000
"""Characters in which a domain name can be written; mapping very many takes long."""


@dataclass(frozen=True, slots=True)
class SpfQuestion:
    """What was asked on the command line, as it was written."""

    domain: str
    ip: str | None = None
    sender: str | None = None
    helo: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of `domain`; `evaluation` is None where no sender was given."""

    domain: str
    inspection: Inspection
    ip: str | None = None
    evaluation: Evaluation | None = None

    @property
    def result(self) -> SpfResult | None:
        """The result, which needs a sender, unless there can be none for any."""
        if self.evaluation is not None:
            return self.evaluation.result
        return None if is_domain(self.domain) else SpfResult.NONE

    @property
    def status(self) -> int:
        """The exit status."""
        result = self.evaluation.result if self.evaluation else self.inspection.result
        return _STATUS.get(result, 0) if result else 0


def spf(clock: Clock, question: SpfQuestion, asking: Asking) -> int:
    """Prints what the record is like and, with an address, the verdict. The exit status."""
    ip = _address(question.ip)
    domain = _ascii(question.domain)
    mail_from = f"postmaster@{domain}" if question.sender is None else _sender(question.sender)
    helo = domain if question.helo is None else _ascii(question.helo)

    async def find(lookup: Lookup) -> _Found:
        inspection = await inspect_record(domain, lookup)
        if ip is None:
            return _Found(domain, inspection)
        sender = Sender(ip, mail_from, helo)
        moment = int(clock.now().timestamp())
        evaluation = await check_host(sender, lookup, moment=moment, domain=domain)
        return _Found(domain, inspection, str(ip), evaluation)

    found = look_up(clock, asking, find)
    show(Page(lambda lang: _lines(found, lang), lambda lang: _document(found, lang)), asking)
    return found.status


def _address(text: str | None) -> IPv4Address | IPv6Address | None:
    if text is None:
        return None
    try:
        address = ip_address(text.strip())
    except ValueError:
        address = None
    if address is None or "%" in text:  # a zone means something on one machine only
        raise ConfigError(
            f"--ip: {inert(text, 80)} is not a valid IP address",
            "As in --ip 192.0.2.10 or --ip 2001:db8::10",
        )
    return address


def _ascii(text: str) -> str:
    """The name `text` as DNS has it; as it is where it cannot be one, which is a result, too."""
    if len(text) > _LONGEST_WRITTEN:
        return text
    try:
        return to_ascii(text).removesuffix(".")
    except ValueError:
        return text


def _sender(text: str) -> str:
    local, at, domain = text.rpartition("@")
    return f"{local}{at}{_ascii(domain)}"


def _document(found: _Found, lang: Lang) -> dict[str, Any]:
    evaluation, tree = found.evaluation, found.inspection.tree
    if evaluation is not None:
        lookups, voids = evaluation.lookups, evaluation.voids
    else:
        lookups, voids = (tree.lookups, len(tree.voids)) if tree else (0, 0)
    term = evaluation.decided_by if evaluation else None
    trace = evaluation.trace if evaluation else ()
    return {
        "schema": SCHEMA,
        "domain": inert(found.domain),
        "result": found.result.value if found.result else None,
        "explanation": _explanation(found, lang),
        "term": inert_octets(term.term) if term else None,
        "lookups": lookups,
        "void_lookups": voids,
        "trace": [
            {
                "domain": inert_octets(entry.domain),
                "term": inert_octets(entry.term),
                "matched": entry.matched,
            }
            for entry in trace
        ],
    }


def _explanation(found: _Found, lang: Lang) -> str | None:
    """What the domain says of a fail; of an error, or where there is nothing, the reason."""
    evaluation = found.evaluation
    if evaluation is None:
        problems = found.inspection.problems
        return worded(problems[0], lang) if problems else None
    if evaluation.explanation:
        return inert_octets(evaluation.explanation)
    return worded(evaluation.why, lang) if evaluation.why else None


def _lines(found: _Found, lang: Lang) -> Iterator[Line]:
    name = inert(domain_text(found.domain))
    yield Text(), worded(say("spf.heading", domain=name), lang)
    yield Text(), ""
    if found.evaluation is not None:
        yield from _verdict(found.evaluation, found.ip or "", name, lang)
        yield Text(), ""
    yield from _tree(found.inspection, lang)
    if found.evaluation is not None and found.evaluation.trace:
        yield Text(), ""
        yield from _trace(found.evaluation.trace, lang)


def _verdict(evaluation: Evaluation, ip: str, name: str, lang: Lang) -> Iterator[Line]:
    result = evaluation.result
    mark = Text(f"{result.value}  ", _STYLES.get(result, "bold yellow"))
    yield mark, worded(say(f"spf.{result.value}", ip=ip, domain=name), lang)
    details: list[Phrase] = []
    if evaluation.why is not None:
        details.append(evaluation.why)
    if evaluation.decided_by is not None:
        term, domain = map(inert_octets, (evaluation.decided_by.term, evaluation.decided_by.domain))
        details.append(say("spf.decided_by", term=term, domain=domain))
    elif result is SpfResult.NEUTRAL:
        details.append(say("spf.no_match"))
    if evaluation.explanation:
        details.append(say("spf.says", text=inert_octets(evaluation.explanation)))
    details.append(
        say(
            "spf.counted",
            n=evaluation.lookups,
            most=MOST_LOOKUPS,
            voids=evaluation.voids,
            most_voids=MOST_VOIDS,
        )
    )
    yield from _indented(details, lang)


def _tree(inspection: Inspection, lang: Lang) -> Iterator[Line]:
    for record in inspection.records[:_SHOWN]:
        yield Text("  "), inert_octets(record)
    tree = inspection.tree
    if tree is not None:
        code = "spf.at_least" if tree.stopped or tree.unasked else "spf.whole"
        yield Text(), ""
        yield (
            Text(),
            worded(
                say(
                    code,
                    n=tree.lookups,
                    most=MOST_LOOKUPS,
                    voids=len(tree.voids),
                    most_voids=MOST_VOIDS,
                ),
                lang,
            ),
        )
        yield from _terms(tree.terms, 0)
    for problem in inspection.problems[:_SHOWN]:
        yield Text("! ", "bold yellow"), worded(problem, lang)
    for note in inspection.notes[:_SHOWN]:
        yield Text("- "), worded(note, lang)


def _terms(terms: Iterable[CountedTerm], depth: int) -> Iterator[Line]:
    """A line for each term, with what it costs and below it the terms that it leads to."""
    for term in terms:
        yield Text(f"{term.lookups:4}  {'  ' * min(depth, 8)}"), inert_octets(term.text)
        yield from _terms(term.below, depth + 1)


def _trace(trace: Sequence[EvaluatedTerm], lang: Lang) -> Iterator[Line]:
    """The last terms, since the evaluation ends with the one that decides."""
    yield Text(), worded(say("spf.evaluated"), lang)
    left_out = len(trace) - _TRACED
    if left_out > 0:
        yield Text("  "), worded(say("spf.before", n=left_out), lang)
    yield from _indented(
        (
            say(
                "spf.matched" if entry.matched else "spf.not_matched",
                term=inert_octets(entry.term),
                domain=inert_octets(entry.domain),
            )
            for entry in trace[-_TRACED:]
        ),
        lang,
    )


def _indented(phrases: Iterable[Phrase], lang: Lang) -> Iterator[Line]:
    for phrase in phrases:
        yield Text("  "), worded(phrase, lang)

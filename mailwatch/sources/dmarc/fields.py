"""The elements of an aggregate report, read: RFC 7489, RFC 9990, and what reporters make of them.

Names are compared without their namespace: with it, a reporter's choice of another one reads as an
empty report.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from mailwatch.sources.dmarc.bounds import COUNT, FIELD, RESULTS
from mailwatch.sources.dmarc.contents import (
    AggregateKey,
    AggregateReport,
    Policy,
    ReportError,
    RowShape,
)
from mailwatch.sources.dmarc.identity import Identity, identify, own_keys
from mailwatch.text.inert import inert

_NUMBER = re.compile(r"(\d{1,10})(?:\.\d{0,9})?")
_EPOCH = 719163
"""1 January 1970, as `date.toordinal`."""
_EARLIEST, _LATEST = 1_262_304_000, 4_102_444_800
"""2010, before DMARC, to 2100."""
_SAFE = re.compile(r"[a-z0-9._:@+/-]*")
_OVERRIDES = {
    "forwarded": "forwarded",
    "trusted_forwarder": "forwarded",
    "mailing_list": "mailing_list",
    "local_policy": "local_policy",
}


def local_name(element: Element) -> str:
    """The name of `element` without its namespace."""
    return element.tag.rpartition("}")[2]


def child(element: Element | None, name: str) -> Element | None:
    """The first child of that name."""
    if element is None:
        return None
    return next((one for one in element if local_name(one) == name), None)


def children(element: Element | None, name: str) -> Iterator[Element]:
    """Every child of that name."""
    return (one for one in element if local_name(one) == name) if element is not None else iter(())


class Texts:
    """Reads texts of elements, and remembers whether one was cut."""

    def __init__(self) -> None:
        self.cut = False

    def raw(self, element: Element | None) -> str:
        """The text of `element` as written, but for white space around it; at most FIELD long."""
        text = (element.text or "").strip() if element is not None else ""
        if len(text) > FIELD:
            self.cut = True
            text = text[: FIELD - 1] + "…"
        return text

    def word(self, element: Element | None) -> str:
        """The text in lower case, safe to print."""
        text = self.raw(element).lower()
        return text if _SAFE.fullmatch(text) else inert(text, FIELD)

    def domain(self, element: Element | None) -> str:
        """The domain name, without the final dot."""
        return self.word(element).removesuffix(".")


def read_count(text: str) -> int:
    """The messages of a record. Raises ReportError for what is not a sensible number of them."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        raise ReportError("dmarc.bad_count", count=inert(text, 40))
    if len(text) > 18 or int(text) > COUNT:
        raise ReportError("dmarc.bad_count", count=inert(text, 40))
    return int(text)


def read_shape(record: Element) -> RowShape:
    """All that `record` says but its address and its count."""
    texts = Texts()
    row, identifiers = child(record, "row"), child(record, "identifiers")
    evaluated = child(row, "policy_evaluated")
    header_from = texts.domain(child(identifiers, "header_from"))
    results = child(record, "auth_results")
    signatures = []
    for number, signature in enumerate(children(results, "dkim")):
        if number >= RESULTS:
            break
        if texts.word(child(signature, "result")) == "pass":
            domain = texts.domain(child(signature, "domain"))
            if domain:
                signatures.append(Identity(domain, texts.word(child(signature, "selector"))))
    spf = ""
    for result in children(results, "spf"):
        if texts.word(child(result, "result")) == "pass":
            spf = texts.domain(child(result, "domain"))
            break
    return RowShape(
        identity=identify(signatures, spf, header_from),
        spf=texts.word(child(evaluated, "spf")) == "pass",
        dkim=texts.word(child(evaluated, "dkim")) == "pass",
        authenticated=bool(signatures or spf),
        disposition=texts.word(child(evaluated, "disposition")) or "none",
        override=_read_override(evaluated, texts),
        header_from=header_from,
        cut=texts.cut,
        keys=own_keys(signatures, header_from),
    )


def _read_override(evaluated: Element | None, texts: Texts) -> str:
    """Why the receiver did not do what the policy asks: forwarding and mailing lists apart."""
    found = ""
    for reason in children(evaluated, "reason"):
        kind = texts.word(child(reason, "type"))
        texts.raw(child(reason, "comment"))
        if kind and kind not in ("policy_test_mode", "sampled_out"):
            found = _OVERRIDES.get(kind, "other")
            if found in ("forwarded", "mailing_list"):
                break
    return found


def read_address(record: Element, texts: Texts) -> str:
    """The source address of `record`."""
    return texts.word(child(child(record, "row"), "source_ip")) or "?"


def read_head(parts: list[Element], rows: dict[tuple[str, RowShape], int]) -> AggregateReport:
    """The report that has these children of the root before or after its records."""
    texts = Texts()
    named = {local_name(part): part for part in reversed(parts)}
    metadata, published = named.get("report_metadata"), named.get("policy_published")
    if metadata is None:
        raise ReportError("dmarc.no_metadata")
    period = child(metadata, "date_range")
    begin, end = (texts.raw(child(period, name)) for name in ("begin", "end"))
    first, last = _read_time(begin), _read_time(end)
    reporter, written = (texts.raw(child(*of)) for of in (
        (metadata, "org_name"), (published, "domain"),
    ))  # fmt: skip
    domain = texts.domain(child(published, "domain")) or _most_common_from(rows)
    return AggregateReport(
        key=AggregateKey(reporter, texts.raw(child(metadata, "report_id")), written, begin, end),
        domain=domain,
        reporter=inert(reporter, FIELD),
        day=_EPOCH + (first + max(first, last)) // 2 // 86400,
        policy=Policy(
            texts.word(child(published, "p")),
            texts.word(child(published, "sp")),
            texts.word(child(published, "testing")) == "y",
        ),
        rows=rows,
        cut=texts.cut or any(shape.cut for _, shape in rows),
    )


def _read_time(text: str) -> int:
    """Seconds since the epoch, a whole number; some reporters write a decimal one."""
    match = _NUMBER.fullmatch(text)
    if not match or not _EARLIEST <= int(match[1]) <= _LATEST:
        raise ReportError("dmarc.bad_time", time=inert(text, 40))
    return int(match[1])


def _most_common_from(rows: dict[tuple[str, RowShape], int]) -> str:
    """The domain of the most messages, for a report without the domain of the policy."""
    counts: dict[str, int] = {}
    for (_, shape), count in rows.items():
        counts[shape.header_from] = counts.get(shape.header_from, 0) + count
    return max(counts, key=lambda name: (counts[name], name), default="") or "?"

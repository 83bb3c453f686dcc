"""What is unwise or odd about an SPF record that receivers may still evaluate (RFC 7208). Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence

from mailwatch.mailauth.spf.record import parse_record, select_records
from mailwatch.mailauth.spf.tree import CountedTerm
from mailwatch.model import Phrase

_TERM = r"(?:[+\-~?]?(?:include|ip4|ip6|exists):|redirect=)"
_GLUED = re.compile(rf"[^\s+\-~?](?P<second>{_TERM}\S*|[\-~?]all$)", re.IGNORECASE)
_STRAY = re.compile(r"[+\-~?]?(?:include|ip4|ip6|exists):", re.IGNORECASE)
_ATTEMPT = re.compile(r"[\s\"']*v\s*=\s*spf", re.IGNORECASE)
_PTR = re.compile(r"[+\-~?]?ptr(?:[:/]|$)", re.IGNORECASE)
_RANKED_ENDINGS = ("?all", "~all", "-all")
"""From the most lenient. `+all` is not proposed to anybody."""


def glued_terms(text: str) -> Iterator[tuple[str, str]]:
    """Words of a record that look like two terms, and the second of them.

    The strings of one TXT record are joined with nothing between them (§3.3): where a long record
    was cut between two terms, the space must be in one of the strings.
    """
    for word in text.split(" ")[1:]:
        if match := _GLUED.search(word):
            yield word, match["second"]


def stray_pieces(values: Iterable[str]) -> tuple[str, ...]:
    """TXT records that look like the rest of an SPF record: separate records are not joined."""
    return tuple(value for value in values if _STRAY.match(value))


def quoted_records(values: Iterable[str]) -> tuple[str, ...]:
    """TXT records with quotes that belong to the zone file's syntax, not to the text."""
    return tuple(value for value in values if '"' in value and _ATTEMPT.match(value))


def select_attempts(values: Iterable[str]) -> tuple[str, ...]:
    """TXT records that were meant as SPF and are not SPF to any receiver (§4.5)."""
    values = tuple(values)
    known = select_records(values)
    return tuple(value for value in values if _ATTEMPT.match(value) and value not in known)


def ptr_terms(terms: Sequence[CountedTerm], way: tuple[str, ...] = ()) -> Iterator[str]:
    """Every `ptr` of a tree, with the terms that lead to it: `include:a.example > ptr` (§5.5)."""
    for term in terms:
        if _PTR.match(term.text):
            yield " > ".join((*way, term.text))
        yield from ptr_terms(term.below, (*way, term.text))


def merged(records: Sequence[str]) -> str | None:
    """One record with the terms of all, ending in the most lenient `all` but never `+all`.

    None where one of them is not valid: then a person has to read it first.
    """
    terms: dict[str, None] = {}
    endings: set[str] = set()
    for text in records:
        if isinstance(parse_record(text), Phrase):
            return None
        for word in text.split()[1:]:
            ending = word.lower() if word.lower() in _RANKED_ENDINGS else None
            if ending or word.lower() in ("all", "+all"):
                endings.add(ending or "~all")
            else:
                terms[word] = None
    last = next((ending for ending in _RANKED_ENDINGS if ending in endings), None)
    text = " ".join(["v=spf1", *terms, *([last] if last else [])])
    return None if isinstance(parse_record(text), Phrase) else text


def closed(text: str) -> tuple[str, str] | None:
    """The `+all` of a record as it is written, and the record with `~all` instead; None where the
    record itself has none."""
    words = text.split()
    open_term = next((word for word in words if word.lower() in ("all", "+all")), None)
    if open_term is None:
        return None
    return open_term, " ".join("~all" if word == open_term else word for word in words)


def answer_size(name: str, values: Sequence[str], chain: Sequence[str] = ()) -> int:
    """Octets of the answer to a TXT question for `name`, without EDNS (RFC 1035 §4.1).

    A header, the question, and for each record its owner as a pointer, its header and its strings,
    each of at most 255 octets with its length before it.
    """
    aliases = sum(12 + 2 + len(target) for target in chain)
    texts = sum(12 + len(value) + max(1, -(-len(value) // 255)) for value in values)
    return 12 + (len(name) + 2) + 4 + aliases + texts

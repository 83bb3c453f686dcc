"""What a receiver found: the field Authentication-Results (RFC 8601 §2.2).

Written by many programs, and not by all as the standard has it: what cannot be read is left out.
"""

import re
from dataclasses import dataclass

from mailwatch.mailauth.rawmessage import RawMessage

MOST_RESULTS = 100
"""Results read of one field."""
_LONGEST = 20_000
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s;="]+|[;=]')
_METHOD = re.compile(r"[A-Za-z][A-Za-z0-9-]*(?:/[0-9]+)?")


@dataclass(frozen=True, slots=True)
class MethodResult:
    """What one method came to: `dkim=pass header.d=example.com`."""

    method: str
    result: str
    """Both in lower case."""
    properties: tuple[tuple[str, str], ...] = ()
    """Such as `smtp.mailfrom` and its value."""

    def get(self, name: str) -> str | None:
        """The value of the property `name`, or None."""
        return next((value for key, value in self.properties if key == name), None)


@dataclass(frozen=True, slots=True)
class ReceiverResults:
    """What one receiver found."""

    receiver: str
    """Its authserv-id; empty where it did not give one."""
    results: tuple[MethodResult, ...]

    def of(self, method: str) -> tuple[MethodResult, ...]:
        """The results of `method`."""
        return tuple(result for result in self.results if result.method == method)


def find_results(message: RawMessage) -> ReceiverResults | None:
    """What the last receiver found; None where it said nothing.

    Only the topmost field is believed, and those of the same receiver: anybody can write one
    farther down, or one with another name (§5).
    """
    fields = message.named("authentication-results")
    found = [parse_results(field.value) for field in fields[:20]]
    if not found:
        return None
    receiver = found[0].receiver
    same = [result for one in found if one.receiver == receiver for result in one.results]
    return ReceiverResults(receiver, tuple(same[:MOST_RESULTS]))


def parse_results(value: str) -> ReceiverResults:
    """The results in the field's value. Never raises."""
    text = without_comments(value[:_LONGEST])
    parts: list[list[str]] = [[]]
    for word in _WORD.findall(text):
        if word == ";":
            parts.append([])
        else:
            parts[-1].append(_unquoted(word))
    head = parts[0]
    receiver = head[0].lower() if head and "=" not in head else ""
    rest = parts[1:] if receiver or not head else parts  # Outlook writes no authserv-id
    results = [found for part in rest[:MOST_RESULTS] if (found := _result(part)) is not None]
    return ReceiverResults(receiver, tuple(results))


def _result(words: list[str]) -> MethodResult | None:
    pairs = [
        (words[at - 1].lower(), words[at + 1])
        for at in range(1, len(words) - 1)
        if words[at] == "="
    ]
    if not pairs or not _METHOD.fullmatch(pairs[0][0]):
        return None
    (method, result), properties = pairs[0], pairs[1:]
    return MethodResult(method.partition("/")[0], result.lower(), tuple(properties[:50]))


def without_comments(text: str) -> str:
    """`text` with a space for each comment in parentheses, nested or not (RFC 5322 §3.2.2)."""
    kept: list[str] = []
    depth, quoted, at = 0, False, 0
    while at < len(text):
        char = text[at]
        if char == "\\":
            if not depth:
                kept.append(text[at : at + 2])
            at += 2
            continue
        if char == '"' and not depth:
            quoted = not quoted
        elif char == "(" and not quoted:
            depth += 1
            kept.append(" " if depth == 1 else "")
        if not depth:
            kept.append(char)
        if char == ")" and not quoted and depth:
            depth -= 1
        at += 1
    return "".join(kept)


def _unquoted(word: str) -> str:
    if word.startswith('"') and word.endswith('"') and len(word) > 1:
        return re.sub(r"\\(.)", r"\1", word[1:-1])
    return word

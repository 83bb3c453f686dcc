"""MTA-STS (RFC 8461): the record that says there is a policy, the policy, and what it covers."""

import re
from collections.abc import Iterable
from typing import Literal

from mailwatch.frozen import dataclass
from mailwatch.model import Phrase, say
from mailwatch.text.inert import inert

Mode = Literal["enforce", "testing", "none"]

LARGEST = 64 * 1024
"""Octets of a policy file (§3.3 suggests 64 kB)."""
OLDEST = 31_557_600
"""Seconds of `max_age`: about a year."""
_MODES: dict[str, Mode] = {"enforce": "enforce", "testing": "testing", "none": "none"}
_VERSION = re.compile(r"v[ \t]*=[ \t]*STSv1[ \t]*;")
_ID = re.compile(r"[A-Za-z0-9]{1,32}")
_PATTERN = re.compile(r"(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_][a-z0-9_-]{0,62}")
_AGE = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class StsPolicy:
    """A policy file that senders can use."""

    mode: Mode
    max_age: int
    """Seconds."""
    patterns: tuple[str, ...]
    """Host names, or `*.` and a name, in lower case."""

    def covers(self, host: str) -> bool:
        """True when a pattern matches the MX host; `*.` is exactly one label (§4.1)."""
        host = host.lower().rstrip(".")
        parent = host.partition(".")[2]
        return any(
            pattern[2:] == parent if pattern.startswith("*.") else pattern == host
            for pattern in self.patterns
        )


def select_records(values: Iterable[str]) -> tuple[str, ...]:
    """Those of a name's TXT records that are MTA-STS records; exactly one counts (§3.1)."""
    return tuple(text for text in values if _VERSION.match(text))


def parse_id(text: str) -> str | Phrase:
    """The `id` of a record, or why senders find none."""
    for part in text.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip(" \t") == "id":
            if _ID.fullmatch(value.strip(" \t")):
                return value.strip(" \t")
            break
    return say("dns.sts_no_id")


def parse_policy(body: bytes) -> StsPolicy | tuple[Phrase, ...]:
    """The policy, or all that makes senders ignore the file. Never raises.

    Of a key that occurs twice the first counts, except `mx` (§3.2).
    """
    values: dict[str, str] = {}
    patterns: list[str] = []
    wrong: list[Phrase] = []
    for line in re.split(r"\r?\n", body.decode("utf-8", "replace")):
        if not line.strip(" \t"):
            continue
        key, colon, value = line.partition(":")
        key, value = key.strip(" \t"), value.strip(" \t")
        if not colon:
            wrong.append(say("dns.sts_line", line=inert(line, 80)))
        elif key == "mx":
            patterns.append(value.lower().rstrip("."))
        else:
            values.setdefault(key, value)
    wrong += _wrong(values, patterns)
    if wrong:
        return tuple(wrong[:10])
    return StsPolicy(_MODES[values["mode"]], int(values["max_age"]), tuple(patterns))


def _wrong(values: dict[str, str], patterns: list[str]) -> list[Phrase]:
    wrong = []
    if values.get("version") != "STSv1":
        wrong.append(say("dns.sts_version"))
    if values.get("mode") not in _MODES:
        wrong.append(say("dns.sts_mode"))
    age = values.get("max_age", "")
    if not _AGE.fullmatch(age) or int(age) > OLDEST:
        wrong.append(say("dns.sts_max_age"))
    if not patterns and values.get("mode") != "none":
        wrong.append(say("dns.sts_no_mx"))
    wrong += [
        say("dns.sts_pattern", pattern=inert(pattern, 80))
        for pattern in patterns
        if len(pattern) > 255 or not _PATTERN.fullmatch(pattern)
    ]
    return wrong

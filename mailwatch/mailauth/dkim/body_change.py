"""Why the hash of a body is not the one that was signed: the usual changes on the way, tried out.

Each is undone, and the hash taken again. Where it then matches, that change is the cause.
"""

import hashlib
from collections.abc import Iterator

from mailwatch.mailauth.dkim.canonicalization import (
    OTHER,
    canonical_body,
    without_trailing_space,
)
from mailwatch.mailauth.dkim.signature import Signature
from mailwatch.mailauth.dkim.verification import matches
from mailwatch.model import Phrase, say

LARGEST_TRIED = 8 * 1024 * 1024
"""Octets of a body on which changes are undone."""
MOST_LINES = 200_000
"""Lines after which a body is looked for that was signed."""
MOST_HASHED = 50_000_000
"""Octets hashed to find the line that lost a space."""
_SIGNATURE_LINE = b"\r\n--\r\n"


def explain_change(body: bytes, signature: Signature) -> Phrase:
    """The cause, or that the body was changed in a way that is none of the usual ones."""
    if len(body) > LARGEST_TRIED:
        return say("message.dkim_body")
    canonical = canonical_body(body, signature.body_method)
    if signature.length is not None and signature.length > len(canonical):
        return say("message.dkim_too_short", length=signature.length, total=len(canonical))
    undone = _undone(body, canonical, signature)
    why = next((why for candidate, why in undone if matches(candidate, signature)), None)
    return why or _added_or_lost(body, canonical, signature)


def _added_or_lost(body: bytes, canonical: bytes, signature: Signature) -> Phrase:
    if not body.strip():
        return say("message.dkim_no_body")
    kept = signed_beginning(canonical, signature)
    if kept is not None:
        return say("message.dkim_footer", kept=kept, total=len(canonical))
    if signature.body_method == "simple" and _lost_a_space(canonical, signature):
        return say("message.dkim_trailing_space")
    return say("message.dkim_body")


def _undone(body: bytes, canonical: bytes, signature: Signature) -> Iterator[tuple[bytes, Phrase]]:
    yield canonical.replace(b"\r\n", b"\n"), say("message.dkim_line_endings")
    method = signature.body_method
    if method == "simple":
        stripped = canonical_body(without_trailing_space(body), method)
        yield stripped, say("message.dkim_trailing_space")
        yield stripped.replace(b"\r\n", b"\n"), say("message.dkim_line_endings")
        # "-- " begins a signature; programs that strip its space break a simple hash
        restored = canonical.replace(_SIGNATURE_LINE, b"\r\n-- \r\n")
        yield restored, say("message.dkim_trailing_space")
    other = canonical_body(body, OTHER[method])
    yield other, say("message.dkim_other", method=method, other=OTHER[method])


def signed_beginning(canonical: bytes, signature: Signature) -> int | None:
    """How many octets of `canonical`, up to the end of a line, have the hash that was signed.

    What is behind them was added. With a closing line of a multipart at its end, that may be behind
    what was added, too. None where there is no such beginning.
    """
    if signature.length is not None or canonical.count(b"\r\n") > MOST_LINES:
        return None
    closing = _closing_line(canonical)
    hashed = hashlib.sha256()
    done = at = 0
    while (end := canonical.find(b"\r\n", at) + 2) > 1:
        if end - at > 2:  # empty lines at the end are not part of a body
            hashed.update(canonical[done:end])
            done = end
            if hashed.digest() == signature.body_hash or _closed(hashed, closing, signature):
                return end
        at = end
    return None


def _closing_line(canonical: bytes) -> bytes:
    """The last line, if it is one that closes a multipart."""
    last = canonical[canonical.rfind(b"\r\n", 0, len(canonical) - 2) + 2 :]
    return last if last.startswith(b"--") and last.rstrip().endswith(b"--") else b""


def _closed(hashed: "hashlib._Hash", closing: bytes, signature: Signature) -> bool:
    if not closing:
        return False
    copy = hashed.copy()
    copy.update(closing)
    if copy.digest() == signature.body_hash:
        return True
    copy = hashed.copy()  # with the empty line that most writers put before it
    copy.update(b"\r\n" + closing)
    return copy.digest() == signature.body_hash


def _lost_a_space(canonical: bytes, signature: Signature) -> bool:
    """True when a space at the end of one line, or of each line of text, brings the hash back."""
    lines = canonical.split(b"\r\n")
    if signature.length is not None or len(lines) * len(canonical) > MOST_HASHED:
        return False
    every = b"\r\n".join(line + b" " if line else line for line in lines)
    if matches(every, signature):
        return True
    hashed = hashlib.sha256()
    at = 0
    for line in lines[:-1]:
        end = at + len(line)
        hashed.update(canonical[at:end])
        copy = hashed.copy()
        copy.update(b" " + canonical[end:])
        if copy.digest() == signature.body_hash:
            return True
        hashed.update(b"\r\n")
        at = end + 2
    return False

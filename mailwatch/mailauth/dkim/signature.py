"""A DKIM signature, parsed (RFC 6376 §3.5, RFC 8301, RFC 8463), or one of ARC (RFC 8617)."""

import base64
import binascii
import re
from dataclasses import dataclass

from mailwatch.mailauth.dkim.canonicalization import Canonicalization
from mailwatch.mailauth.rawmessage import HeaderField
from mailwatch.mailauth.tags import parse_tags
from mailwatch.model import Phrase, say
from mailwatch.text.inert import inert_octets

ALGORITHMS = {"rsa-sha256": "rsa", "ed25519-sha256": "ed25519"}
"""Those that count, and the kind of key that each needs."""
MOST_SIGNED = 500
"""Names in `h=`: far more than any signer lists."""
_METHODS: dict[str, Canonicalization] = {"simple": "simple", "relaxed": "relaxed"}
_REQUIRED = ("v", "a", "b", "bh", "d", "h", "s")
_SPACE = re.compile(r"[ \t\r\n]+")
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_NUMBER = re.compile(r"[0-9]{1,76}")
_LARGEST = 10**18
_VALUE_OF_B = re.compile(rb"((?:^|;)[ \t\r\n]*b[ \t\r\n]*=)[^;]*")


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature as it was written. Where it cannot be used, `wrong` says why."""

    field: HeaderField
    domain: str | None = None
    """In lower case; None where the signature does not say it."""
    selector: str | None = None
    algorithm: str = ""
    header_method: Canonicalization = "simple"
    body_method: Canonicalization = "simple"
    signed: tuple[str, ...] = ()
    """The names in `h=`, in lower case."""
    body_hash: bytes = b""
    value: bytes = b""
    length: int | None = None
    """Octets of the body that are signed (`l=`); None for all of it."""
    expires: int | None = None
    """`x=`, in seconds since 1970."""
    identity: str = ""
    """The domain of `i=`, or `d=`."""
    wrong: Phrase | None = None

    @property
    def kind(self) -> str:
        """The kind of key that it needs."""
        return ALGORITHMS.get(self.algorithm, "")


def parse_signature(field: HeaderField, required: tuple[str, ...] = _REQUIRED) -> Signature:
    """The signature in `field`. Never raises."""
    listed = parse_tags(field.raw_value.decode("latin-1"))
    tags = dict(listed.tags)
    domain, selector = _name(tags.get("d")), _name(tags.get("s"))
    wrong = None
    if listed.wrong:
        wrong = say("dns.tag_malformed", tag=inert_octets(listed.wrong[0].strip(), 80))
    elif listed.twice is not None:
        wrong = say("dns.tag_twice", tag=inert_octets(listed.twice))
    else:
        missing = [name for name in required if not tags.get(name)]
        if missing:
            wrong = say("message.dkim_no_tag", tag=missing[0])
    if wrong is not None:
        return Signature(field, domain, selector, wrong=wrong)
    return _checked(field, tags, domain, selector)


def _checked(
    field: HeaderField, tags: dict[str, str], domain: str | None, selector: str | None
) -> Signature:
    header_method, _, body_method = tags.get("c", "simple/simple").lower().partition("/")
    signed = tuple(name.strip(" \t\r\n").lower() for name in tags.get("h", "").split(":"))
    values = [_decoded(tags.get("b", "")), _decoded(tags.get("bh", ""))]
    numbers = {name: _number(tags.get(name)) for name in ("l", "t", "x")}
    identity = tags.get("i", "").rpartition("@")[2].lower() if "v" in tags else ""
    wrong = (
        _wrong_tags(tags, domain, selector)
        or _wrong_identity(identity, domain)
        or _wrong_times(numbers, tags)
        or _wrong_headers(signed, "v" in tags)
    )
    if wrong is None and (None in values or -1 in numbers.values()):
        bad = "b or bh" if None in values else "l, t or x"
        wrong = say("message.dkim_bad_tag", tag=bad)
    return Signature(
        field,
        domain,
        selector,
        tags.get("a", "").lower(),
        _METHODS.get(header_method, "simple"),
        _METHODS.get(body_method or "simple", "simple"),
        signed,
        values[1] or b"",
        values[0] or b"",
        numbers["l"],
        numbers["x"],
        identity or domain or "",
        wrong,
    )


def _wrong_tags(tags: dict[str, str], domain: str | None, selector: str | None) -> Phrase | None:
    if tags.get("v", "1") != "1":
        return say("message.dkim_bad_tag", tag="v")
    algorithm = tags.get("a", "").lower()
    if algorithm == "rsa-sha1":
        return say("message.dkim_sha1")
    if algorithm not in ALGORITHMS:
        return say("message.dkim_algorithm", algorithm=inert_octets(algorithm, 40))
    if domain is None or selector is None:
        return say("message.dkim_bad_tag", tag="d" if domain is None else "s")
    methods = tags.get("c", "simple").lower().split("/")
    if len(methods) > 2 or any(method not in _METHODS for method in methods):
        return say("message.dkim_bad_tag", tag="c")
    queries = _SPACE.sub("", tags.get("q", "dns/txt")).lower().split(":")
    return None if "dns/txt" in queries else say("message.dkim_bad_tag", tag="q")


def _wrong_identity(identity: str, domain: str | None) -> Phrase | None:
    if not identity or identity == domain or identity.endswith(f".{domain}"):
        return None
    return say("message.dkim_identity")


def _wrong_times(numbers: dict[str, int | None], tags: dict[str, str]) -> Phrase | None:
    signed_at, expires = numbers["t"], numbers["x"]
    if signed_at is not None and expires is not None and -1 < expires <= signed_at:
        return say("message.dkim_bad_tag", tag="x")
    return None


def _wrong_headers(signed: tuple[str, ...], dkim: bool) -> Phrase | None:
    """§3.5: `h=` must include From. A seal of ARC has none at all."""
    if len(signed) > MOST_SIGNED:
        return say("message.dkim_bad_tag", tag="h")
    return say("message.dkim_no_from") if dkim and "from" not in signed else None


def _name(text: str | None) -> str | None:
    """A domain name or a selector in lower case; None where it is not a valid one."""
    name = _SPACE.sub("", text or "").lower().removesuffix(".")
    sound = len(name) <= 253 and all(_LABEL.fullmatch(label) for label in name.split("."))
    return name if sound else None


def _number(text: str | None) -> int | None:
    """A number; None where there is none, and -1 where it is not a valid one."""
    if text is None:
        return None
    return min(int(text), _LARGEST) if _NUMBER.fullmatch(text) else -1


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(_SPACE.sub("", text), validate=True)
    except (binascii.Error, ValueError):
        return None


def without_value(raw: bytes) -> bytes:
    """The header field `raw` of a signature with nothing in its `b=` (§3.7)."""
    name, _, value = raw.partition(b":")
    return name + b":" + _VALUE_OF_B.sub(rb"\1", value.removesuffix(b"\r\n"), count=1) + b"\r\n"

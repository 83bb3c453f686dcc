"""Untrusted text made safe: cut to a length, and with every control character shown as text.

So are the first signs of a command to the CI system that shows our output. The runner of GitHub
Actions takes a line that begins with `::name::`, after any spaces, and `##[name]` anywhere in a
line (ActionCommand.cs of actions/runner); Azure Pipelines takes `##vso[name]`. Where a report
breaks its lines is not known here, so they are escaped wherever they are.

DNS answers, API bodies and file names come from outside. A terminal obeys escape sequences, and a
reader is misled by bidirectional controls; both are escaped visibly where the text enters a
measurement or an error, so that no report format has to think of it again.
"""

import re
import unicodedata

LONGEST = 400
"""Characters kept of one piece of untrusted text."""

# Cc: C0 and C1 controls. Cf: bidirectional controls, zero-width characters, tags.
# Zl, Zp: line and paragraph separators. Cs: lone surrogates. Co, Cn: no agreed appearance.
_ESCAPED = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})
_COMMAND = re.compile(r"#(?=#[a-z]*\[)|:(?=:[a-f-]*[g-z-])", re.IGNORECASE)
"""The first sign of a command; what ends it may be in another text on the same line. No name has
hexadecimal digits only: `fe80::face` is none."""


def inert(text: str | bytes, longest: int = LONGEST) -> str:
    """`text` on one line, at most `longest` characters, controls written as `\\x1b` or `\\u202e`.

    Bytes are read as UTF-8; what is not UTF-8 is shown as `\\xff`.
    """
    if isinstance(text, bytes):
        text = text[: 4 * longest + 4].decode("utf-8", "backslashreplace")
    text = text[: longest + 1]
    # What Python calls printable is less than what is visible here, and known much sooner.
    shown = text if text.isprintable() else "".join(map(_visible, text))
    if ":" in shown or "#" in shown:
        shown = _COMMAND.sub(_escaped_sign, shown)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def _visible(char: str) -> str:
    if unicodedata.category(char) not in _ESCAPED:
        return char
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _escaped_sign(match: re.Match[str]) -> str:
    return f"\\x{ord(match[0]):02x}"


def inert_octets(text: str, longest: int = LONGEST) -> str:
    """DNS text as it came (one character an octet), made safe to print."""
    return inert(text.encode("latin-1", "replace"), longest)

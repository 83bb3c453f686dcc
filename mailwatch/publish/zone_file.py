"""As lines of a zone file (RFC 1035 §5)."""

from collections.abc import Iterator

from mailwatch.publish.record_set import TTL, Proposal, ZoneEntry, absolute, strings
from mailwatch.text.inert import inert


def render(proposal: Proposal) -> Iterator[str]:
    """One line a record, with full names; comments begin with a semicolon."""
    for note in proposal.notes:
        yield f"; {inert(note)}\n"
    for made in proposal.sets:
        if made.note:
            yield f"; {inert(made.note)}\n"
        for value in made.values:
            yield f"{made.name}. {TTL} IN {made.type} {_written(made, value)}\n"


def _written(made: ZoneEntry, value: str) -> str:
    if made.type == "TXT":
        return " ".join(f'"{escaped(part)}"' for part in strings(value))
    return absolute(made, value)


def escaped(octets: bytes) -> str:
    r"""What stands between the quotes: `\"`, `\\`, and `\DDD` in decimal for what is not ASCII."""
    return "".join(
        f"\\{chr(octet)}"
        if octet in b'"\\'
        else chr(octet)
        if 0x20 <= octet < 0x7F
        else f"\\{octet:03d}"
        for octet in octets
    )

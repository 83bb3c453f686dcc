"""As a change batch of Amazon Route 53 (ChangeResourceRecordSets), for one hosted zone."""

import json
from collections.abc import Iterator

from mailwatch.publish.record_set import TTL, Proposal, ZoneEntry, absolute, strings

_LONGEST_COMMENT = 256


def render(proposal: Proposal) -> Iterator[str]:
    """The JSON for `aws route53 change-resource-record-sets --change-batch file://PATH`."""
    notes = " ".join(dict.fromkeys(made.note for made in proposal.sets if made.note))
    comment = notes or "Proposed by mailwatch."
    if len(comment) > _LONGEST_COMMENT:
        comment = comment[: _LONGEST_COMMENT - 1] + "…"
    batch = {"Comment": comment, "Changes": [_change(made) for made in proposal.sets]}
    yield json.dumps(batch, indent=2) + "\n"


def _change(made: ZoneEntry) -> dict[str, object]:
    return {
        "Action": "UPSERT",
        "ResourceRecordSet": {
            "Name": f"{made.name}.",
            "Type": made.type,
            "TTL": TTL,
            "ResourceRecords": [{"Value": written(made, value)} for value in made.values],
        },
    }


def written(made: ZoneEntry, value: str) -> str:
    """The value as Route 53 takes it: the strings of a text in quotes, with a space between."""
    if made.type == "TXT":
        return " ".join(f'"{escaped(part)}"' for part in strings(value))
    return absolute(made, value)


def escaped(octets: bytes) -> str:
    r"""What stands between the quotes: `\"`, and `\OOO` in octal for a backslash and for what is
    not printable ASCII."""
    return "".join(
        '\\"'
        if octet == 0x22
        else chr(octet)
        if 0x20 <= octet < 0x7F and octet != 0x5C
        else f"\\{octet:03o}"
        for octet in octets
    )

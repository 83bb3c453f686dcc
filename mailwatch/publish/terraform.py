"""As resources of Terraform's AWS provider (aws_route53_record), in HCL."""

import re
from collections.abc import Iterator

from mailwatch.publish.record_set import TTL, Proposal, ZoneEntry, strings
from mailwatch.publish.route53 import escaped
from mailwatch.text.inert import inert

_HEAD = """variable "zone_id" {
  description = "The hosted zone of these names."
  type        = string
}
"""


def render(proposal: Proposal) -> Iterator[str]:
    """A variable for the hosted zone, and one resource a name and type."""
    for note in proposal.notes:
        yield f"# {inert(note)}\n"
    if proposal.sets:
        yield _HEAD
    for made in proposal.sets:
        yield from _resource(made)


def _resource(made: ZoneEntry) -> Iterator[str]:
    yield "\n"
    if made.note:
        yield f"# {inert(made.note)}\n"
    label = re.sub(r"[^a-z0-9_]", lambda match: _LABEL.get(match[0], "-"), made.name.lower())
    yield f'resource "aws_route53_record" "{made.type.lower()}_{label}" {{\n'
    yield "  zone_id = var.zone_id\n"
    yield f"  name    = {quoted(made.name)}\n"
    yield f"  type    = {quoted(made.type)}\n"
    yield f"  ttl     = {TTL}\n"
    yield "  records = [\n"
    for value in made.values:
        yield f"    {quoted(_written(made, value))},\n"
    yield "  ]\n}\n"


_LABEL = {".": "_", "*": "any"}
"""A resource's label has letters, digits, `_` and `-`."""


def _written(made: ZoneEntry, value: str) -> str:
    """The provider adds the outer quotes of a text itself; between two strings it wants `\"\"`."""
    if made.type == "TXT":
        return '""'.join(escaped(part) for part in strings(value))
    return value.rstrip(".")


def quoted(text: str) -> str:
    """`text` as an HCL string. `${` and `%{` would begin a template, and an SPF macro is `%{i}`."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + plain.replace("${", "$${").replace("%{", "%%{") + '"'

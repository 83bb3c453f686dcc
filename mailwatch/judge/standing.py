"""The life of a finding: since when it is as it is, and what it was before."""

from dataclasses import replace

from mailwatch.model import Finding, Level, Past

_TROUBLE = (Level.WARN, Level.BREACH)


def compare_with_past(finding: Finding, past: Past) -> Finding:
    """`finding` with what earlier runs show of it; as it is where they show nothing."""
    standing = past.standing(finding)
    if standing is None:
        return finding
    before = standing.level if standing.level is not Level.UNKNOWN else None
    return replace(
        finding,
        since=past.since(finding),
        before=before,
        opened=standing.opened if finding.level in _TROUBLE else None,
    )

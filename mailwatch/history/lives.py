"""How long a figure has been as it is, from one run to the next."""

from datetime import date

from mailwatch.model import Finding, Level, Standing

_TROUBLE = (Level.WARN, Level.BREACH)


def next_standing(before: Standing | None, finding: Finding, today: date) -> Standing:
    """How the figure of `finding` stands after the run of `today`.

    A run that could not judge it changes nothing but that: a name server that does not answer once
    does not end a breach, and does not begin it anew.
    """
    level = finding.level
    if level is Level.UNKNOWN:
        if before is None:
            return Standing(level, today, unknown_since=today)
        return Standing(before.level, before.since, before.opened, before.unknown_since or today)
    same = before is not None and before.level is level
    since = before.since if before and same else today
    if level not in _TROUBLE:
        return Standing(level, since)
    opened = before.opened if before and before.level in _TROUBLE else None
    return Standing(level, since, opened or since)

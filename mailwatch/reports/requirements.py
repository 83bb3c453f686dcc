"""What the mailbox providers ask of senders, one table a domain: the evidence of its finding."""

from collections.abc import Iterator

from mailwatch.frozen import dataclass
from mailwatch.model import Lang, Phrase, Report, say
from mailwatch.text.domain import domain_text
from mailwatch.words import worded

_METRIC = "dns.sender_requirements"
_ROWS = ("dns.requirement", "dns.requirement_by")
_SIGNS = {
    "dns.requirement_met": "✓",
    "dns.requirement_not_met": "✗",
    "dns.requirement_cannot_tell": "?",
}
NOT_ASKED = "-"


@dataclass(frozen=True, slots=True)
class RequirementTable:
    """The requirements of one domain."""

    domain: str
    providers: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    """What is asked, and a sign for each provider."""


def requirement_tables(report: Report, lang: Lang) -> Iterator[RequirementTable]:
    """A table for each domain that the report has one of."""
    for finding in report.findings:
        if finding.check.metric != _METRIC:
            continue
        rows = [dict(p.values) for p in finding.measurement.evidence if p.code in _ROWS]
        asked = sorted((str(row["by"]).split(", ") for row in rows), key=len, reverse=True)
        providers = tuple(dict.fromkeys(name for by in asked for name in by))
        signs: dict[str, dict[str, str]] = {}
        for row in rows:  # one requirement may have a row for each state
            of = signs.setdefault(_worded(row["what"], lang), {})
            of.update(dict.fromkeys(str(row["by"]).split(", "), _sign(row["state"])))
        lines = ((what, tuple(of.get(name, NOT_ASKED) for name in providers))
                 for what, of in signs.items())  # fmt: skip
        if rows:
            domain = domain_text(finding.measurement.subject.get("domain") or "")
            yield RequirementTable(domain, providers, tuple(lines))


def legend(lang: Lang) -> str:
    """What the signs mean."""
    signs = [f"{sign} {worded(say(code), lang)}" for code, sign in _SIGNS.items()]
    return "  ".join([*signs, f"{NOT_ASKED} {worded(say('console.not_asked'), lang)}"])


def title(table: RequirementTable, lang: Lang) -> str:
    """The heading of a table."""
    return worded(say("console.requirements_of", domain=table.domain), lang)


def _worded(value: object, lang: Lang) -> str:
    return worded(value, lang) if isinstance(value, Phrase) else str(value)


def _sign(state: object) -> str:
    return _SIGNS.get(state.code, "?") if isinstance(state, Phrase) else "?"

"""What the mailbox providers ask of senders, one table a domain: the evidence of its finding."""

from collections.abc import Iterator

from mailwatch.frozen import dataclass
from mailwatch.model import Lang, Phrase, Report, say
from mailwatch.text.domain import domain_text
from mailwatch.words import worded

_METRIC = "dns.sender_requirements"
_ROW = "dns.requirement"
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
        rows = [dict(p.values) for p in finding.measurement.evidence if p.code == _ROW]
        if not rows:
            continue
        asked = [str(row["by"]).split(", ") for row in rows]
        _, providers = max((len(by), tuple(by)) for by in asked)
        yield RequirementTable(
            domain_text(finding.measurement.subject.get("domain") or ""),
            providers,
            tuple(
                (
                    _worded(row["what"], lang),
                    tuple(_sign(row["state"]) if name in by else NOT_ASKED for name in providers),
                )
                for row, by in zip(rows, asked, strict=True)
            ),
        )


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

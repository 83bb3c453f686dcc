"""What Gmail, Yahoo, Microsoft and Apple ask of those who send to them, as far as DNS shows it.

Read from the findings of a domain, without a further question. What only mail shows (its signature,
its headers, complaints) cannot be read from DNS, and is said to be so.

    Gmail      https://support.google.com/a/answer/81126
    Yahoo      https://senders.yahooinc.com/best-practices/
    Microsoft  https://techcommunity.microsoft.com/blog/microsoftdefenderforoffice365blog/4399730
    Apple      https://support.apple.com/en-us/102322
"""

from collections.abc import Callable, Sequence

from mailwatch.frozen import dataclass
from mailwatch.model import Measurement, Phrase, Subject, say
from mailwatch.sources.dns import metrics
from mailwatch.sources.dns.measured import Taken, measured

_ALL = "Gmail, Yahoo, Microsoft, Apple"
_KEY_BITS = 1024
"""Gmail accepts no shorter key, and no receiver may (RFC 8301 §3.2)."""

MET, CANNOT_TELL, NOT_MET = "met", "cannot_tell", "not_met"
_STATES = {
    NOT_MET: "dns.requirement_not_met",
    CANNOT_TELL: "dns.requirement_cannot_tell",
    MET: "dns.requirement_met",
}
"""The words of the states, the worst first."""


@dataclass(frozen=True, slots=True)
class _Known:
    """The figures of one domain by metric."""

    figures: Sequence[Measurement]

    def values(self, metric: str) -> list[float | str | None]:
        return [figure.value for figure in self.figures if figure.metric == metric]


def _spf(known: _Known) -> str:
    """Without a record here, that of the return path decides, which DNS does not show."""
    words = known.values(metrics.SPF_RECORD)
    return CANNOT_TELL if words == ["missing"] else _held(words, lambda word: word == "valid")


def _dkim(known: _Known) -> str:
    """One key that can be used is enough. A selector that nobody named may have one."""
    words = known.values(metrics.DKIM_KEY)
    if any(word in ("valid", "testing") for word in words):
        return MET
    return CANNOT_TELL if None in words or not words else NOT_MET


def _dkim_bits(known: _Known) -> str:
    return _held(known.values(metrics.DKIM_KEY_BITS), lambda bits: _number(bits) >= _KEY_BITS)


def _dmarc(known: _Known) -> str:
    return _held(known.values(metrics.DMARC_POLICY), lambda word: word != "missing")


def _reverse(known: _Known) -> str:
    return _held(known.values(metrics.REVERSE_DNS), lambda word: word == "confirmed")


def _replies(known: _Known) -> str:
    """Without MX, mail goes to the address of the domain itself (RFC 5321 §5.1), if it has one."""
    if known.values(metrics.MX) == ["missing"]:
        return CANNOT_TELL
    if "unreachable" in known.values(metrics.MX_HOSTS):
        return NOT_MET
    return _held(known.values(metrics.MX), lambda word: word == "found")


def _only_mail_shows(known: _Known) -> str:
    return CANNOT_TELL


_REQUIREMENTS: tuple[tuple[str, str, Callable[[_Known], str]], ...] = (
    ("dns.require_spf", _ALL, _spf),
    ("dns.require_dkim", _ALL, _dkim),
    ("dns.require_dkim_bits", "Gmail, Yahoo", _dkim_bits),
    ("dns.require_dmarc", _ALL, _dmarc),
    ("dns.require_reverse_dns", "Gmail, Yahoo, Apple", _reverse),
    ("dns.require_replies", "Microsoft", _replies),
    ("dns.require_alignment", "Gmail, Yahoo, Microsoft", _only_mail_shows),
    ("dns.require_one_click", "Gmail, Yahoo", _only_mail_shows),
    ("dns.require_spam_rate", "Gmail, Yahoo", _only_mail_shows),
    ("dns.require_tls", "Gmail", _only_mail_shows),
)
"""What is asked, by whom, and whether the domain has it."""


def requirements_of(domain: str, taken: Sequence[Taken]) -> list[Taken]:
    """How many requirements `domain` does not meet; the evidence is the whole table, the worst
    first. Nothing where none is known to be missed and a question failed: the finding about that
    question says so."""
    figures = [item for item in taken if isinstance(item, Measurement)]
    known = _Known([f for f in figures if f.subject.get("domain") == domain])
    rows = [(judge(known), what, providers) for what, providers, judge in _REQUIREMENTS]
    missed = sum(state == NOT_MET for state, _, _ in rows)
    if not missed and len(figures) < len(taken):
        return []
    evidence = [
        _row(what, state, providers)
        for wanted in _STATES
        for state, what, providers in rows
        if state == wanted
    ]
    subject = Subject.of(domain=domain)
    return [measured(metrics.SENDER_REQUIREMENTS, subject, missed, evidence)]


def _row(what: str, state: str, providers: str) -> Phrase:
    return say("dns.requirement", what=say(what), state=say(_STATES[state]), by=providers)


def _held(values: Sequence[float | str | None], good: Callable[[float | str], bool]) -> str:
    """Met when all of `values` are good; not met when one is not."""
    known = [value for value in values if value is not None]
    if any(not good(value) for value in known):
        return NOT_MET
    return MET if known and len(known) == len(values) else CANNOT_TELL


def _number(value: float | str) -> float:
    return 0.0 if isinstance(value, str) else value

"""Which figure answers which requirement of the mailbox providers: those of DNS first, then those
of the other sources of a run.

What DNS shows is true now. What Gmail says of a requirement can be a week old, and is for Gmail
alone, so it is asked last. No figure of a whole account counts but where SendGrid has authenticated
the domain, which is then what the account mails as.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from mailwatch.model import Measurement
from mailwatch.sources.dns import metrics

MET, CANNOT_TELL, NOT_MET = "met", "cannot_tell", "not_met"
GMAIL, YAHOO, MICROSOFT, APPLE = "Gmail", "Yahoo", "Microsoft", "Apple"
ALL = (GMAIL, YAHOO, MICROSOFT, APPLE)

_KEY_BITS = 1024
"""Gmail accepts no shorter key, and no receiver may (RFC 8301 §3.2)."""
_MOST_REPORTED = 0.003
"""Gmail and Yahoo: spam reports have to stay below 0.3 %."""
_NEARLY_ALL = 0.9
"""Of the mail. No provider names a share; this is the limit of the shipped thresholds."""
_LEAST_MAIL = 1000
"""Messages in which a rate of 0.3 % can be seen."""
_OLDEST_DAYS = 7
_AUTHENTICATION = "sendgrid.domain_authentication"


class Known:
    """The figures of a run, by what they are about."""

    def __init__(self, figures: Iterable[Measurement]) -> None:
        self._figures: dict[tuple[str, str | None], list[Measurement]] = defaultdict(list)
        for figure in figures:
            self._figures[figure.metric, figure.subject.get("domain")].append(figure)

    def of(self, domain: str | None, metric: str) -> Sequence[Measurement]:
        """Those of `domain`; None: of none, such as a whole account's."""
        return self._figures.get((metric, domain), ())

    def values(self, domain: str, metric: str) -> list[float | str | None]:
        """Their values, but of those that are not to be judged."""
        found = self.of(domain, metric)
        return [one.value for one in found if one.value is None or one.note is None]

    def account(self, domain: str, metric: str) -> Sequence[Measurement]:
        """Those of the account, where `domain` is one that it mails as."""
        return self.of(None, metric) if "valid" in self.values(domain, _AUTHENTICATION) else ()

    def authenticated(self) -> int:
        """How many domains SendGrid has authenticated."""
        found = (one for (metric, _), some in self._figures.items() for one in some
                 if metric == _AUTHENTICATION)  # fmt: skip
        return sum(one.value == "valid" for one in found)


Judge = Callable[[Known, str], str]


class FigureAnswer(NamedTuple):
    """How a requirement is answered by figures of `metric`, and for whom."""

    metric: str
    judge: Judge
    providers: tuple[str, ...] = ALL


def _held(values: Sequence[float | str | None], good: Callable[[float | str], bool]) -> str:
    """Met when all of `values` are good; not met when one is not."""
    known = [value for value in values if value is not None]
    if any(not good(value) for value in known):
        return NOT_MET
    return MET if known and len(known) == len(values) else CANNOT_TELL


def _spf(known: Known, domain: str) -> str:
    """Without a record here, that of the return path decides, which DNS does not show."""
    words = known.values(domain, metrics.SPF_RECORD)
    return CANNOT_TELL if words == ["missing"] else _held(words, lambda word: word == "valid")


def _dkim(known: Known, domain: str) -> str:
    """One key that can be used is enough. A selector that nobody named may have one."""
    words = known.values(domain, metrics.DKIM_KEY)
    if any(word in ("valid", "testing") for word in words):
        return MET
    return CANNOT_TELL if None in words or not words else NOT_MET


def _dkim_bits(known: Known, domain: str) -> str:
    values = known.values(domain, metrics.DKIM_KEY_BITS)
    return _held(values, lambda bits: _number(bits) >= _KEY_BITS)


def _dmarc(known: Known, domain: str) -> str:
    return _held(known.values(domain, metrics.DMARC_POLICY), lambda word: word != "missing")


def _reverse(known: Known, domain: str) -> str:
    return _held(known.values(domain, metrics.REVERSE_DNS), lambda word: word == "confirmed")


def _replies(known: Known, domain: str) -> str:
    """Without MX, mail goes to the address of the domain itself (RFC 5321 §5.1), if it has one."""
    if known.values(domain, metrics.MX) == ["missing"]:
        return CANNOT_TELL
    if "unreachable" in known.values(domain, metrics.MX_HOSTS):
        return NOT_MET
    return _held(known.values(domain, metrics.MX), lambda word: word == "found")


def _aligned(known: Known, domain: str) -> str:
    return _held(known.values(domain, metrics.DMARC_ALIGNMENT), lambda word: word != "neither")


def _authenticated(known: Known, domain: str) -> str:
    """SendGrid signs with the domain, and its return path is below it. Where it does not, mail of
    others may well be authenticated."""
    return MET if "valid" in known.values(domain, _AUTHENTICATION) else CANNOT_TELL


def _shared(known: Known, domain: str) -> str:
    """SendGrid looks after the names of its shared addresses itself."""
    words = [one.value for one in known.account(domain, "sendgrid.sending_ips")]
    return MET if words == ["shared"] else CANNOT_TELL


def _dedicated(known: Known, domain: str) -> str:
    lacking = [one.value for one in known.account(domain, "sendgrid.reverse_dns")]
    return _held(lacking, lambda count: count == 0)


def _forced_tls(known: Known, domain: str) -> str:
    words = [one.value for one in known.account(domain, "sendgrid.enforced_tls")]
    return MET if set(words) & {"required", "valid_certificate"} else CANNOT_TELL


def _reported_at_yahoo(known: Known, domain: str) -> str:
    """The account's rate is the domain's where it mails as no other that is watched."""
    rates = [
        one
        for one in known.account(domain, "sendgrid.spam_report_rate")
        if (one.subject.get("provider") or "").startswith(YAHOO)
        and (one.denominator or 0) >= _LEAST_MAIL
    ]
    if known.authenticated() != 1:
        return CANNOT_TELL
    return _held([one.compared for one in rates], lambda rate: _number(rate) < _MOST_REPORTED)


def _rate(metric: str, good: Callable[[float], bool], otherwise: str = NOT_MET) -> Judge:
    """By the newest rate of the domain as a whole."""

    def judge(known: Known, domain: str) -> str:
        whole = [one for one in known.of(domain, metric) if len(one.subject.pairs) == 1]
        rates = [one.compared for one in whole if (one.age_days or 0) <= _OLDEST_DAYS]
        state = _held(rates, lambda rate: good(_number(rate)))
        return otherwise if state == NOT_MET else state

    return judge


def _nearly_all(metric: str, otherwise: str = NOT_MET) -> FigureAnswer:
    return FigureAnswer(metric, _rate(metric, lambda rate: rate >= _NEARLY_ALL, otherwise))


def _gmail(requirement: str) -> FigureAnswer:
    """By Gmail's own status."""
    metric = "postmaster.compliance"

    def judge(known: Known, domain: str) -> str:
        rows = known.of(domain, metric)
        words = [one.value for one in rows if one.subject.get("requirement") == requirement]
        return _held(words, lambda word: word == "COMPLIANT")

    return FigureAnswer(metric, judge, (GMAIL,))


def _number(value: float | str) -> float:
    return 0.0 if isinstance(value, str) else value


_SENDGRID = FigureAnswer(_AUTHENTICATION, _authenticated)
_FEW_REPORTS = _rate("postmaster.spam_rate", lambda rate: rate < _MOST_REPORTED)

REQUIREMENTS: tuple[tuple[str, tuple[str, ...], tuple[FigureAnswer, ...]], ...] = (
    (
        "dns.require_spf",
        ALL,
        (
            FigureAnswer(metrics.SPF_RECORD, _spf),
            _SENDGRID,
            _nearly_all("postmaster.spf_pass_rate"),
            _gmail("SPF"),
        ),
    ),
    (
        "dns.require_dkim",
        ALL,
        (
            FigureAnswer(metrics.DKIM_KEY, _dkim),
            _SENDGRID,
            _nearly_all("postmaster.dkim_pass_rate"),
            _gmail("DKIM"),
        ),
    ),
    ("dns.require_dkim_bits", (GMAIL, YAHOO), (FigureAnswer(metrics.DKIM_KEY_BITS, _dkim_bits),)),
    (
        "dns.require_dmarc",
        ALL,
        (FigureAnswer(metrics.DMARC_POLICY, _dmarc), _gmail("DMARC_POLICY")),
    ),
    (
        "dns.require_reverse_dns",
        (GMAIL, YAHOO, APPLE),
        (
            FigureAnswer(metrics.REVERSE_DNS, _reverse),
            FigureAnswer("sendgrid.reverse_dns", _dedicated),
            FigureAnswer("sendgrid.sending_ips", _shared),
            _gmail("DNS_RECORDS"),
        ),
    ),
    ("dns.require_replies", (MICROSOFT,), (FigureAnswer(metrics.MX, _replies),)),
    (
        "dns.require_alignment",
        (GMAIL, YAHOO, MICROSOFT),
        (
            _nearly_all("postmaster.dmarc_pass_rate"),
            _nearly_all("dmarc.pass_rate", CANNOT_TELL),  # what fails may be spoofed
            _SENDGRID,
            FigureAnswer(metrics.DMARC_ALIGNMENT, _aligned),
            _gmail("DMARC_ALIGNMENT"),
        ),
    ),
    ("dns.require_one_click", (GMAIL, YAHOO), (_gmail("ONE_CLICK_UNSUBSCRIBE"),)),
    (
        "dns.require_spam_rate",
        (GMAIL, YAHOO),
        (
            FigureAnswer("postmaster.spam_rate", _FEW_REPORTS, (GMAIL,)),
            FigureAnswer("sendgrid.spam_report_rate", _reported_at_yahoo, (YAHOO,)),
            _gmail("USER_REPORTED_SPAM_RATE"),
        ),
    ),
    (
        "dns.require_tls",
        (GMAIL,),
        (
            _nearly_all("postmaster.tls_rate"),
            _gmail("ENCRYPTION"),
            FigureAnswer("sendgrid.enforced_tls", _forced_tls),
        ),
    ),
)
"""What is asked, by whom, and what answers it, the surest first."""

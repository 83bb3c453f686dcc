"""What a file of reports turns out to hold: plain values, which travel between processes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from mailwatch.model import Phrase, say
from mailwatch.sources.dmarc.identity import Identity


class RowShape(NamedTuple):
    """All that a record says but its address and its count. Most records of a reporter share one.

    `spf` and `dkim` are the aligned results of `policy_evaluated`: `auth_results` has the raw
    ones, which pass for any domain.
    """

    identity: str
    """What authenticated: a service, a domain; empty where nothing did."""
    spf: bool
    dkim: bool
    authenticated: bool
    """SPF or DKIM passed for some domain, aligned or not."""
    disposition: str
    override: str
    """forwarded, mailing_list, local_policy, other; empty where the policy was not overridden."""
    header_from: str
    cut: bool = False
    """A field was longer than is kept."""
    keys: tuple[Identity, ...] = ()
    """Signatures that passed, of the domain in From: or of one above or below it."""

    @property
    def passed(self) -> bool:
        """True when DMARC passed: SPF or DKIM, aligned."""
        return self.spf or self.dkim


class Policy(NamedTuple):
    """The policy as the reporter saw it. A tag that is not there is empty."""

    p: str = ""
    sp: str = ""
    testing: bool = False

    @property
    def text(self) -> str:
        """As in a DMARC record."""
        tags = [f"p={self.p}" if self.p else "", f"sp={self.sp}" if self.sp else ""]
        return "; ".join(filter(None, [*tags, "t=y" if self.testing else ""]))


class AggregateKey(NamedTuple):
    """What tells two reports apart, as written. Reporters use one `report_id` again for other
    days, and share ids with each other."""

    reporter: str
    report_id: str
    domain: str
    begin: str
    end: str


@dataclass(frozen=True, slots=True)
class AggregateReport:
    """One aggregate report, in full: a report that is cut off or malformed is not one."""

    key: AggregateKey
    domain: str
    """Of the published policy, lower case; made safe to print, as all texts here are."""
    reporter: str
    day: int
    """The day (UTC) in which the middle of its period is, as `date.toordinal`."""
    policy: Policy
    rows: Mapping[tuple[str, RowShape], int]
    """Messages by source address and the rest of the record."""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class TlsReport:
    """One policy of a TLS report (RFC 8460)."""

    key: tuple[str, ...]
    domain: str
    day: int
    succeeded: int
    """Sessions."""
    failed: int
    reasons: Mapping[str, int]
    """Failed sessions by result type."""


@dataclass(frozen=True, slots=True)
class FailureReport:
    """One message that failed, as its receiver reports it (RFC 9991, RFC 6591)."""

    domain: str
    reason: str
    """What failed, and what became of the message."""
    sender: str
    """The address, masked."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file, member or message that could not be read, and why."""

    place: str
    why: Phrase
    path: str | None = None
    """The file that it is in."""
    content: bytes | None = None
    """The message, where it is one of many in a file."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A message of a mailbox that has no report in it."""

    place: str


Item = AggregateReport | TlsReport | FailureReport | Refusal | PassedOver


class ReportError(ValueError):
    """A report that cannot be taken. `why` says it."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.why = say(code, **values)

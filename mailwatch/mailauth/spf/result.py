"""Who sends, and what SPF says of that: what `check_host` takes and gives (RFC 7208 §2.6, §4.1)."""

from dataclasses import dataclass
from enum import StrEnum

from mailwatch.mailauth.spf.macros import Address
from mailwatch.model import Phrase


class SpfResult(StrEnum):
    """What SPF says of a sender (§2.6)."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105  # a result, not a password
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the client's address, MAIL FROM (empty for bounces) and HELO."""

    ip: Address
    mail_from: str
    helo: str

    @property
    def local(self) -> str:
        """The local part; `postmaster` without one (§4.3)."""
        return self.mail_from.rpartition("@")[0] or "postmaster"

    @property
    def domain(self) -> str:
        """The domain that is checked; that of HELO where MAIL FROM is empty (§2.4)."""
        return (self.mail_from.rpartition("@")[2] or self.helo).lower().removesuffix(".")


@dataclass(frozen=True, slots=True)
class EvaluatedTerm:
    """One term that was evaluated."""

    domain: str
    """Whose record it is in."""
    term: str
    matched: bool


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result for one sender, and how it came about."""

    result: SpfResult
    why: Phrase | None = None
    """What was wrong: for `none` and the two errors."""
    decided_by: EvaluatedTerm | None = None
    """The term that gave the result, or that broke a limit; None where no term did."""
    explanation: str | None = None
    """What the domain says of a `fail`."""
    lookups: int = 0
    voids: int = 0
    trace: tuple[EvaluatedTerm, ...] = ()
    """Every term that was evaluated, in order; that of an include comes after its own terms."""

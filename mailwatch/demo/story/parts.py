"""How an account's mail divides: by subuser, mailbox provider and category; what it left behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

Stats = Mapping[date, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class SubuserStory:
    """One subuser."""

    stats: Stats = field(default_factory=dict)
    reputation: float = 98.0
    region: str = "global"
    disabled: bool = False
    score: float | None = 4.0
    """The engagement quality score; None where it is left out of the answer."""
    suppressions: "Mapping[str, Sequence[Suppressed]]" = field(default_factory=dict)
    """Its own lists, as those of `Sending`."""


class Suppressed(NamedTuple):
    """One row of a suppression list."""

    created: int
    email: str
    reason: str = ""
    status: str = ""


class DedicatedIp(NamedTuple):
    """One IP address of the account."""

    ip: str
    subusers: tuple[str, ...]
    warmup: bool = False
    start_date: int | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """Everything about how the account sends that is not its daily statistics."""

    subusers: Mapping[str, SubuserStory] = field(default_factory=dict)
    providers: Mapping[str, Stats] = field(default_factory=dict)
    categories: Mapping[str, Stats] = field(default_factory=dict)
    suppressions: Mapping[str, Sequence[Suppressed]] = field(default_factory=dict)
    """By list, oldest row first."""
    classifications: Mapping[date, Mapping[str, int]] = field(default_factory=dict)
    credits: tuple[int, date] | None = None
    """The plan's emails a month, and the day it began anew; None: the plan does not have it."""
    ips: tuple[DedicatedIp, ...] = ()
    score: float | None = None
    """The account's engagement quality score; None: not computed yet."""

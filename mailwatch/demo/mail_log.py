"""A Postfix log of made-up mail, as syslog writes it: for the tests and the benchmark.

Every message comes in over SMTP and goes out to one recipient, who is delivered at once, deferred
and then delivered, deferred until the message expires, or bounced. The same seed gives the same
log.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

DOMAINS = ("gmail.example", "yahoo.example", "outlook.example", "au.example", "docomo.example")
_LETTERS = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"


@dataclass(frozen=True, slots=True)
class Traffic:
    """How much mail, and what becomes of it."""

    begins: datetime
    messages: int
    days: int = 1
    bounced: float = 0.02
    """The share of the messages, as are the next two."""
    deferred: float = 0.05
    expired: float = 0.002
    iso: bool = False
    """ISO time stamps, else traditional ones."""
    seed: int = 1


def mail_log(traffic: Traffic) -> Iterator[str]:
    """The lines of the log, in the order of their time, without the newlines."""
    chance = random.Random(traffic.seed)  # noqa: S311  # it only has to look like mail
    step = timedelta(days=traffic.days) / max(1, traffic.messages)
    for number in range(traffic.messages):
        moment = traffic.begins + step * number
        yield from _Message(chance, number, moment, traffic).lines()


class _Message:
    def __init__(
        self, chance: random.Random, number: int, moment: datetime, traffic: Traffic
    ) -> None:
        self._chance = chance
        self._traffic = traffic
        self._stamp = (
            moment.isoformat() if traffic.iso else f"{moment:%b} {moment.day:2} {moment:%T}"
        )
        self._id = (
            "4"
            + "".join(chance.choices(_LETTERS, k=9))
            + "z"
            + "".join(chance.choices(_LETTERS, k=3))
        )
        self._domain = chance.choice(DOMAINS)
        self._to = f"user{number}@{self._domain}"

    def lines(self) -> Iterator[str]:
        """What Postfix logs of it."""
        client = "app1.example.com[192.0.2.10]"
        yield self._line("smtpd", f"connect from {client}")
        yield self._line("smtpd", f"{self._id}: client={client}")
        yield self._line("cleanup", f"{self._id}: message-id=<{self._id}@app1.example.com>")
        yield self._line(
            "smtpd", f"disconnect from {client} ehlo=1 mail=1 rcpt=1 data=1 commands=4"
        )
        yield self._line(
            "qmgr", f"{self._id}: from=<news@example.com>, size=4821, nrcpt=1 (queue active)"
        )
        yield from self._outcome()
        yield self._line("qmgr", f"{self._id}: removed")

    def _outcome(self) -> Iterator[str]:
        drawn, traffic = self._chance.random(), self._traffic
        refused = "4.7.0", "deferred", "host said: 421 4.7.0 Try again later"
        if drawn < traffic.bounced:
            yield self._attempt(2, "5.1.1", "bounced", "host said: 550 5.1.1 No such user")
        elif drawn < traffic.bounced + traffic.expired:
            yield self._attempt(432_000, *refused)
            yield self._line(
                "qmgr", f"{self._id}: from=<news@example.com>, status=expired, returned to sender"
            )
        else:
            if drawn > 1 - traffic.deferred:
                yield self._attempt(3, *refused)
                yield self._attempt(304, "2.0.0", "sent", "250 2.0.0 OK")
                return
            delay = round(self._chance.lognormvariate(0, 1), 2)
            yield self._attempt(delay, "2.0.0", "sent", "250 2.0.0 OK")

    def _attempt(self, delay: float, dsn: str, status: str, answer: str) -> str:
        return self._line(
            "smtp",
            f"{self._id}: to=<{self._to}>, relay=mx1.{self._domain}[198.51.100.7]:25, "
            f"delay={delay:g}, delays=0.02/0.01/0.3/{delay:g}, dsn={dsn}, "
            f"status={status} ({answer})",
        )

    def _line(self, program: str, text: str) -> str:
        return f"{self._stamp} mx1 postfix/{program}[{self._chance.randrange(1000, 9999)}]: {text}"

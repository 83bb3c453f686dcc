"""A fault in one line, as a user asks for it: `sendgrid/v3/stats=429:5*3`.

    SERVICE[/PATH or :NAME]=KIND[:SECONDS][*TIMES]

The service is `sendgrid`, `google` (the Postmaster API), `token` (where Google gives access tokens)
or `dns`. Without a path or name the fault is everywhere, without a number of times for ever.
"""

import re
from collections.abc import Callable, Mapping

from mailwatch.demo.dns.dns_faults import Rcode, Truncated
from mailwatch.demo.wire.faults import Delay, DnsFault, Drop, Hang, HttpFault, Raw, Rule, Service
from mailwatch.demo.wire.http_faults import Endless, HttpReply, Trickle, Truncate

SERVICES: Mapping[str, Service] = {
    "sendgrid": "sendgrid",
    "google": "postmaster",
    "token": "token",
    "dns": "dns",
}
STATUSES = range(400, 600)
SECONDS = re.compile(r"[0-9]{1,4}(\.[0-9]{1,3})?")
TIMES = re.compile(r"[1-9][0-9]{0,5}")
GARBAGE = b"\x00\xff\x1b[31mnot what was asked for\x1b[0m\xfe"
RCODES = ("servfail", "refused", "nxdomain", "formerr", "notimp")


def _answer_with(rcode: str) -> Callable[[float], DnsFault]:
    return lambda _: Rcode(rcode.upper())


HTTP_KINDS: Mapping[str, Callable[[float], HttpFault]] = {
    "delay": Delay,
    "hang": lambda _: Hang(),
    "drop": lambda _: Drop(),
    "truncate": lambda _: Truncate(),
    "garbage": lambda _: HttpReply(200, GARBAGE),
    "drip": lambda seconds: Trickle(every=seconds),
    "endless": lambda _: Endless(),
}
DNS_KINDS: Mapping[str, Callable[[float], DnsFault]] = {
    "delay": Delay,
    "hang": lambda _: Hang(),
    "drop": lambda _: Drop(),
    "truncate": lambda _: Truncated(),
    "garbage": lambda _: Raw(GARBAGE),
    **{name: _answer_with(name) for name in RCODES},
}
TIMED = {"delay": 1.0, "drip": 0.05}
"""Kinds that take seconds, with what they are without."""
FORM = "SERVICE[/PATH or :NAME]=KIND[:SECONDS][*TIMES]"


def read_fault(text: str) -> Rule:
    """The rule that `text` asks for. Raises ValueError, which says what is accepted."""
    where, separator, what = text.partition("=")
    match = re.fullmatch(r"(?P<service>[a-z]+)(?P<path>/[!-~]*)?(:(?P<name>[!-~]+))?", where)
    if match is None or not separator:
        raise ValueError(f"the form is {FORM}")
    service = SERVICES.get(match["service"])
    if service is None:
        raise ValueError(f"the services are {', '.join(SERVICES)}")
    if (match["path"] and service == "dns") or (match["name"] and service != "dns"):
        raise ValueError("dns takes a :NAME, the other services a /PATH")
    what, star, times = what.partition("*")
    if star and not TIMES.fullmatch(times):
        raise ValueError("after * comes how many times")
    kind, _, seconds = what.partition(":")
    if seconds and not SECONDS.fullmatch(seconds):
        raise ValueError("after : comes a number of seconds")
    return Rule(
        service,
        _read_kind(service, kind, float(seconds) if seconds else None),
        match["path"] or match["name"] or "",
        times=int(times) if star else None,
    )


def _read_kind(service: Service, kind: str, seconds: float | None) -> HttpFault | DnsFault:
    if service != "dns" and kind.isdigit() and int(kind) in STATUSES:
        return _refuse(service, int(kind), seconds)
    kinds: Mapping[str, Callable[[float], HttpFault | DnsFault]]
    kinds = DNS_KINDS if service == "dns" else HTTP_KINDS
    if kind not in kinds:
        statuses = () if service == "dns" else ("a status from 400 to 599",)
        raise ValueError(f"the kinds for it are {', '.join((*statuses, *kinds))}")
    if seconds is not None and kind not in TIMED:
        raise ValueError(f"{kind} takes no seconds")
    return kinds[kind](TIMED.get(kind, 0.0) if seconds is None else seconds)


def _refuse(service: Service, status: int, wait: float | None) -> HttpReply:
    """A refusal in the service's own shape; `wait` is what it asks for before the next try."""
    problem = "asked for with --fault"
    body = {
        "sendgrid": f'{{"errors": [{{"message": "{problem}", "field": null}}]}}',
        "postmaster": f'{{"error": {{"code": {status}, "message": "{problem}"}}}}',
    }.get(service, f'{{"error": "{"invalid_grant" if status < 500 else "server_error"}"}}')
    headers = () if wait is None else (("Retry-After", f"{wait:.0f}"),)
    return HttpReply(status, body, headers)

"""A SendGrid, a Gmail Postmaster Tools and a DNS server on loopback, which all show the same story.

    with serve(build("migration", today)) as running:
        ...  # running.sendgrid_url, running.postmaster_url, running.nameserver

`build` gives what is true in a story as data, `serve` answers from it as the real services do and
refuses what they refuse, and `Faults` make a server fail. It is `mailwatch demo`, and what the
tests talk to.
"""

from mailwatch.demo.dns.dns_faults import Chain, Rcode, Truncated
from mailwatch.demo.serve import Running, serve
from mailwatch.demo.story.scenarios import build
from mailwatch.demo.story.world import SCENARIOS, WITH_DAYS, World
from mailwatch.demo.wire.faults import Delay, Drop, Faults, Hang, Raw, Rule
from mailwatch.demo.wire.http_faults import Endless, HttpReply, Redirect, Trickle, Truncate

__all__ = [
    "SCENARIOS",
    "WITH_DAYS",
    "Chain",
    "Delay",
    "Drop",
    "Endless",
    "Faults",
    "Hang",
    "HttpReply",
    "Raw",
    "Rcode",
    "Redirect",
    "Rule",
    "Running",
    "Trickle",
    "Truncate",
    "Truncated",
    "World",
    "build",
    "serve",
]

"""A heartbeat: an address that is called when a run starts, and when it has ended well or not.

Healthchecks and what understands its addresses (Uptime Kuma, Cronitor and others): `/start`, the
address itself, and `/fail`. A run that found a breach has ended well: the report was made. What
counts is that silence is not taken for health. (Healthchecks.io: Pinging API.)
"""

from mailwatch.clock import Clock
from mailwatch.config.notify import Address
from mailwatch.notify.deliveries import Delivery, Task
from mailwatch.notify.posting import Post, deliver_post, new_job, resolved

LONGEST_BODY = 10_000
NAME = "ping_url"
SECONDS = 10.0
"""For one call, all tries together: a run that was interrupted waits for it."""


def ping(address: Address, what: str, body: str, clock: Clock) -> Delivery:
    """What came of the call. `what` is `start`, `fail`, or "" for a run that ended well."""
    return begin_ping(address, what, body, clock).outcome()


def begin_ping(address: Address, what: str, body: str, clock: Clock) -> Task:
    """The same, while the caller goes on; its outcome is waited for later."""
    task = Task(NAME, lambda: _call(address, what, body, clock))
    task.start()
    return task


def _call(address: Address, what: str, body: str, clock: Clock) -> None:
    url = resolved(address)
    base, question, query = url.partition("?")
    place = f"{base.rstrip('/')}/{what}" if what else base
    text = body[:LONGEST_BODY].encode()
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    secrets = (base.rpartition("/")[2],)
    post = Post(f"{place}{question}{query}", text, headers, secrets=secrets)
    deliver_post(post, new_job(clock, SECONDS))

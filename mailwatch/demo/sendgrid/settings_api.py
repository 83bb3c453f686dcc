"""The settings of an account, as SendGrid's v3 API gives them.

Shapes and limits as in Twilio's OpenAPI description (tsg_mail_settings_v3, tsg_webhooks_v3,
tsg_domain_authentication_v3, tsg_link_branding_v3, tsg_ips_v3, tsg_reverse_dns_v3 and others).
"""

import re
from collections.abc import Callable, Mapping, Sequence

from mailwatch.demo.sendgrid.routes import Route, SendGridRefusal, page_of
from mailwatch.demo.story.account import STARTED
from mailwatch.demo.story.world import World
from mailwatch.demo.wire.exchange import Json, Request

MOST_ROWS = 3000
"""The most authenticated domains and branded links that an account can have."""
VALIDATE = re.compile(r"/v3/whitelabel/domains/([0-9]{1,9})/validate")


def _single(read: Callable[[World], Json], scope: str) -> Route:
    """An endpoint whose answer is one object."""

    def answer(world: World, request: Request) -> Json:
        return read(world)

    return Route(frozenset({scope}), answer)


def _paged(read: Callable[[World], Sequence[Json]], scope: str, default: int) -> Route:
    """An endpoint whose answer is a page of a list; the first by default."""

    def answer(world: World, request: Request) -> Json:
        return list(page_of(request, _filtered(request, read(world)), default, MOST_ROWS))

    return Route(frozenset({scope}), answer)


def _filtered(request: Request, rows: Sequence[Json]) -> list[Json]:
    """The rows that the parameters `ip`, `domain`, `username`, `category` ask for."""
    found = list(rows)
    for name in ("ip", "domain", "username", "category"):
        wanted = request.first(name)
        if wanted is not None:
            found = [row for row in found if str(row.get(name, "")).startswith(wanted)]
    return found


def _access(world: World) -> Json:
    rows = enumerate(world.settings.allowed_ips, 1)
    times = {"created_at": STARTED, "updated_at": STARTED}
    return {"result": [{"id": number, "ip": ip, **times} for number, ip in rows]}


def _purge(world: World) -> Json:
    days = world.settings.purge_days
    return {"enabled": days is not None, "soft_bounces": None, "hard_bounces": days}


def _allow_list(world: World) -> Json:
    entries = list(world.settings.allow_list)
    return {"enabled": bool(entries), "list": entries}


def _forward_spam(world: World) -> Json:
    email = world.settings.forward_spam
    return {"enabled": bool(email), "email": email}


def _tls(world: World) -> Json:
    settings = world.settings
    return {
        "require_tls": settings.require_tls,
        "require_valid_cert": settings.require_valid_cert,
        "version": 1.2,
    }


def _webhooks(world: World) -> Json:
    """No webhook at all is an empty object in the list."""
    return {"max_allowed": 5, "webhooks": list(world.settings.webhooks) or [{}]}


def _subusers(world: World) -> list[Json]:
    return [
        {"disabled": False, "id": number, "username": name, "email": f"{name}@example.com"}
        for number, name in enumerate(world.settings.subusers, 1)
    ]


def _categories(world: World) -> list[Json]:
    return [{"category": name} for name in world.settings.categories]


def validate_domain(world: World, request: Request) -> Json:
    """What validating an authenticated domain gives: every record as it is in its row."""
    match = VALIDATE.fullmatch(request.path)
    for row in world.settings.domains if match else ():
        if row["id"] == int(match[1] if match else 0):
            results = {
                name: {"valid": record["valid"], "reason": None if record["valid"] else "not found"}
                for name, record in row["dns"].items()
            }
            return {"id": row["id"], "valid": row["valid"], "validation_results": results}
    raise SendGridRefusal(404, "domain not found")


SETTINGS_ROUTES: Mapping[str, Route] = {
    "/v3/access_settings/whitelist": _single(_access, "access_settings.whitelist.read"),
    "/v3/mail_settings/bounce_purge": _single(_purge, "mail_settings.bounce_purge.read"),
    "/v3/mail_settings/address_whitelist": _single(
        _allow_list, "mail_settings.address_whitelist.read"
    ),
    "/v3/mail_settings/forward_spam": _single(_forward_spam, "mail_settings.forward_spam.read"),
    "/v3/user/settings/enforced_tls": _single(_tls, "user.settings.enforced_tls.read"),
    "/v3/user/webhooks/event/settings/all": _single(_webhooks, "user.webhooks.event.settings.read"),
    "/v3/whitelabel/domains": _paged(lambda world: world.settings.domains, "whitelabel.read", 50),
    "/v3/whitelabel/links": _paged(lambda world: world.settings.links, "whitelabel.read", 50),
    "/v3/whitelabel/ips": _paged(lambda world: world.settings.reverse_dns, "whitelabel.read", 50),
    "/v3/ips": _paged(lambda world: world.settings.ips, "ips.read", 10),
    "/v3/subusers": _paged(_subusers, "subusers.read", 500),
    "/v3/categories": _paged(_categories, "categories.read", 50),
}

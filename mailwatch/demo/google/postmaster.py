"""Gmail's Postmaster Tools API v2, the part that reads.

Methods, scopes and shapes as in the API's discovery document (revision 20260623).
"""

import json
import re
from collections.abc import Callable

from mailwatch.demo.google import domain_stats, postmaster_v1, protobuf
from mailwatch.demo.google.oauth import Tokens
from mailwatch.demo.story.world import (
    DOMAINS,
    EVERYTHING,
    TRAFFIC,
    TRAFFIC_V1,
    CompliancePage,
    GmailDomain,
    Opinion,
    World,
)
from mailwatch.demo.wire.exchange import Json, Request, Response

PARAMETERS = frozenset(
    {"$.xgafv", "access_token", "alt", "callback", "fields", "key", "oauth_token"}
    | {"prettyPrint", "quotaUser", "uploadType", "upload_protocol"}
)
"""Query parameters that every method takes."""

DOMAIN = r"(?P<domain>[^/:]+)"
NO_ACCESS = "The caller does not have permission"


class PostmasterApi:
    """Answers as gmailpostmastertools.googleapis.com would in this world."""

    def __init__(self, world: World, tokens: Tokens) -> None:
        """Answers from `world`, to callers that `tokens` knows."""
        self._world, self._tokens = world, tokens

    def __call__(self, request: Request) -> Response:
        """The answer of the method that the path and the verb name."""
        if request.path.startswith("/v1/") and not any(
            domain.legacy is not None for domain in self._world.gmail.values()
        ):
            return postmaster_v1.shut_down()
        for verb, pattern, scope, paged, answer in METHODS:
            match = re.fullmatch(pattern, request.path)
            if match is None or verb != request.method:
                continue
            try:
                self._authorize(request, scope)
                _check_parameters(request, paged)
                return Response(200, answer(self._world, request, **match.groupdict()))
            except protobuf.GoogleRefusal as refused:
                return refused.response()
        return Response(404, protobuf.NO_PAGE)

    def _authorize(self, request: Request, scope: str) -> None:
        """Refuses a token that is none, or may not do this."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        granted = self._tokens.scopes(token) if kind.lower() == "bearer" else None
        if granted is None:
            raise protobuf.GoogleRefusal(
                "UNAUTHENTICATED",
                "Request had invalid authentication credentials. Expected OAuth 2 access token, "
                "login cookie or other valid authentication credential.",
                (protobuf.info("ACCESS_TOKEN_EXPIRED", service=protobuf.HOST),),
            )
        if not granted & ({scope} if scope == TRAFFIC_V1 else {scope, EVERYTHING}):
            raise protobuf.GoogleRefusal(
                "PERMISSION_DENIED",
                "Request had insufficient authentication scopes.",
                (protobuf.info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", service=protobuf.HOST),),
            )


def _check_parameters(request: Request, paged: bool) -> None:
    known = PARAMETERS | ({"pageSize", "pageToken"} if paged else set())
    known |= postmaster_v1.PARAMETERS if request.path.startswith("/v1/") else set()
    for name, _ in request.query:
        if name not in known:
            problem = f'Unknown name "{name}": Cannot bind query parameter.'
            raise protobuf.invalid(name, f"Invalid JSON payload received. {problem}")
    if request.first("alt") not in (None, "json"):
        raise protobuf.invalid("alt", "this server answers in JSON only")


def _body(request: Request) -> Json:
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/json":
        raise protobuf.invalid("request", f"Invalid content type {kind}: application/json expected")
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise protobuf.invalid("request", "Invalid JSON payload received.") from error


def _shared(world: World, domain: str) -> GmailDomain:
    found = world.gmail.get(domain)
    if found is None:
        raise protobuf.GoogleRefusal("PERMISSION_DENIED", NO_ACCESS)
    return found


def _rows(world: World, domain: str, body: Json) -> Json:
    data = _shared(world, domain)
    query = domain_stats.parse(body, f"domains/{domain}")
    readable = data if data.verified and data.permission != "NONE" else GmailDomain()
    return domain_stats.rows(domain, readable, query)


def _query(world: World, request: Request, domain: str) -> Json:
    return _rows(world, domain, _body(request))


def _batch(world: World, request: Request) -> Json:
    """Each request's own answer or error, in order; one domain not shared refuses them all."""
    body = protobuf.message(_body(request), "request", ("requests",))
    requests = protobuf.items(body.get("requests"), "requests")
    if len(requests) > 100:
        raise protobuf.invalid("requests", "at most 100 requests may be in a batch")
    domains = []
    for single in requests:
        fields = protobuf.message(single, "requests", domain_stats.FIELDS)
        parent = protobuf.text(fields.get("parent"), "parent")
        match = re.fullmatch(f"domains/{DOMAIN}", parent)
        if match is None:
            raise protobuf.invalid("parent", f"Invalid parent: {parent}")
        domains.append(match["domain"])
    for domain in domains:
        _shared(world, domain)
    return {
        "results": [
            _result(world, domain, single) for domain, single in zip(domains, requests, strict=True)
        ]
    }


def _result(world: World, domain: str, body: Json) -> Json:
    try:
        return {"response": _rows(world, domain, body)}
    except protobuf.GoogleRefusal as refused:
        return {"error": refused.rpc()}


def _compliance(world: World, request: Request, domain: str) -> Json:
    """A DomainComplianceStatus. `complianceData` speaks of the registrable domain."""
    data = _shared(world, domain)
    answer: dict[str, Json] = {"name": f"domains/{domain}/complianceStatus"}
    if data.compliance is not None:
        answer["complianceData"] = _judged(data.registrable or domain, data.compliance)
    if data.subdomain_compliance is not None:
        answer["subdomainComplianceData"] = _judged(domain, data.subdomain_compliance)
    return answer


def _judged(domain: str, compliance: CompliancePage) -> Json:
    judged: dict[str, Json] = {
        "domainId": domain,
        "rowData": [
            {"requirement": requirement, "status": {"status": status}}
            for requirement, status in compliance.rows.items()
        ],
    }
    verdicts = (
        ("honorUnsubscribeVerdict", "status", compliance.honor_unsubscribe),
        ("oneClickUnsubscribeVerdict", "status", compliance.one_click),
        ("deliverabilityStatusVerdict", "state", compliance.deliverability),
    )
    for name, key, opinion in verdicts:
        if opinion is not None:
            judged[name] = _opinion(key, opinion)
    return judged


def _opinion(key: str, opinion: Opinion) -> Json:
    verdict: dict[str, Json] = {key: {"status": opinion.status}}
    return verdict if opinion.reason is None else {**verdict, "reason": opinion.reason}


def _listed(domain: str, data: GmailDomain) -> Json:
    return {
        "name": f"domains/{domain}",
        "createTime": "2026-01-05T02:00:00Z",
        "lastVerifyTime": "1970-01-01T00:00:00Z",
        "permission": data.permission,
        "verificationState": "VERIFIED" if data.verified else "UNVERIFIED",
    }


def _list(world: World, request: Request) -> Json:
    """A page of the domains by name; the token is the name that comes next."""
    asked = request.first("pageSize") or "0"
    if not re.fullmatch(r"-?[0-9]{1,9}", asked):
        raise protobuf.invalid("pageSize", f"Invalid value at 'page_size' (TYPE_INT32), {asked}")
    size = protobuf.page_size(int(asked))
    names = sorted(world.gmail)
    token = request.first("pageToken")
    if token and token not in names:
        raise protobuf.invalid("pageToken", "Invalid page token")
    start = names.index(token) if token else 0
    page = names[start : start + size]
    answer: dict[str, Json] = {}
    if page:
        answer["domains"] = [_listed(name, world.gmail[name]) for name in page]
    if start + size < len(names):
        answer["nextPageToken"] = names[start + size]
    return answer


def _get(world: World, request: Request, domain: str) -> Json:
    if domain not in world.gmail:
        raise protobuf.GoogleRefusal("NOT_FOUND", "Requested entity was not found.")
    return _listed(domain, world.gmail[domain])


def _traffic(world: World, request: Request, domain: str) -> Json:
    return postmaster_v1.traffic(domain, _shared(world, domain), request)


METHODS: tuple[tuple[str, str, str, bool, Callable[..., Json]], ...] = (
    ("GET", "/v2/domains", DOMAINS, True, _list),
    ("GET", f"/v2/domains/{DOMAIN}", DOMAINS, False, _get),
    ("GET", f"/v2/domains/{DOMAIN}/complianceStatus", TRAFFIC, False, _compliance),
    ("POST", f"/v2/domains/{DOMAIN}/domainStats:query", TRAFFIC, False, _query),
    ("POST", "/v2/domainStats:batchQuery", TRAFFIC, False, _batch),
    ("GET", f"/v1/domains/{DOMAIN}/trafficStats", TRAFFIC_V1, True, _traffic),
)
"""Verb, path, the scope it needs (or `postmaster`), whether it has pages, and its answer."""

"""The addresses: what is shown at each, and what the webhook does."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from mailwatch.accepted import IgnoreRule
from mailwatch.catalog.catalog import Catalog
from mailwatch.history.store import HistoryError, Store
from mailwatch.model import Lang, Subject
from mailwatch.serve.committer import BusyError, Committer
from mailwatch.serve.guard import HOOK, LOCAL, Guard
from mailwatch.serve.metrics import MEDIA_TYPE, exposition
from mailwatch.serve.page_markup import ICON, ICON_PATH, STYLE, STYLE_PATH, plain_page
from mailwatch.serve.pages import Visitor, dns_page, overview
from mailwatch.serve.series_page import series_page
from mailwatch.serve.webhook import Receiver, RefusedError, read_events

MOST_BODY = 2 * 1024 * 1024
"""Bytes of one request. SendGrid sends far less."""
MOST_BODIES = 64 * 1024 * 1024
"""Bytes of all requests that are read at one time."""
BODY_SECONDS = 10.0
FRESH = 2.0
"""Seconds for which /healthz says again what it said."""


@dataclass(slots=True)
class Site:
    """What is shown, and to whom."""

    store: Store
    catalog: Catalog
    now: Callable[[], datetime]
    complain: Callable[[Exception], None]
    """Called with what went wrong in here."""
    lang: Lang | None = None
    """None: the one that the browser asks for."""
    token: str | None = None
    hosts: frozenset[str] = LOCAL
    receiver: Receiver = field(default_factory=Receiver)
    rules: tuple[IgnoreRule, ...] = ()
    """What somebody accepted."""
    _bytes: int = 0
    _health: tuple[float, bool] = (float("-inf"), False)
    _committer: Committer = field(init=False)

    def __post_init__(self) -> None:
        self._committer = Committer(self.store, self.hour)

    def hour(self) -> int:
        """Full hours since 1970."""
        return int(self.now().timestamp()) // 3600

    def app(self) -> ASGIApp:
        """What a server runs."""
        routes = [  # tried in this order: the first has by far the most requests
            Route(HOOK, self._receive, methods=["POST"]),
            Route(f"{HOOK}/{{subuser}}", self._receive, methods=["POST"]),
            Route("/", self._page(self._overview)),
            Route("/dns", self._page(lambda _, reader: dns_page(self.store, reader))),
            Route("/checks/{check}", self._page(self._series)),
            Route("/metrics", self._metrics),
            Route("/healthz", self._healthz),
            Route(STYLE_PATH, lambda _: Response(STYLE, media_type="text/css")),
            Route(ICON_PATH, lambda _: Response(ICON, media_type="image/svg+xml")),
        ]
        router = Router(routes, redirect_slashes=False, lifespan=self._lifespan)
        return Guard(router, self.hosts, self.token, self.complain)

    @contextlib.asynccontextmanager
    async def _lifespan(self, app: object) -> AsyncIterator[None]:
        async with self._committer.at_work():
            yield

    def _page(self, make: "Maker") -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            reader = Visitor(self.lang or _asked_language(request), self.now())
            try:
                body = make(request, reader)
            except HistoryError as error:
                self.complain(error)
                return HTMLResponse(_only("serve.trouble", reader), 503)
            if body is None:
                return HTMLResponse(_only("serve.not_stored", reader), 404)
            return HTMLResponse(body)

        return answer

    def _overview(self, request: Request, reader: Visitor) -> str:
        return overview(self.store, self.catalog, reader, self.rules)

    def _series(self, request: Request, reader: Visitor) -> str | None:
        try:
            subject = Subject(tuple(request.query_params.multi_items()))
        except ValueError:
            return None
        check = request.path_params["check"]
        return series_page(self.store, self.catalog, check, subject, reader)

    def _metrics(self, request: Request) -> Response:
        try:
            body = "".join(exposition(self.store, self.hour()))
        except HistoryError as error:
            self.complain(error)
            return PlainTextResponse("# the history cannot be read\n", 503)
        return Response(body, media_type=MEDIA_TYPE)

    def _healthz(self, request: Request) -> Response:
        said, well = self._health
        if time.monotonic() - said > FRESH:
            try:
                self.store.event_counts(self.hour() + 1)
                well = True
            except HistoryError as error:
                self.complain(error)
                well = False
            self._health = time.monotonic(), well
        return PlainTextResponse("ok\n" if well else "failed\n", 200 if well else 503)

    async def _receive(self, request: Request) -> Response:
        """Answers with 204 when all events of the request are stored."""
        subuser = request.path_params.get("subuser", "")
        try:
            signed = self.receiver.check_headers(subuser, request.headers, self.now().timestamp())
            body = await self._body(request)
            signed.verify(body)
            await self._committer.commit(read_events(body, subuser, self.hour()))
        except RefusedError as refused:
            return _closing(f"{refused.why}\n", refused.status)
        except (BusyError, HistoryError) as error:
            if isinstance(error, HistoryError):
                self.complain(error)
            return _closing("not stored; send it again\n", 503)
        except ClientDisconnect:
            return _closing("", 400)
        return Response(status_code=204)

    async def _body(self, request: Request) -> bytes:
        """The whole body. Raises RefusedError for one that is too large or takes too long."""
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:12]) > MOST_BODY:
            raise RefusedError(413, f"the body is larger than {MOST_BODY} bytes")
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                async for part in request.stream():
                    self._bytes += len(part)
                    body += part
                    if len(body) > MOST_BODY:
                        raise RefusedError(413, f"the body is larger than {MOST_BODY} bytes")
                    if self._bytes > MOST_BODIES:
                        raise BusyError
        except TimeoutError:
            raise RefusedError(408, f"the body took longer than {BODY_SECONDS:g} s") from None
        finally:
            self._bytes -= len(body)
        return bytes(body)


Maker = Callable[[Request, Visitor], str | None]


def _closing(why: str, status: int) -> Response:
    """An answer after which the connection ends: the rest of the request is not read."""
    return PlainTextResponse(why, status, {"connection": "close"})


def _only(code: str, reader: Visitor) -> str:
    """A page that says one thing."""
    said = reader.say(code)
    return plain_page(said, reader.lang)


def _asked_language(request: Request) -> Lang:
    """The first language that the browser names, where it is one of ours."""
    return "ja" if request.headers.get("accept-language", "").lower().startswith("ja") else "en"

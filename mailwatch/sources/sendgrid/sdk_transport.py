"""The `sendgrid` SDK's transport with what it lacks: a timeout, bounds, and no redirects.

The SDK waits for ever, reads whole bodies, and follows redirects with the key in hand. Its
transport, `python_http_client.Client`, makes each request in `_make_request`; that is replaced
here, and `_build_client`, which would otherwise return the plain class for every path segment.
"""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.request import Request

import python_http_client

from mailwatch.sources.http import HttpAnswer, Session

# The SDK logs each request's headers, and so the key, at DEBUG. A filter stays in force when the
# application configures its logging later, which sets `disabled` back.
logging.getLogger("python_http_client.client").addFilter(lambda record: False)


class BoundedClient(python_http_client.Client):  # type: ignore[misc]  # the library has no types
    """The SDK's transport over a `Session`."""

    def __init__(self, *, session: Session, **options: Any) -> None:
        super().__init__(**options)
        self._session = session

    def _build_client(self, name: str | None = None) -> "BoundedClient":
        return BoundedClient(
            session=self._session,
            host=self.host,
            version=self._version,
            request_headers=self.request_headers,
            url_path=[*self._url_path, name] if name else self._url_path,
        )

    def _make_request(self, opener: object, request: Request, timeout: object = None) -> "_Raw":
        method, body = request.get_method(), request.data
        if body is not None and not isinstance(body, bytes):
            raise TypeError("the SDK encodes its bodies")
        return _Raw(
            self._session.send(method, request.full_url, dict(request.header_items()), body)
        )


class _Raw:
    """An `HttpAnswer` in the shape of urllib's, as the SDK's `Response` reads it."""

    def __init__(self, answer: HttpAnswer) -> None:
        self._answer = answer

    def getcode(self) -> int:
        return self._answer.status

    def read(self) -> bytes:
        return self._answer.body

    def info(self) -> Mapping[str, str]:
        return self._answer.headers

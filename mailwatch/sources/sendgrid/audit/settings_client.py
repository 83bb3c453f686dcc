"""What the audit asks of the API beyond what every SendGrid client does."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from mailwatch.model import Cause, say
from mailwatch.sources.http import ExchangeError, persist
from mailwatch.sources.sendgrid.client import SendGrid

Read = TypeVar("Read")


class SettingsClient(SendGrid):
    """A client for endpoints that not every plan has: 404 is a refusal, as 403 is."""

    def fetch(
        self,
        path: str,
        scope: str,
        read: Callable[[Any], Read],
        query: dict[str, str] | None = None,
    ) -> Read:
        """What `read` makes of the answer of `path`. Raises ExchangeError.

        `read` raises ValueError, TypeError or LookupError for another shape than it expects.
        """
        body = self._exchange("get", path, scope, query)
        try:
            return read(body)
        except (TypeError, ValueError, LookupError, AttributeError):
            raise self._not_json() from None

    def validate_domain(self, number: int) -> None:
        """Has SendGrid look up the records of an authenticated domain now. Changes the account."""
        path = f"/v3/whitelabel/domains/{number}/validate"
        self._exchange("post", path, "whitelabel.update", None)

    def _exchange(self, method: str, path: str, scope: str, query: dict[str, str] | None) -> Any:
        endpoint = self._client
        for segment in path.removeprefix("/v3/").split("/"):
            endpoint = endpoint._(segment)
        send = getattr(endpoint, method)

        def attempt() -> Any:
            response = send(query_params=query)
            if response.status_code == 404:
                raise ExchangeError(Cause.NOT_ALLOWED, say("sendgrid.not_offered", path=path))
            if response.status_code != 200:
                raise self._refusal(response, scope)
            try:
                return json.loads(response.body)
            except (ValueError, RecursionError):
                raise self._not_json(again=True) from None

        return persist(self._job, attempt)

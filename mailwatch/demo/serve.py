"""The three servers together, from start to stop."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from mailwatch.demo.story.world import World
from mailwatch.demo.wire.exchange import Request, Response
from mailwatch.demo.wire.faults import Faults, Service

SERVICE_ACCOUNT = "mailwatch@demo.iam.gserviceaccount.com"


class Running:
    """Where the servers of a world are, what they were asked, and the keys to them."""

    def __init__(self, world: World, faults: tuple[Faults, ...], dns_port: int) -> None:
        """Binds the ports; `serve` starts and stops."""
        from mailwatch.demo.dns.answers import Resolver
        from mailwatch.demo.dns.nameserver import NameServer
        from mailwatch.demo.google.oauth import Tokens
        from mailwatch.demo.google.postmaster import PostmasterApi
        from mailwatch.demo.sendgrid.api import SendGridApi
        from mailwatch.demo.wire.web import WebServer

        self.world = world
        self.tokens = Tokens(world.google)
        self._lock = threading.Lock()
        self._requests: list[Request] = []
        resolver = Resolver(world)
        self._sendgrid_api, self._gmail_api = SendGridApi(world), PostmasterApi(world, self.tokens)
        with ExitStack() as bound:
            self._sendgrid = WebServer(_sendgrid, self._ask_sendgrid, faults, self._record)
            bound.callback(self._sendgrid.server_close)
            self._google = WebServer(_google, self._ask_google, faults, self._record)
            bound.callback(self._google.server_close)
            self._dns = NameServer(resolver, faults, self._record, dns_port)
            bound.pop_all()
        self.sendgrid_url = self._sendgrid.url
        self.postmaster_url = f"{self._google.url}/"
        self.token_uri = f"{self._google.url}/token"
        self.nameserver = self._dns.address

    @property
    def requests(self) -> list[Request]:
        """What came in so far, in order, DNS questions included."""
        with self._lock:
            return list(self._requests)

    def credentials(self) -> dict[str, str]:
        """The account's consent, as the JSON of a stored user credential."""
        account = self.world.google
        return {
            "type": "authorized_user",
            "client_id": account.client_id,
            "client_secret": account.client_secret,
            "refresh_token": account.refresh_token,
            "token_uri": self.token_uri,
        }

    def client_file(self) -> dict[str, Any]:
        """The account's OAuth client, as the JSON that the Google Cloud console gives."""
        account = self.world.google
        return {
            "installed": {
                "client_id": account.client_id,
                "project_id": "demo",
                "auth_uri": f"{self._google.url}/o/oauth2/auth",
                "token_uri": self.token_uri,
                "client_secret": account.client_secret,
                "redirect_uris": ["http://localhost"],
            }
        }

    def service_account(self, scopes: frozenset[str] | None = None) -> dict[str, str]:
        """A service account's key file, with a new key, that may act as the account's user.

        It must name that user (`world.google.email`) as its subject: by itself it sees nothing.
        """
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa

        key = rsa.generate_private_key(65537, 2048)
        self.tokens.trust(SERVICE_ACCOUNT, key.public_key(), scopes or self.world.google.scopes)
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return {
            "type": "service_account",
            "project_id": "demo",
            "private_key_id": "demo",
            "private_key": pem.decode(),
            "client_email": SERVICE_ACCOUNT,
            "client_id": "100000000000000000001",
            "token_uri": self.token_uri,
        }

    def start(self) -> None:
        """Begins to answer."""
        for server in (self._sendgrid, self._google, self._dns):
            server.start()

    def stop(self) -> None:
        """Ends every exchange and closes every socket."""
        for server in (self._sendgrid, self._google, self._dns):
            server.stop()

    def move_to(self, world: World) -> None:
        """Answers from `world` from now on: the same story on another day, so that the keys, the
        DNS records and the faults stay as they are."""
        from mailwatch.demo.google.postmaster import PostmasterApi
        from mailwatch.demo.sendgrid.api import SendGridApi

        self._sendgrid_api, self._gmail_api = SendGridApi(world), PostmasterApi(world, self.tokens)
        self.world = world

    def _ask_sendgrid(self, request: Request) -> Response:
        return self._sendgrid_api(request)

    def _ask_google(self, request: Request) -> Response:
        """The token endpoint and the API are on one port."""
        return self.tokens(request) if request.service == "token" else self._gmail_api(request)

    def _record(self, request: Request) -> None:
        with self._lock:
            self._requests.append(request)


def _sendgrid(path: str) -> Service:
    return "sendgrid"


def _google(path: str) -> Service:
    return "token" if path == "/token" or path.startswith("/o/oauth2/") else "postmaster"


@contextmanager
def serve(world: World, *, faults: Faults | None = None, dns_port: int = 0) -> Iterator[Running]:
    """The servers of `world` on 127.0.0.1 while the context lasts, each on a free port.

    `faults` come before the world's own. Raises OSError when `dns_port` is taken, and ValueError
    or dnspython's SyntaxError when the zone has a record that is none.
    """
    running = Running(world, (faults or Faults(), Faults(*world.faults)), dns_port)
    running.start()
    try:
        yield running
    finally:
        running.stop()

"""One token for all workers: got once, renewed once, whoever finds it expired."""

import json
import threading
from typing import Any

import pytest

from mailwatch.demo import Answer, Faults, Rule, serve
from mailwatch.demo.wire.faults import Wire
from mailwatch.sources.http import Session
from mailwatch.sources.postmaster.client import TokenRequest
from mailwatch.sources.postmaster.credentials import Access, read_credentials

from .postmaster_peer import GMAIL, HEALTHY, collect, configure, make_job, with_gmail

FOUR = ("example.com", "b.example", "c.example", "d.example")
ALL_SHARED = with_gmail(dict.fromkeys(FOUR, GMAIL))
WORKERS = 4


def short_lived(times: int) -> Rule:
    """A token server whose first answers hold a token that has ended already."""
    body = json.dumps({"access_token": "ya29.short", "expires_in": 1})
    return Rule("token", Answer(200, body), times=times)


class Together:
    """401 to the first four requests, none of them before all have come in."""

    def __init__(self) -> None:
        self.barrier = threading.Barrier(WORKERS)

    def play(self, wire: Wire) -> bool:
        """Waits for the others."""
        self.barrier.wait(10)
        return Answer(401, "{}").play(wire)


def test_given_an_expired_token_when_four_workers_need_one_then_it_is_renewed_once() -> None:
    # Given a first token that is at its end when the workers begin
    got = collect(short_lived(times=1), world=ALL_SHARED, domains=FOUR)
    # Then there was one more, and everything is measured
    assert got.asked("token") == 2
    assert got.faults == ()


def test_given_a_token_refused_to_four_workers_at_once_then_it_is_renewed_once() -> None:
    rule = Rule("postmaster", Together(), times=WORKERS)
    got = collect(rule, world=ALL_SHARED, domains=FOUR)
    assert got.asked("token") == 2
    assert got.faults == ()


@pytest.mark.parametrize("kind", ["person", "service_account"])
def test_given_threads_that_share_an_access_then_all_get_the_same_token(
    tmp_path: Any, kind: str
) -> None:
    # Given credentials without a token, and a server that is slow to give one
    barrier = threading.Barrier(WORKERS)
    tokens: list[str] = []
    with serve(HEALTHY, faults=Faults()) as running, Session(make_job()) as session:
        info = running.credentials() if kind == "person" else running.service_account()
        settings = configure(running, tmp_path, info, HEALTHY.google.email)
        access = Access(read_credentials(settings))

        def work() -> None:
            barrier.wait(10)
            tokens.append(access.authorization(TokenRequest(session)))

        threads = [threading.Thread(target=work) for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # Then one was asked for
        assert sum(request.service == "token" for request in running.requests) == 1
    assert len(tokens) == WORKERS
    assert len(set(tokens)) == 1
    assert tokens[0].startswith("Bearer ya29.")

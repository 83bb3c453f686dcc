"""The pages in a browser: nothing on its console, nothing asked for elsewhere, no script."""

import os
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from mailwatch.model import RecordSet, Subject
from mailwatch.text.inert import inert
from tests.reports.test_contract import controls
from tests.serve.browser import browser_tab
from tests.serve.conftest import SECONDS, open_at, serving
from tests.serve.peer import event
from tests.serve.runs import TODAY, rate, run_of

SHOTS = os.environ.get("MAILWATCH_SCREENSHOTS")
"""A folder in which to leave pictures, to be looked at."""
HOSTILE = "<script>alert(1)</script><img src=//evil.example/x onerror=alert(2)>"
ESCAPES = "\x1b[31m \u202egpj.exe [bold]x[/] \r\n::error::y"


def complaints(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the browser says on its console, or refuses."""
    kinds = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
    return [event for event in events if event["method"] in (*kinds, "Network.loadingFailed")]


def asked(events: list[dict[str, Any]]) -> set[str]:
    """The servers that were asked."""
    urls = (
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    )
    return {url.split("/")[2] for url in urls}


def test_the_pages_load_quietly_and_ask_nobody_else(tmp_path: Path) -> None:
    # Given runs with a series on its way up, a hostile name, and events with a surge
    store = open_at(tmp_path / "history.sqlite")
    calm = [120, 131, 118, 125, 122, 128, 119] * 4
    figures = (rate([*calm, *range(140, 440, 25)]), rate([900, 910], Subject.of(subuser=HOSTILE)))
    old, new = (RecordSet("example.com", "TXT", (text,)) for text in ("v=spf1 -all", HOSTILE))
    store.add_run(run_of(*figures, day=TODAY - timedelta(days=1), records=(old,)), {}, None)
    store.add_run(run_of(*figures, records=(new,)), {}, None)
    with serving(store) as running, browser_tab() as tab:
        batch = [
            event(f"{h}-{n}", "delivered", SECONDS - h * 3600) for h in range(30) for n in range(30)
        ]
        batch += [event(f"b{n}", "bounce", SECONDS) for n in range(9)]
        assert running.post(batch).status == 204
        site = f"127.0.0.1:{running.port}"
        pages = (
            "/",
            "/checks/sendgrid.bounce_rate",
            "/dns",
            "/checks/sendgrid.bounce_rate?subuser=x",
        )
        for number, path in enumerate(pages):
            # When each page is opened
            tab.open(f"http://{site}{path}")
            events = tab.take()
            # Then only this server was asked, and the console is empty but for the missing page
            assert asked(events) == {site}
            missing = path.endswith("=x")
            said = [entry["params"]["entry"]["text"] for entry in complaints(events)]
            assert [text for text in said if not (missing and "404" in text)] == []
            assert tab.value("document.scripts.length") == 0
            assert tab.value("document.title").endswith("· mailwatch")
            assert tab.value("getComputedStyle(document.body).margin") == "0px"
            assert tab.value("document.images.length") == 0
            assert tab.violations() == []
            if SHOTS:
                for width, scheme in ((1200, "light"), (390, "dark")):
                    tab.picture(Path(SHOTS) / f"{number}-{width}-{scheme}.png", width, 900, scheme)
        # And no page is wider than a narrow screen
        tab.call("Emulation.setDeviceMetricsOverride", width=390, height=800,
                 deviceScaleFactor=1, mobile=False)  # fmt: skip
        for path in pages:
            tab.open(f"http://{site}{path}")
            tab.take()
            assert tab.value("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("language", ["en", "ja"])
def test_strangers_text_stays_text(tmp_path: Path, language: str) -> None:
    store = open_at(tmp_path / "history.sqlite")
    strange = inert(HOSTILE + ESCAPES)  # as a source passes it on
    hostile = Subject.of(subuser=strange)
    metric = "sendgrid.bounce_rate"
    records = (RecordSet("a.example", "TXT", (strange,)),)
    store.add_run(run_of(rate([900], hostile), day=TODAY - timedelta(days=1)), {}, None)
    store.add_run(run_of(rate([900], hostile), records=()), {}, None)
    store.add_run(run_of(rate([900], hostile), records=records), {}, None)
    with serving(store) as running:
        asked_for = "/checks/x?subuser=%3Cb%3E%E2%80%AE%1B[31m"
        for path in ("/", "/dns", f"/checks/{metric}", f"/checks/{HOSTILE}", asked_for):
            answer = running.get(path.replace(" ", "%20"), **{"Accept-Language": language})
            assert answer.status in (200, 404)
            assert "<script" not in answer.text
            assert "<img" not in answer.text
            assert not controls(unescape(answer.text))
            if answer.text.startswith("<"):
                assert f'<html lang="{language}">' in answer.text
        assert strange in unescape(running.get("/").text)

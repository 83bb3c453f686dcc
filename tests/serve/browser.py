"""A headless Chromium of our own, driven over its DevTools protocol."""

import base64
import importlib.util
import itertools
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_PACKAGE = importlib.util.find_spec("axe_core_python")
AXE = Path(_PACKAGE.origin).with_name("axe.min.js") if _PACKAGE and _PACKAGE.origin else None
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--remote-debugging-port=0",
)


@dataclass
class Tab:
    """One tab, with all that happened in it."""

    socket: Any
    events: list[dict[str, Any]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def call(self, method: str, **parameters: Any) -> Any:
        """The result of one command. What happens meanwhile is noted."""
        number = next(self._numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv(timeout=60))
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]
            self.events.append(message)

    def open(self, address: str) -> None:
        """Loads a page, with everything that it asks for."""
        self.call("Page.navigate", url=address)
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(json.loads(self.socket.recv(timeout=60)))

    def take(self) -> list[dict[str, Any]]:
        """What happened since the last time."""
        self.call("Runtime.evaluate", expression="1")
        events, self.events = self.events, []
        return events

    def value(self, expression: str) -> Any:
        """What an expression comes to in the page."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return result["result"].get("value")

    def violations(self) -> list[str]:
        """What axe-core finds wrong for people who cannot see the page, or use no mouse."""
        assert AXE is not None, "axe-core-python is not installed"
        self.call("Runtime.evaluate", expression=AXE.read_text(encoding="utf-8"))
        found = self.call(
            "Runtime.evaluate",
            expression="axe.run().then(found => found.violations.map("
            "one => one.id + ': ' + one.nodes.map(node => node.html).join(' ')))",
            awaitPromise=True,
            returnByValue=True,
        )
        violations: list[str] = found["result"]["value"]
        return violations

    def picture(self, path: Path, width: int, height: int, scheme: str) -> None:
        """A screenshot in a window of this size and colour scheme."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", features=features)
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))


@contextmanager
def browser_tab() -> Iterator[Tab]:
    """A tab of a new browser with an empty profile; skips the test where there is no Chromium."""
    if CHROMIUM is None:
        pytest.skip("Chromium (apt install chromium) is not installed here")
    client = pytest.importorskip("websockets.sync.client", reason="websockets is not installed")
    with TemporaryDirectory(prefix="mailwatch-chromium-", ignore_cleanup_errors=True) as name:
        environment = {**os.environ, "HOME": name}
        with subprocess.Popen(
            [CHROMIUM, *FLAGS, f"--user-data-dir={name}/profile", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
        ) as process:
            try:
                port = Path(name) / "profile" / "DevToolsActivePort"
                while not (port.exists() and port.read_text().count("\n")):
                    assert process.poll() is None, "the browser ended"
                    time.sleep(0.05)
                lines = port.read_text().splitlines()
                address = f"ws://127.0.0.1:{lines[0]}{lines[1]}"
                with client.connect(address, max_size=2**26, proxy=None) as socket:
                    target = Tab(socket).call("Target.createTarget", url="about:blank")["targetId"]
                page = f"ws://127.0.0.1:{lines[0]}/devtools/page/{target}"
                with client.connect(page, max_size=2**26, proxy=None) as socket:
                    tab = Tab(socket)
                    for domain in ("Page", "Runtime", "Log", "Network"):
                        tab.call(f"{domain}.enable")
                    yield tab
            finally:
                process.kill()

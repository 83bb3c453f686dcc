"""Nothing is left open, and nothing of the user's own is read or written."""

from pathlib import Path

import pytest

from tests.leaks import (
    _nothing_left_open,  # noqa: F401  # pytest finds fixtures by name
    _old_objects_set_apart,  # noqa: F401
)


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)

"""Finds the data that mailwatch comes with: `checks/` and `thresholds.yaml`.

A wheel carries them inside the package, under `_shipped`; a checkout and an editable install have
them at the top, next to the package, where people edit them.
"""

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
_SHIPPED = _PACKAGE / "_shipped"
_HOME = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent

CHECKS = _HOME / "checks"
THRESHOLDS = _HOME / "thresholds.yaml"
SCHEMAS = _PACKAGE / "schemas"

"""The JSON Schemas: of the reports, written by hand, and of the YAML files, generated.

`python -m mailwatch.schemas` writes the generated ones, from the shapes that read the files.
"""

import json
from pathlib import Path
from typing import Any

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def generate() -> dict[str, str]:
    """The text of each generated schema, by file name."""
    from mailwatch.catalog.catalog import read_catalog
    from mailwatch.catalog.check_file import CHECK
    from mailwatch.catalog.threshold_file import thresholds_schema
    from mailwatch.config import file_shape

    return {
        "check.json": _text("A check of mailwatch", CHECK.schema()),
        "thresholds.json": _text("thresholds.yaml", thresholds_schema(read_catalog().checks)),
        "mailwatch.json": _text("mailwatch.yaml", file_shape(Path(), trusted=True).schema()),
    }


def _text(title: str, schema: dict[str, Any]) -> str:
    document = {"$schema": DRAFT, "title": title, **schema}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"

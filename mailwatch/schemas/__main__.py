"""Writes the generated schemas: make schemas."""

from mailwatch.catalog.shipped import SCHEMAS
from mailwatch.schemas import generate

for name, text in generate().items():
    (SCHEMAS / name).write_text(text, encoding="utf-8")

"""Writes the generated schemas: make schemas."""

from mailwatch.schemas import generate
from mailwatch.shipped import SCHEMAS

for name, text in generate().items():
    (SCHEMAS / name).write_text(text, encoding="utf-8")

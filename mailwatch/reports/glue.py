"""Spaces that no line is broken at."""

GLUE = "\u00a0"


def glue(text: str) -> str:
    """`text` with spaces that no line is broken at."""
    return text.replace(" ", GLUE)


def unglue(text: str) -> str:
    """`text` as it is printed, with spaces that every search finds."""
    return text.replace(GLUE, " ")

"""What judging says."""

PHRASES: dict[str, tuple[str, str]] = {}

"""What console says."""

PHRASES: dict[str, tuple[str, str]] = {}

"""What dns says."""

PHRASES: dict[str, tuple[str, str]] = {}

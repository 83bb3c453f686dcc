"""What sources says."""

PHRASES: dict[str, tuple[str, str]] = {}

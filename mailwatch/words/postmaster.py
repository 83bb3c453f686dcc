"""What postmaster says."""

PHRASES: dict[str, tuple[str, str]] = {}

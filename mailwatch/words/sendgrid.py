"""What sendgrid says."""

PHRASES: dict[str, tuple[str, str]] = {}

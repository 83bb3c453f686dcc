"""What the program no longer says, but may have stored."""

PHRASES: dict[str, tuple[str, str]] = {}

"""What receivers allow one SPF evaluation to cost (RFC 7208 §4.6.4)."""

MOST_LOOKUPS = 10
"""Terms that need DNS, in the record and in all that it leads to. One more is a permerror."""
MOST_VOIDS = 2
"""Terms whose names turn out empty."""
MOST_HOSTS = 10
"""Hosts that one `mx` may have."""

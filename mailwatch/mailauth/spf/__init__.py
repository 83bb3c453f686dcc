"""SPF (RFC 7208): the record, and what it leads to."""

"""DMARC (RFC 9989): the record, and which one applies to a domain."""

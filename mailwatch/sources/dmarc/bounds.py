"""How much of strangers' reports is read. What is past a bound is refused, by name and with why."""

INFLATED = 100 * 1024 * 1024
"""Bytes of one input once it is inflated, all members of an archive together. RFC 9990 sets no
limit; the largest real reports have some ten megabytes."""
AT_ONCE = 1024 * 1024
"""Bytes up to which a compressed report is held whole. A larger one is inflated twice: once to
see that it is whole and within bounds, once to be read."""
CHUNK = 64 * 1024
RECORDS = 200_000
"""Records of one report."""
ELEMENT = 256 * 1024
"""Bytes of one record, or of all that comes before the first."""
FIELD = 1024
"""Characters kept of one field. The rest is cut, and the report says so."""
COUNT = 1_000_000_000
"""Messages of one record, and sessions of one TLS policy."""
RESULTS = 100
"""DKIM signatures of one record that are looked at (RFC 9990 §3.1.1.11: at most 100)."""
MEMBERS = 10_000
"""Members of an archive."""
DIRECTORY = 2 * 1024 * 1024
"""Bytes of an archive's list of members."""
NESTING = 3
"""Containers inside each other: an archive in a message in an archive."""
MESSAGE = 12 * 1024 * 1024
"""Bytes of one message. RFC 9990 §3.2 asks reporters to stay under 10 megabytes."""
JSON = 4 * 1024 * 1024
"""Bytes of a TLS report."""
ENTRIES = 50_000
"""Sources by day that are kept apart in a run; what is beyond them is counted together."""

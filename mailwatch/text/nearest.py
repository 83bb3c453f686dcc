"""Did you mean: the word nearest to a mistyped one."""

import difflib
from collections.abc import Iterable


def nearest(word: str, words: Iterable[str]) -> str:
    """` (did you mean …?)` with the nearest of `words`, or nothing."""
    by_lower = {known.lower(): known for known in words}
    found = difflib.get_close_matches(word[:100].lower(), by_lower, n=1, cutoff=0.5)
    return f" (did you mean {by_lower[found[0]]}?)" if found else ""

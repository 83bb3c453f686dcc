"""What a measurement is about: the whole account, or a domain, a selector, a subuser …"""

from collections.abc import Iterator
from typing import Generic, TypeVar

from mailwatch.frozen import dataclass

SUBJECT_KEYS = (
    "domain",
    "selector",
    "ip",
    "subuser",
    "provider",
    "category",
    "reason",
    "requirement",
    "blocklist",
    "ip_group",
    "identifier",
    "source",
)
"""Every key a subject may have, in the order of its pairs. A new key is added at the end."""

SEGMENT_KEYS = ("subuser", "provider", "category", "ip_group")
"""The keys of parts of an account, of which there may be hundreds."""

_PLACES = {key: place for place, key in enumerate(SUBJECT_KEYS)}

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a measurement is about, as key and value pairs; no pairs: the whole account.

    The pairs are always in the order of SUBJECT_KEYS, whatever order they were given in. Raises
    ValueError for a key that is not one of them, or that is given twice.
    """

    pairs: Pairs = ()

    def __post_init__(self) -> None:
        keys = [key for key, _ in self.pairs]
        unknown = [key for key in keys if key not in _PLACES]
        if unknown or len(set(keys)) < len(keys):
            wrong = "not subject keys" if unknown else "given twice"
            raise ValueError(f"{', '.join(unknown or keys)}: {wrong}")
        if len(keys) > 1:
            ordered = tuple(sorted(self.pairs, key=lambda pair: _PLACES[pair[0]]))
            object.__setattr__(self, "pairs", ordered)

    @classmethod
    def of(cls, **pairs: str) -> "Subject":
        """The subject with these pairs."""
        return cls(tuple(pairs.items()))

    def get(self, key: str) -> str | None:
        """The value of `key`, or None."""
        return next((value for name, value in self.pairs if name == key), None)

    @property
    def segment(self) -> tuple[str, str] | None:
        """The pair that makes this a segment of an account; None where it is not one."""
        return next((pair for pair in self.pairs if pair[0] in SEGMENT_KEYS), None)

    def includes(self, pairs: "Subject") -> bool:
        """True when every pair of `pairs` is one of this subject's."""
        return set(pairs.pairs) <= set(self.pairs)


ACCOUNT = Subject()

T = TypeVar("T")


class SubjectIndex(Generic[T]):
    """Values by subject, found for every subject that includes theirs.

    Takes as long as there are different sets of keys in it, however many subjects there are.
    """

    def __init__(self) -> None:
        self._values: dict[tuple[str, ...], dict[Pairs, T]] = {}

    def setdefault(self, subject: Subject, value: T) -> T:
        """The value at `subject`, which is `value` where there was none."""
        keys = tuple(key for key, _ in subject.pairs)
        if keys not in self._values:
            self._values[keys] = {}
            longest_first = sorted(self._values.items(), key=lambda item: (-len(item[0]), item[0]))
            self._values = dict(longest_first)
        return self._values[keys].setdefault(subject.pairs, value)

    def included(self, subject: Subject) -> Iterator[T]:
        """The values of every subject that `subject` includes, the most specific first."""
        pairs = {pair[0]: pair for pair in subject.pairs}
        for keys, values in self._values.items():
            if pairs.keys() >= set(keys):
                part = tuple(pairs[key] for key in keys)
                if part in values:
                    yield values[part]

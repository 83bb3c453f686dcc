"""What a measurement is about: the whole account, or a domain, a selector, a subuser …"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """What a measurement is about, as key and value pairs; no pairs: the whole account."""

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, **pairs: str) -> "Subject":
        """The subject with these pairs, in the order given."""
        return cls(tuple(pairs.items()))

    def get(self, key: str) -> str | None:
        """The value of `key`, or None."""
        return dict(self.pairs).get(key)

    def includes(self, pairs: "Subject") -> bool:
        """True when every pair of `pairs` is one of this subject's."""
        return set(pairs.pairs) <= set(self.pairs)


ACCOUNT = Subject()

"""Words that are not in any language yet: a code and its values, worded by `mailwatch.words`."""

from datetime import date
from typing import Literal

from mailwatch.frozen import dataclass

Lang = Literal["en", "ja"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something the program says, not yet in any language: a code of `mailwatch.words`, and values.

    Values that are strangers' text must have gone through `mailwatch.text.inert.inert`.
    """

    code: str
    values: tuple[tuple[str, "Value"], ...] = ()


Value = str | int | float | date | Phrase


def say(code: str, **values: "Value") -> Phrase:
    """The phrase `code` with its values."""
    return Phrase(code, tuple(values.items()))


def verbatim(text: str) -> Phrase:
    """Text that is the same in every language: a record, a name, an API's own words."""
    return say("verbatim", text=text)

"""The words that an option accepts, and what a shell offers to complete them.

Nothing here imports what it looks the words up in before somebody asks for them.
"""

from collections.abc import Callable, Iterable

import typer


def one_of(find_words: Callable[[], Iterable[str]]) -> Callable[[str | None], str | None]:
    """A callback that accepts only these words, and names the nearest one to any other."""

    def refuse(value: str | None) -> str | None:
        if value is None:
            return None
        words = tuple(find_words())
        if value not in words:
            from mailwatch.text.inert import inert
            from mailwatch.text.nearest import nearest

            raise typer.BadParameter(
                f"{inert(value, 60)} is not one of {', '.join(words)}{nearest(value, words)}"
            )
        return value

    return refuse


def offer(find_words: Callable[[], Iterable[str]]) -> Callable[[str], list[str]]:
    """What a shell offers to complete a word. Never fails: a shell has no place for an error."""

    def complete(incomplete: str) -> list[str]:
        try:
            return [word for word in find_words() if word.startswith(incomplete)]
        except Exception:  # noqa: BLE001  # a broken configuration, say, which a command reports
            return []

    return complete


def check_ids() -> Iterable[str]:
    """The ids of all checks in force, for completion."""
    from mailwatch.catalog.catalog import read_catalog
    from mailwatch.config import load_config

    return read_catalog(None, load_config(None).config.checks).checks


def known_domains() -> Iterable[str]:
    """The domains of the configuration, for completion."""
    from mailwatch.config import load_config

    return [domain.name for domain in load_config(None).config.domains]


def formats() -> Iterable[str]:
    """The names of all formats."""
    from mailwatch.reports import FORMATS

    return FORMATS


def levels() -> Iterable[str]:
    """The words of `--fail-on`."""
    from mailwatch.verdict import FAILING

    return FAILING


def outputs() -> Iterable[str]:
    """How a value of `--output` begins."""
    return [f"{name}=" for name in formats()]


def segments() -> Iterable[str]:
    """What the account's figures can be divided by."""
    from mailwatch.config.sendgrid import SEGMENTS

    return SEGMENTS


def each_of(
    find_words: Callable[[], Iterable[str]],
) -> Callable[[list[str] | None], list[str] | None]:
    """As `one_of`, for an option that may be repeated."""
    check_one = one_of(find_words)

    def refuse(values: list[str] | None) -> list[str] | None:
        for value in values or ():
            check_one(value)
        return values

    return refuse

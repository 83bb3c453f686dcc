"""`--resolver`, the same in every command that asks DNS."""

from collections.abc import Iterable

from mailwatch.config.addresses import parse_nameserver
from mailwatch.errors import ConfigError


def parse_resolvers(texts: Iterable[str] | None) -> tuple[str, ...]:
    """The servers named with `--resolver`, each once. Raises ConfigError for one that cannot be."""
    try:
        return tuple(dict.fromkeys(parse_nameserver(text) for text in texts or ()))
    except ValueError as error:
        raise ConfigError(
            f"--resolver: {error}", "For example: --resolver 127.0.0.1:5353"
        ) from None

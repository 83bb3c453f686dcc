"""The options of `dns --from`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from mailwatch.cli.completion import each_of, offer
from mailwatch.cli.options import option
from mailwatch.errors import ConfigError

DASK = "dask"


def engines() -> tuple[str, ...]:
    """Where a long list is worked on: on this machine, or on a cluster."""
    return ("local", DASK)


Scheduler = Annotated[
    str | None,
    option("--scheduler", metavar="ADDRESS", help="The Dask scheduler; default: one here."),
]


def parts() -> Iterable[str]:
    """What `--also` may name."""
    from mailwatch.bulk.on_request import FIRST

    return FIRST


@dataclass(frozen=True)
class ListOptions:
    """A list of domains instead of a few, and how to work through it."""

    listed: Annotated[
        str | None,
        option(
            "--from",
            metavar="FILE|-",
            help="Measure the domains of a list, one a line; one JSON object a line comes out.",
        ),
    ] = None
    also: Annotated[
        list[str] | None,
        option(
            "--also",
            metavar="NAME",
            callback=each_of(parts),
            autocompletion=offer(parts),
            help="With --from: also measure mta-sts, tls-rpt, bimi or caa (repeatable).",
        ),
    ] = None
    resume: Annotated[
        bool, option("--resume", help="With --from: go on where --output jsonl=PATH ends.")
    ] = False
    processes: Annotated[
        int | None,
        option(
            "--processes",
            metavar="N",
            min=1,
            max=256,
            help="With --from: processes to use; default: one for each core.",
        ),
    ] = None
    engine: Annotated[
        str,
        option(
            "--engine",
            metavar="NAME",
            words=engines,
            help="With --from: where to work: local (default) or dask.",
        ),
    ] = "local"
    scheduler: Scheduler = None


def refuse_without_list(listing: ListOptions) -> None:
    """Raises ConfigError for an option that means nothing without `--from`."""
    given = {
        "--also": bool(listing.also),
        "--resume": listing.resume,
        "--processes": listing.processes is not None,
        "--engine": listing.engine != "local",
        "--scheduler": listing.scheduler is not None,
    }
    for name, is_given in given.items():
        if is_given:
            raise ConfigError(f"{name} needs a list", "Name it with --from FILE.")

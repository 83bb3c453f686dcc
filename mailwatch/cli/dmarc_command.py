"""The command dmarc as the user sees it: aggregate reports from files, a Maildir or IMAP."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailwatch.cli.list_options import DASK, Scheduler, engines
from mailwatch.cli.options import ReportOptions, Resolvers, option, spread

if TYPE_CHECKING:
    from mailwatch.config import Config

MOST_JOBS = 64


def add_dmarc_command(app: typer.Typer, group: str) -> None:
    """`app` has the command, in the place where this is called."""
    app.command("dmarc", rich_help_panel=group)(spread(_dmarc))


def _dmarc(
    context: typer.Context,
    paths: Annotated[
        list[str] | None,  # of which typer makes paths more slowly than a report is read
        typer.Argument(
            metavar="PATH",
            help="Reports: XML, gz, zip, .eml, mbox, a Maildir, folders of them; - is stdin.",
        ),
    ] = None,
    imap: Annotated[
        str | None,
        option(
            "--imap",
            metavar="URL",
            help="Read imaps://USER@HOST/FOLDER; imap:// is with STARTTLS.",
        ),
    ] = None,
    imap_password: Annotated[
        str | None,
        option(
            "--imap-password",
            metavar="REF",
            help="env:NAME, file:PATH or cmd:COMMAND; default env:MAILWATCH_IMAP_PASSWORD.",
        ),
    ] = None,
    imap_ca: Annotated[
        Path | None,
        option("--imap-ca", metavar="FILE", help="Certificates to trust, for a private CA."),
    ] = None,
    move_to: Annotated[
        str | None,
        option(
            "--move-to",
            metavar="FOLDER",
            help="Move counted messages to this IMAP folder, which is read too.",
        ),
    ] = None,
    maildir: Annotated[
        list[Path] | None, option("--maildir", metavar="DIR", help="Read a Maildir (repeatable).")
    ] = None,
    failed: Annotated[
        Path | None,
        option("--failed", metavar="DIR", help="Keep copies here of what could not be read."),
    ] = None,
    jobs: Annotated[
        int | None,
        option(
            "--jobs",
            metavar="N",
            min=1,
            max=MOST_JOBS,
            help="Processes; default 1, or one for each core for Dask.",
        ),
    ] = None,
    engine: Annotated[
        str,
        option(
            "--engine",
            metavar="NAME",
            words=engines,
            help="Where files are read: local (default) or dask.",
        ),
    ] = "local",
    scheduler: Scheduler = None,
    resolve: Annotated[
        bool, option("--resolve", help="Look up host names and the published policy in DNS.")
    ] = False,
    resolver: Resolvers = None,
    *,
    options: ReportOptions,
) -> int:
    """DMARC aggregate reports: what passes, what fails, and who sends it."""
    from mailwatch.cli import check as command
    from mailwatch.config import DmarcConfig, ImapConfig, load_config
    from mailwatch.config.dmarc import PASSWORD, parse_imap
    from mailwatch.config.secret import SecretRef
    from mailwatch.errors import ConfigError

    def mailbox() -> ImapConfig | None:
        if imap is None:
            return None
        try:
            password = SecretRef.parse(imap_password or PASSWORD, Path())
            found = parse_imap(imap, password)
        except ValueError as error:
            raise ConfigError(
                f"--imap: {error}", "For example: --imap imaps://dmarc@imap.example.com/INBOX"
            ) from None
        return replace(found, ca=imap_ca, move_to=move_to)

    loaded = load_config(options.config)
    config = command.aim(loaded.config, command.DomainOptions(resolvers=resolver))
    settings = config.dmarc or DmarcConfig()
    if paths or imap or maildir:
        settings = replace(
            settings,
            paths=tuple(map(Path, paths or ())),
            maildir=tuple(maildir or ()),
            imap=mailbox(),
        )
    if scheduler is not None and engine != DASK:
        raise ConfigError("--scheduler is for --engine dask")
    settings = replace(settings, failed=failed, jobs=jobs or 1, resolve=resolve)
    config = replace(config, dmarc=settings)
    catalog = command.catalog_in_use(options, loaded)
    if engine != DASK:
        return command.report_on(config, ("dmarc",), options, context.obj, catalog)
    with _on_cluster(config, scheduler, jobs) as spread_out:
        return command.report_on(spread_out, ("dmarc",), options, context.obj, catalog)


@contextmanager
def _on_cluster(config: "Config", scheduler: str | None, jobs: int | None) -> "Iterator[Config]":
    """`config` with a cluster to read the files; it starts before the time of the run does."""
    from mailwatch.bulk.cluster import open_cluster
    from mailwatch.sources import dmarc

    dmarc.validate(config)
    number = jobs or len(os.sched_getaffinity(0))
    with open_cluster(scheduler, number) as client:
        settings = config.dmarc and replace(config.dmarc, cluster=client)
        yield replace(config, dmarc=settings)

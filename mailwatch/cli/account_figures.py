"""SendGrid's figures of now, for commands that reckon with them."""

import os
from dataclasses import replace
from datetime import date

from mailwatch.catalog.catalog import Catalog
from mailwatch.cli.check import catalog_in_use
from mailwatch.cli.options import PageOptions
from mailwatch.clock import Clock
from mailwatch.config import Config, load_config
from mailwatch.errors import MailwatchError
from mailwatch.model import Report, State
from mailwatch.run import Options, run
from mailwatch.sources import SOURCES
from mailwatch.words import worded

SOURCE = "sendgrid"


class NotMeasuredError(MailwatchError):
    """SendGrid could not be asked, and without its figures there is nothing to say."""

    exit_code = 3


def configured(options: PageOptions, start: date | None = None) -> tuple[Config, Catalog]:
    """What is configured, with `start` in place of the configured first day of a warm-up."""
    loaded = load_config(options.config)
    config = SOURCES[SOURCE].assume(loaded.config, os.environ)
    account = config.sendgrid
    if start is not None and account is not None:
        config = replace(config, sendgrid=replace(account, warmup_start=start))
    SOURCES[SOURCE].validate(config)
    return config, catalog_in_use(options, loaded)


def measure_account(config: Config, catalog: Catalog, clock: Clock) -> Report:
    """The findings of the account. Raises NotMeasuredError where there are none."""
    if config.sendgrid is not None:
        alone = replace(config.sendgrid, segments=(), recipient_domains=False, account_health=False)
        config = replace(config, sendgrid=alone)
    report = run(config, catalog, Options(sources=(SOURCE,)), clock)
    (state,) = report.sources
    if state.state is State.FAILED:
        why = worded(state.error, "en") if state.error else "no answer"
        raise NotMeasuredError(f"SendGrid could not be asked: {why}", "mailwatch doctor tests it.")
    return report

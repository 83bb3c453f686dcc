"""The command line: the only part that prints, reads the terminal, and exits.

app.py        the commands by name            options.py    what a report command may be told
measure.py    check, sendgrid, postmaster, dns    output.py     where and how text goes out
demo.py       demo                            outcome.py    errors and signals → message, status
catalogue.py  checks, explain                 doctor.py     doctor
setup.py      init, config
"""

import os
import sys
import threading
from collections.abc import Sequence

from mailwatch.clock import Clock


def main(argv: Sequence[str], clock: Clock | None = None) -> int:
    """The exit status of `mailwatch` with these arguments. Prints; never raises, never exits."""
    from mailwatch.cli.outcome import status_of

    return status_of(argv, clock or Clock())


def run() -> None:
    """The entry point of the `mailwatch` command."""
    status = main(sys.argv[1:])
    if threading.active_count() > 1:
        # A source that ran out of time may still be at work; nothing of it is waited for.
        os._exit(status)
    sys.exit(status)

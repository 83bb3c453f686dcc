"""The command line: the only part that prints, reads the terminal, and exits.

app.py        the commands by name            options.py     what a report command accepts
check.py      check, and one source alone     output.py      text for stdout and stderr
demo.py       demo                            outputfile.py  --output
explain.py    checks, explain                 outcome.py     errors → message, exit status
init.py       init                            streams.py     stdout and stderr of the process
show_config.py  config                        signals.py     Ctrl-C, SIGTERM, SIGHUP
doctor.py     doctor                          source_commands.py  sendgrid, postmaster, dns
spf.py        spf                             policy.py      policy
dmarc_command.py  dmarc
domain_lists.py  dns --from             line_output.py, list_progress.py  its lines, its stderr
message_command.py  message                   message_options.py  its options
message_details.py  its console report
postfix_command.py  postfix
announcing.py mails, notices, heartbeat  notify.py  notify
asking.py     what spf and policy share       lookup_commands.py  their options
memory.py     the history in a run            history_commands.py history, diff and their options
history.py    history                         history_page.py     what it prints
login.py      login                           login_command.py    its options
diff.py       diff                    serve.py       serve    serve_command.py  its options
at_work.py    what a terminal shows meanwhile
"""

import atexit
import contextlib
import os
import sys
import threading
from collections.abc import Sequence
from typing import NoReturn

from mailwatch.clock import Clock

DEFECT = 4
INTERRUPTED = 130


def main(argv: Sequence[str], clock: Clock | None = None) -> int:
    """The exit status of `mailwatch` with these arguments. Prints; never raises, never exits."""
    from mailwatch.cli.outcome import status_of

    return status_of(argv, clock or Clock())


def run() -> None:
    """The entry point of the `mailwatch` command."""
    status = DEFECT
    try:
        status = _status_of_process()
    except KeyboardInterrupt:
        status = INTERRUPTED
    except BaseException as error:  # noqa: BLE001  # Python's own status for this would be 1
        _say_at_last(error)
    _end(status)


def _end(status: int) -> NoReturn:
    """Ends the process at once.

    Python would first take every module apart, which is a sixth of the time of a short run, and
    would wait for the threads: a source that ran out of time may still be at work.
    """
    with contextlib.suppress(BaseException):  # the status has to be given in any case
        if threading.active_count() == 1:
            atexit._run_exitfuncs()  # noqa: SLF001  # what libraries have to do at the end
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


def _status_of_process() -> int:
    """Runs the command of this process, and leaves nothing of it behind."""
    from mailwatch.cli.signals import catch_signals, signal_status
    from mailwatch.cli.streams import guard_streams

    guard_streams()
    catch_signals()
    try:
        status = main(sys.argv[1:])
    finally:
        secret = sys.modules.get("mailwatch.config.secret")
        if secret is not None:  # else no command can have been started
            secret.end_commands()
        interrupted = signal_status()
    return interrupted or status


def _say_at_last(error: BaseException) -> None:
    with contextlib.suppress(BaseException):  # the status has to be said in any case
        sys.stderr.write(f"mailwatch: a defect of mailwatch itself: {type(error).__name__}\n")

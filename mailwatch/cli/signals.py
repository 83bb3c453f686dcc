"""Ctrl-C, SIGTERM and SIGHUP end the program in the same way: by an exception in the main thread,
so that every `with` block ends in order, and with the status 128 + number.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_received: list[int] = []


def catch_signals() -> None:
    """From now on the first signal that ends the program raises KeyboardInterrupt.

    It is KeyboardInterrupt for every signal because asyncio and typer let no other exception
    through. A signal that was ignored from the start (nohup) stays ignored.
    """
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _raise_once)


def signal_status() -> int | None:
    """128 + the number of the signal that came; None where none did."""
    return 128 + _received[0] if _received else None


@contextmanager
def signals_deferred() -> Iterator[Callable[[], bool]]:
    """Inside, a signal that ends the program interrupts nothing: what is given says whether one
    came. After the block, it ends the program as everywhere."""
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False  # only the main thread gets signals
        return
    came: list[signal.Signals] = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append(signal.Signals(number))

    before = {
        number: signal.signal(number, note)
        for number in ENDING
        if signal.getsignal(number) not in (signal.SIG_IGN, None)
    }
    try:
        yield lambda: bool(came)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if came:
        handler = before[came[0]]
        if callable(handler):
            handler(came[0], None)
        raise KeyboardInterrupt


def _raise_once(number: int, frame: FrameType | None) -> None:
    for other in ENDING:
        signal.signal(other, signal.SIG_IGN)  # a second one would cut the tidying up short
    _received.append(number)
    raise KeyboardInterrupt

"""Finds what a test leaves open, in that test and not in whichever happens to run later."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def _old_objects_set_apart() -> None:
    """A collection then looks at what tests make, and takes a millisecond or two: not at what was
    there before their module."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _nothing_left_open(_old_objects_set_apart: None) -> Iterator[None]:
    """A socket that is only closed because nobody holds it any more is an error (ResourceWarning).

    For the folders whose tests open sockets: import it into their conftest.py.
    """
    yield
    gc.collect()

"""What all tests of the sources share."""

from tests.leaks import (
    _nothing_left_open,  # noqa: F401  # pytest finds fixtures by name
    _old_objects_set_apart,  # noqa: F401
)

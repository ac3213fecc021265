"""Reading without Python's search for what nothing leads to any more: among a million new cells it looks often and finds nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collecting() -> Iterator[None]:
    """Meanwhile only what is let go of is freed, as cells and rows are; then it is as it was."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()

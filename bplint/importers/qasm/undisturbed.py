"""What Python does beside a reading that is of no use to it."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """Lets trees be as deep as the limit on nesting allows, and looks for no circles among their many nodes: there are
    none, and looking would take half of the time.
    """
    before, collected = sys.getrecursionlimit(), gc.isenabled()
    sys.setrecursionlimit(max(before, _CALLS))
    gc.disable()
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
        if collected:
            gc.enable()


_CALLS = 6_000
"""The parser takes several for each level."""

"""Lets trees be as deep as the limit on nesting allows."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def deep() -> Iterator[None]:
    """Lets trees be as deep as the limit on nesting allows: the parser takes several calls for each level."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _CALLS))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


_CALLS = 6_000

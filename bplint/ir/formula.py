"""What a parameter is that stands for an expression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Formula(Protocol):
    """A parameter that stands for an expression (``Parameter.sources``), in the arithmetic of whoever wrote it."""

    def __call__(self, values: Mapping[str, float]) -> float:
        """Its value where its sources have these. ``ArithmeticError`` or ``ValueError`` where that is no finite real number."""

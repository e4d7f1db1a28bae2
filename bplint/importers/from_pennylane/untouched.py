"""Numbers that can be handed on and not looked at: a circuit that takes them is the same at all values.

Nothing can be computed from them and nothing can be decided by them, so one evaluation says of every angle which number it is.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


class Untouched:
    """One such number, which has a value for those who know. Arithmetic with it is a ``TypeError``, and so is any comparison."""

    __slots__ = ("value",)

    def __init__(self, value: float) -> None:
        self.value = value

    def __bool__(self) -> bool:
        raise TypeError("a number that is not to be looked at")

    def __eq__(self, other: object) -> bool:
        raise TypeError("a number that is not to be looked at")

    __hash__ = None  # type: ignore[assignment]  # what has no equals is in no set


def untouched(point: npt.NDArray[np.float64]) -> npt.NDArray[Any]:
    """An array of objects in the place of numbers."""
    entries = np.empty(len(point), dtype=object)
    for place, value in enumerate(point.tolist()):
        entries[place] = Untouched(value)
    return entries

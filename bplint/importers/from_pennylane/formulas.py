"""Angles that are functions of data, worked out for rows of data by the circuit itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from bplint.importers.from_pennylane.arguments import Numbers


class Evaluations:
    """All angles at a circuit's numbers, each point evaluated once; numbers that a row does not name are those ``given``."""

    def __init__(self, angles: Callable[[Numbers], Numbers], names: Sequence[str], given: Numbers) -> None:
        self._angles, self._given = angles, given
        self._places = {name: place for place, name in enumerate(names)}
        self._known: dict[tuple[float, ...], Numbers] = {}

    def angle(self, number: int, values: Mapping[str, float]) -> float:
        """One angle where the named numbers have these values."""
        point = self._given.copy()
        for name, value in values.items():
            if name in self._places:
                point[self._places[name]] = value
        key = tuple(point.tolist())
        if key not in self._known:
            self._known[key] = self._angles(point)
        return float(self._known[key][number])


class AngleFormula:
    """One angle as a function of the numbers of the arguments: a :class:`~bplint.ir.formula.Formula`."""

    def __init__(self, evaluations: Evaluations, number: int) -> None:
        self._evaluations, self._number = evaluations, number

    def __call__(self, values: Mapping[str, float]) -> float:
        """Its value. ``ArithmeticError`` where that is not finite."""
        angle = self._evaluations.angle(self._number, values)
        if not math.isfinite(angle):
            raise ArithmeticError(f"an angle is {angle}")
        return angle

    def portable(self) -> None:
        """It is the user's function, which does not pass between processes."""

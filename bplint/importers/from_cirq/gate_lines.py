"""The lines of Python that made the operations of a circuit: Cirq keeps no record of them, so operations carry them along."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import wraps
from typing import Any


class CirqGateLines:
    """What ``here`` says at the time an operation is made, for every operation of a gate that is made from then on.

    A tagged or controlled operation was made where the one in it was.
    """

    module = "cirq.ops.gate_operation"
    """What is watched, once it is imported."""

    def __init__(self, here: Callable[[], int]) -> None:
        self._here = here

    def watch(self, module: Any) -> None:
        """Note from now on where operations of the class in this module are made."""
        make = module.GateOperation.__init__

        @wraps(make)
        def noted(operation: Any, *told: Any, **named: Any) -> None:
            make(operation, *told, **named)
            operation.__dict__[_LINE] = self._here()

        module.GateOperation.__init__ = noted

    def of(self, circuit: Any) -> array[int]:
        """A line for each operation, moment by moment, 0 where it is not known."""
        return array("i", [_line(operation) for moment in circuit for operation in moment.operations])


def _line(operation: Any) -> int:
    while (inner := getattr(operation, "sub_operation", None)) is not None:
        operation = inner
    return int(getattr(operation, "__dict__", {}).get(_LINE, 0))


_LINE = "_made_in_line"

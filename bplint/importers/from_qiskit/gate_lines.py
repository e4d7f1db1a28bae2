"""The lines of Python that made the gates of a circuit: Qiskit keeps no record of them, so they are noted as gates are appended."""

from __future__ import annotations

import weakref
from array import array
from collections.abc import Callable
from functools import wraps
from typing import Any


class QiskitGateLines:
    """What ``here`` says at the time a gate is appended to a circuit, for every circuit that is built from then on.

    A circuit that is changed or made in another way, as by a transpiler, has no lines.
    """

    module = "qiskit.circuit.quantumcircuit"
    """What is watched, once it is imported."""

    def __init__(self, here: Callable[[], int]) -> None:
        self._here = here
        self._lines: dict[int, tuple[weakref.ref[Any], array[int]]] = {}
        """By the identity of a circuit, as long as it lives."""

    def watch(self, module: Any) -> None:
        """Note from now on what is appended to circuits of the class in this module."""
        circuit = module.QuantumCircuit
        data = module.QuantumCircuitData
        circuit._append = self._noting(circuit._append)
        circuit.compose = self._composing(circuit.compose)
        circuit.copy = self._copying(circuit.copy)
        for name in ("__setitem__", "__delitem__", "insert"):
            setattr(data, name, self._forgetting(getattr(data, name)))

    def of(self, circuit: Any) -> array[int]:
        """A line for each entry of ``circuit.data``, 0 where it is not known; nothing where none is."""
        length = len(circuit.data)  # builds a circuit that is built late
        _, lines = self._lines.get(id(circuit), (None, array("i")))
        return lines if len(lines) == length else array("i")

    def _noting(self, append: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(append)
        def noted(circuit: Any, *gate: Any, **options: Any) -> Any:
            before = len(circuit._data)
            made = append(circuit, *gate, **options)
            self._note(circuit, before)
            return made

        return noted

    def _composing(self, compose: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(compose)
        def noted(circuit: Any, *other: Any, **options: Any) -> Any:
            before = len(circuit.data)
            made = compose(circuit, *other, **options)
            target = circuit if made is None else made
            if options.get("front") or len(other) > 3:  # what was there is moved behind the new
                self._lines.pop(id(target), None)
            elif not self.of(target):
                self._note(target, before)
            return made

        return noted

    def _copying(self, copy: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(copy)
        def noted(circuit: Any, *name: Any, **named: Any) -> Any:
            made = copy(circuit, *name, **named)
            if lines := self.of(circuit):
                self._keep(made, lines[:])
            return made

        return noted

    def _forgetting(self, change: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(change)
        def noted(data: Any, *change_: Any) -> Any:
            self._lines.pop(id(data._circuit), None)
            return change(data, *change_)

        return noted

    def _note(self, circuit: Any, before: int) -> None:
        """What was appended to a circuit, behind ``before`` entries, was made here."""
        _, lines = self._lines.get(id(circuit), (None, array("i")))
        if len(lines) != before or not before:
            lines = array("i", [0]) * before
            self._keep(circuit, lines)
        lines.extend([self._here()] * (len(circuit._data) - before))

    def _keep(self, circuit: Any, lines: array[int]) -> None:
        key = id(circuit)
        self._lines[key] = weakref.ref(circuit, lambda gone: self._lines.pop(key, None)), lines

"""How much a source may ask for: one table for all importers, whose names stand in the messages."""

from __future__ import annotations

from typing import NamedTuple

from bplint.errors import LimitError, Span


class Limits(NamedTuple):
    """What exceeds a field is refused with a LimitError that names the field."""

    file: int = 20_000_000
    """Bytes, or characters of a text that is decoded already."""
    operations: int = 2_000_000
    """Operations with all gate bodies, registers and subcircuits expanded; a call of a defined gate counts as one more."""
    qubits: int = 100_000
    parameters: int = 100_000
    nesting: int = 200
    """Open parentheses and brackets, and expressions within expressions."""
    levels: int = 100
    """Operations within operations."""
    iterations: int = 1_000_000
    """Turns of all loops together."""
    digits: int = 1_000
    """Digits of one number."""
    name: int = 1_000
    """Characters of one identifier."""
    steps: int = 5_000_000
    """Steps of evaluation: one for each token and term of an expression, and some for each statement without a gate."""
    controls: int = 16
    """Controls of one gate that is built with them: each doubles its operations."""
    diagonal: int = 10
    """Qubits of a diagonal gate: each of its 2^n entries is in each of 2^n - 1 rotations."""
    number: int = 2_000_000
    """Size of a whole number in data: a count of repetitions, qubits or controls."""
    power: int = 16
    """Exponents in an expression that a library works out as it meets it."""

    def exceeded(self, field: str, amount: str, span: Span | None = None, *, hint: str | None = None) -> LimitError:
        """The error for more than the field allows."""
        return LimitError(f"{amount}: the limit `{field}` is {getattr(self, field):,}", span, hint=hint)


DEFAULTS = Limits()

IN_MEMORY = Limits(operations=10_000_000)
"""Of circuits whose gates are objects already: reading takes less memory than they do."""

CIRQ_FILE = Limits(digits=100)
"""Sympy works with whole numbers of any length as soon as it sees them."""

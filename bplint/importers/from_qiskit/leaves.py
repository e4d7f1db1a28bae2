"""What an operation comes to: gates of the table on qubits, and these under controls, inverses and powers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bplint.errors import LimitError
from bplint.importers.from_qiskit.columns import Angle
from bplint.ir.gates import Fixed, Gate, controlled, inverse, power

LIMIT = 10_000_000
"""Operations of one circuit."""


class Leaf(NamedTuple):
    """One gate of the table; ``name`` is for people."""

    gate: Gate
    name: str
    qubits: tuple[int, ...]
    angles: tuple[Angle, ...] = ()


def cost(gate: Gate) -> int:
    """The operations of a gate."""
    return sum([1 if isinstance(step, Fixed) else len(step.strings) for step in gate.steps])


def under_controls(leaves: Sequence[Leaf], controls: Sequence[int], state: int) -> list[Leaf]:
    """The gates where control i is in the state that bit i of ``state`` says."""
    if sum([max(1, cost(leaf.gate)) for leaf in leaves]) << len(controls) > LIMIT:
        raise LimitError(f"more than {LIMIT:,} operations")
    return [_controlled(leaf, controls, state) for leaf in leaves]


def undone(leaves: Sequence[Leaf]) -> list[Leaf]:
    """The inverse."""
    return [leaf._replace(gate=inverse(leaf.gate), name=f"inv @ {leaf.name}") for leaf in reversed(leaves)]


def to_power(leaves: Sequence[Leaf], exponent: float) -> list[Leaf] | None:
    """A power; None for a fraction of what is not one rotation."""
    steps = sum([len(leaf.gate.steps) for leaf in leaves])
    if steps > 1 and abs(exponent) * sum([cost(leaf.gate) for leaf in leaves]) > LIMIT:
        raise LimitError(f"more than {LIMIT:,} operations")
    if len(leaves) == 1:
        gate = power(leaves[0].gate, exponent)
        return None if gate is None else [leaves[0]._replace(gate=gate, name=f"pow({exponent:g}) @ {leaves[0].name}")]
    if not float(exponent).is_integer():
        return None
    return list(leaves if exponent >= 0 else undone(leaves)) * abs(int(exponent))


def _controlled(leaf: Leaf, controls: Sequence[int], state: int) -> Leaf:
    gate, name = leaf.gate, leaf.name
    for position in reversed(range(len(controls))):
        on = bool(state >> position & 1)
        gate, name = controlled(gate, on), f"{'ctrl' if on else 'negctrl'} @ {name}"
    return Leaf(gate, name, (*controls, *leaf.qubits), leaf.angles)

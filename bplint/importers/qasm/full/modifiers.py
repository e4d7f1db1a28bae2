"""Gate modifiers: what ``ctrl @``, ``negctrl @``, ``inv @`` and ``pow @`` make of a list of gates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bplint.importers.qasm.angles import Angle
from bplint.ir.gates import Fixed, Gate, controlled, inverse, power


class Leaf(NamedTuple):
    """One gate of the table on qubits; ``inlined`` if it comes from the body of another."""

    gate: Gate
    name: str
    angles: Sequence[Angle]
    qubits: tuple[int, ...]
    inlined: bool = False

    @property
    def cost(self) -> int:
        """Its operations, at least 1."""
        return max(1, sum(1 if isinstance(step, Fixed) else len(step.strings) for step in self.gate.steps))


class Modifier(NamedTuple):
    """``kind`` is inv, pow, ctrl or negctrl; ``number`` the exponent or how many controls; ``text`` as a name shows it."""

    kind: str
    number: float
    text: str

    @property
    def controls(self) -> int:
        """How many qubits it adds."""
        return int(self.number) if self.kind.endswith("ctrl") else 0


def bounded(cost: int, count: int, modifiers: Sequence[Modifier]) -> int:
    """As many operations at most come from ``count`` of them under modifiers, by uses of a gate that has ``cost``."""
    for modifier in modifiers:
        if modifier.controls:
            count <<= min(modifier.controls, 60)
        elif modifier.kind == "pow" and cost > 1 and float(modifier.number).is_integer():
            count *= max(1, abs(int(modifier.number)))
    return count


def modified(leaves: list[Leaf], modifiers: Sequence[Modifier], controls: Sequence[int]) -> list[Leaf] | None:
    """The gates under modifiers, the first one outermost; None for a power that cannot be written down."""
    rest = list(controls)
    for modifier in reversed(modifiers):
        if modifier.controls:
            own = rest[len(rest) - modifier.controls :]
            del rest[len(rest) - modifier.controls :]
            leaves = [_controlled(leaf, modifier, own) for leaf in leaves]
        elif modifier.kind == "inv":
            leaves = [_undone(leaf, f"{modifier.text} {leaf.name}") for leaf in reversed(leaves)]
        elif len(leaves) == 1:
            (leaf,) = leaves
            gate = power(leaf.gate, modifier.number)
            if gate is None:
                return None
            leaves = [leaf._replace(gate=gate, name=f"{modifier.text} {leaf.name}")]
        elif not float(modifier.number).is_integer():
            return None
        elif modifier.number >= 0:
            leaves = leaves * int(modifier.number)
        else:
            leaves = [_undone(leaf, f"inv @ {leaf.name}") for leaf in reversed(leaves)] * -int(modifier.number)
    return leaves


def _controlled(leaf: Leaf, modifier: Modifier, controls: Sequence[int]) -> Leaf:
    gate = leaf.gate
    for _ in controls:
        gate = controlled(gate, modifier.kind == "ctrl")
    return leaf._replace(gate=gate, name=f"{modifier.text} {leaf.name}", qubits=(*controls, *leaf.qubits))


def _undone(leaf: Leaf, name: str) -> Leaf:
    return leaf._replace(gate=inverse(leaf.gate), name=name)

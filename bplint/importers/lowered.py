"""What the operations of a source come to: gates of the table on qubits, and these under controls, inverses and powers.

Every importer lowers to :class:`Leaf`; controls and powers of what is not one gate go through lists of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from bplint.ir.circuit import Spelling
from bplint.ir.gates import Fixed, Gate, Turn, controlled, inverse, power

Symbol = TypeVar("Symbol", int, str)


class Angle(NamedTuple, Generic[Symbol]):
    """constant + Σ coefficient · parameter in radians; ``terms`` are pairs (parameter, coefficient).

    A parameter is its number; its name where a text is still being read, whose parameters may be declared later.
    """

    constant: float
    terms: tuple[tuple[Symbol, float], ...] = ()
    spelling: Spelling = Spelling.PRECISE


class Leaf(NamedTuple, Generic[Symbol]):
    """One gate of the table; ``name`` is for people. ``inlined`` if it comes from the body of a gate that the source defines."""

    gate: Gate
    name: str
    qubits: tuple[int, ...]
    angles: Sequence[Angle[Symbol]] = ()
    inlined: bool = False


def cost(gate: Gate) -> int:
    """The operations of a gate."""
    return sum([1 if isinstance(step, Fixed) else len(step.strings) for step in gate.steps])


def total_cost(leaves: Sequence[Leaf[Symbol]]) -> int:
    """The operations of gates; at least 1 each, so that what does nothing is not free."""
    return sum([max(1, cost(leaf.gate)) for leaf in leaves])


def under_controls(
    leaves: Sequence[Leaf[Symbol]], controls: Sequence[int], states: Sequence[bool], label: str | None = None
) -> list[Leaf[Symbol]]:
    """The gates where qubit ``controls[i]`` is |1>, or |0> where ``states[i]`` is false.

    Each control doubles the operations of a gate: the caller bounds them. ``label`` is how the source spells the controls.
    """
    return [_controlled(leaf, controls, states, label) for leaf in leaves]


def undone(leaves: Sequence[Leaf[Symbol]], label: str = "inv @") -> list[Leaf[Symbol]]:
    """The inverse."""
    return [leaf._replace(gate=inverse(leaf.gate), name=f"{label} {leaf.name}") for leaf in reversed(leaves)]


def to_power(leaves: Sequence[Leaf[Symbol]], exponent: float, label: str | None = None) -> list[Leaf[Symbol]] | None:
    """A power; None for a fraction of what is not one rotation.

    A whole power of several steps repeats them: the caller bounds it.
    """
    if len(leaves) == 1:
        gate, name = power(leaves[0].gate, exponent), f"{label or _power(exponent)} {leaves[0].name}"
        return None if gate is None else [leaves[0]._replace(gate=gate, name=name)]
    if not float(exponent).is_integer():
        return None
    return list(leaves if exponent >= 0 else undone(leaves)) * abs(int(exponent))


def bound(base: Gate, angles: tuple[float, ...]) -> Gate:
    """The gate at these angles, which are constants of it then and not literals of the source."""
    steps = tuple(
        step if isinstance(step, Fixed) or step.parameter < 0 else Turn(-1, angles[step.parameter], step.strings)
        for step in base.steps
    )
    phase = math.fsum(share * angle for share, angle in zip(base.phase, (*angles, 1.0), strict=True))
    return Gate(base.name, 0, base.n_qubits, steps, (phase,))


def merged(name: str, parts: Sequence[tuple[Gate, Sequence[int]]], n_qubits: int) -> Gate:
    """One gate of gates without parameters, each with the arguments it acts on."""
    steps: list[Turn | Fixed] = []
    for part, places in parts:
        for step in part.steps:
            if isinstance(step, Fixed):
                steps.append(Fixed(step.code, tuple(places[a] for a in step.arguments)))
                continue
            strings = tuple((f, tuple((places[a], code) for a, code in letters)) for f, letters in step.strings)
            steps.append(Turn(-1, step.constant, strings))
    return Gate(name, 0, n_qubits, tuple(steps), (math.fsum(part.phase[-1] for part, _ in parts),))


def _controlled(leaf: Leaf[Symbol], controls: Sequence[int], states: Sequence[bool], label: str | None) -> Leaf[Symbol]:
    gate, name = leaf.gate, leaf.name
    for on in reversed(states):
        gate, name = controlled(gate, on), name if label else f"{'ctrl' if on else 'negctrl'} @ {name}"
    return leaf._replace(gate=gate, name=f"{label} {name}" if label else name, qubits=(*controls, *leaf.qubits))


def _power(exponent: float) -> str:
    return f"pow({exponent:g}) @"

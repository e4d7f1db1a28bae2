"""Gate modifiers: what ``ctrl @``, ``negctrl @``, ``inv @`` and ``pow @`` make of a list of gates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bplint.importers.lowered import Leaf, to_power, under_controls, undone


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


def modified(leaves: list[Leaf[str]], modifiers: Sequence[Modifier], controls: Sequence[int]) -> list[Leaf[str]] | None:
    """The gates under modifiers, the first one outermost; None for a power that cannot be written down."""
    rest = list(controls)
    changed: list[Leaf[str]] | None = leaves
    for modifier in reversed(modifiers):
        if changed is None:
            return None
        if modifier.controls:
            own = rest[len(rest) - modifier.controls :]
            del rest[len(rest) - modifier.controls :]
            changed = under_controls(changed, own, [modifier.kind == "ctrl"] * len(own), modifier.text)
        elif modifier.kind == "inv":
            changed = undone(changed, modifier.text)
        else:
            changed = to_power(changed, modifier.number, modifier.text)
    return changed

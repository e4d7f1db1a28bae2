"""What a rewrite is: for each gate of the source that changes, the gates that take its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from bplint.ir.circuit import Parameter
from bplint.ir.gates import Gate
from bplint.number_format import plural

Angle: TypeAlias = tuple[float, tuple[tuple[int, float], ...]]
"""constant + Σ coefficient · parameter in radians; pairs (index into ``Rewrite.parameters``, coefficient)."""


class Placed(NamedTuple):
    """One gate of :func:`bplint.rewrite.gates.named` on these qubits; or of ``shape``, one of the source that the table has not."""

    name: str
    qubits: tuple[int, ...]
    angles: tuple[Angle, ...] = ()
    shape: Gate | None = None


class Counts(NamedTuple):
    """Trainable and entangling gates: untouched, taken out, exchanged for others, put on a shared parameter, put in."""

    kept: int = 0
    dropped: int = 0
    replaced: int = 0
    tied: int = 0
    added: int = 0

    @property
    def touched(self) -> int:
        """All but those kept."""
        return sum(self) - self.kept

    def __str__(self) -> str:
        """``12 gates kept, 4 dropped``."""
        said = [f"{count:,} {what}" for what, count in self._asdict().items() if count and what != "kept"]
        return ", ".join([f"{plural(self.kept, 'gate')} kept", *said])


class Rewrite(NamedTuple):
    """How a circuit is to change.

    ``changes`` has, by the index of a gate in ``Circuit.gates``, what stands in its place; a gate that is not in it stays.
    ``parameters`` are those of the circuit, each at its index even if nothing uses it any more, and then new ones.
    ``preparation`` are gates that stay though they break the symmetry: before anything moves they prepare a state
    that has it.
    """

    start: tuple[Placed, ...]
    """Stands before the first gate."""
    changes: Mapping[int, tuple[Placed, ...]]
    parameters: tuple[Parameter, ...]
    counts: Counts = Counts()
    preparation: frozenset[int] = frozenset()


class Refused(NamedTuple):
    """There is no such rewrite, and why: a clause that follows "because"."""

    reason: str


class CannotError(Exception):
    """Says why something cannot be rewritten, on its way to a :class:`Refused`."""

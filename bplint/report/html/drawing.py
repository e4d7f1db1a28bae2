"""What a drawn circuit consists of, in units of the picture: what the template turns into SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bplint.ir.circuit import Circuit
from bplint.ir.observable import Observable
from bplint.pictures.heat_map import Spot
from bplint.pictures.shades import shade

BADGE = 18
"""Width of the number of a finding, and height of a line of them."""

LARGE = 900
"""Width from which on a picture is shown as it is."""

GLYPH = 6.2
"""Width of a small letter."""


class Stroke(NamedTuple):
    """A line, by its class in the style sheet."""

    kind: str
    x1: float
    y1: float
    x2: float
    y2: float


class Label(NamedTuple):
    """A text at a place; ``kind`` is its class, which says how it is aligned."""

    kind: str
    x: float
    y: float
    text: str


class Tile(NamedTuple):
    """One gate on one qubit: its class, its corner and size, what it is called, and what is known of it."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    text: str
    title: str


class Area(NamedTuple):
    """All cells of one class as one path."""

    kind: str
    path: str


class Marked(NamedTuple):
    """Where a finding is: its number, the middle of the cell, and the cell's corner and size."""

    number: int
    x: float
    y: float
    width: float
    height: float


class Badge(NamedTuple):
    """The number of a finding above the picture, ``level`` lines up, and the cell that it belongs to."""

    number: int
    x: float
    level: int
    cell: Marked


class Drawing(NamedTuple):
    """A circuit, or a part of one for each cell; everything lies in ``width`` × ``height`` but the badges, which stand above."""

    width: float
    height: float
    strokes: Sequence[Stroke]
    areas: Sequence[Area]
    tiles: Sequence[Tile]
    labels: Sequence[Label]
    cells: Mapping[int, Marked]
    """By the number of the finding."""
    note: str
    """What a cell is, and what ancillas are, where that has to be said."""

    @property
    def scale(self) -> float:
        """How much larger a small picture is shown."""
        return min(max(LARGE / self.width, 1.0), 1.35)

    @property
    def kinds(self) -> set[str]:
        """The classes of what is drawn."""
        return {
            word for kind in (*(a.kind for a in self.areas), *(t.kind for t in self.tiles)) for word in kind.split()
        }

    @property
    def badges(self) -> list[Badge]:
        """Side by side where there is room, one above the other where there is not."""
        ends: list[float] = []
        badges = []
        for cell in sorted(self.cells.values(), key=lambda cell: (cell.x, cell.number)):
            level = next((i for i, end in enumerate(ends) if end <= cell.x - BADGE / 2), len(ends))
            ends[level : level + 1] = [cell.x + BADGE / 2 + 2]
            badges.append(Badge(cell.number, cell.x, level, cell))
        return badges

    @property
    def headroom(self) -> float:
        """Height of the badges above the picture."""
        return BADGE * (1 + max((badge.level for badge in self.badges), default=-1)) + 4


def told_ancillas(circuit: Circuit) -> str:
    """What the wires are that the source does not have; empty if there is none."""
    if not circuit.ancillas:
        return ""
    last = circuit.wire_name(circuit.n_qubits - 1)
    joint = "and" if circuit.ancillas == 2 else "to"
    which = "a0 is an ancilla" if circuit.ancillas == 1 else f"a0 {joint} {last} are ancillas"
    return f"{which}, for what is measured or reset before the end."


def look(spot: int, signal: float, noise: float) -> str:
    """The class of what there is at a place: a shade where a signal was measured."""
    return f"s{shade(signal, noise)}" if spot == Spot.LIVE else Spot(spot).name.lower()


def letters(observable: Observable) -> dict[int, str]:
    """What the loss measures on each of its qubits: the letter, P for a projector, or * where terms differ."""
    n, by_qubit = observable.n_qubits, dict[int, str]()
    if observable.projector:
        return dict.fromkeys(observable.projector, "P")
    for string, _ in observable.terms:
        x, z = string & ((1 << n) - 1), string >> n
        rest = x | z
        while rest:
            qubit = (rest & -rest).bit_length() - 1
            letter = "IXZY"[(x >> qubit & 1) + 2 * (z >> qubit & 1)]
            by_qubit[qubit] = letter if by_qubit.get(qubit, letter) == letter else "*"
            rest &= rest - 1
    return by_qubit

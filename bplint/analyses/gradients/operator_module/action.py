"""Coordinates in which a loss is linear, and what each event of a circuit does to them.

The state before the circuit has coordinates v and the loss behind it o, l = v†o. An event takes o to exp(θA) o with A
antisymmetric (anti-Hermitian), A = U diag(iω) U†. Which coordinates these are is the matter of their own modules: strings,
or matrix units of basis states.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np

from bplint.analyses.gradients.operator_module.events import Event, Phase
from bplint.ir.circuit import Floats, Index

LIMIT = 2_048
"""Coordinates of one module, at most."""

PRICE = 1 << 8
"""Operations a matrix entry of an event costs where blocks are small."""

OVERHEAD = 1 << 16
"""What handling one event costs besides, in matrix entries."""

_MULTIPLIED = 16
"""Operations that it costs besides for each coordinate of its block."""

_SOLVED = 1 << 5
"""Operations that the eigenvectors of a block cost, times the third power of its size."""

_EQUAL = 1e-9
"""Frequencies this close, beside the largest, are equal."""

Matrix: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[Any]]"
"""complex128, or float64 where all coordinates are real."""


class Action(Protocol):
    """What one event does to the first ``size`` coordinates; ω of coordinate i of the eigenbasis is ``frequencies[code[i]]``."""

    @property
    def phase(self) -> Phase: ...

    @property
    def size(self) -> int: ...

    @property
    def frequencies(self) -> Floats: ...

    @property
    def code(self) -> Index: ...

    @property
    def price(self) -> int:
        """Operations that a matrix entry costs, forwards and backwards."""

    def analysed(self, matrix: Matrix) -> Matrix:
        """U† M U of a matrix on the first ``size`` coordinates, or fewer: then the others are zero."""

    def composed(self, matrix: Matrix) -> Matrix:
        """U M U†, the inverse of :meth:`analysed`."""


class Module(NamedTuple):
    """``actions`` of the ``events`` in time order; coordinates of the state before them and of the loss behind them.

    The first coordinate is 1 in both and never turns. l = ``offset`` + v†o without it, which is at most ``size``.
    """

    method: str
    events: Sequence[Event]
    actions: Sequence[Action]
    start: Matrix
    end: Matrix
    offset: float
    size: float


class BlockAction(NamedTuple):
    """A is real and block diagonal.

    ``blocks`` are pairs (coordinates, eigenvectors), shapes (b, s) and (b, s, s); what is in none is left alone.
    """

    phase: Phase
    size: int
    blocks: tuple[tuple[Index, Matrix], ...]
    frequencies: Floats
    code: Index

    @property
    def price(self) -> int:
        inside = sum(len(places) * len(places[0]) ** 2 for places, _ in self.blocks)
        return PRICE + _MULTIPLIED * inside // self.size

    def analysed(self, matrix: Matrix) -> Matrix:
        full = np.zeros((self.size, self.size), dtype=np.complex128)
        full[: len(matrix), : len(matrix)] = matrix[: self.size, : self.size]
        for places, vectors in self.blocks:
            full[places] = vectors.conj().swapaxes(1, 2) @ full[places]
        full = full.conj().T.copy()
        for places, vectors in self.blocks:
            full[places] = vectors.conj().swapaxes(1, 2) @ full[places]
        return full.conj().T

    def composed(self, matrix: Matrix) -> Matrix:
        full = matrix.copy()
        for places, vectors in self.blocks:
            full[places] = vectors @ full[places]
        full = full.conj().T.copy()
        for places, vectors in self.blocks:
            full[places] = vectors @ full[places]
        return full.real.T.copy()


Block: TypeAlias = tuple[Sequence[int], Floats]
"""Coordinates, and A on them."""


def solvable(blocks: Iterable[Block], work: float) -> tuple[list[Block], float] | None:
    """The blocks and what is left of the work once their eigenvectors are known; None if it is not enough."""
    solved = []
    for block in blocks:
        work -= _SOLVED * len(block[0]) ** 3
        if work < 0:
            return None
        solved.append(block)
    return solved, work


def block_action(phase: Phase, size: int, blocks: Iterable[Block]) -> BlockAction:
    """The action with these disjoint blocks."""
    by_size: dict[int, list[Block]] = defaultdict(list)
    for places, generator in blocks:
        by_size[len(places)].append((places, generator))
    spectrum = np.zeros(size)
    parts = []
    for members in by_size.values():
        index = np.array([places for places, _ in members], dtype=np.intp)
        values, vectors = np.linalg.eigh(-1j * np.array([generator for _, generator in members]))
        spectrum[index] = values
        parts.append((index, vectors))
    frequencies, code = distinct(spectrum)
    return BlockAction(phase, size, tuple(parts), frequencies, code)


def distinct(values: Floats) -> tuple[Floats, Index]:
    """Distinct values and the number of each value among them."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    step = np.diff(ordered) > _EQUAL * np.abs(values).max(initial=0.0)
    code = np.empty(len(values), dtype=np.intp)
    code[order] = np.concatenate([np.zeros(1, dtype=np.intp), np.cumsum(step)])
    return ordered[np.concatenate([np.ones(1, dtype=bool), step])], code

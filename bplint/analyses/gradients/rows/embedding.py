"""Expectations of Pauli strings in the states that an embedding makes of the rows, <P> in each row.

In the frame of the start an embedding is rotations about given angles, and falls into *parts*, sets of qubits that no rotation
joins: a string is the product of what it is on each of them. On a part, strings are carried back, one dictionary for all strings
and all rows, and meet the states of the rows, which are written out on the basis states that the rotations reach which the
strings can feel (:mod:`.written_states`). Where they meet is chosen by the work: it may be the start or the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.propagation.string_table import only_z, unpacked
from bplint.analyses.gradients.rows.pairs import FollowedPairs, expectations, followed
from bplint.analyses.gradients.rows.turns import RowPairs, RowSplit, RowTurn, split
from bplint.analyses.gradients.rows.written_states import written_expectations, written_work
from bplint.ir.circuit import Floats
from bplint.ir.pauli import ones, qubits, support, x_part
from bplint.ir.rows import Rows

BRANCHES = 1 << 14
"""Branches of the strings of all parts together up to which nothing else is tried."""

CUTS = 16
"""Places at which strings carried back may meet states written out."""

STRINGS = 1 << 12
"""Strings that are asked of states written out, at most."""

PRICE = 8
"""Operations of a branch in a row."""

MEMORY = 1 << 26
"""Numbers kept at a time: strings times rows."""


class Embedding:
    """What the rotations before all trained ones make of |0…0>, row by row. ``spent`` are the operations that were allowed for
    what has been asked, which are no less than it took.
    """

    def __init__(self, problem: Problem, rows: Rows, turns: Sequence[RowTurn]) -> None:
        self._problem, self._rows, self._turns = problem, rows, turns
        self._noisy = any(turn.noise for turn in turns)
        self._n = problem.frame.n_qubits
        parts = qubit_parts([support(turn.axis, self._n) for turn in turns])
        self._home = {q: part for part in parts for q in ones(part)}
        self._moving = sum(parts)
        self.spent = 0

    def __len__(self) -> int:
        """Rows."""
        return len(self._rows)

    def expectations(self, strings: Sequence[int], effort: Effort) -> Floats | None:
        """<P> of strings of the frame, float64 (strings, rows); None if it takes more work than is allowed."""
        if len(strings) * len(self) > MEMORY:
            return None
        if self._noisy:
            return self._through_noise(strings, effort)
        expectations = np.ones((len(strings), len(self)))
        n = self._n
        pieces: dict[int, list[tuple[int, int]]] = {}
        outside = []
        for place, string in enumerate(strings):
            for part in {self._home.get(q, 0) for q in qubits(string, n)}:
                if part:
                    pieces.setdefault(string & (part | part << n), []).append((place, part))
                elif x_part(string, n) & ~self._moving:
                    outside.append(place)  # a qubit that nothing turns is |0>
        values = self._pieces({piece: uses[0][1] for piece, uses in pieces.items()}, effort)
        if values is None:
            return None
        for value, uses in zip(values, pieces.values(), strict=True):
            places = [place for place, _ in uses]
            expectations[places] *= value
        expectations[outside] = 0.0
        return expectations

    def _through_noise(self, strings: Sequence[int], effort: Effort) -> Floats | None:
        """The same by strings carried back to the start: states that noise has mixed are not written out."""
        carried = self._carried(strings, self._turns, effort.work // (PRICE * len(self)), effort)
        if carried is None or len(carried.graph) * len(self) > MEMORY:
            return None
        self.spent += PRICE * len(self) * carried.graph.entries
        return carried.back(only_z(carried.graph.left[:, carried.graph.last]).astype(np.float64)[:, None])

    def _pieces(self, pieces: dict[int, int], effort: Effort) -> Floats | None:
        """The same of strings each within one part, given with it."""
        if not pieces:
            return np.ones((0, len(self)))
        most = min(BRANCHES, effort.work // (PRICE * len(self)))
        if carried := self._carried(list(pieces), self._turns, most, effort):
            self.spent += PRICE * len(self) * carried.graph.entries
            return carried.back(only_z(carried.graph.left[:, carried.graph.last]).astype(np.float64)[:, None])
        products, before = np.ones((len(pieces), len(self))), self.spent
        for part in dict.fromkeys(pieces.values()):
            places = [place for place, own in enumerate(pieces.values()) if own == part]
            strings = [piece for piece, own in pieces.items() if own == part]
            turns = [turn for turn in self._turns if support(turn.axis, self._n) & part]
            values = self._met(strings, turns, effort._replace(work=effort.work - self.spent + before))
            if values is None:
                return None
            products[places] = values
        return products

    def _met(self, strings: Sequence[int], turns: Sequence[RowTurn], effort: Effort) -> Floats | None:
        """Strings carried back to where the states of the rows are written out with the least work."""
        best: tuple[_Carried, Sequence[RowTurn]] | None = None
        least = effort.work
        step = max(len(turns) // CUTS, 1)
        for cut in dict.fromkeys([*range(len(turns), 0, -step), 0]):
            carried = self._carried(strings, turns[cut:], min(least, MEMORY) // (PRICE * len(self)), effort)
            if carried is None:
                break
            work = PRICE * len(self) * carried.graph.entries
            if cut and len(carried.graph.last) > STRINGS:
                continue
            work += written_work(turns[:cut], carried.strings, self._n) * len(self)
            if work < least:
                least, best = work, (carried, turns[:cut])
        if best is None:
            return None
        carried, rest = best
        self.spent += least
        ends = written_expectations(self._problem, self._rows, rest, carried.strings, effort)
        return None if ends is None else carried.back(ends)

    def _carried(self, strings: Sequence[int], turns: Sequence[RowTurn], most: int, effort: Effort) -> _Carried | None:
        """Strings behind these rotations carried through them; None beyond ``most`` branches."""
        columns = RowPairs.same(len(self))
        splits = [split(self._problem, turn, columns) for turn in reversed(turns)]
        graph = followed(strings, [0] * len(strings), splits, [False] * len(turns), self._n, most, effort)
        return None if graph is None else _Carried(graph, splits, len(strings), len(self), self._n)


class _Carried(NamedTuple):
    """What strings have become on their way back."""

    graph: FollowedPairs
    splits: Sequence[RowSplit]
    started: int
    rows: int
    n_qubits: int

    @property
    def strings(self) -> list[int]:
        """What there is at the end of the way."""
        return unpacked(self.graph.left[:, self.graph.last], self.n_qubits)

    def back(self, ends: Floats) -> Floats:
        """The expectations of the strings that were carried, from those of what they became."""
        values = np.zeros((len(self.graph), self.rows))
        values[self.graph.last] = ends
        return expectations(self.graph, self.splits, values)[: self.started]


def qubit_parts(supports: Sequence[int]) -> list[int]:
    """The qubits, as masks, in sets that no support joins."""
    parts: list[int] = []
    for mask in dict.fromkeys(supports):
        joined = [part for part in parts if part & mask]
        parts = [part for part in parts if not part & mask]
        for part in joined:
            mask |= part
        parts.append(mask)
    return parts

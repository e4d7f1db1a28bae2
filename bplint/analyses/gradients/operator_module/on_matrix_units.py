"""The module of the reachable basis states: matrices O between them, by real and imaginary parts of their elements.

A group leaves blocks of basis states to themselves, so that it mixes only the elements between two of these blocks. Where all
amplitudes can be real, the symmetric part of O is all that counts: R(R + 1)/2 numbers instead of R².
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from bplint.analyses.gradients.operator_module.action import Action, Matrix, Module, block_action, solvable
from bplint.analyses.gradients.operator_module.events import Event
from bplint.analyses.gradients.operator_module.on_strings import METHOD
from bplint.analyses.gradients.reachable_states.closure import ReachedStates
from bplint.analyses.gradients.reachable_states.seen import Seen, string_sum
from bplint.analyses.gradients.reachable_states.turning import gauge
from bplint.ir.circuit import Floats

_ZERO = 1e-13
"""An element this small beside the largest is zero."""


def on_matrix_units(
    events: Sequence[Event], reached: ReachedStates, seen: Seen, limit: int, work: float = math.inf
) -> Module | None:
    """The module of these events, which reach ``reached``; None if it has more than ``limit`` coordinates or takes more work."""
    states, phases = len(reached.states), gauge(reached)
    if states * (states + 1) // 2 >= limit:
        return None
    unit = np.eye(states, dtype=np.complex128)
    keys = [tuple(sorted(event.generator.items())) for event in events]
    alive = [k for k in range(len(events)) if k not in reached.dead]
    generators: dict[tuple[tuple[int, float], ...], Matrix] = {}
    for key in (keys[k] for k in alive):
        if key not in generators:
            generators[key] = _cleaned(string_sum(key, reached.states, reached.coordinates).gauged(phases)(unit))
    units = MatrixUnits(states, real=not any(generator.real.any() for generator in generators.values()))
    if units.size > limit:
        return None
    turned = {}
    for key, generator in generators.items():
        affordable = solvable(units.blocks(generator), work)
        if affordable is None:
            return None
        blocks, work = affordable
        turned[key] = block_action((0, 0), units.size, blocks)
    actions: list[Action] = [turned[keys[k]]._replace(phase=events[k].phase) for k in alive]
    start = units.coordinates(np.outer(unit[0], unit[0]))
    return Module(
        method=METHOD,
        events=[events[k] for k in alive],
        actions=actions,
        start=start,
        end=units.coordinates(seen.gauged(phases)(unit)),
        offset=seen.offset,
        size=seen.size,
    )


def _cleaned(generator: Matrix) -> Matrix:
    """Without rounding, and without a part that is the same for all states."""
    floor = _ZERO * np.abs(generator).max(initial=0.0)
    still = generator - generator[0, 0] * np.eye(len(generator))
    still.real[np.abs(still.real) <= floor] = 0
    still.imag[np.abs(still.imag) <= floor] = 0
    return np.asarray(still)


class MatrixUnits:
    """Real coordinates of Hermitian matrices on ``states`` states, of real symmetric ones if ``real``.

    The first coordinate is a number beside the matrix. The others are orthonormal: O_aa, √2 Re O_ab and √2 Im O_ab, a < b.
    """

    def __init__(self, states: int, *, real: bool) -> None:
        self._real = real
        self._upper = np.triu_indices(states, 1)
        pairs = len(self._upper[0])
        self._place = np.diag(np.arange(1, states + 1))
        self._place[self._upper] = 1 + states + np.arange(pairs)
        self._place += np.triu(self._place, 1).T
        self._imaginary = pairs
        self.size = 1 + states + pairs * (1 if real else 2)

    def coordinates(self, matrix: Matrix) -> Floats:
        """Of a Hermitian matrix, with 1 beside it, float64 (size,)."""
        above = math.sqrt(2) * matrix[self._upper]
        parts = [np.ones(1), matrix.diagonal().real, above.real]
        return np.concatenate(parts if self._real else [*parts, above.imag])

    def blocks(self, generator: Matrix) -> Iterator[tuple[list[int], Floats]]:
        """O goes to i/2 [G, O]: coordinates that are mixed, and how."""
        parts = _components(generator != 0)
        inside = [generator[np.ix_(part, part)] for part in parts]
        moved = [bool(block.any()) for block in inside]
        for i, one in enumerate(parts):
            for k, other in enumerate(parts[: i + 1]):
                if not (moved[i] or moved[k]):
                    continue
                left = np.multiply.outer(inside[i], np.eye(len(other))).swapaxes(1, 2)
                right = np.multiply.outer(np.eye(len(one)), inside[k].T).swapaxes(1, 2)
                mixing = 0.5j * (left - right).reshape((len(one) * len(other),) * 2)
                if mixing.any():
                    yield self._block(one, other, mixing)

    def _block(self, rows: list[int], columns: list[int], mixing: Matrix) -> tuple[list[int], Floats]:
        """``mixing`` of the elements between two sets of states, the same or disjoint, in real coordinates."""
        a, b = (grid.ravel() for grid in np.meshgrid(rows, columns, indexing="ij"))
        place, off = self._place[a, b], a != b
        places, column = np.unique(place, return_inverse=True)
        # Each element O_ab is its coordinate times `share`, and i times its imaginary one times `signed`.
        share = np.where(off, math.sqrt(0.5), 1.0)
        to = np.zeros((len(a), len(places)))
        to[np.arange(len(a)), column] = share
        if self._real:
            whole, turned = to, mixing.real
        else:
            imaginary, column = np.unique(place[off], return_inverse=True)
            back = np.zeros((len(a), len(imaginary)))
            back[np.flatnonzero(off), column] = np.where(a < b, share, -share)[off]
            whole = np.block([[to, np.zeros_like(back)], [np.zeros_like(to), back]])
            turned = np.block([[mixing.real, -mixing.imag], [mixing.imag, mixing.real]])
            places = np.concatenate([places, imaginary + self._imaginary])
        scale = 1.0 if rows == columns else 2.0  # of an element off the diagonal only one half is seen here
        return places.tolist(), np.asarray(scale * whole.T @ turned @ whole)


def _components(joined: Matrix) -> list[list[int]]:
    """The sets of states that are joined."""
    left, components = set(range(len(joined))), []
    while left:
        new = part = {left.pop()}
        while new:
            new = {int(b) for a in new for b in np.flatnonzero(joined[a])} - part
            part = part | new
        left -= part
        components.append(sorted(part))
    return components

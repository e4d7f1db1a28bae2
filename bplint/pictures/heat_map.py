"""The circuit as a grid of qubits and moments, with the signal of what is trained at each place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bplint.analyses.gradients.gradient import Gradient
from bplint.ir.circuit import Circuit, Floats, Role
from bplint.number_format import plural

ROWS, COLUMNS = 64, 240
"""Cells that a picture has at most in each direction."""


class Spot(IntEnum):
    """What there is at a place of a circuit, the more telling the higher."""

    EMPTY = 0
    FIXED = 1
    """Gates without anything to train."""
    OPEN = 2
    """A trained rotation whose gradient was not measured."""
    DEAD = 3
    """A trained rotation that the loss does not depend on."""
    LIVE = 4


class TurnedOperations(NamedTuple):
    """What each operation does for the training: ``spot`` is a :class:`Spot`, ``signal`` that of the parameter that turns it,
    the largest of several, NaN where it is not LIVE. Both are of shape (operations,)."""

    spot: npt.NDArray[np.uint8]
    signal: Floats


@dataclass(frozen=True)
class HeatMap:
    """Cell (i, j) stands for ``qubits_each`` qubits from i times as many on, and ``moments_each`` moments likewise.

    ``spot`` is the highest :class:`Spot` in a cell, ``signal`` the largest signal in it, NaN where none is LIVE; both are of
    shape (rows, columns) and locked.
    """

    n_qubits: int
    n_moments: int
    qubits_each: int
    moments_each: int
    spot: npt.NDArray[np.uint8]
    signal: Floats

    @property
    def is_binned(self) -> bool:
        """Whether a cell is more than one qubit at one moment."""
        return self.qubits_each > 1 or self.moments_each > 1

    @property
    def cell(self) -> str:
        """What a cell is, in words: ``16 qubits × 2 moments``."""
        return f"{plural(self.qubits_each, 'qubit')} × {plural(self.moments_each, 'moment')}"


def turned(circuit: Circuit, gradient: Gradient | None) -> TurnedOperations:
    """What each operation of a circuit does for the training, as far as its gradient was measured."""
    spot = np.array([Spot.OPEN if p.role is Role.TRAINABLE else Spot.FIXED for p in circuit.parameters], np.uint8)
    signal = np.full(len(spot), -math.inf)
    for component in gradient.components if gradient else ():
        spot[component.parameter] = Spot.DEAD if component.dead else Spot.LIVE
        signal[component.parameter] = -math.inf if component.dead else component.signal
    angles = circuit.angles
    counts = np.diff(angles.start)
    rows, moved = np.repeat(np.arange(len(angles)), counts), angles.coefficient != 0
    rows, parameters = rows[moved], angles.parameter[moved]
    row_spot = np.full(len(angles) + 1, Spot.FIXED, np.uint8)  # the last for Cliffords, whose angle is -1
    row_signal = np.full(len(angles) + 1, -math.inf)
    np.maximum.at(row_spot, rows, spot[parameters])
    np.maximum.at(row_signal, rows, signal[parameters])
    place = row_spot[circuit.angle], row_signal[circuit.angle]
    return TurnedOperations(place[0], np.where(place[0] == Spot.LIVE, place[1], math.nan))


def heat_map(circuit: Circuit, told: TurnedOperations, cells: int = ROWS * COLUMNS) -> HeatMap:
    """The picture of a circuit in at most so many cells; where it is larger, cells are put together. ``told`` is :func:`turned`."""
    n_moments = int(circuit.moment.max()) + 1 if len(circuit) else 0
    qubits_each, moments_each = _bins(circuit.n_qubits, n_moments, max(cells, 1))
    shape = math.ceil(circuit.n_qubits / qubits_each), math.ceil(n_moments / moments_each)
    spot, signal = np.zeros(shape, np.uint8), np.full(shape, -math.inf)
    operation = np.repeat(np.arange(len(circuit)), np.diff(circuit.start))
    where = circuit.qubits // qubits_each, circuit.moment[operation] // moments_each
    np.maximum.at(spot, where, told.spot[operation])
    np.maximum.at(signal, where, np.nan_to_num(told.signal, nan=-math.inf)[operation])
    signal[spot != Spot.LIVE] = math.nan
    for array in (spot, signal):
        array.setflags(write=False)
    return HeatMap(
        n_qubits=circuit.n_qubits,
        n_moments=n_moments,
        qubits_each=qubits_each,
        moments_each=moments_each,
        spot=spot,
        signal=signal,
    )


def _bins(n_qubits: int, n_moments: int, cells: int) -> tuple[int, int]:
    """Qubits and moments to a cell: what is longer is put together first."""
    qubits, moments = math.ceil(n_qubits / ROWS) or 1, math.ceil(n_moments / COLUMNS) or 1
    while (rows := math.ceil(n_qubits / qubits)) * (columns := math.ceil(n_moments / moments)) > cells:
        if columns > 2 * rows or rows == 1:
            moments += 1
        else:
            qubits += 1
    return qubits, moments

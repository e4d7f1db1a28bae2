"""From gates to operations: what each shape of a gate comes to is written down once, and gathered for all gates by numpy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bplint.ir.circuit import ROTATION, Codes, Floats, Index, Ints, Offsets
from bplint.ir.gates import Fixed, Gate


class Operations(NamedTuple):
    """Columns of a circuit, and the constants that its last rows of angles are to have, in order."""

    code: Codes
    start: Offsets
    qubits: Ints
    letters: Codes
    angle: Ints
    factor: Floats
    gate: Ints
    constants: tuple[float, ...]


def expanded(
    catalogue: Sequence[Gate], n_angles: Sequence[int], shape: Ints, wires: Ints, rows: Ints, first_constant: int
) -> Operations:
    """The operations of gates: gate i is ``catalogue[shape[i]]``.

    ``wires`` are the qubits and ``rows`` the rows of the angles of all gates, one after the other; a gate of the catalogue
    has as many angles as ``n_angles`` says. Constants of gates get the rows from ``first_constant`` on.
    """
    steps = _Steps()
    for gate in catalogue:
        steps.add(gate)
    parameter, constant = np.array(steps.parameter, dtype=np.intp), np.array(steps.constant, dtype=np.int32)
    place = np.array(steps.place, dtype=np.int32)
    step, owner = _gathered(shape, steps.ends)
    letter, user = _gathered(shape, steps.letter_ends)
    angle = np.where(constant[step] < 0, np.int32(-1), constant[step] + np.int32(first_constant))
    turned = np.flatnonzero(parameter[step] >= 0)
    angle[turned] = rows[_starts(shape, n_angles)[owner[turned]] + parameter[step[turned]]]
    width = np.array(steps.width, dtype=np.int64)
    return Operations(
        code=np.array(steps.code, dtype=np.uint8)[step],
        start=np.concatenate((np.zeros(1, np.int64), np.cumsum(width[step]))),
        qubits=wires[_starts(shape, [gate.n_qubits for gate in catalogue])[user] + place[letter]],
        letters=np.array(steps.letter, dtype=np.uint8)[letter],
        angle=angle,
        factor=np.array(steps.factor, dtype=np.float64)[step],
        gate=owner.astype(np.int32),
        constants=tuple(steps.constants),
    )


def moments(n_qubits: int, qubits: Ints, start: Offsets) -> Ints:
    """The earliest layer each operation fits in."""
    depth = [0] * n_qubits
    found = []
    wires, begin = qubits.tolist(), 0
    for end in start[1:].tolist():
        if end - begin == 1:
            wire = wires[begin]
            moment = depth[wire]
            depth[wire] = moment + 1
        else:
            own = wires[begin:end]
            moment = max([depth[wire] for wire in own])
            for wire in own:
                depth[wire] = moment + 1
        found.append(moment)
        begin = end
    return np.array(found, dtype=np.int32)


class _Steps:
    """The operations of the catalogue, gate after gate, and their letters, operation after operation.

    ``parameter`` is the angle of the gate that an operation turns by, or -1, ``constant`` a number among ``constants``, or -1.
    """

    def __init__(self) -> None:
        self.code: list[int] = []
        self.factor: list[float] = []
        self.width: list[int] = []
        self.parameter: list[int] = []
        self.constant: list[int] = []
        self.place: list[int] = []
        self.letter: list[int] = []
        self.constants: dict[float, int] = {}
        self.ends, self.letter_ends = [0], [0]

    def add(self, gate: Gate) -> None:
        for step in gate.steps:
            if isinstance(step, Fixed):
                self._operation(step.code, 0.0, -1, -1, [(place, 0) for place in step.arguments])
                continue
            constant = -1
            if step.parameter < 0:
                constant = self.constants.setdefault(step.constant, len(self.constants))
            for factor, letters in step.strings:
                self._operation(ROTATION, factor, step.parameter, constant, letters)
        self.ends.append(len(self.code))
        self.letter_ends.append(len(self.place))

    def _operation(
        self, code: int, factor: float, parameter: int, constant: int, letters: Sequence[tuple[int, int]]
    ) -> None:
        self.code.append(code)
        self.factor.append(factor)
        self.parameter.append(parameter)
        self.constant.append(constant)
        self.width.append(len(letters))
        self.place += [place for place, _ in letters]
        self.letter += [letter for _, letter in letters]


def _gathered(shape: Ints, ends: Sequence[int]) -> tuple[Index, Index]:
    """For each entry of all gates: its place in the catalogue, and its gate. Those of shape k end at ``ends[k + 1]``."""
    begin = np.array(ends, dtype=np.intp)
    count = np.diff(begin)[shape]
    first = np.cumsum(count) - count
    entry = np.arange(int(count.sum())) + np.repeat(begin[shape] - first, count)
    return entry, np.repeat(np.arange(len(shape)), count)


def _starts(shape: Ints, counts: Sequence[int]) -> Index:
    """Where the entries of each gate begin, if a gate of shape k has ``counts[k]`` of them."""
    count = np.array(counts, dtype=np.intp)[shape]
    return np.cumsum(count) - count

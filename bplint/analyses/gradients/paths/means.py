"""Means: what strings keep when they are carried back through a circuit without a flip.

Under laws symmetric about zero E[<P>] is <P_0> Π E[cos φ] Π f over the rotations that the unflipped string meets and the
noise on its way, P_0 the string at the start. The mean of the derivative by rotation k is that of iGP with G its axis: the
string flips there and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from bplint.analyses.gradients.paths.angle_laws import Laws
from bplint.analyses.gradients.paths.bit_planes import Words, parity, permute, planes_of, turn
from bplint.analyses.gradients.paths.obstacle import separating
from bplint.analyses.gradients.paths.schedule import Cliffords, Noisy, Rotations, Schedule
from bplint.analyses.gradients.paths.starts import Starts
from bplint.ir.circuit import Floats, Index
from bplint.ir.frame import Frame, Turning
from bplint.ir.pauli import multiply, x_part

MAX_WORK = 1 << 32
"""Strings times steps spent on the means of derivatives."""


def mean(schedule: Schedule, starts: Starts) -> float:
    """The mean of the loss, exact."""
    shares = kept(schedule, [string for string, _ in starts.means])
    return starts.constant + float(shares @ np.array([c for _, c in starts.means], dtype=np.float64))


def kept(schedule: Schedule, strings: Sequence[int], flips: Sequence[int] | None = None) -> Floats:
    """What each string after the circuit keeps, float64 (strings,).

    String i flips at free rotation ``flips[i]``, counted in circuit order, whose axis anticommutes with it there.
    """
    if not strings:
        return np.empty(0)
    n, lanes = schedule.n_qubits, len(strings)
    planes = planes_of([*strings, 0], np.array([1] * lanes + [-lanes % 64]), n)
    share = np.ones(64 * planes.shape[1])
    place = np.argsort(schedule.order)[np.array(flips or (), dtype=np.intp)]
    for step in schedule.steps:
        if isinstance(step, Cliffords):
            permute(planes, step)
        elif isinstance(step, Noisy):
            _damp(share, planes, step, n)
        elif step.quarter:
            turn(planes, step)
        elif step.first is not None:
            met = parity(planes, step.reads)
            if step.mean != 1:
                share *= step.mean ** _times(met)
            _flip(planes, step, place)
    return share[:lanes]


def derivative_means(frame: Frame, schedule: Schedule, terms: Sequence[tuple[int, float]], law: Laws) -> Floats | None:
    """E[∂_k l] by the angle of each free rotation, in circuit order; None where that takes too long or is not known."""
    free = [i for i, turning in enumerate(frame.turning) if turning is Turning.FREE]
    result = np.zeros(len(free))
    if law.are_uniform:
        return result
    if Turning.FIXED in frame.turning:
        return None
    derivatives = list(_derivatives(frame, free, terms, law))
    if len(derivatives) * len(schedule.steps) > MAX_WORK:
        return None
    shares = kept(schedule, [string for string, _, _ in derivatives], [k for _, k, _ in derivatives])
    np.add.at(result, [k for _, k, _ in derivatives], shares * np.array([c for _, _, c in derivatives]))
    return result


def _derivatives(
    frame: Frame, free: Sequence[int], terms: Sequence[tuple[int, float]], law: Laws
) -> Iterator[tuple[int, int, float]]:
    """(string after the circuit, free rotation, coefficient) of the terms of derivatives that end with I and Z alone."""
    n, apart = frame.n_qubits, separating(frame, law)
    by_letters: dict[int, list[int]] = {}
    for k, i in enumerate(free):
        if not apart[i]:
            by_letters.setdefault(x_part(frame.axes[i], n), []).append(k)
    for string, coefficient in terms:
        start, negative = frame.pull(string)
        for k in by_letters.get(x_part(start, n), ()):
            axis = frame.axes[free[k]]
            _, phase = multiply(axis, start, n)
            if phase & 1:  # iGP is Hermitian: they anticommute
                sign = -1 if phase == 1 else 1
                yield string, k, coefficient * sign * (-1) ** (negative + frame.negative[free[k]])


def _damp(share: Floats, planes: Words, step: Noisy, n: int) -> None:
    x, z = planes[step.qubits], planes[step.qubits + n]
    if step.joint < 1:
        share *= step.joint ** _times(np.bitwise_or.reduce(x | z, axis=0))
    for factor, letter in zip(step.local, (x & ~z, z & ~x, x & z), strict=True):
        if factor < 1:
            share *= factor ** _times(letter.reshape(-1, letter.shape[-1]))


def _times(words: Words) -> Floats:
    """In how many rows each string has a one."""
    bits = np.unpackbits(words.view(np.uint8), axis=1, bitorder="little")
    return np.asarray(bits.sum(axis=0, dtype=np.float64))


def _flip(planes: Words, step: Rotations, place: Index) -> None:
    """Flip the strings whose rotation is in this step."""
    assert step.first is not None
    column = place - step.first
    strings = np.flatnonzero((column >= 0) & (column < step.reads.shape[1]))
    for writes in step.writes:
        bits = np.uint64(1) << (strings & 63).astype(np.uint64)
        np.bitwise_xor.at(planes, (writes[column[strings]], strings >> 6), bits)

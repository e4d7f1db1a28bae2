"""The first rotations of each qubit, averaged exactly at the end of a path (Rao–Blackwell).

What turns a qubit before any other operation joins it to a second one acts on |0> alone. A path that has come that far
need not be drawn to its end: its chance to hit is the product over the qubits of a number that depends on the letter
there, and of the paths that hit, the share that met or flipped at one of these rotations depends on the letter on its
qubit. Letters are numbered x + 2z: I, X, Z, Y. The numbers are those of the chain on one qubit, for any law.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.paths.bit_planes import Words, parity, permute
from bplint.analyses.gradients.paths.schedule import Cliffords, Rotations, Step
from bplint.ir.circuit import Codes, Flags, Floats, Index

_LETTERS = (0b1010, 0b1100)
"""The four letters as bits of a word: their X bits and their Z bits."""

_TOGETHER = 4
"""Qubits whose letters are looked up at once: 4^4 numbers."""


class Leading(NamedTuple):
    """Chances by qubit and letter, float64 (qubits, 4): to hit, and to hit without having moved.

    Free rotation ``rows[i]``, counted in the order of the steps, turns qubit ``qubits[i]``; of what hits it is met by
    the share ``met[i]`` and flipped by ``flips[i]``, float64 (rotations, 4).
    """

    hits: Floats
    unmoved: Floats
    rows: Index
    qubits: Index
    met: Floats
    flips: Floats

    @property
    def most(self) -> float:
        """The power of two above the chance of any string but the identity."""
        return math.exp2(math.ceil(math.log2(self.hits[:, 1:].max())))


def leading(n_qubits: int, steps: Sequence[Step]) -> Leading:
    """The chances under steps that act on one qubit each, given from the last to the first."""
    moves = [_Move.of(step, n_qubits) for step in steps]
    ends = np.tile([1.0, 0.0, 1.0, 0.0], (n_qubits, 1))
    hits, unmoved = [ends], ends
    for move in reversed(moves):
        hits.append(_apply(move.chances, hits[-1]))
        unmoved = _apply(move.still, unmoved)
    before: Floats = np.tile(np.eye(4), (n_qubits, 1, 1))
    rows, qubits, met, flips = [], [], [], []
    for step, move, now, later in zip(steps, moves, hits[::-1], hits[-2::-1], strict=False):
        if isinstance(step, Rotations) and step.first is not None:
            q = move.qubits
            rows.append(step.first + np.arange(len(q)))
            qubits.append(q)
            met.append(_apply(before[q], move.meets[q] * now[q]))
            flips.append(_apply(before[q], _apply(move.chances[q] * (1 - np.eye(4)), later[q])))
        before = before @ move.chances
    empty = np.empty(0, dtype=np.intp)
    at, on = np.concatenate([empty, *rows]), np.concatenate([empty, *qubits])
    shares = [_share(np.concatenate([np.empty((0, 4)), *columns]), hits[-1][on]) for columns in (met, flips)]
    return Leading(hits[-1], unmoved, at, on, *shares)


class Letters(NamedTuple):
    """The letters of paths on the qubits where some path has one: groups of qubits, and numbers of four letters each."""

    groups: list[Index]
    codes: list[Codes]

    def product(self, chances: Floats) -> Floats:
        """The product over the qubits of a chance by qubit and letter, float64 (paths,)."""
        result: Floats = np.ones(len(self.codes[0]))
        for group, code in zip(self.groups, self.codes, strict=True):
            result *= _table(chances[group])[code]
        return result

    def totals(self, values: Floats, n_qubits: int) -> Floats:
        """Sums of a value of each path by qubit and letter, float64 (qubits, 4)."""
        sums = np.zeros((n_qubits, 4))
        for group, code in zip(self.groups, self.codes, strict=True):
            k = len(group)
            together = np.bincount(code, values, 4**k).reshape((4,) * k)
            for i, q in enumerate(group.tolist()):  # the first qubit is the last axis
                sums[q] = together.sum(axis=tuple(j for j in range(k) if j != k - 1 - i))
        return sums


def letters(planes: Words) -> Letters:
    """The letters of strings given as planes."""
    n = len(planes) // 2
    rows = np.flatnonzero(planes.reshape(2, n, -1).any(axis=(0, 2)))
    groups = [rows[i : i + _TOGETHER] for i in range(0, len(rows), _TOGETHER)]
    codes = []
    for group in groups:
        code: Codes = np.zeros(64 * planes.shape[1], dtype=np.uint8)
        for plane in [q + part * n for q in group[::-1].tolist() for part in (1, 0)]:
            code += code
            code += bits(planes[plane])
        codes.append(code)
    return Letters(groups, codes)


def bits(words: Words) -> Codes:
    """The bits of one plane, uint8 (strings,)."""
    return np.unpackbits(words.view(np.uint8), bitorder="little")


class _Move(NamedTuple):
    """What a step does to the letters of all qubits: chances (qubits, from, to), those without a flip, who meets it."""

    qubits: Index
    chances: Floats
    still: Floats
    meets: Flags

    @staticmethod
    def of(step: Step, n: int) -> _Move:
        planes = np.repeat(np.array(_LETTERS, dtype=np.uint64), n)[:, None]
        chances: Floats = np.tile(np.eye(4), (n, 1, 1))
        here = np.arange(4)
        if isinstance(step, Cliffords):
            permute(planes, step)
            images = _letter(planes[:n]) + 2 * _letter(planes[n:])
            moved = np.eye(4)[images]
            return _Move(np.arange(n), moved, moved, np.zeros((n, 4), dtype=bool))
        assert isinstance(step, Rotations)
        qubits = step.writes[0] % n
        axis = np.where(step.writes < n, 1, 2).sum(axis=0)
        meets = np.zeros((n, 4), dtype=bool)
        meets[qubits] = _letter(parity(planes, step.reads))
        still = chances * np.where(meets, step.mean**2, 1.0)[:, :, None]
        chances[qubits] *= np.where(meets[qubits], 1 - step.flip, 1.0)[:, :, None]
        chances[qubits[:, None], here, here ^ axis[:, None]] += step.flip * meets[qubits]
        return _Move(qubits, chances, chances if step.quarter else still, meets)


def _letter(words: Words) -> Index:
    """The bits of the four letters, (rows, 4)."""
    return (words >> np.arange(4, dtype=np.uint64) & np.uint64(1)).astype(np.intp)


def _apply(chances: Floats, values: Floats) -> Floats:
    return np.asarray((chances @ values[:, :, None])[:, :, 0])


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _table(chances: Floats) -> Floats:
    """Products for all combinations of letters, that of the first qubit lowest."""
    return reduce(lambda table, row: np.multiply.outer(row, table).ravel(), chances, np.ones(1))

"""What a law of the angles means for strings: how often a rotation flips them, and how much of a mean it keeps.

A rotation by φ about G takes a string P that anticommutes with G to cos φ P + i sin φ GP. Write φ = μ + φ' with φ'
symmetric about zero. The offset μ is a fixed rotation of its own, a Clifford if it is a multiple of π/2; :func:`centred`
makes it one. What is left has E[sin φ'] = E[sin φ' cos φ'] = 0, and two numbers say the rest: E[sin² φ'], the chance of
a flip, and E[cos φ'], which a string keeps of its mean.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import NamedTuple

import numpy as np

from bplint.ir.circuit import Angles, Circuit, Codes, Flags, Floats, Index, Role, Spelling
from bplint.ir.law import Init


class Laws(NamedTuple):
    """E[sin² φ] and E[cos φ] of each free rotation of a centred circuit, nan elsewhere; float64 (operations,).

    Under the uniform law they are exactly ½ and 0. ``hides`` are the parameters (a flag each) that are uniform.
    """

    flip: Floats
    mean: Floats
    hides: Flags

    @property
    def separates(self) -> Flags:
        """Free rotations that average out each pair of strings of which only one anticommutes: E[cos φ] = 0."""
        return np.asarray(self.mean == 0)

    @property
    def are_uniform(self) -> bool:
        """Whether all free rotations are as good as uniform."""
        return not self.biased.any()

    @property
    def biased(self) -> Flags:
        """Free rotations whose law is not as good as uniform."""
        return np.asarray(~np.isnan(self.mean) & ((self.mean != 0) | (self.flip != 0.5)))


def laws(circuit: Circuit, init: Init) -> Laws:
    """The laws of a circuit's rotations, each as if its parameters occurred nowhere else and its offset were zero."""
    free = np.flatnonzero(circuit.quarters == -1)
    flip, mean = np.full(len(circuit), np.nan), np.full(len(circuit), np.nan)
    flip[free], mean[free] = 0.5, 0.0
    if init.is_uniform:
        return Laws(flip, mean, np.ones(len(circuit.parameters), dtype=bool))
    law = [init.law(p) if p.role is not Role.FIXED else None for p in circuit.parameters]
    for k in free.tolist():
        once = twice = 1.0
        for parameter, scale in circuit.operations[k].terms:
            if own := law[parameter]:
                once *= own.characteristic(scale)
                twice *= own.characteristic(2 * scale)
        flip[k], mean[k] = (1 - twice) / 2, once
    return Laws(flip, mean, np.array([own is not None and own.is_uniform for own in law], dtype=bool))


def centred(circuit: Circuit, init: Init) -> Circuit:
    """The same circuit with each offset that matters as a fixed rotation in front of its rotation.

    Offsets are those of the angle (its constant, fixed parameters) and the means of the laws. Under the uniform law none
    matters. Free rotations keep their order and gates theirs; the free rotations that are left have symmetric angles.
    """
    if init.is_uniform:
        return circuit
    angles, rows = circuit.angles, circuit.angles.rows()
    biased = np.flatnonzero(laws(circuit, init).biased)
    constant, terms, spelling = angles.constant.tolist(), list(rows), angles.spelling.tolist()
    halves: dict[int, tuple[int, int]] = {}
    for row in dict.fromkeys(circuit.angle[biased].tolist()):
        fixed = [(p, c) for p, c in rows[row] if circuit.parameters[p].role is Role.FIXED]
        moving = [(p, c) for p, c in rows[row] if circuit.parameters[p].role is not Role.FIXED]
        shift = sum(c * init.law(circuit.parameters[p]).mean for p, c in moving)
        if constant[row] + shift or any(c for _, c in fixed):
            halves[row] = (len(constant), len(constant) + 1)
            constant += [constant[row] + shift, 0.0]
            terms += [fixed, moving]
            spelling += [Spelling.PRECISE if shift else spelling[row], Spelling.PRECISE]
    split = biased[np.isin(circuit.angle[biased], list(halves))]
    if not len(split):
        return circuit
    return _with_halves(circuit, split, halves, _table(constant, terms, spelling))


def _with_halves(circuit: Circuit, split: Index, halves: dict[int, tuple[int, int]], angles: Angles) -> Circuit:
    """Each operation of ``split`` twice: first with its fixed half, then with its free one."""
    copies = np.ones(len(circuit), dtype=np.intp)
    copies[split] = 2
    order = np.repeat(np.arange(len(circuit)), copies)
    angle = circuit.angle[order]
    first = (np.cumsum(copies) - copies)[split]
    for part in (0, 1):
        angle[first + part] = [halves[row][part] for row in circuit.angle[split].tolist()]
    moment = 2 * circuit.moment[order]  # keeps operations that share a qubit apart and in order
    moment[first + 1] += 1
    width = np.diff(circuit.start)[order]
    start = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(width)])
    entry = np.arange(start[-1]) + np.repeat(circuit.start[order] - start[:-1], width)
    return replace(
        circuit,
        code=circuit.code[order],
        start=start,
        qubits=circuit.qubits[entry],
        letters=circuit.letters[entry],
        angle=angle,
        factor=circuit.factor[order],
        gate=circuit.gate[order],
        moment=moment,
        angles=angles,
    )


def _table(constant: list[float], terms: list[list[tuple[int, float]]], spelling: list[int]) -> Angles:
    flat = list(chain.from_iterable(terms))
    codes: Codes = np.array(spelling, dtype=np.uint8)
    return Angles(
        np.array(constant),
        np.cumsum([0, *(len(row) for row in terms)], dtype=np.int64),
        np.array([p for p, _ in flat], dtype=np.int32),
        np.array([c for _, c in flat]),
        codes,
    )

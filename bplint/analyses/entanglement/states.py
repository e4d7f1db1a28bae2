"""Purities from state vectors at random angles: for few qubits, whatever ties the angles together.

The vectors are those of the frame, where a circuit is rotations only: Tr ρ_A² = 2^-|A| Σ <P>² over all strings on A, each
pulled to the start. In a vector of 2^n amplitudes bit q of the index belongs to qubit q.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple, TypeAlias

import numpy as np

from bplint.analyses.entanglement.purity import DISPLAY, Average, Qubits, bounded
from bplint.ir.circuit import Circuit, Floats, Role
from bplint.ir.frame import Frame
from bplint.ir.law import Init, Law, Shape
from bplint.ir.pauli import from_letters, x_part

MOST_QUBITS = 10

WORK = 1 << 27
"""Amplitudes times rotations and strings: a second or so."""

MOST_STATES, FEWEST_STATES = 1024, 64

Vectors: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.complex128]]"


class States(NamedTuple):
    """The purity of each region in each of ``samples`` states, float64 (samples,)."""

    purities: Mapping[Qubits, Floats]
    samples: int
    method: str = "state-vector"

    def average(self, regions: Sequence[Qubits], level: float = DISPLAY) -> Average:
        """Of regions of one size; those of one state depend on each other, so the states count, not the regions."""
        size = len(regions[0])
        unit = 1 - 0.5**size
        mean = float(np.mean([self.purities[region] for region in regions]) - 0.5**size) / unit
        return bounded(size, len(regions), min(max(mean, 0.0), 1.0), unit, 0, self.samples, level)


def from_states(circuit: Circuit, frame: Frame, regions: Sequence[Qubits], init: Init, seed: int) -> States | str:
    """Draws states; equal seeds give equal ones. A sentence where there are too many qubits or a number is missing."""
    n = frame.n_qubits
    if n > MOST_QUBITS:
        return f"states of {n:,} qubits are not drawn, only up to {MOST_QUBITS}"
    strings = {region: _strings(region, frame) for region in regions}
    every = list(dict.fromkeys(string for found in strings.values() for string in found))
    samples = min(WORK // ((len(frame.axes) + len(every)) << n), MOST_STATES)
    if samples < FEWEST_STATES:
        return f"states after {len(frame.axes):,} rotations of {n} qubits take too long"
    angles = _angles(circuit, frame, init, samples, np.random.Generator(np.random.PCG64([seed, _STREAM])))
    if np.isnan(angles).any():
        return "a rotation is fixed at an angle that is not given"
    vectors = np.zeros((samples, 1 << n), dtype=np.complex128)
    vectors[:, 0] = 1
    for axis, angle in zip(frame.axes, angles, strict=True):
        vectors = np.cos(angle / 2)[:, None] * vectors - 1j * np.sin(angle / 2)[:, None] * _apply(axis, vectors, n)
    squares = {s: np.einsum("ij,ij->i", vectors.conj(), _apply(s, vectors, n)).real ** 2 for s in every}
    found = {
        region: (1 + np.sum([squares[s] for s in strings[region]], axis=0)) / 2 ** len(region) for region in regions
    }
    return States(found, samples)


_STREAM = 502


def _strings(region: Qubits, frame: Frame) -> list[int]:
    """The strings on a region but the identity, pulled to the start."""
    letters = list(product(range(4), repeat=len(region)))[1:]
    return [frame.pull(from_letters(zip(region, codes, strict=True), frame.n_qubits))[0] for codes in letters]


def _apply(string: int, vectors: Vectors, n: int) -> Vectors:
    """P on each row: P|b> = i^(number of Y) (-1)^(z·b) |b xor x>."""
    x, z = x_part(string, n), string >> n
    source = np.arange(1 << n) ^ x
    signs = 1.0 - 2.0 * (np.bitwise_count(source & z) & 1)
    moved: Vectors = vectors[:, source] * (1j ** (x & z).bit_count() * signs)
    return moved


def _angles(circuit: Circuit, frame: Frame, init: Init, samples: int, random: np.random.Generator) -> Floats:
    """The angle of each rotation of the frame in each sample, float64 (rotations, samples)."""
    drawn = [
        _draw(init.law(p), samples, random)
        if p.role is not Role.FIXED
        else np.full(samples, math.nan if p.value is None else p.value)
        for p in circuit.parameters
    ]
    rows, angle, constants = circuit.angles.rows(), circuit.angle.tolist(), circuit.angles.constant.tolist()
    found = np.zeros((len(frame.axes), samples))
    for i, operation in enumerate(frame.operations):
        total = sum(
            (c * drawn[p] for p, c in rows[angle[operation]] if c), np.full(samples, constants[angle[operation]])
        )
        found[i] = circuit.factor[operation] * (-total if frame.negative[i] else total)
    return found


def _draw(law: Law, samples: int, random: np.random.Generator) -> Floats:
    if law.shape is Shape.UNIFORM:
        return random.uniform(0, _TURNS * 2 * math.pi, samples)
    if law.shape is Shape.NORMAL:
        return random.normal(law.mean, law.width, samples)
    return random.uniform(law.mean - law.width, law.mean + law.width, samples)


_TURNS = 1 << 20
"""So many turns are as good as a common period of all multiples of a parameter, or as the mean over all time."""

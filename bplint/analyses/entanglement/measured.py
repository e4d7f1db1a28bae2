"""Average purities measured: from Pauli paths where these are exact, else from random states.

    E[Tr ρ_A²] = 2^-|A| Σ E[<P>²],  P all strings on A,

and each E[<P>²] is the chance that a path from P ends with I and Z alone (:mod:`bplint.analyses.gradients.paths.sampler`;
Letcher et al. 2309.12681). So a path from a string drawn at random from those on A but the identity *hits* with a chance p
for which the purity is 2^-|A| (1 + (4^|A| - 1) p). This holds for each string by itself: no terms interfere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

import numpy as np

from bplint.analyses.entanglement.purity import Paths, Qubits, SampledPurities
from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.paths.angle_laws import Laws
from bplint.analyses.gradients.paths.bit_planes import Words
from bplint.analyses.gradients.paths.sampler import hit_chances
from bplint.analyses.gradients.paths.schedule import schedule
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.tied.random_states import FEWEST, MOST, random_states
from bplint.ir.circuit import Circuit
from bplint.ir.noise import Noise
from bplint.ir.pauli import from_letters

PATH_WORK = 1 << 30
"""Paths times operations, at most, unless 64 paths a region are more: a second or so."""

MOST_PATHS = 1 << 14
"""Paths of one region."""

STATE_WORK = 1 << 27
"""Amplitudes touched: a second or so."""

NEAR = 0.3
"""How far above the maximally mixed value an average purity may be, as a fraction of it, for many states to be drawn."""

AMPLITUDE = 16
"""Operations of touching one."""


def from_paths(circuit: Circuit, regions: Sequence[Qubits], law: Laws, seed: int, work: int = PATH_WORK) -> Paths:
    """Draws paths for each of these regions; equal seeds give equal counts.

    Right if nothing keeps the path chain from being exact for single strings, in a centred circuit with these laws.
    """
    words = work // (64 * max(len(past(circuit, regions)), 1) * len(regions))
    words = min(max(words, 1), MOST_PATHS // 64)
    planes = _start(circuit.n_qubits, regions, words, np.random.Generator(np.random.PCG64([seed, _STREAM])))
    chances = hit_chances(schedule(circuit, law, Noise()), planes, seed)
    hits = chances.reshape(len(regions), 64 * words).sum(axis=1).tolist()
    return Paths(dict(zip(regions, hits, strict=True)), 64 * words)


def past(circuit: Circuit, regions: Iterable[Qubits]) -> list[int]:
    """The operations that can matter to the state of these regions, the last first."""
    active = {qubit for region in regions for qubit in region}
    cuts = []
    for operation in reversed(circuit.operations):
        if not active.isdisjoint(operation.qubits):
            active.update(operation.qubits)
            cuts.append(operation.number)
    return cuts


def from_states(
    problem: Problem, regions: Sequence[Qubits], seed: int, work: int = STATE_WORK
) -> SampledPurities | str:
    """Draws states on the basis states that can be reached: a few, and more if these are close to maximally mixed.

    Equal seeds give equal ones. A sentence where that takes more ``work`` (amplitudes touched) or a number is missing.
    """
    strings = {region: _strings(region, problem) for region in regions}
    few = _purities(problem, strings, seed, work, FEWEST)
    if isinstance(few, str):
        return few
    sizes = {len(region) for region in regions}
    averages = [few.average([region for region in regions if len(region) == size]) for size in sizes]
    if any(a.value > (1 + NEAR) * a.mixed for a in averages):
        return few
    return _purities(problem, strings, seed, work, MOST)


def _purities(
    problem: Problem, strings: Mapping[Qubits, Sequence[int]], seed: int, work: int, most: int
) -> SampledPurities | str:
    """From at most so many states, by the ``strings`` on each region."""
    every = list(dict.fromkeys(string for states in strings.values() for string in states))
    states = random_states(problem, seed, work, strings=len(every), most=most)
    if isinstance(states, Declined):
        return states.reason
    squares = dict(zip(every, states.expectations(every) ** 2, strict=True))
    purities = {
        region: (1 + np.sum([squares[s] for s in inside], axis=0)) / 2 ** len(region)
        for region, inside in strings.items()
    }
    return SampledPurities(purities, states.samples)


_STREAM = 501


def _start(n: int, regions: Sequence[Qubits], words: int, random: np.random.Generator) -> Words:
    """Planes of strings on each region, ``words`` words of them, uniform among those that are not the identity."""
    planes = np.zeros((2 * n, len(regions) * words), dtype=np.uint64)
    for k, region in enumerate(regions):
        rows = [q + n * part for q in region for part in (0, 1)]
        drawn = np.zeros((len(rows), words), dtype=np.uint64)
        while (identity := ~np.bitwise_or.reduce(drawn, axis=0)).any():
            drawn |= random.integers(0, 1 << 64, size=drawn.shape, dtype=np.uint64) & identity
        planes[rows, k * words : (k + 1) * words] = drawn
    return planes


def _strings(region: Qubits, problem: Problem) -> list[int]:
    """The strings on a region but the identity, pulled to the start."""
    letters, n = list(product(range(4), repeat=len(region)))[1:], problem.circuit.n_qubits
    return [problem.frame.pull(from_letters(zip(region, codes, strict=True), n))[0] for codes in letters]

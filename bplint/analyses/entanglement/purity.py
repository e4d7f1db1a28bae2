"""How mixed small parts of the state are on average: purities from Pauli paths.

    E[Tr ρ_A²] = 2^-|A| Σ E[<P>²],  P all strings on A,

and each E[<P>²] is the chance that a path from P ends with I and Z alone (:mod:`bplint.analyses.gradients.paths.sampler`; Letcher
et al. 2309.12681). So a path from a string drawn at random from those on A but the identity *hits* with a chance p for
which the purity is 2^-|A| (1 + (4^|A| - 1) p). This holds for each string by itself: no terms interfere.

Purities of one and two qubits show local mixing, not how entanglement grows with a region: they cannot tell a cluster
state from a random one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from bplint.bounds import lower_bound, upper_bound
from bplint.ir.circuit import ROTATION, Circuit, Floats
from bplint.ir.clifford import clifford
from bplint.ir.frame import quarter_turns

if TYPE_CHECKING:
    from bplint.analyses.gradients.paths.angle_laws import Laws

WORK = 1 << 30
"""Paths times operations, at most, unless 64 paths a region are more: a second or so."""

MOST_PATHS = 1 << 14
"""Paths of one region."""

OPERATION_LIMIT = 200_000
"""Operations up to which paths are followed at all."""

DISPLAY = 0.05 / 2
"""Level of each side of an interval for display."""

Words: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.uint64]]"
Qubits: TypeAlias = tuple[int, ...]


class Average(NamedTuple):
    """The average purity of ``regions`` regions of ``size`` qubits.

    ``interval`` holds 95 % of the time, ``bound`` is above it but for a chance of the level asked for.
    """

    size: int
    regions: int
    value: float
    interval: tuple[float, float]
    bound: float

    @property
    def mixed(self) -> float:
        """The purity of the maximally mixed state."""
        return 0.5**self.size

    @property
    def ceiling(self) -> float:
        """The bound rounded up to three digits, for display."""
        return math.ceil(1000 * self.bound) / 1000

    @property
    def excess(self) -> float:
        """How far the bound is above the maximally mixed value, as a fraction of it."""
        return self.bound / self.mixed - 1


def page_purity(size: int, n_qubits: int) -> float:
    """The average purity of ``size`` qubits of a random pure state: (d_A + d_B) / (d_A d_B + 1) (Lubkin 1978)."""
    a, b = 2.0**-size, 2.0 ** -(n_qubits - size)
    return (a + b) / (1 + a * b)


def bounded(size: int, count: int, mean: float, unit: float, pure: int, samples: int, level: float) -> Average:
    """The average of ``count`` regions, ``pure`` of them pure, the others of purity 2^-size + unit · (a variable in [0, 1]).

    ``mean`` is that variable's average over the regions and over ``samples`` (Hoeffding's bound).
    """

    def purity(mean: float) -> float:
        return min((pure + (count - pure) * (0.5**size + unit * mean)) / count, 1.0)

    low, high = lower_bound(mean, samples, DISPLAY), upper_bound(mean, samples, DISPLAY)
    bound = upper_bound(mean, samples, level)
    return Average(size, count, purity(mean), (purity(low), purity(high)), purity(bound))


class Paths(NamedTuple):
    """How many of the same number of paths ``each`` hit, by region; regions without paths are pure."""

    hits: Mapping[Qubits, int]
    each: int = 0
    method: str = "pauli-path"

    @property
    def samples(self) -> int:
        """Paths drawn in all."""
        return self.each * len(self.hits)

    def average(self, regions: Sequence[Qubits], level: float = DISPLAY) -> Average:
        """Of regions of one size, whose paths are independent of each other."""
        size, sampled = len(regions[0]), [region for region in regions if region in self.hits]
        if not sampled:
            return Average(size, len(regions), 1.0, (1.0, 1.0), 1.0)
        paths = self.each * len(sampled)
        mean, unit = sum(self.hits[region] for region in sampled) / paths, 2**size - 0.5**size
        return bounded(size, len(regions), mean, unit, len(regions) - len(sampled), paths, level)


def from_paths(circuit: Circuit, regions: Sequence[Qubits], law: Laws, seed: int) -> Paths:
    """Draws paths for each of these regions; equal seeds give equal counts.

    Right if nothing keeps the path chain from being exact for single strings, in a centred circuit with these laws.
    """
    operations = past(circuit, regions)
    words = WORK // (64 * max(len(operations), 1) * len(regions))
    words = min(max(words, 1), MOST_PATHS // 64)
    hits = _hits(circuit, operations, regions, words, law, seed)
    return Paths(dict(zip(regions, hits, strict=True)), 64 * words)


def past(circuit: Circuit, regions: Iterable[Qubits]) -> list[int]:
    """The operations that can matter to the state of these regions, the last first."""
    active = {qubit for region in regions for qubit in region}
    found = []
    starts, qubits = circuit.start.tolist(), circuit.qubits.tolist()
    for operation in range(len(circuit) - 1, -1, -1):
        places = qubits[starts[operation] : starts[operation + 1]]
        if not active.isdisjoint(places):
            active.update(places)
            found.append(operation)
    return found


def _hits(
    circuit: Circuit, operations: Iterable[int], regions: Sequence[Qubits], words: int, law: Laws, seed: int
) -> list[int]:
    """How many of 64 · ``words`` paths from each region end with I and Z alone.

    Bit-planes as in :mod:`.paths`: row q the X bits of qubit q, row n + q its Z bits, ``words`` columns a region.
    """
    n, random = circuit.n_qubits, np.random.Generator(np.random.PCG64([seed, _STREAM]))
    planes = _start(n, regions, words, random)
    starts, qubits, letters = circuit.start.tolist(), circuit.qubits.tolist(), circuit.letters.tolist()
    codes, chances = circuit.code.tolist(), _chances(circuit, law).tolist()
    for operation in operations:
        a, b = starts[operation], starts[operation + 1]
        if codes[operation] != ROTATION:
            _permute(planes, codes[operation], qubits[a:b], n)
            continue
        if not chances[operation]:
            continue
        rows = [q + n * part for q, code in zip(qubits[a:b], letters[a:b], strict=True) for part in _PARTS[code]]
        flip: Words = np.bitwise_xor.reduce(planes[[row + n if row < n else row - n for row in rows]], axis=0)
        if chances[operation] < 1:
            flip &= _coins(random, chances[operation], flip.size)
        for row in rows:
            planes[row] ^= flip
    hit = ~np.bitwise_or.reduce(planes[:n], axis=0)
    counts: list[int] = np.bitwise_count(hit).reshape(len(regions), words).sum(axis=1, dtype=np.int64).tolist()
    return counts


_STREAM = 501
_PARTS = ((), (0,), (1,), (0, 1))


def _start(n: int, regions: Sequence[Qubits], words: int, random: np.random.Generator) -> Words:
    """Strings on each region, uniform among those that are not the identity."""
    planes = np.zeros((2 * n, len(regions) * words), dtype=np.uint64)
    for k, region in enumerate(regions):
        rows = [q + n * part for q in region for part in (0, 1)]
        drawn = np.zeros((len(rows), words), dtype=np.uint64)
        while (identity := ~np.bitwise_or.reduce(drawn, axis=0)).any():
            drawn |= random.integers(0, 1 << 64, size=drawn.shape, dtype=np.uint64) & identity
        planes[rows, k * words : (k + 1) * words] = drawn
    return planes


def _permute(planes: Words, code: int, qubits: Sequence[int], n: int) -> None:
    row = clifford(code)
    size = row.n_qubits
    places = [q + n * part for part in (0, 1) for q in qubits]
    images = np.zeros((2 * size, planes.shape[1]), dtype=np.uint64)
    for i, (image, _) in enumerate(row.images):  # of X and Z of each argument in turn
        source = planes[places[i // 2 + size * (i % 2)]]
        for target in range(2 * size):
            if image >> target & 1:
                images[target] ^= source
    planes[places] = images


def _coins(random: np.random.Generator, chance: float, words: int) -> Words:
    """Words whose bits are 1 with this chance."""
    if chance == 0.5:
        return random.integers(0, 1 << 64, size=words, dtype=np.uint64)
    return np.packbits(random.random(64 * words) < chance).view(np.uint64)


def _chances(circuit: Circuit, law: Laws) -> Floats:
    """With what chance each rotation changes a string that anticommutes with its axis."""
    from bplint.analyses.gradients.paths.obstacle import fixed_angles  # loads the algebra of the path chain

    quarters = quarter_turns(circuit)
    fixed = np.sin(fixed_angles(circuit)) ** 2
    return np.where(quarters == -2, fixed, np.where(quarters == -1, law.flip, quarters % 2))

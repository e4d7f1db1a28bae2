"""Samples Pauli paths: one string a path, carried backwards through the circuit, 64 paths a machine word.

A Clifford permutes strings. A rotation whose axis G commutes with the string leaves it; otherwise the string P becomes
iGP with probability ½ for a free angle and sin²φ for a fixed one. The path *hits* if it ends with I and Z alone. Then
(theorems of Letcher et al. 2309.12681 and Heyraud et al. 2302.04649, second moments of independent uniform angles)

    Var[l] = total · P(hit),    E[(∂_k l)²] = total · P(hit, and the string met rotation k)

for independent paths whose starts are drawn with probability C²/total (:mod:`.blocks`). To *meet* a rotation is to
arrive there with a string that anticommutes with its axis. Signs never matter.

Layout: bit-planes, uint64 of shape (2n, words); row q holds the X bits of qubit q, row n + q its Z bits, a bit a path.
The rotations are those of the circuit, not of the frame, whose axes are long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from bplint.analyses.moments.blocks import Blocks
from bplint.analyses.moments.coherence import fixed_angles
from bplint.ir.circuit import ROTATION, Circuit, Codes, Index, Offsets, Turns
from bplint.ir.clifford import clifford
from bplint.ir.frame import quarter_turns

Words: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.uint64]]"
Counts: TypeAlias = Offsets

_MASK_BYTES = 192 << 20
"""Memory for the record of who met which rotation, in bytes; it limits the paths of one batch."""

_MAX_WORDS = 512
_DIGITS = 32
"""Binary digits of a flip probability: sin²φ is rounded to a multiple of 2^-32."""


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Of ``paths`` paths ``hits`` ended with I and Z alone, and ``met_hits[k]`` of these met free rotation k.

    Free rotations are numbered in circuit order; ``met_hits`` is int64 (rotations,).
    """

    paths: int
    hits: int
    met_hits: Counts

    def __add__(self, other: Hits) -> Hits:
        return Hits(self.paths + other.paths, self.hits + other.hits, self.met_hits + other.met_hits)


class PathSampler:
    """The paths of one circuit and loss. Equal seeds and calls give equal counts."""

    def __init__(self, circuit: Circuit, blocks: Blocks, seed: int) -> None:
        self._n = circuit.n_qubits
        self._blocks = blocks
        self._seed = seed
        self._steps, self._order = _schedule(circuit)
        words = _MASK_BYTES // (8 * max(self.n_free, 1))
        self.batch = 64 * min(max(words, 1), _MAX_WORDS)
        """Paths that fit in one batch, a multiple of 64."""

    @property
    def n_free(self) -> int:
        """Number of free rotations."""
        return len(self._order)

    def sample(self, first: int, paths: int) -> Hits:
        """One batch: paths number ``first`` and following. ``paths`` is a multiple of 64, best at most ``batch``."""
        if paths % 64:
            raise ValueError(f"want a multiple of 64 paths, got {paths}")
        random = np.random.Generator(np.random.PCG64([self._seed, first]))
        planes = _start(self._blocks, self._n, paths, random)
        met = np.empty((self.n_free, paths // 64), dtype=np.uint64)
        for step in self._steps:
            if isinstance(step, _Cliffords):
                _permute(planes, step)
            else:
                _turn(planes, met, step, random)
        hit = ~np.bitwise_or.reduce(planes[: self._n], axis=0)
        some = np.flatnonzero(hit)  # few words have a hit when the loss is concentrated
        met_hits = np.empty(self.n_free, dtype=np.int64)
        met_hits[self._order] = np.bitwise_count(met[:, some] & hit[some]).sum(axis=1, dtype=np.int64)
        return Hits(paths, int(np.bitwise_count(hit).sum(dtype=np.int64)), met_hits)


@dataclass(frozen=True, slots=True, eq=False)
class _Turns:
    """k rotations of one moment about axes that span p planes each.

    A string anticommutes with axis i if its bits in the planes ``reads[:, i]`` have odd sum; a flip adds the axis,
    which has ones in the planes ``writes[:, i]`` (both (p, k)). Flips have probability ``chance`` / 2^32. Row
    ``row`` + i of the record says who met free rotation i; fixed ones have no ``row``.
    """

    reads: Index
    writes: Index
    chance: int
    row: int | None


@dataclass(frozen=True, slots=True, eq=False)
class _Cliffords:
    """k equal Cliffords of one moment: plane ``targets[t][i]`` becomes the sum of the planes ``sources[t][:, i]``."""

    targets: tuple[Index, ...]
    sources: tuple[Index, ...]


def _start(blocks: Blocks, n: int, paths: int, random: np.random.Generator) -> Words:
    """Planes of strings after the circuit, drawn with probability proportional to their weight."""
    planes = np.zeros((2 * n, paths // 64), dtype=np.uint64)
    if blocks.projector:
        rows = np.array(blocks.projector) + n
        planes[rows] = _words(random, (len(rows), paths // 64))
        while (identity := ~np.bitwise_or.reduce(planes[rows], axis=0)).any():
            planes[rows] |= _words(random, (len(rows), paths // 64)) & identity
        return planes
    weights = np.array([weight for _, weight in blocks.starts])
    # Which path starts where does not matter, only how many do: equal strings are neighbours.
    counts = random.multinomial(paths, weights / weights.sum())
    bits = _bits([start for start, _ in blocks.starts], 2 * n)
    rows = np.flatnonzero(bits.any(axis=0))
    planes[rows] = np.packbits(np.repeat(bits[:, rows].T, counts, axis=1), axis=1, bitorder="little").view(np.uint64)
    return planes


def _turn(planes: Words, met: Words, step: _Turns, random: np.random.Generator) -> None:
    record = None if step.row is None else met[step.row : step.row + step.reads.shape[1]]
    anticommute: Words = np.take(planes, step.reads[0], axis=0, out=record, mode="clip")
    for plane in step.reads[1:]:
        anticommute ^= planes[plane]
    flip = anticommute
    if step.chance < 1 << _DIGITS:
        flip = _coins(random, step.chance, anticommute.shape)
        flip &= anticommute
    for plane in step.writes:
        planes[plane] ^= flip


def _permute(planes: Words, step: _Cliffords) -> None:
    images = [np.bitwise_xor.reduce(planes[rows], axis=0) for rows in step.sources]
    for rows, image in zip(step.targets, images, strict=True):
        planes[rows] = image


def _coins(random: np.random.Generator, chance: int, shape: tuple[int, ...]) -> Words:
    """Words whose bits are 1 with probability ``chance`` / 2^32, independently: one random word a binary digit."""
    trailing = (chance & -chance).bit_length() - 1
    coins = _words(random, shape)  # the last digit that is 1 gives ½
    for digit in range(trailing + 1, _DIGITS):
        # Each digit in front of it halves the probability, and adds ½ if it is 1.
        if chance >> digit & 1:
            coins |= _words(random, shape)
        else:
            coins &= _words(random, shape)
    return coins


def _words(random: np.random.Generator, shape: tuple[int, ...]) -> Words:
    return random.integers(0, 1 << 64, size=shape, dtype=np.uint64)


def _bits(strings: list[int], width: int) -> Codes:
    """Strings as a matrix of bits, (strings, width)."""
    size = (width + 7) // 8
    packed = np.frombuffer(b"".join(s.to_bytes(size, "little") for s in strings), dtype=np.uint8)
    return np.unpackbits(packed.reshape(-1, size), axis=1, count=width, bitorder="little")


def _schedule(circuit: Circuit) -> tuple[list[_Turns | _Cliffords], Index]:
    """The steps from the last moment to the first, and the free rotation that each row of the record belongs to.

    Operations of one moment act on disjoint qubits, so those of one kind are done at once. Two operations that share a
    qubit have different moments, the later one the higher.
    """
    n = circuit.n_qubits
    quarters = quarter_turns(circuit)
    chance, free = _chances(circuit, quarters), quarters == -1
    reads, writes, offset, n_planes = _planes(circuit)
    kinds = np.stack([-circuit.moment.astype(np.int64), circuit.code, free, n_planes, chance])
    live = np.flatnonzero((circuit.code != ROTATION) | (chance > 0))
    live = live[np.lexsort(kinds[::-1, live])]
    edges = np.flatnonzero((kinds[:, live[1:]] != kinds[:, live[:-1]]).any(axis=0)) + 1
    number = np.cumsum(free) - 1
    steps: list[_Turns | _Cliffords] = []
    order: list[Index] = []
    row = 0
    for group in np.split(live, edges) if len(live) else ():
        first = group[0]
        if circuit.code[first] != ROTATION:
            qubits = circuit.qubits[circuit.start[group] + np.arange(len(circuit.operands(first)))[:, None]]
            steps.append(_cliffords(int(circuit.code[first]), qubits.astype(np.intp), n))
            continue
        places = offset[group] + np.arange(n_planes[first])[:, None]
        steps.append(_Turns(reads[places], writes[places], int(chance[first]), row if free[first] else None))
        if free[first]:
            order.append(number[group])
            row += len(group)
    return steps, np.concatenate(order) if order else np.empty(0, dtype=np.intp)


def _chances(circuit: Circuit, quarters: Turns) -> Counts:
    """Flip probability of each operation in units of 2^-32; 0 for Cliffords.

    An angle that is not known gets ½: :mod:`.coherence` lets it pass only where it does not matter.
    """
    odd = quarters % 2
    chance = np.where(quarters == -2, np.sin(fixed_angles(circuit)) ** 2, np.where(quarters == -1, 0.5, odd))
    return np.rint(np.nan_to_num(chance, nan=0.5) * 2.0**_DIGITS).astype(np.int64)


def _planes(circuit: Circuit) -> tuple[Index, Index, Index, Counts]:
    """Planes that the rotations read, planes that they write, and of each operation its offset and number in both."""
    n, letters = circuit.n_qubits, circuit.letters
    entry = np.repeat(np.arange(len(circuit)), np.diff(circuit.start))
    with_x, with_z = np.flatnonzero(letters & 1), np.flatnonzero(letters & 2)
    operation = np.concatenate([entry[with_x], entry[with_z]])
    writes = np.concatenate([circuit.qubits[with_x], circuit.qubits[with_z] + n])[np.argsort(operation, kind="stable")]
    number = np.bincount(operation, minlength=len(circuit))
    return ((writes + n) % (2 * n)).astype(np.intp), writes.astype(np.intp), np.cumsum(number) - number, number


def _cliffords(code: int, qubits: Index, n: int) -> _Cliffords:
    """One Clifford on the columns of ``qubits`` (arity, k), sign-free."""
    row = clifford(code)
    planes = np.concatenate([qubits, qubits + n])
    origins = [a + part * row.n_qubits for a in range(row.n_qubits) for part in (0, 1)]  # of the images, in their order
    targets, sources = [], []
    for target in range(2 * row.n_qubits):
        source = [origin for origin, (string, _) in zip(origins, row.images, strict=True) if string >> target & 1]
        if source != [target]:
            targets.append(planes[target])
            sources.append(planes[source])
    return _Cliffords(tuple(targets), tuple(sources))

"""Samples Pauli paths: one string a path, carried backwards through the circuit, 64 paths a machine word.

A Clifford permutes strings. A rotation whose axis G commutes with the string leaves it; otherwise the string P becomes
iGP with probability E[sin²φ], which is ½ for a uniform angle. The path *hits* if it ends with I and Z alone. Then for
independent angles (theorems of Letcher et al. 2309.12681 and Heyraud et al. 2302.04649, for uniform ones)

    E[l²] = total · P(hit),    E[(∂_k l)²] = total · E[1{hit} · w_k]

for paths whose starts are drawn with probability weight/total (:mod:`.blocks`). w_k = 0 if the string does not *meet*
rotation k, that is arrive there with a string that anticommutes with its axis G_k; else, with q_k = E[sin²φ_k], it is
q/(1-q) if the string stays there and (1-q)/q if it flips: 1 if uniform. Signs never matter.

* *Laws* (:mod:`.laws`). A pair of strings P, Q keeps its product D = PQ, so a start is P with D (:mod:`.pairs`). Where
  D anticommutes with a free axis, P may not flip. Of the paths that hit, those that never flip make up the mean squared,
  where a string that stays is taken as unmoved with probability E[cos φ]²/E[cos²φ]; ``hits`` leaves them out.
* *Small angles*. (1-q)/q explodes. Paths may instead *differentiate* one rotation each, where the chances of staying and
  flipping are exchanged: the share of those that meet it and hit is E[(∂_k l)²]/total, with no weight.
* *Noise* multiplies P and Q by a factor each: the path is killed with the complementary probability.
* *The end*. What the first rotations of the qubits do is averaged (:mod:`.leading`): a path that comes to them hits with
  a known chance V, and P(hit) is the mean of V. Where V counts for other rotations it is first rounded at random to a
  power of two or zero, so that few paths are left and whole words of them have one value.

The rotations are those of the circuit, not of the frame, whose axes are long.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bplint.analyses.gradients.paths.averaged_end import Leading, bits, leading, letters
from bplint.analyses.gradients.paths.bit_planes import Words, coins, count, parity, permute, planes_of, turn
from bplint.analyses.gradients.paths.compiled_program import CompiledProgram, programs, worthwhile
from bplint.analyses.gradients.paths.interfering_terms import Blocks
from bplint.analyses.gradients.paths.schedule import Cliffords, Noisy, Rotations, Schedule, Step
from bplint.ir.circuit import Floats, Index

_MASK_BYTES = 192 << 20
"""Memory for the record of who met which rotation, in bytes; it limits the paths of one batch."""

_COPIED = 1 << 21
"""Words of the record that are copied at once to be counted."""

_MAX_WORDS = 512

_KEPT = 2
"""Paths a word that count for the rotations in the middle of the circuit, on average."""


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Of ``paths`` paths ``hits`` ended with I and Z alone, and not as part of the mean.

    ``met_hits[k]`` of the paths that ended so met free rotation k, ``flip_hits[k]`` of these flipped there, which is
    counted only if its law is not uniform. Free rotations are numbered in circuit order; both are float64 (rotations,).
    A path counts in each as a number between 0 and ``PathSampler.most``.
    """

    paths: int
    hits: float
    met_hits: Floats
    flip_hits: Floats

    def __add__(self, other: Hits) -> Hits:
        return Hits(
            self.paths + other.paths,
            self.hits + other.hits,
            self.met_hits + other.met_hits,
            self.flip_hits + other.flip_hits,
        )


def hit_chances(schedule: Schedule, planes: Words, seed: int) -> Floats:
    """For strings after the circuit, given as planes, a number each whose mean is the chance of its paths to hit.

    float64 (64 · words,). It is E[<P>²] of the string P, its mean squared included. Without noise. The planes are used up.
    """
    end = leading(schedule.n_qubits, schedule.steps[schedule.leading :])
    record: Words = np.empty((0, planes.shape[1]), dtype=np.uint64)  # nobody asks who met which rotation
    walk = _PathWalk(planes, None, record, np.random.Generator(np.random.SFC64(seed)))
    walk.take(schedule.steps[: schedule.leading])
    return letters(walk.planes).product(end.hits)


class PathSampler:
    """The paths of one circuit and loss. Equal seeds and calls give equal counts."""

    def __init__(self, schedule: Schedule, blocks: Blocks, seed: int) -> None:
        self._schedule = schedule
        self._blocks = blocks
        self._seed = seed
        self._biased = sum(s.reads.shape[1] for s in schedule.steps if isinstance(s, Rotations) and s.biased)
        self._noisy = any(isinstance(step, Noisy) for step in schedule.steps)
        self._paired = any(blocks.products)
        words = _MASK_BYTES // (8 * max(self.n_free + self._biased, 1))
        self.batch = 64 * min(max(words, 1), _MAX_WORDS)
        """Paths that fit in one batch, a multiple of 64."""
        self._leading: Leading | None = None
        self.most = 1.0
        """The most that one of the paths of :meth:`sample` counts."""
        if schedule.leading < len(schedule.steps) and not self._paired:
            self._leading = leading(schedule.n_qubits, schedule.steps[schedule.leading :])
            self.most = self._leading.most
        self._steps = schedule.steps[: schedule.leading if self._leading else None]
        self._drawn = self.n_free - (len(self._leading.rows) if self._leading else 0)
        self._operations = sum(_operations(step) for step in schedule.steps)
        self._programs: list[Step | CompiledProgram] | None = None
        self._record: Words = np.empty((0, 0), dtype=np.uint64)  # kept, for fresh memory of this size takes its time

    @property
    def n_free(self) -> int:
        """Number of free rotations."""
        return len(self._schedule.order)

    @property
    def compiled(self) -> bool:
        """Whether paths now run through the compiled loop, which counts the same."""
        return self._programs is not None

    def sample(self, first: int, paths: int) -> Hits:
        """One batch: paths number ``first`` and following. ``paths`` is a multiple of 64, best at most ``batch``."""
        walk = self._walk([self._seed, first], paths, self._drawn)
        if not (self.compiled or self._biased or self._paired) and worthwhile(self._operations * paths):
            self._programs = programs(self._steps)
        if self._biased:
            walk.flips = np.zeros((self._drawn, paths // 64), dtype=np.uint64)
            walk.unmoved = ~np.zeros(paths // 64, dtype=np.uint64)
        walk.take(self._programs or self._steps)
        return walk.end(self._schedule) if self._leading is None else walk.average(self._schedule, self._leading)

    def differentiate(self, first: int, paths: int, rotations: Index) -> Hits:
        """Like :meth:`sample`, but each path differentiates one of some free rotations, numbered in circuit order.

        Each of them gets an equal number, the ``paths`` of the answer, and ``met_hits`` counts its own. There are no ``hits``.
        """
        walk = self._walk([self._seed, first, 1], paths, self.n_free)
        each = paths // len(rotations)
        walk.choose(np.argsort(self._schedule.order)[rotations], each)
        walk.take(self._schedule.steps)
        counted = walk.end(self._schedule)
        return Hits(each, 0, counted.met_hits, counted.flip_hits)

    def _walk(self, seed: list[int], paths: int, rotations: int) -> _PathWalk:
        if paths % 64:
            raise ValueError(f"want a multiple of 64 paths, got {paths}")
        random = np.random.Generator(np.random.SFC64(seed))
        planes, products = _start(self._blocks, self._schedule.n_qubits, paths, random)
        if self._record.shape != (rotations, paths // 64):
            self._record = np.empty((rotations, paths // 64), dtype=np.uint64)
        walk = _PathWalk(planes, products, self._record, random)
        if self._noisy:
            walk.killed = np.zeros(paths // 64, dtype=np.uint64)
        return walk


@dataclass(slots=True, eq=False)
class _PathWalk:
    """Strings under way: their planes, the planes of their products with their partners if not all are the identity.

    ``met`` records who met which free rotation, ``flips`` who flipped there: of the first in the order of the steps, as
    many as are drawn. What is None is not needed.
    """

    planes: Words
    products: Words | None
    met: Words
    random: np.random.Generator
    flips: Words | None = None
    unmoved: Words | None = None
    killed: Words | None = None
    chooses: bool = False

    def choose(self, rotations: Index, each: int) -> None:
        """Let ``each`` paths, drawn at random, differentiate each of the rotations; ``met`` holds who does until then."""
        paths = np.uint64(1) << np.arange(64, dtype=np.uint64)
        lanes = self.random.permutation(64 * self.met.shape[1])[: each * len(rotations)]
        self.met[:] = 0
        np.bitwise_or.at(self.met, (np.repeat(rotations, each), lanes >> 6), paths[lanes & 63])
        self.chooses = True

    def take(self, steps: Sequence[Step | CompiledProgram]) -> None:
        """Carry the strings back through some steps."""
        for step in steps:
            if isinstance(step, Cliffords):
                permute(self.planes, step)
                if self.products is not None:
                    permute(self.products, step)
            elif isinstance(step, Rotations):
                self._turn(step)
            elif isinstance(step, CompiledProgram):
                step.run(self.planes, self.met, self.random)
            else:
                self._damp(step)

    def end(self, schedule: Schedule) -> Hits:
        """Count once all steps are taken."""
        hit = ~np.bitwise_or.reduce(self.planes[: schedule.n_qubits], axis=0)
        if self.killed is not None:
            hit &= ~self.killed
        met_hits, flip_hits = self._count(schedule, [(1.0, hit)])
        if self.unmoved is not None:
            hit &= ~self.unmoved
        return Hits(64 * len(hit), float(count(hit)), met_hits, flip_hits)

    def average(self, schedule: Schedule, end: Leading) -> Hits:
        """Count once the steps but the leading ones are taken, averaged over these."""
        seen = letters(self.planes)
        chance = seen.product(end.hits)
        met_hits, flip_hits = self._count(schedule, _rounded(chance, end.most, self.random))
        totals = seen.totals(chance, schedule.n_qubits)[end.qubits]
        rows = schedule.order[end.rows]
        met_hits[rows], flip_hits[rows] = ((share * totals).sum(axis=1) for share in (end.met, end.flips))
        hits = float(chance.sum())
        if self.unmoved is not None:
            hits -= float((seen.product(end.unmoved) * bits(self.unmoved)).sum())
        return Hits(len(chance), hits, met_hits, flip_hits)

    def _count(self, schedule: Schedule, weighted: Iterable[tuple[float, Words]]) -> tuple[Floats, Floats]:
        """Sums of the weights of the paths that met and that flipped at each rotation, in circuit order."""
        met_hits, flip_hits = np.zeros((2, len(schedule.order)))
        order = schedule.order[: len(self.met)]
        for weight, hit in weighted:
            some = np.flatnonzero(hit)  # few words have a hit when the loss is concentrated
            met_hits[order] += weight * _counted(self.met, some, hit[some])
            if self.flips is not None:
                flip_hits[order] += weight * _counted(self.flips, some, hit[some])
        return met_hits, flip_hits

    def _turn(self, step: Rotations) -> None:
        if step.quarter:
            turn(self.planes, step)
            if self.products is not None:
                turn(self.products, step)
            return
        record = (
            None if step.first is None or not len(self.met) else self.met[step.first : step.first + step.reads.shape[1]]
        )
        chosen = record.copy() if self.chooses and record is not None else None
        anticommute = parity(self.planes, step.reads, record)
        if self.products is not None and step.biased:
            anticommute &= ~parity(self.products, step.reads)
        flip = coins(self.random, step.flip, anticommute.shape)
        if chosen is not None:
            flip ^= chosen
        flip &= anticommute
        for plane in step.writes:
            self.planes[plane] ^= flip
        if step.first is not None and step.biased and self.flips is not None:
            self.flips[step.first : step.first + len(flip)] = flip
        if self.unmoved is not None:
            moved = anticommute
            if step.biased:
                moved = anticommute & ~coins(self.random, step.mean**2 / (1 - step.flip), flip.shape) | flip
            self.unmoved &= ~np.bitwise_or.reduce(moved, axis=0)
        if record is not None and chosen is not None:
            record &= chosen

    def _damp(self, step: Noisy) -> None:
        """Kill strings, and strings for their partners, each with the complement of its factor."""
        assert self.killed is not None
        n = len(self.planes) // 2
        x, z = self.planes[step.qubits], self.planes[step.qubits + n]
        if self.products is None:
            self.killed |= self._deaths(step, x, z, 2)
            return
        self.killed |= self._deaths(step, x, z, 1)
        self.killed |= self._deaths(step, x ^ self.products[step.qubits], z ^ self.products[step.qubits + n], 1)

    def _deaths(self, step: Noisy, x: Words, z: Words, power: int) -> Words:
        dead: Words = np.zeros(x.shape[-1], dtype=np.uint64)
        if step.joint < 1:
            somewhere = np.bitwise_or.reduce(x | z, axis=0)
            dead |= np.bitwise_or.reduce(somewhere & self._fate(step.joint**power, somewhere.shape), axis=0)
        for factor, letter in zip(step.local, (x & ~z, z & ~x, x & z), strict=True):
            if factor < 1:
                dead |= np.bitwise_or.reduce(letter & self._fate(factor**power, letter.shape), axis=(0, 1))
        return dead

    def _fate(self, survival: float, shape: tuple[int, ...]) -> Words:
        return coins(self.random, 1 - survival, shape)


def _counted(rows: Words, columns: Index, mask: Words) -> Index:
    """Bits of some columns of each row that are in the mask; a part of the rows at a time, as a copy of all is large."""
    height = max(_COPIED // max(len(columns), 1), 1)
    counts = np.zeros(len(rows), dtype=np.intp)
    for k in range(0, len(rows), height):
        part = rows[k : k + height].take(columns, axis=1)
        part &= mask
        counts[k : k + height] = count(part)
    return counts


def _operations(step: Step) -> int:
    """How many operations a step is."""
    if isinstance(step, Rotations):
        return len(step.reads[0])
    return len(step.targets[0]) if isinstance(step, Cliffords) and step.targets else 1


def _rounded(chances: Floats, most: float, random: np.random.Generator) -> Iterator[tuple[float, Words]]:
    """Values up to ``most`` rounded at random, each to a power of two or zero of which it is the mean, as sets of paths.

    The power is the next one above, but none so small that more than ``_KEPT`` paths a word are left on average.
    """
    total = float(chances.sum())
    if not total:
        return
    finest = min(math.ceil(math.log2(total / (_KEPT * len(chances) / 64))), round(math.log2(most)))
    kept = np.flatnonzero(random.random(len(chances)) * math.ldexp(1.0, finest) < chances)
    values = np.maximum(chances[kept], math.ldexp(1.0, finest))
    fraction, powers = np.frexp(values)
    powers -= fraction == 0.5
    rounded = random.random(len(kept)) < np.ldexp(values, -powers)
    for power in sorted(set(powers.tolist())):  # np.unique would import numpy.ma
        chosen = np.zeros(len(chances), dtype=bool)
        chosen[kept[rounded & (powers == power)]] = True
        yield math.ldexp(1.0, power), np.packbits(chosen, bitorder="little").view(np.uint64)


def _start(blocks: Blocks, n: int, paths: int, random: np.random.Generator) -> tuple[Words, Words | None]:
    """Planes of strings after the circuit, drawn with probability proportional to their weight, and of their products."""
    planes = np.zeros((2 * n, paths // 64), dtype=np.uint64)
    if blocks.projector:
        rows = np.array(blocks.projector) + n
        square = blocks.readout**2
        identity = ~np.zeros(paths // 64, dtype=np.uint64)
        while identity.any():
            planes[rows] |= coins(random, square / (1 + square), (len(rows), paths // 64)) & identity
            identity = ~np.bitwise_or.reduce(planes[rows], axis=0)
        return planes, None
    weights = np.array([weight for _, weight in blocks.starts])
    # Which path starts where does not matter, only how many do: equal strings are neighbours.
    counts = random.multinomial(paths, weights / weights.sum())
    drawn = np.flatnonzero(counts)
    strings = [blocks.starts[i][0] for i in drawn]
    products = planes_of([blocks.products[i] for i in drawn], counts[drawn], n) if any(blocks.products) else None
    return planes_of(strings, counts[drawn], n), products

"""Samples the loss and all its derivatives on state vectors: for circuits on few qubits whatever their angles share.

Angles are drawn from their laws; one sweep forwards and one back gives the loss and its derivative by every rotation (the
adjoint method, Jones and Gacon 2009.02823). All is seen in the frame, so that only rotations are left, and qubits on which
no rotation and no term has X or Y are left out. *Uniform* means uniform over the common period of the rotations that a
parameter turns. With scales of two classes without a ratio it means two independent angles, and with more of them a stretch
of 2^20 periods.

Samples are drawn in stages until bounds decide whether the largest second moment of a gradient lies below a threshold.
They are those of :mod:`bplint.bounds` on values divided by their largest possible one, at an equal share of the level.
From below that would be weak, as the largest possible value is far above the mean: but E[min(v, cap)] is at most E[v] for any
cap, so the best of a few caps is taken.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from bplint.analyses.gradients.answer import Answer, Declined, Number, Slope, variance
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem, Rotation, base, phases, rotations, scales
from bplint.bounds import Status, lower_bound, upper_bound
from bplint.ir.circuit import Floats, Index
from bplint.ir.law import Law, Shape
from bplint.ir.observable import Observable
from bplint.ir.pauli import ones, x_part

METHOD = "state-vector"

MAX_QUBITS = 14
"""Of those that are not left out."""

STAGES = (1 << 8, 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18)
"""Samples drawn in all by the end of each stage; the last one is as far as the work goes."""

FEWEST = 8
"""Samples without which there is no answer."""

PRICE = 1 << 5
"""Operations an amplitude costs at each rotation of each sample."""

_BATCH = 1 << 14
"""Amplitudes of one batch: a few of them fit in a cache."""

_CAPS = 4.0 ** -np.arange(10)
"""Caps on a value for its bound from below, as shares of the largest possible one."""

_LONG = 1 << 20
_DISPLAY = 0.05 / 2

Complex: TypeAlias = "np.ndarray[tuple[int, ...], np.dtype[np.complex128]]"


def dense_cost(problem: Problem) -> int | Declined:
    """Operations of the first stage, or why there are no state vectors."""
    if not problem.noise.is_trivial:
        return Declined("state vectors know no noise")
    found = rotations(problem)
    if isinstance(found, Declined):
        return found
    n_qubits = len(_qubits(found, problem))
    if n_qubits > MAX_QUBITS:
        return Declined(f"{n_qubits} qubits are too many for state vectors")
    return STAGES[0] * _each(found, n_qubits)


def dense_moments(problem: Problem, effort: Effort) -> Answer | Declined:
    """Estimates; ``Declined`` for more than 14 qubits, an angle that is not given or less work than a few samples take."""
    if not problem.noise.is_trivial:
        return Declined("state vectors know no noise")
    found = rotations(problem)
    if isinstance(found, Declined):
        return found
    simulator = _Simulator.of(found, problem)
    if isinstance(simulator, Declined):
        return simulator
    most = effort.work // _each(found, simulator.n_qubits)
    if most < FEWEST:
        return Declined(f"{FEWEST} samples of {len(found):,} rotations on {simulator.n_qubits} qubits are too many")
    stages = [samples for samples in STAGES if samples <= most] or [most]
    trained = scales(problem)
    draw = _Angles(problem, found)
    slopes = _slopes(found, trained)
    tops = simulator.spread * np.abs(slopes).sum(axis=1)
    totals = _Totals.zero(tops)
    share = effort.level / len(stages)
    batch = max(_BATCH >> simulator.n_qubits, 1)
    late = False
    upper = lower = 0.0
    for stage in stages:
        while totals.samples < stage and not late:
            size = min(batch, stage - totals.samples)
            random = np.random.Generator(np.random.PCG64([effort.seed, totals.samples]))
            totals = totals.plus(*simulator.run(draw(random, size)), slopes, tops)
            late = effort.late
        upper, lower = _largest(totals, tops, share)
        if late or upper < effort.threshold or lower > effort.threshold:
            break
    decided = upper < effort.threshold or lower > effort.threshold
    ended = f"{'stopped by the clock' if late else 'the plan ended'} after {totals.samples:,} samples"
    mean, second, gradients = _numbers(totals, problem.loss, simulator.spread, tops, list(trained))
    return Answer(
        method=METHOD,
        status=Status.ESTIMATED,
        mean=mean,
        second_moment=second,
        variance=variance(mean, second),
        slopes=gradients,
        largest=(lower, upper),
        level=effort.level,
        samples=totals.samples,
        reason="" if decided else ended,
    )


def _each(found: Sequence[Rotation], n_qubits: int) -> int:
    """Operations of one sample."""
    return PRICE * max(len(found), 1) << n_qubits


def _qubits(found: Sequence[Rotation], problem: Problem) -> list[int]:
    """Those on which a rotation or a term has X or Y: the others stay |0>."""
    n, loss = problem.circuit.n_qubits, problem.loss
    strings = [problem.frame.pull(1 << (q + n))[0] for q in loss.projector]
    strings += [problem.frame.pull(string)[0] for string, _ in loss.terms]
    mask = 0
    for string in (*(r.axis for r in found), *strings):
        mask |= x_part(string, n)
    return list(ones(mask))


class _Pauli(NamedTuple):
    """P ψ is ``sign`` · ψ[``source``], with ``source`` None for a diagonal P."""

    source: Index | None
    sign: Complex

    @classmethod
    def of(cls, string: int, qubits: Sequence[int], n: int) -> _Pauli:
        x = sum((string >> q & 1) << i for i, q in enumerate(qubits))
        z = sum((string >> (q + n) & 1) << i for i, q in enumerate(qubits))
        source = np.arange(1 << len(qubits)) ^ x
        odd = np.bitwise_count(source & z) & 1
        phase = 1j ** ((x & z).bit_count() & 3)
        return cls(source if x else None, (phase * (1.0 - 2.0 * odd))[:, None])

    def __call__(self, state: Complex) -> Complex:
        return self.sign * (state if self.source is None else state[self.source])


class _Simulator(NamedTuple):
    """States are (amplitudes, samples). ``terms`` are pairs (P, coefficient), factors (1 + P)/2 if ``is_projector``.

    |l - constant| is at most ``spread`` for a sum, and every derivative by a rotation angle for both.
    """

    n_qubits: int
    axes: Sequence[_Pauli]
    terms: Sequence[tuple[_Pauli, float]]
    is_projector: bool
    constant: float
    spread: float

    @classmethod
    def of(cls, found: Sequence[Rotation], problem: Problem) -> _Simulator | Declined:
        frame, observable, n = problem.frame, problem.loss, problem.circuit.n_qubits
        terms = [(1 << (q + n), 1.0) for q in observable.projector] or observable.terms
        pulled = [(*frame.pull(s), c) for s, c in terms]
        qubits = _qubits(found, problem)
        if len(qubits) > MAX_QUBITS:
            return Declined(f"{len(qubits)} qubits are too many for state vectors")
        known = {axis: _Pauli.of(axis, qubits, n) for axis in dict.fromkeys(r.axis for r in found)}
        paulis = [(_Pauli.of(s, qubits, n), -c if negative else c) for s, negative, c in pulled]
        spread = 0.5 if observable.projector else math.fsum(abs(c) for _, c in observable.terms)
        return cls(
            len(qubits),
            [known[r.axis] for r in found],
            paulis,
            bool(observable.projector),
            observable.constant,
            spread,
        )

    def run(self, angles: Floats) -> tuple[Floats, Floats]:
        """l (samples,) and its derivatives by the rotation angles (rotations, samples), given the angles."""
        cos, sin = np.cos(angles / 2), 1j * np.sin(angles / 2)
        state = np.zeros((1 << self.n_qubits, angles.shape[1]), dtype=np.complex128)
        state[0] = 1
        for k, axis in enumerate(self.axes):
            state = cos[k] * state - sin[k] * axis(state)
        image = self._observed(state)
        loss = self.constant + _inner(state, image).real
        derivatives = np.empty(angles.shape)
        for k in range(len(self.axes) - 1, -1, -1):
            axis = self.axes[k]
            turned = axis(state)
            derivatives[k] = _inner(image, turned).imag
            state = cos[k] * state + sin[k] * turned
            image = cos[k] * image + sin[k] * axis(image)
        return loss, derivatives

    def _observed(self, state: Complex) -> Complex:
        if not self.is_projector:
            image = np.zeros_like(state)
            for pauli, coefficient in self.terms:
                image += coefficient * pauli(state)
            return image
        for pauli, sign in self.terms:
            state = (state + sign * pauli(state)) / 2
        return state


def _inner(left: Complex, right: Complex) -> Complex:
    """<left|right> of each sample."""
    return np.asarray(np.einsum("as,as->s", left.conj(), right))


class _Angles:
    """Draws the angle of every rotation."""

    def __init__(self, problem: Problem, found: Sequence[Rotation]) -> None:
        self._offsets = np.array([r.offset for r in found])[:, None]
        self._sources: list[tuple[Callable[[np.random.Generator, int], Floats], Floats]] = []
        for parameter in sorted({p for r in found for p, _ in r.terms}):
            law = problem.laws.law(problem.circuit.parameters[parameter])
            column = np.array([math.fsum(c for p, c in r.terms if p == parameter) for r in found])
            if not column.any():
                continue
            classes = phases(column[column != 0].tolist()) if law.is_uniform else [[]]
            if len(classes) > 2:
                width = _LONG * 2 * math.pi / min(abs(c) for c in column if c)
                self._sources.append((_sampler(Law(Shape.RANGE, width / 2)), column))
                continue
            for members in classes:
                chosen = np.isin(np.abs(column), members) if members else np.ones(len(column), dtype=bool)
                source = Law(Shape.RANGE, math.pi / base(members)) if members else law
                self._sources.append((_sampler(source), np.where(chosen, column, 0.0)))

    def __call__(self, random: np.random.Generator, samples: int) -> Floats:
        """Angles, float64 (rotations, samples)."""
        angles = np.repeat(self._offsets, samples, axis=1)
        for source, column in self._sources:
            angles += column[:, None] * source(random, samples)
        return angles


def _sampler(law: Law) -> Callable[[np.random.Generator, int], Floats]:
    if law.shape is Shape.NORMAL:
        return lambda random, samples: law.mean + law.width * random.standard_normal(samples)
    return lambda random, samples: law.mean + law.width * random.uniform(-1, 1, samples)


def _slopes(found: Sequence[Rotation], trained: Mapping[int, float]) -> Floats:
    """d(angle of the rotation)/d(normalised parameter), (parameters, rotations)."""
    result = np.zeros((len(trained), len(found)))
    row = {parameter: i for i, parameter in enumerate(trained)}
    for k, rotation in enumerate(found):
        for parameter, coefficient in rotation.terms:
            if parameter in row:
                result[row[parameter], k] += coefficient / trained[parameter]
    return result


class _Totals(NamedTuple):
    """Sums over samples of l, l², ∂l and (∂l)², the last two (parameters,), and of min((∂l)², cap), (caps, parameters)."""

    samples: int
    loss: float
    loss_second: float
    slope: Floats
    slope_second: Floats
    capped: Floats

    @classmethod
    def zero(cls, tops: Floats) -> _Totals:
        return cls(0, 0.0, 0.0, np.zeros(len(tops)), np.zeros(len(tops)), np.zeros((len(_CAPS), len(tops))))

    def plus(self, loss: Floats, derivatives: Floats, slopes: Floats, tops: Floats) -> _Totals:
        gradient = slopes @ derivatives
        square = gradient**2
        capped = [np.minimum(square, cap * tops[:, None] ** 2).sum(axis=1) for cap in _CAPS]
        return _Totals(
            self.samples + len(loss),
            self.loss + float(loss.sum()),
            self.loss_second + float((loss**2).sum()),
            self.slope + gradient.sum(axis=1),
            self.slope_second + square.sum(axis=1),
            self.capped + np.array(capped),
        )


def _largest(totals: _Totals, tops: Floats, level: float) -> tuple[float, float]:
    """Bounds from above and below on the largest E[(∂l)²], each at ``level``.

    From above each parameter may take all of it: only the one that is truly the largest can make the bound fail.
    """
    upper = lower = 0.0
    highest = tops**2
    for total, top in zip(totals.slope_second.tolist(), highest.tolist(), strict=True):
        if top:
            upper = max(upper, top * upper_bound(min(total / totals.samples / top, 1.0), totals.samples, level))
    means = totals.capped / totals.samples
    for place in np.argsort(-means, axis=None, kind="stable").tolist():
        cap, parameter = divmod(place, len(tops))
        mean, top = float(means[cap, parameter]), float(_CAPS[cap] * highest[parameter])
        if mean <= lower:
            break  # no bound from below exceeds the mean it is of
        lower = max(lower, top * lower_bound(min(mean / top, 1.0), totals.samples, level / means.size))
    return upper, lower


def _numbers(
    totals: _Totals, observable: Observable, spread: float, tops: Floats, parameters: Sequence[int]
) -> tuple[Number, Number, dict[int, Slope]]:
    """E[l], E[l²] and the slopes with their 95 % intervals."""
    samples = totals.samples
    low, high = (0.0, 1.0) if observable.projector else (observable.constant - spread, observable.constant + spread)
    slopes = {
        parameter: Slope(
            _estimate(totals.slope[i], samples, -float(tops[i]), float(tops[i])),
            _estimate(totals.slope_second[i], samples, 0.0, float(tops[i]) ** 2),
        )
        for i, parameter in enumerate(parameters)
    }
    mean = _estimate(totals.loss, samples, low, high)
    return mean, _estimate(totals.loss_second, samples, 0.0, max(low**2, high**2)), slopes


def _estimate(total: float, samples: int, low: float, high: float) -> Number:
    """Of a variable between ``low`` and ``high``."""
    mean, width = float(total) / samples, high - low
    if not width:
        return Number(mean, mean, mean)
    share = min(max((mean - low) / width, 0.0), 1.0)
    return Number(
        mean,
        low + width * lower_bound(share, samples, _DISPLAY),
        low + width * upper_bound(share, samples, _DISPLAY),
    )

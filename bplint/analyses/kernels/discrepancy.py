"""The maximum mean discrepancy and its gradient on the states that a circuit reaches, as an evaluator like any other.

∂L = Σ 2 w_A (<Z_A> - t_A) ∂<Z_A> is the derivative of <O>, O = Σ 2 w_A (<Z_A> - t_A) Z_A with the numbers that the state has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.answer import Answer, Declined
from bplint.analyses.gradients.bit_rows import Keys, odd, packed
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem, rotations
from bplint.analyses.gradients.reachable_states.closure import Amplitudes, Complex, ReachedStates, reached
from bplint.analyses.gradients.reachable_states.coordinates import Coordinates
from bplint.analyses.gradients.reachable_states.evaluator import ReachableStatesEvaluator
from bplint.analyses.gradients.tied.quadrature import grid_size, over_grid
from bplint.analyses.gradients.tied.sampled import Range, sampled
from bplint.analyses.gradients.tied.variables import Drive
from bplint.analyses.kernels.target import TargetSamples
from bplint.ir.circuit import Flags, Floats, Index
from bplint.ir.pauli import multiply

QUBITS = 8
"""All their Z-strings are listed."""

GRID, PART = 4, 8
"""Halvings of the work that a grid of angles may take, and that of one part."""

STATES = 1 << QUBITS
"""Basis states, at most."""

LARGEST = 2.0
"""Of a discrepancy, as the kernel lies between 0 and 1."""

METHOD = "states"


SAMPLES = 256
"""Evaluated at once, at most."""


def state_moments(problem: Problem, target: TargetSamples, effort: Effort) -> Answer | Declined:
    """Moments of L and of its derivatives: exact over a grid of angles where it is small, else of random starts."""
    frame = problem.frame
    if frame.n_qubits > QUBITS:
        return Declined(f"the discrepancy on more than {QUBITS} qubits is not evaluated on states")
    turns = rotations(problem)
    if isinstance(turns, Declined):
        return turns
    drive = Drive(problem, turns)
    images = [frame.pull(1 << (q + frame.n_qubits)) for q in range(frame.n_qubits)]
    evaluator = _evaluator(problem, drive, images, target.share, target.means(_chosen(frame.n_qubits)))
    if evaluator is None:
        return Declined("too many basis states are reached")
    steepest = drive.steepest()
    tops = 4 * (steepest if problem.units is None else np.minimum(steepest, 1.0))
    if grid_size(drive, evaluator) * evaluator.work <= effort.work >> GRID:
        return over_grid(drive, evaluator, tops, LARGEST, 0.0, effort)
    return sampled(METHOD, drive, evaluator, Range(0.0, LARGEST, tops, trusted=True, tame=False), 0.0, effort)


class PartMoments(NamedTuple):
    """E[u²] of u = Σ w <Z_A>² over all strings of a part, the identity among them, and E[(∂u)²] by parameter in its unit."""

    value: float
    slopes: Mapping[int, float]


def part_moments(problem: Problem, images: Sequence[tuple[int, bool]], p: float, effort: Effort) -> PartMoments | None:
    """Of the part whose qubits have these Z in the frame; None unless a grid of angles is small.

    ``problem.alive`` is true for the rotations of the part alone.
    """
    turns = rotations(problem)
    if isinstance(turns, Declined) or len(images) > QUBITS:
        return None
    drive = Drive(problem, turns)
    evaluator = _evaluator(problem, drive, images, p, np.zeros(2 ** len(images) - 1))
    if evaluator is None or grid_size(drive, evaluator) * evaluator.work > effort.work >> PART:
        return None
    answer = over_grid(drive, evaluator, np.full(len(drive.scales), LARGEST), LARGEST, 0.0, effort)
    if isinstance(answer, Declined) or isinstance(answer.slopes, str):
        return None
    mean, second, rest = answer.mean.upper, answer.second_moment.upper, (1 - p) ** len(images)
    slopes = {parameter: slope.second_moment.upper for parameter, slope in answer.slopes.items()}
    return PartMoments(second + 2 * rest * mean + rest**2, slopes)


def _evaluator(
    problem: Problem, drive: Drive, images: Sequence[tuple[int, bool]], p: float, t: Floats
) -> DiscrepancyEvaluator | None:
    n = problem.frame.n_qubits
    coordinates = Coordinates([axis for group in drive.groups for axis in group.generator], n)
    states = reached(drive.groups, coordinates, limit=STATES)
    if states is None:
        return None
    return DiscrepancyEvaluator(states, _z_strings(states, images, n, p, t), len(drive.groups))


class DiscrepancyEvaluator:
    """L at angles of the groups, and its derivatives."""

    offset = 0.0
    constant: float | None = None

    def __init__(self, reached: ReachedStates, strings: ZStrings, n_groups: int) -> None:
        self._inner = ReachableStatesEvaluator(reached, strings, n_groups)
        self.spread = LARGEST
        self.batch = min(self._inner.batch, SAMPLES)
        self.work = 2 * self._inner.work
        self.degrees: Floats = 2 * self._inner.degrees
        """L is of the second degree in the loss of one string."""

    def run(self, angles: Floats) -> tuple[Floats, Floats]:
        """L, float64 (samples,), and its derivatives, (groups, samples), at angles (groups, samples)."""
        seen = self._inner.operator
        assert isinstance(seen, ZStrings)
        apart = seen.expectations(self._inner.states(angles)) - seen.t[:, None]
        _, slopes = self._inner.run(angles)
        return seen.w @ apart**2, slopes


class ZStrings(NamedTuple):
    """All Z-strings but the identity on the reached states, with their w and t: string A takes state ``source[A, b]`` to b, times
    ``value[A, b]``.
    """

    source: Index
    value: Amplitudes
    w: Floats
    t: Floats

    @property
    def size(self) -> float:
        """A bound on |<O>|."""
        return 2 * LARGEST

    @property
    def offset(self) -> float:
        """Nothing is the same at all angles."""
        return 0.0

    @property
    def constant(self) -> float | None:
        """It is not looked for."""
        return None

    @property
    def work(self) -> int:
        """Amplitudes that one application touches."""
        return 3 * self.value.size

    def expectations(self, states: Amplitudes) -> Floats:
        """<Z_A>, float64 (strings, samples)."""
        values = np.empty((len(self.w), states.shape[1]))
        for row, (source, value) in enumerate(zip(self.source, self.value, strict=True)):
            values[row] = np.einsum("bs,b,bs->s", states.conj(), value, states[source]).real
        return values

    def __call__(self, states: Amplitudes) -> Amplitudes:
        """O|ψ> of states in columns."""
        factors = 2 * self.w[:, None] * (self.expectations(states) - self.t[:, None])
        image = np.zeros_like(states)
        for source, value, factor in zip(self.source, self.value, factors, strict=True):
            image += value[:, None] * states[source] * factor
        return image

    def gauged(self, phases: Complex) -> ZStrings:
        """The same for amplitudes of phase·|b>."""
        return self._replace(value=self.value * phases.conj()[None] * phases[self.source])

    def real(self) -> ZStrings:
        """What real amplitudes see of it."""
        return self._replace(value=self.value.real.copy())


def _chosen(qubits: int) -> Flags:
    """All strings but the identity, in the order of their masks, bool (strings, qubits)."""
    return np.asarray(np.arange(1, 2**qubits)[:, None] >> np.arange(qubits) & 1, dtype=bool)


def _z_strings(reached: ReachedStates, images: Sequence[tuple[int, bool]], n: int, p: float, t: Floats) -> ZStrings:
    """The products of the Z that have these images in the frame."""
    states, keys, chosen = reached.states, Keys(reached.coordinates.rank), _chosen(len(images))
    source = np.zeros((len(chosen), len(states)), dtype=np.intp)
    value = np.zeros((len(chosen), len(states)), dtype=np.complex128)
    for row, members in enumerate(chosen):
        string, sign = _product([image for image, inside in zip(images, members, strict=True) if inside], n)
        shift = reached.coordinates.shift(string)
        if shift is None:
            continue  # it leads out: its expectation is zero
        at = states.find(states.words ^ packed([shift.x], keys.width), states.keys ^ np.uint64(keys.of(shift.x)))
        inside = np.flatnonzero(at >= 0)
        signs = np.where(odd(states.words[at[inside]], packed([shift.z], keys.width)), -sign, sign)
        source[row, inside] = at[inside]
        value[row, inside] = 1j**shift.power * signs
    weight = chosen.sum(axis=1)
    return ZStrings(source, value, p**weight * (1 - p) ** (len(images) - weight), t)


def _product(images: Sequence[tuple[int, bool]], n: int) -> tuple[int, float]:
    """Of commuting strings, and its sign."""
    string, power = 0, 0
    for image, negative in images:
        string, k = multiply(string, image, n)
        power += k + 2 * negative
    return string, 1.0 if power % 4 == 0 else -1.0

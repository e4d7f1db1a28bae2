"""The loss and its derivatives at given angles, on the strings that count: one way back and one forth.

Backwards the coordinates o of the loss turn pair by pair; l is their sum over what |0…0> sees. Then v, the derivative of l by
the coordinates, is turned forth: a turn's derivative is Σ (v_second o_first - v_first o_second) over its pairs, whose o are
kept on the way back. Noise multiplies both, and is not undone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from bplint.analyses.gradients.groups import RotationGroup
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.propagation.propagate import Step
from bplint.analyses.gradients.visible_strings.damping import Damping, damped_back, damped_forth
from bplint.analyses.gradients.visible_strings.layers import Layer, layers
from bplint.analyses.gradients.visible_strings.pruning import pruned
from bplint.analyses.gradients.visible_strings.search import WORK, StringFeed, VisibleStrings, search
from bplint.analyses.gradients.visible_strings.string_rows import StringRows
from bplint.ir.circuit import Floats
from bplint.ir.pauli import weight

BATCH = 1 << 16
"""Coordinates of one batch."""

KEPT = 1 << 23
"""Pairs of coordinates that a batch keeps on its way back, at most, if it is more than one sample."""

_PROJECTED = 10
"""Qubits of a projector that is written out as a sum."""

PRICE = 10
"""Operations that a coordinate costs each time a layer turns it, there and back."""

LAYER = 1 << 15
"""Operations that a layer costs besides."""


def evaluator(
    problem: Problem,
    groups: Sequence[RotationGroup],
    *,
    limit: int,
    work: int = WORK,
    seed: int = 0,
    noise: Mapping[int, Sequence[Step]] = MappingProxyType({}),
) -> VisibleStringsEvaluator | None:
    """What evaluates the loss of a problem; None if it takes more than ``limit`` strings or ``work`` to find.

    ``noise`` are the steps in front of each group, by its number, and those behind all. ``KeyCollision``: try another seed.
    """
    loss, n = problem.loss, problem.frame.n_qubits
    if len(loss.projector) > _PROJECTED:
        return None
    offset = loss.written_out().constant if loss.projector else 0.0
    terms = [(string, c * problem.noise.readout_factor(weight(string, n))) for string, c in loss.written_out().terms]
    pulled = problem.frame.pull_sum(terms)
    visible = search(pulled, groups, n, limit=limit, work=work, seed=seed, noise=noise)
    return None if visible is None else VisibleStringsEvaluator(pruned(visible), groups, n, offset)


class VisibleStringsEvaluator:
    """l and its derivatives by the angles ψ of the groups. ``work``: operations of one sample with derivatives.

    ``degrees``: the largest frequency of l in the angle of each group, for neighbours of one angle that only noise parts
    that in the angle of all, told of the first. ``damping``: the most that noise leaves of a string on its way.
    """

    def __init__(
        self, visible: VisibleStrings, groups: Sequence[RotationGroup], n_qubits: int, offset: float = 0.0
    ) -> None:
        self.offset, self.spread = offset, float(np.abs(visible.loss).sum())
        self._loss, self._seen = visible.loss, visible.seen
        self.search_work = visible.work
        self._layers = list(layers(visible, StringRows(n_qubits)))
        self._groups = len(groups)
        turning = sum(isinstance(layer, Layer) for layer in self._layers)
        noisy = turning < len(self._layers)
        self.degrees = _degrees(self._layers, len(visible.loss), _runs(groups) if noisy else range(len(groups)))
        self.damping = _damping(self._layers, visible.seen) if noisy else 1.0
        self._turns = turning > 0
        best = min(max(BATCH // max(len(visible.loss), 1), 32), 512)
        self.batch = max(min(best, KEPT // max(visible.pairs, 1)), 1)
        """Samples best evaluated at once."""
        self.work = PRICE * (4 * visible.pairs + len(visible.loss)) + LAYER * len(self._layers) // self.batch + 1

    @property
    def constant(self) -> float | None:
        """The loss, without its constant, if nothing that is seen turns."""
        if self._turns:
            return None
        return self.offset + float(self.run(np.zeros((self._groups, 1)))[0][0])

    def run(self, angles: Floats) -> tuple[Floats, Floats]:
        """l - offset, float64 (samples,), without its constant, and its derivatives, at angles, both (groups, samples)."""
        samples = angles.shape[1]
        o = np.repeat(self._loss[:, None], samples, axis=1)
        kept = []
        for layer in reversed(self._layers):
            if isinstance(layer, Layer):
                pair = _turned(*_pairs(o, layer), *_sines(layer, angles[layer.group]))
                o[layer.first], o[layer.second] = pair
                kept.append(pair)
            else:
                damped_back(o, layer)
        loss = self._seen @ o
        v = np.repeat(self._seen[:, None], samples, axis=1)
        slopes = np.zeros((self._groups, samples))
        for layer in self._layers:
            if not isinstance(layer, Layer):
                damped_forth(v, layer)
                continue
            (o_first, o_second), (v_first, v_second) = kept.pop(), _pairs(v, layer)
            a = layer.coefficients if layer.code is None else layer.coefficients[layer.code]
            slopes[layer.group] += _weighted(a, v_second, o_first) - _weighted(a, v_first, o_second)
            v[layer.first], v[layer.second] = _turned(v_first, v_second, *_sines(layer, -angles[layer.group]))
        return loss, slopes


def _weighted(a: Floats, left: Floats, right: Floats) -> Floats:
    """Σ a · left · right over pairs."""
    if len(a) == 1:
        return np.asarray(a[0] * np.einsum("ps,ps->s", left, right))
    return np.asarray(np.einsum("p,ps,ps->s", a, left, right))


def _sines(layer: Layer, angles: Floats) -> tuple[Floats, Floats]:
    """cos φ and sin φ of each pair, (pairs, samples); one row where φ is the same for all."""
    phi = np.multiply.outer(layer.coefficients, angles)
    cos, sin = np.cos(phi), np.sin(phi)
    return (cos, sin) if layer.code is None else (cos[layer.code], sin[layer.code])


def _pairs(coordinates: Floats, layer: Layer) -> tuple[Floats, Floats]:
    return coordinates.take(layer.first, axis=0), coordinates.take(layer.second, axis=0)


def _turned(top: Floats, bottom: Floats, cos: Floats, sin: Floats) -> tuple[Floats, Floats]:
    """The coordinates of all pairs of a layer once they are turned."""
    return cos * top - sin * bottom, cos * bottom + sin * top


def _runs(groups: Sequence[RotationGroup]) -> list[int]:
    """Of each group the first one of those around it with the same angle."""
    first: list[int] = []
    for k, group in enumerate(groups):
        same = k > 0 and group.terms == groups[k - 1].terms and group.offset == groups[k - 1].offset
        first.append(first[-1] if same else k)
    return first


def _degrees(steps: Sequence[Layer | Damping | StringFeed], strings: int, runs: Sequence[int]) -> Floats:
    """For each run the largest Σ |a| along what one string becomes by its turns, which pruning may leave to different strings."""
    degrees = np.zeros(len(runs))
    total = np.zeros(strings)
    last = -1
    for step in steps:
        if isinstance(step, Damping):
            continue
        if isinstance(step, StringFeed):
            total[step.first] = np.maximum(total[step.first], total[step.second])
            continue
        run = runs[step.group]
        if run != last:
            total[:] = 0
        last = run
        a = np.abs(step.coefficients if step.code is None else step.coefficients[step.code])
        total[step.first] = total[step.second] = np.maximum(total[step.first], total[step.second]) + a
        degrees[run] = max(degrees[run], float(total.max()))
    return degrees


def _damping(steps: Sequence[Layer | Damping | StringFeed], seen: Floats) -> float:
    """The largest product of factors along any way that a string can take to the start."""
    left = seen.copy()
    for step in steps:
        if isinstance(step, Layer):
            left[step.first] = left[step.second] = np.maximum(left[step.first], left[step.second])
        elif isinstance(step, Damping):
            left[step.places] *= step.factors
        else:
            fed = np.abs(step.share) * left[step.second]
            left[step.first] = np.maximum(step.kept * left[step.first], fed)
    return float(left.max(initial=0.0))

"""The loss and its derivatives at given angles, on the strings that count: one way back and one forth.

Backwards the coordinates o of the loss turn pair by pair; l is their sum over what |0…0> sees. Then o is turned forth again
and with it v, the derivative of l by the coordinates: a turn's derivative is Σ (v_second o_first - v_first o_second)
over its pairs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from bplint.analyses.gradients.groups import RotationGroup
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.visible_strings.layers import Layer, layers
from bplint.analyses.gradients.visible_strings.pruning import pruned
from bplint.analyses.gradients.visible_strings.search import WORK, VisibleStrings, search
from bplint.ir.circuit import Floats

BATCH = 1 << 16
"""Coordinates of one batch."""

_PROJECTED = 10
"""Qubits of a projector that is written out as a sum."""

PRICE = 10
"""Operations that a coordinate costs each time a layer turns it, there and back."""

LAYER = 1 << 15
"""Operations that a layer costs besides."""


def evaluator(
    problem: Problem, groups: Sequence[RotationGroup], *, limit: int, work: int = WORK, seed: int = 0
) -> VisibleStringsEvaluator | None:
    """What evaluates the loss of a problem without noise; None if it takes more than ``limit`` strings or ``work`` to find.

    ``KeyCollision``: try another seed.
    """
    loss = problem.loss
    if len(loss.projector) > _PROJECTED:
        return None
    offset = loss.written_out().constant if loss.projector else 0.0
    terms = problem.frame.pull_sum(loss.written_out().terms)
    visible = search(terms, groups, problem.frame.n_qubits, limit=limit, work=work, seed=seed)
    return None if visible is None else VisibleStringsEvaluator(pruned(visible), len(groups), offset)


class VisibleStringsEvaluator:
    """l and its derivatives by the angles ψ of the groups. ``work``: operations of one sample with derivatives.

    ``degrees``: the largest frequency of l in the angle of each group.
    """

    def __init__(self, visible: VisibleStrings, n_groups: int, offset: float = 0.0) -> None:
        self.offset, self.spread = offset, float(np.abs(visible.loss).sum())
        self._loss, self._seen = visible.loss, visible.seen
        self.search_work = visible.work
        self._layers = list(layers(visible))
        self._groups = n_groups
        self.degrees = _degrees(self._layers, len(visible.loss), n_groups)
        self.batch = min(max(BATCH // max(len(visible.loss), 1), 32), 512)
        """Samples best evaluated at once."""
        self.work = PRICE * (4 * visible.pairs + len(visible.loss)) + LAYER * len(self._layers) // self.batch + 1

    @property
    def constant(self) -> float | None:
        """The loss, without its constant, if nothing that is seen turns."""
        return None if self._layers else self.offset + math.fsum((self._loss * self._seen).tolist())

    def run(self, angles: Floats) -> tuple[Floats, Floats]:
        """l - offset, float64 (samples,), without its constant, and its derivatives, at angles, both (groups, samples)."""
        samples = angles.shape[1]
        o = np.repeat(self._loss[:, None], samples, axis=1)
        for layer in reversed(self._layers):
            _turn(o, layer, *_sines(layer, angles[layer.group]))
        loss = self._seen @ o
        slopes = np.zeros((self._groups, samples))
        both = np.stack([o, np.repeat(self._seen[:, None], samples, axis=1)], axis=1)
        for layer in self._layers:
            cos, sin = _sines(layer, -angles[layer.group])
            (o_first, v_first), (o_second, v_second) = (
                turned.swapaxes(0, 1) for turned in _turn(both, layer, cos[:, None], sin[:, None])
            )
            a = layer.coefficients if layer.code is None else layer.coefficients[layer.code]
            slopes[layer.group] += _weighted(a, v_second, o_first) - _weighted(a, v_first, o_second)
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


def _turn(o: Floats, layer: Layer, cos: Floats, sin: Floats) -> tuple[Floats, Floats]:
    """Turn all pairs of a layer in place; their new coordinates."""
    top, bottom = o.take(layer.first, axis=0), o.take(layer.second, axis=0)
    new_top, new_bottom = cos * top - sin * bottom, cos * bottom + sin * top
    o[layer.first], o[layer.second] = new_top, new_bottom
    return new_top, new_bottom


def _degrees(layers: list[Layer], strings: int, n_groups: int) -> Floats:
    """For each group the largest Σ |a| along what one string becomes by its turns, which pruning may leave to different strings."""
    degrees = np.zeros(n_groups)
    total = np.zeros(strings)
    for k, layer in enumerate(layers):
        if not k or layers[k - 1].group != layer.group:
            total[:] = 0
        a = np.abs(layer.coefficients if layer.code is None else layer.coefficients[layer.code])
        total[layer.first] = total[layer.second] = np.maximum(total[layer.first], total[layer.second]) + a
        degrees[layer.group] = max(degrees[layer.group], float(total.max()))
    return degrees

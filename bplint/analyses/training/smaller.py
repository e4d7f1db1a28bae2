"""The angles to which a smaller instance trains: the rotations and the terms of a loss on some of the qubits alone.

Where each parameter turns rotations all over the circuit, as in QAOA, its values carry over from an instance of few qubits to
one of many (Brandao et al., arXiv:1812.04170; Galda et al., arXiv:2106.07531).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.groups import RotationGroup, groups
from bplint.analyses.gradients.problem import Problem, rotations
from bplint.analyses.training.descent import descend
from bplint.analyses.training.end import EVALUATIONS, SAME, WORK
from bplint.analyses.training.evaluators import choose
from bplint.analyses.training.parameters import by_parameter, drawn
from bplint.analyses.views import framed
from bplint.ir.context import Case
from bplint.ir.law import Init, Law, Shape
from bplint.ir.pauli import support

QUBITS = 8
"""Of the smaller instance."""

NEAR = Init(Law(Shape.RANGE, 0.5))
"""Where it begins: angles that come from near zero, as those of slow annealing do, carry over better than others do."""


def smaller_instance(case: Case, ask: Ask) -> tuple[tuple[int, float], ...]:
    """The parameters and their best values on :data:`QUBITS` qubits that belong together.

    Empty where some parameter turns rotations on less than half of the qubits, or none that is among these.
    """
    frame, n, loss = ask(framed), case.circuit.n_qubits, case.context.observable
    turning = rotations(Problem(circuit=case.circuit, frame=frame, loss=loss))
    if n <= QUBITS or isinstance(turning, Declined) or not loss.terms:
        return ()
    turned = groups(turning, n)
    touched: dict[int, int] = defaultdict(int)
    for group in turned:
        for axis in group.generator:
            for p, _ in group.terms:
                touched[p] |= support(axis, n)
    if not touched or any(2 * mask.bit_count() < n for mask in touched.values()):
        return ()
    inside = _together(turned, n)
    kept = [g._replace(generator={a: c for a, c in g.generator.items() if not support(a, n) & ~inside}) for g in turned]
    kept = [group for group in kept if group.generator]
    terms = tuple((string, c) for string, c in loss.terms if not support(frame.pull(string)[0], n) & ~inside)
    names = sorted({p for group in kept for p, _ in group.terms})
    if names != sorted(touched) or not terms:
        return ()
    chosen = choose(frame, kept, loss._replace(terms=terms), WORK)
    if chosen is None or not chosen.starts:
        return ()
    descent = descend(
        by_parameter(chosen.loss, names, 1.0),
        drawn(case.circuit, NEAR, chosen.loss.groups, names, chosen.starts),
        EVALUATIONS,
        floor=-math.inf,
        tolerance=SAME * math.fsum(abs(c) for _, c in terms),
    )
    best = descent.points[:, int(np.argmin(descent.values))]
    return tuple(zip(names, best.tolist(), strict=True))


def _together(turned: Sequence[RotationGroup], n: int) -> int:
    """A mask of qubits: first the one that meets most others, then always the one that meets most of those there are."""
    near = [0] * n
    for axis in {axis for group in turned for axis in group.generator}:
        mask = support(axis, n)
        for q in range(n):
            if mask >> q & 1:
                near[q] |= mask & ~(1 << q)
    inside = 0
    for _ in range(QUBITS):
        rest = [q for q in range(n) if not inside >> q & 1]
        among = inside or (1 << n) - 1
        inside |= 1 << max(rest, key=lambda q: ((near[q] & among).bit_count(), -q))
    return inside

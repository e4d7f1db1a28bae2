"""Moments of the overlaps of data points: over rows all pairs are compared (:mod:`.overlaps`), over a law they are moments of a
loss (:mod:`.doubled`).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.answer import Answer, Declined, Number, exactly
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.gradient import loss
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.propagation.moments import sparse_moments
from bplint.analyses.gradients.rows.distance import bloch_vectors, mean_distance
from bplint.analyses.kernels.doubled import doubled, parts, seen_by_overlaps, share_parameters
from bplint.analyses.kernels.overlaps import overlaps
from bplint.analyses.kernels.result import Overlaps
from bplint.bounds import Status
from bplint.ir.circuit import Circuit, Floats
from bplint.ir.context import Case
from bplint.ir.law import Shape
from bplint.ir.loss_function import LINEAR
from bplint.ir.observable import Observable
from bplint.ir.rows import Rows, data_columns

EXACTLY, STRINGS = 6, 1 << 12
"""Halvings of the work, and pairs of strings, that an exact answer may take of each part."""

BESIDE = 3
"""Halvings of the work that the distance of one-qubit states may take."""

POINTS = 64
"""Drawn from a law for that distance."""


def of_rows(case: Case, ask: Ask, rows: Rows) -> Overlaps:
    """Over all pairs of given rows."""
    if len(rows) < 2:
        return Overlaps(Status.SKIPPED, "one row has nothing to be compared with")
    shots = case.context.shots
    known = Overlaps(Status.EXACT, drawn=rows.drawn, shots=shots, compared=len(rows))
    known = _with_distance(known, case.circuit, rows, ask)
    answer = overlaps(case.circuit, rows, Effort(work=ask.work, clock=ask.clock))
    if isinstance(answer, Declined):
        return known if known.distance is not None else Overlaps(Status.INCONCLUSIVE, answer.reason)
    pairs: Floats = answer[np.triu_indices(len(answer), 1)]
    mean, second = float(pairs.mean()), float((pairs**2).mean())
    shown = -np.expm1(shots * np.log1p(-np.minimum(pairs, 1 - 1e-16)))
    return known._replace(
        mean=mean,
        mean_interval=(mean, mean),
        second_moment=second,
        second_interval=(second, second),
        smallest=float(pairs.min()),
        largest=float(pairs.max()),
        counted=float(shown.mean()),
        counted_exactly=True,
        compared=len(answer),
    )


def _with_distance(known: Overlaps, circuit: Circuit, rows: Rows, ask: Ask) -> Overlaps:
    """The same with the distance of one-qubit states, where it is not too much work."""
    vectors = bloch_vectors(circuit, rows, Effort(work=ask.work >> BESIDE, clock=ask.clock))
    if vectors is None:
        return known
    distance = mean_distance(vectors)
    return known._replace(distance=distance, resolution=distance / len(vectors))


def of_law(case: Case, ask: Ask) -> Overlaps:
    """Over two points of the law of the data: the product over parts, of which equal ones are measured once."""
    circuits = parts(seen_by_overlaps(case.circuit))
    if share_parameters(circuits):
        circuits = [seen_by_overlaps(case.circuit)]
    known: dict[object, _Moments | Declined] = {}
    mean = second = _ONE
    exact = True
    for circuit in circuits:
        key = _form(circuit, case)
        if key not in known:
            known[key] = _part(case, ask, circuit)
        answer = known[key]
        if isinstance(answer, Declined):
            return Overlaps(answer.status, answer.reason)
        exact = exact and answer.exact
        mean, second = _times(mean, answer.mean), _times(second, answer.second)
    if mean.value is None:
        return Overlaps(Status.INCONCLUSIVE, "the mean overlap is only known between bounds")
    known_by_law = Overlaps(
        status=Status.EXACT if exact else Status.ESTIMATED,
        mean=mean.value,
        mean_interval=(mean.lower, mean.upper),
        second_moment=second.value,
        second_interval=(second.lower, second.upper),
        counted=min(1.0, case.context.shots * mean.upper),
        shots=case.context.shots,
    )
    return _with_distance(known_by_law, case.circuit, _points(case), ask)


def of_points(case: Case, ask: Ask) -> Overlaps:
    """Over points drawn from the law."""
    return of_rows(case, ask, _points(case))


def _points(case: Case) -> Rows:
    """Points drawn from the law of the data: for what is not told by the law itself."""
    generator = np.random.default_rng(case.context.seed)
    columns = data_columns(case.circuit)
    speeds = {p: abs(c) for operation in case.circuit.operations for p, c in operation.terms}
    values = np.empty((POINTS, len(columns)))
    for parameter, column in columns.items():
        law = case.context.init.law(case.circuit.parameters[parameter])
        spread = generator.standard_normal(POINTS) if law.shape is Shape.NORMAL else generator.uniform(-1, 1, POINTS)
        width = math.pi / speeds.get(parameter, 1.0) if law.is_uniform else law.width
        values[:, column] = law.mean + width * spread
    return Rows(values, drawn=True)


class _Moments(NamedTuple):
    """E[k] and E[k²] of one part."""

    mean: Number
    second: Number
    exact: bool


_ONE = exactly(1.0)


def _times(left: Number, right: Number) -> Number:
    """The product of two that are not negative."""
    value = None if left.value is None or right.value is None else left.value * right.value
    return Number(value, left.lower * right.lower, left.upper * right.upper)


def _part(case: Case, ask: Ask, circuit: Circuit) -> _Moments | Declined:
    """Exactly by strings where they are few, else as the loss of the doubled circuit."""
    twice, laws = doubled(circuit, case.context.init)
    n = circuit.n_qubits
    observable = Observable(n, projector=tuple(range(n)), text=f"projector(0..{n - 1})")
    problem = Problem.of(twice, observable, laws)
    exact = sparse_moments(problem, Effort(work=ask.work >> EXACTLY, limit=STRINGS, clock=ask.clock), whole=True)
    if isinstance(exact, Answer) and exact.status is Status.EXACT:
        return _Moments(exact.mean, exact.second_moment, True)
    context = case.context._replace(
        observable=observable, observable_source="option", init=laws, loss=LINEAR, rows=None
    )
    answer = ask.about(case._replace(circuit=twice, context=context))(loss)
    if not answer.status.told or answer.interval is None:
        return Declined(answer.reason, answer.status)
    low, high = answer.mean_interval or (answer.mean or 0.0,) * 2
    mean = Number(answer.mean, low, high)
    known = answer.mean is not None and answer.variance is not None
    second = Number(
        (answer.mean or 0.0) ** 2 + (answer.variance or 0.0) if known else None,
        low**2 + answer.interval[0],
        min(high**2 + answer.interval[1], 1.0),
    )
    return _Moments(mean, second, answer.status is Status.EXACT)


def _form(circuit: Circuit, case: Case) -> object:
    """Equal for circuits of which all but the names of the parameters agree."""
    columns, angles = circuit.columns, circuit.angles.columns
    laws = tuple(case.context.init.law(p) for p in circuit.parameters)
    kept = (columns.code, columns.start, columns.qubits, columns.letters, columns.angle, columns.factor)
    return tuple([column.tobytes() for column in (*kept, *angles)]), laws

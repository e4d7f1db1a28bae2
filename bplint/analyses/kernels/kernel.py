"""The fidelity kernel k(x, x') = |<0|V(x')† V(x)|0>|² of an embedding, and how far apart its one-qubit states are.

Over given rows all pairs are compared (:mod:`.overlaps`). Over a law of the data E[k] and E[k²] are moments of a loss
(:mod:`.doubled`); for independent uniform angles E[k] = |K| 2^-n, K the Z-strings that all axes commute with, whatever the depth
(Thanasilp et al., arXiv:2208.11060, on concentration; the identity follows from k = 2^-n Σ <P><P>').

An entry of the kernel matrix that is estimated from ``shots`` shots shows a count with probability 1 - (1-k)^shots, which on
average is at most shots · E[k]. Where no entry does, the estimated matrix is the identity, whatever the data.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from bplint.analyses.ask import Ask, analysis
from bplint.analyses.gradients.answer import Answer, Declined, Number, exactly
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.gradient import loss
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.propagation.moments import sparse_moments
from bplint.analyses.gradients.rows.distance import bloch_vectors, mean_distance
from bplint.analyses.kernels.doubled import doubled, parts, seen_by_overlaps, share_parameters
from bplint.analyses.kernels.overlaps import overlaps
from bplint.bounds import Status
from bplint.ir.circuit import Circuit, Floats, Role
from bplint.ir.context import Case
from bplint.ir.loss_function import LINEAR
from bplint.ir.observable import Observable
from bplint.ir.rows import Rows
from bplint.number_format import number

EXACTLY, STRINGS = 6, 1 << 12
"""Halvings of the work, and pairs of strings, that an exact answer may take of each part."""


class Overlaps(NamedTuple):
    """Moments of k over pairs of data points, with intervals; equal ends are exact.

    Over rows ``smallest`` and ``largest`` are those of two different ones, and ``compared`` is how many of them are. ``counted`` is
    the share of entries off the diagonal that show a count, from above if not ``counted_exactly``. ``distance`` is the mean of
    Σ_q ‖ρ_q - ρ'_q‖² over pairs. ``drawn``: the rows were drawn from a law.
    """

    status: Status
    reason: str = ""
    mean: float = 0.0
    mean_interval: tuple[float, float] = (0.0, 0.0)
    second_moment: float | None = None
    second_interval: tuple[float, float] = (0.0, 1.0)
    smallest: float | None = None
    largest: float | None = None
    counted: float = 0.0
    counted_exactly: bool = False
    distance: float | None = None
    compared: int = 0
    drawn: bool = False
    shots: int = 1

    @property
    def spread(self) -> float | None:
        """Var[k]."""
        return None if self.second_moment is None else max(self.second_moment - self.mean**2, 0.0)

    def as_json(self) -> dict[str, object]:
        if not self.status.told:
            return {"status": self.status, "reason": self.reason}
        return {
            "status": self.status,
            "mean": self.mean,
            "mean_interval": list(self.mean_interval),
            "second_moment": self.second_moment,
            "second_moment_interval": list(self.second_interval),
            "min": self.smallest,
            "max": self.largest,
            "counted_share": self.counted,
            "counted_share_exact": self.counted_exactly,
            "projected_distance": self.distance,
            "rows": self.compared,
            "drawn": self.drawn,
        }

    def sentences(self) -> Iterator[tuple[str, str]]:
        if not self.status.told:
            return
        over = f"{self.compared:,} rows{' drawn' if self.drawn else ''}" if self.compared else "the law of the data"
        second = "not known" if self.second_moment is None else number(self.second_moment)
        ends = "" if self.smallest is None else f", entries {number(self.smallest)} … {number(self.largest or 0.0)}"
        share = f"{'' if self.counted_exactly else 'at most '}{number(self.counted)}"
        counts = f"with {self.shots:,} shots {share} of the entries off the diagonal show a count"
        yield "kernel", f"E[k] {number(self.mean)}, E[k²] {second}{ends} over {over} ({self.status}); {counts}"
        if self.distance is not None:
            yield (
                "kernel",
                f"one-qubit states of two rows are Σ‖ρ_q - ρ'_q‖² = {number(self.distance)} apart on average",
            )


def of_kernel(case: Case) -> bool:
    """Whether the loss of a case is a kernel."""
    return case.context.loss.is_kernel


@analysis("kernel", in_profile=of_kernel)
def kernel(case: Case, ask: Ask) -> Overlaps:
    """The overlaps of the case's rows, or of two points of the law of its data; skipped unless its loss is a kernel."""
    if not of_kernel(case):
        return Overlaps(Status.SKIPPED, "the loss is not a kernel")
    circuit = case.circuit
    used = [p for p, turns in zip(circuit.parameters, circuit.used(), strict=True) if turns]
    if any(p.role is Role.TRAINABLE for p in used):
        return Overlaps(Status.SKIPPED, "angles are trained, and a kernel is of an embedding alone")
    if not any(p.role is Role.DATA for p in used):
        return Overlaps(Status.SKIPPED, "no data parameter was found")
    if not case.context.noise.is_trivial:
        return Overlaps(Status.INCONCLUSIVE, "overlaps are not measured under noise")
    if case.context.rows is not None:
        return _of_rows(case, ask, case.context.rows)
    return _of_law(case, ask)


def _of_rows(case: Case, ask: Ask, rows: Rows) -> Overlaps:
    effort, shots = Effort(work=ask.work, clock=ask.clock), case.context.shots
    found = overlaps(case.circuit, rows, effort)
    if isinstance(found, Declined):
        return Overlaps(Status.INCONCLUSIVE, found.reason)
    if len(found) < 2:
        return Overlaps(Status.SKIPPED, "one row has nothing to be compared with")
    pairs: Floats = found[np.triu_indices(len(found), 1)]
    mean, second = float(pairs.mean()), float((pairs**2).mean())
    vectors = bloch_vectors(case.circuit, rows, effort)
    shown = -np.expm1(shots * np.log1p(-np.minimum(pairs, 1 - 1e-16)))
    return Overlaps(
        status=Status.EXACT,
        mean=mean,
        mean_interval=(mean, mean),
        second_moment=second,
        second_interval=(second, second),
        smallest=float(pairs.min()),
        largest=float(pairs.max()),
        counted=float(shown.mean()),
        counted_exactly=True,
        distance=None if vectors is None else mean_distance(vectors),
        compared=len(found),
        drawn=rows.drawn,
        shots=shots,
    )


def _of_law(case: Case, ask: Ask) -> Overlaps:
    """The product over parts; equal ones are measured once."""
    found = parts(seen_by_overlaps(case.circuit))
    if share_parameters(found):
        found = [seen_by_overlaps(case.circuit)]
    if opaque := next((p.name for c in found for p in c.parameters if p.sources), ""):
        return Overlaps(Status.INCONCLUSIVE, f"{opaque} is not affine in the data: declare rows")
    known: dict[object, _Moments | Declined] = {}
    mean = second = _ONE
    exact = True
    for circuit in found:
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
    return Overlaps(
        status=Status.EXACT if exact else Status.ESTIMATED,
        mean=mean.value,
        mean_interval=(mean.lower, mean.upper),
        second_moment=second.value,
        second_interval=(second.lower, second.upper),
        counted=min(1.0, case.context.shots * mean.upper),
        shots=case.context.shots,
    )


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
    exact = sparse_moments(problem, Effort(work=ask.work >> EXACTLY, limit=STRINGS, clock=ask.clock))
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


def resolved(found: Overlaps) -> float:
    """Var[k] · shots over E[k](1 - E[k]): below 1 entries differ by less than the noise of one of them; infinite if not known."""
    noise = found.mean * (1 - found.mean)
    if found.spread is None:
        return math.inf
    return found.spread * found.shots / noise if noise > 0 else 0.0

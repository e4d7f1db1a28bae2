"""The fidelity kernel k(x, x') = |<0|V(x')† V(x)|0>|² of an embedding, and how far apart its one-qubit states are.

Over given rows all pairs are compared (:mod:`.overlaps`). Over a law of the data E[k] and E[k²] are moments of a loss
(:mod:`.doubled`), or points are drawn where these are not measured. For independent uniform angles E[k] = |K| 2^-n, K the
Z-strings that all axes commute with, whatever the depth (Thanasilp et al., arXiv:2208.11060, on concentration; the identity
follows from k = 2^-n Σ <P><P>').

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
from bplint.ir.law import Shape
from bplint.ir.loss_function import LINEAR, LossKind
from bplint.ir.observable import Observable
from bplint.ir.rows import Rows, data_columns
from bplint.number_format import number

EXACTLY, STRINGS = 6, 1 << 12
"""Halvings of the work, and pairs of strings, that an exact answer may take of each part."""

BESIDE = 3
"""Halvings of the work that the distance of one-qubit states may take."""

POINTS = 64
"""Drawn from a law for that distance."""


class Overlaps(NamedTuple):
    """Moments of k over pairs of data points, with intervals; equal ends are exact.

    Over rows ``smallest`` and ``largest`` are those of two different ones, and ``compared`` is how many of them are. ``counted`` is
    the share of entries off the diagonal that show a count, from above if not ``counted_exactly``. ``distance`` is the mean of
    Σ_q ‖ρ_q - ρ'_q‖² over pairs, and ``resolution`` that of Var<P> over the 3n one-qubit strings P. ``drawn``: the rows were drawn
    from a law. ``mean`` is None where only the distance is known, as states of many qubits are not written out.
    """

    status: Status
    reason: str = ""
    mean: float | None = None
    mean_interval: tuple[float, float] = (0.0, 1.0)
    second_moment: float | None = None
    second_interval: tuple[float, float] = (0.0, 1.0)
    smallest: float | None = None
    largest: float | None = None
    counted: float = 0.0
    counted_exactly: bool = False
    distance: float | None = None
    resolution: float | None = None
    compared: int = 0
    drawn: bool = False
    shots: int = 1

    @property
    def spread(self) -> float | None:
        """Var[k]."""
        if self.mean is None or self.second_moment is None:
            return None
        return max(self.second_moment - self.mean**2, 0.0)

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
            "projected_variance": self.resolution,
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
        if self.mean is not None:
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
    if opaque := next((p.name for p in used if p.sources), ""):
        return Overlaps(Status.INCONCLUSIVE, f"{opaque} is not affine in the data: declare rows")
    found = _of_law(case, ask)
    return found if found.status.told else _of_rows(case, ask, _points(case))


def _of_rows(case: Case, ask: Ask, rows: Rows) -> Overlaps:
    if len(rows) < 2:
        return Overlaps(Status.SKIPPED, "one row has nothing to be compared with")
    shots = case.context.shots
    known = Overlaps(Status.EXACT, drawn=rows.drawn, shots=shots, compared=len(rows))
    known = _with_distance(known, case.circuit, rows, ask)
    found = overlaps(case.circuit, rows, Effort(work=ask.work, clock=ask.clock))
    if isinstance(found, Declined):
        return known if known.distance is not None else Overlaps(Status.INCONCLUSIVE, found.reason)
    pairs: Floats = found[np.triu_indices(len(found), 1)]
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
        compared=len(found),
    )


def _with_distance(known: Overlaps, circuit: Circuit, rows: Rows, ask: Ask) -> Overlaps:
    """The same with the distance of one-qubit states, where it is not too much work."""
    vectors = bloch_vectors(circuit, rows, Effort(work=ask.work >> BESIDE, clock=ask.clock))
    if vectors is None:
        return known
    distance = mean_distance(vectors)
    return known._replace(distance=distance, resolution=distance / len(vectors))


def _of_law(case: Case, ask: Ask) -> Overlaps:
    """The product over parts; equal ones are measured once."""
    found = parts(seen_by_overlaps(case.circuit))
    if share_parameters(found):
        found = [seen_by_overlaps(case.circuit)]
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


def spread_in_shots(found: Overlaps) -> float:
    """Var[k] · shots over E[k](1 - E[k]): below 1 entries differ by less than the noise of one of them; infinite if not known."""
    if found.mean is None or found.spread is None:
        return math.inf
    noise = found.mean * (1 - found.mean)
    return found.spread * found.shots / noise if noise > 0 else 0.0


class KernelSignal(NamedTuple):
    """What has to be above 1/shots for a kernel to be seen, between bounds: E[k], or of a projected kernel the mean of Var<P>."""

    value: float
    lower: float
    upper: float


def kernel_signal(case: Case, ask: Ask) -> KernelSignal | str:
    """The signal of a case whose loss is a kernel, or why it is not known."""
    found = ask(kernel)
    if not found.status.told:
        return found.reason
    if case.context.loss.kind is LossKind.PROJECTED_KERNEL:
        one = found.resolution
        return "the one-qubit states are not known" if one is None else KernelSignal(one, one, one)
    return "the overlaps are not known" if found.mean is None else KernelSignal(found.mean, *found.mean_interval)

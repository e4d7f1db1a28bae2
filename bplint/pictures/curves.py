"""A family over its sizes: the dimension of its algebra, its largest signal and the noise, and how they grow or decay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bplint.analyses.ask import Result
from bplint.analyses.closed_form import closed_form
from bplint.analyses.decay import Model, Point, Trend, trend
from bplint.analyses.dla import Dla
from bplint.analyses.family import Family, Member
from bplint.analyses.gradients.gradient import Gradient
from bplint.bounds import Status
from bplint.number_format import number, whole


class SizePoint(NamedTuple):
    """What was measured at one size; None where it was not.

    ``dimension`` are bounds on that of the algebra, equal where it is exact; ``signal`` is the largest, with its 95 % interval;
    ``noise`` is 1/shots, in the same unit.
    """

    size: int
    n_qubits: int
    noise: float
    parameters: int | None = None
    dimension: tuple[int, int] | None = None
    exact: bool = False
    signal: Point | None = None


class Curves(NamedTuple):
    """The sizes in order, at least one; ``span`` says which: ``n = 4 … 12, 5 sizes``.

    ``axis`` is what the sizes are called, and ``fixed`` what is the same at all of them, in a line of a grid.
    """

    points: tuple[SizePoint, ...]
    span: str
    axis: str = "n"
    fixed: tuple[str, int] | None = None

    @property
    def trend(self) -> Trend:
        """How the largest signal depends on the size."""
        known = [point.signal for point in self.points if point.signal]
        if len(known) < len(self.points):
            return Trend(Model.UNDECIDED, "not known at every size")
        return trend(known, self.axis)

    def sentences(self) -> Iterator[tuple[str, str]]:
        """What follows for the family, as (label, sentence)."""
        yield "dimension", self._dimension()
        yield "signal", self.signal()

    def _dimension(self) -> str:
        dimensions = {p.size: p.dimension[1] for p in self.points if p.dimension and p.exact}
        if len(dimensions) < len(self.points):
            return "undecided: not exact at every size"
        if len(set(dimensions.values())) == 1 < len(dimensions):
            return f"does not depend on {self.axis}  (exact on {self.span})"
        if forms := closed_form(dimensions):
            return f"grows as {', '.join(form.told(self.axis) for form in forms)}  (exact on {self.span})"
        return f"undecided: no closed form fits {self.span} with two to spare"

    def signal(self) -> str:
        """How the largest signal depends on the size, in words."""
        trend = self.trend
        if trend.model is Model.UNDECIDED:
            return f"undecided: {trend.reason}"
        if trend.model is Model.CONSTANT:
            since = "" if trend.since is None else f" from {trend.since:,} on"
            return f"does not depend on {self.axis}{since}  ({self.span})"
        law = f"2^({{}} {self.axis})" if trend.model is Model.EXPONENTIAL else f"{self.axis}^{{}}"
        low, high = trend.interval
        return f"{trend.model}: {law.format(f'{trend.rate:.2f}')}  (95 % interval {low:.2f} … {high:.2f}; {self.span})"

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Each size as people read it: size, qubits, parameters, dimension, signal."""
        for point in self.points:
            counts = (point.size, point.n_qubits, point.parameters or 0)
            yield (*(f"{count:,}" for count in counts), _algebra(point), _told(point.signal))


def curves(family: Family, analyses: Mapping[int, Mapping[str, Result]]) -> Curves:
    """What is known of each member, by its size, from the analyses that it was asked for."""
    points = tuple(_point(member, analyses.get(member.size, {})) for member in family.members)
    return Curves(points, family.sizes, family.axis, family.fixed)


def _point(member: Member, results: Mapping[str, Result]) -> SizePoint:
    algebra, measured = results.get("dla"), results.get("gradient")
    point = SizePoint(member.size, member.case.circuit.n_declared, 1 / member.case.context.shots)
    if isinstance(algebra, Dla):
        point = point._replace(dimension=(algebra.lower, algebra.upper), exact=algebra.status is Status.EXACT)
    if isinstance(measured, Gradient):
        point = point._replace(parameters=len(measured.components))
    if isinstance(measured, Gradient) and measured.components:
        largest = measured.largest
        point = point._replace(signal=Point(member.size, largest.signal, largest.signal_interval))
    return point


def _algebra(point: SizePoint) -> str:
    if point.dimension is None:
        return "not known"
    low, high = map(whole, point.dimension)
    return high if point.exact else f"{low} … {high}"


def _told(signal: Point | None) -> str:
    if signal is None:
        return "not known"
    low, high = signal.interval
    return number(signal.value) + (f"  ({number(low)} … {number(high)})" if low < high else "")

"""One family of circuits over its sizes: dimensions and signals, and how they grow or decay.

The members are the values of a constant in one file, or several files, whose sizes are their numbers of qubits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bplint.analyses.dla import Dla, dla
from bplint.analyses.moments.choose import Gradient, gradient
from bplint.analyses.scaling import Model, Point, closed_form, trend
from bplint.bounds import Status
from bplint.config import Settings
from bplint.entry import CircuitReport
from bplint.errors import UsageError
from bplint.run import Report, measure
from bplint.words import number, plural, whole


class Member(NamedTuple):
    """One size: its number and what was measured."""

    size: int
    report: CircuitReport


def sweep(paths: Sequence[str], settings: Settings, name: str = "", sizes: Sequence[int] = ()) -> list[Member]:
    """The members in order of size: values of the constant ``name`` in one file, or one for each file.

    ``UsageError`` where a member cannot be read, where two have one size, or where it is no family at all.
    """
    if name and len(paths) != 1:
        raise UsageError(f"sweep: want one file with --set {name}=…, got {len(paths)}")
    if name:
        runs = [(size, measure(paths, settings._replace(sizes=((name, size),)), (dla, gradient))) for size in sizes]
        members = [Member(size, _read(report)) for size, report in runs]
    else:
        report = measure(paths, settings, (dla, gradient))
        _read(report)
        members = [Member(circuit.case.circuit.n_qubits, circuit) for circuit in report.circuits]
    if len({member.size for member in members}) < len(members):
        raise UsageError("sweep: several circuits have one size; give one for each")
    return sorted(members, key=lambda member: member.size)


def _read(report: Report) -> CircuitReport:
    for entry in report.unreadable:
        finding = entry.finding
        raise UsageError(f"sweep: {finding.path}:{finding.span.line}:{finding.span.column}: {finding.hit.message}")
    if not report.circuits:
        raise UsageError("sweep: nothing was collected")
    return report.circuits[0]


def table(members: Sequence[Member]) -> str:
    """A line for each size, and what follows for the family."""
    head = f"{'n':>5} {'qubits':>7} {'parameters':>11}  {'algebra':<28} largest signal"
    rows = [
        f"{m.size:>5,} {m.report.case.circuit.n_qubits:>7,} {_parameters(m):>11,}  {_dimension(m):<28} {_signal(m)}"
        for m in members
    ]
    return "\n".join([head, *rows, "", *_verdicts(members), ""])


def _parameters(member: Member) -> int:
    found = member.report.analyses.get("gradient")
    return len(found.components) if isinstance(found, Gradient) else 0


def _dimension(member: Member) -> str:
    found = member.report.analyses.get("dla")
    if not isinstance(found, Dla):
        return "not known"
    if found.status is Status.EXACT:
        return whole(found.upper)
    return f"{whole(found.lower)} … {whole(found.upper)}"


def _signal(member: Member) -> str:
    point = _point(member)
    if point is None:
        return "not known"
    low, high = point.interval
    return number(point.value) + (f"  ({number(low)} … {number(high)})" if low < high else "")


def _point(member: Member) -> Point | None:
    found = member.report.analyses.get("gradient")
    if not isinstance(found, Gradient) or not found.components:
        return None
    largest, scale = found.largest, member.report.case.context.observable.scale
    low, high = largest.interval
    return Point(member.size, largest.second_moment / scale, (low / scale, high / scale))


def _verdicts(members: Sequence[Member]) -> Iterator[str]:
    sizes = f"n = {members[0].size} … {members[-1].size}, {plural(len(members), 'size')}"
    dimensions = {
        m.size: d.upper
        for m in members
        if isinstance(d := m.report.analyses.get("dla"), Dla) and d.status is Status.EXACT
    }
    if len(dimensions) < len(members):
        yield "dimension  undecided: not exact at every size"
    elif forms := closed_form(dimensions):
        yield f"dimension  {', '.join(map(str, forms))}  (exact on {sizes})"
    else:
        yield f"dimension  undecided: no closed form fits {sizes} with two to spare"
    points = [point for member in members if (point := _point(member))]
    found = trend(points)
    if len(points) < len(members):
        yield "signal     undecided: not known at every size"
    elif found.model is Model.UNDECIDED:
        yield f"signal     undecided: {found.reason}"
    else:
        law = "2^({} n)" if found.model is Model.EXPONENTIAL else "n^{}"
        low, high = found.interval
        yield f"signal     {found.model}: {law.format(f'{found.rate:.2f}')}  (95 % interval {low:.2f} … {high:.2f}; {sizes})"

"""One family of circuits over its sizes: dimensions and signals, how they grow or decay, and what the family rules find.

The members are the values of a constant in one file, the pairs of values of two, or several files, whose sizes are their
numbers of qubits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import product
from typing import NamedTuple

from bplint.analyses.dla import dla
from bplint.analyses.family import Axis
from bplint.analyses.gradients.gradient import gradient
from bplint.config import Settings
from bplint.errors import SourceError, UsageError
from bplint.pictures.curves import SizePoint
from bplint.pictures.size_grid import SizeGrid, size_grid
from bplint.run import family_report, grid_report
from bplint.runs.entries import CircuitReport, Entry, FamilyReport, UnreadableReport
from bplint.runs.jobs import profile_job
from bplint.runs.one_source import Job
from bplint.runs.run_report import Report
from bplint.runs.run_sources import select
from bplint.sources.collect import InputSource
from bplint.terminal.live import NOWHERE, LiveLine


class Swept(NamedTuple):
    """The report of a family, or of the lines of a grid, all of whose members were measured."""

    report: Report

    @property
    def family(self) -> FamilyReport:
        """What the rules found of the family as a whole; of a grid, along its first line."""
        return self.report.families[0]

    @property
    def grid(self) -> SizeGrid | None:
        """The signals by both sizes, where there are two."""
        return size_grid([family.curves for family in self.report.families])

    @property
    def fails(self) -> bool:
        """Whether a part failed, or a finding of a family is grave enough."""
        return any(family.fails for family in self.report.families)


def sweep(
    paths: Sequence[str],
    settings: Settings,
    axes: Sequence[Axis] = (),
    *,
    dask: str = "",
    line: LiveLine | None = None,
) -> Swept:
    """Measure the members, values of one constant or of two in one file, or one for each file, and run the family rules.

    ``dask`` is the address of a scheduler whose workers measure them, a size a task; ``line`` says what it is at. ``UsageError``
    where a member cannot be read, where two have one size, or where it is no family at all.
    """
    if len(axes) > 2 or len({axis.name for axis in axes}) < len(axes):
        raise UsageError(f"sweep: want one or two different constants, got {', '.join(axis.name for axis in axes)}")
    with closing(line or LiveLine(NOWHERE)) as shown:
        return _swept(paths, settings, axes, dask, shown)


def _swept(paths: Sequence[str], settings: Settings, axes: Sequence[Axis], dask: str, line: LiveLine) -> Swept:
    begin = time.perf_counter()
    job = profile_job(settings)._replace(analyses=(dla, gradient), watch=line.at)
    sources, _ = select(job, paths)
    if axes and len(sources) != 1:
        raise UsageError(f"sweep: want one file with --set {axes[0].name}=…, got {len(sources)}")
    measure = partial(_measured, dask=dask, line=line)
    if not axes:
        line.begin(len(sources))
        members = _by_qubits(job, sources, measure)
        if not members:
            raise UsageError("sweep: nothing was collected")
        id = " ".join(member.case.id for member in members.values())
        in_force = job.configurations.of(next(iter(members.values())).case.path)
        return Swept(family_report(job, id, members, in_force, begin))
    at = list(product(*(axis.sizes for axis in axes)))
    line.begin(len(at))
    values = dict(zip(at, _at(job, sources[0], axes, at, measure), strict=True))
    case = values[at[0]].case
    in_force = job.configurations.of(case.path)
    if len(axes) == 1:
        by_size = {size: member for (size,), member in values.items()}
        return Swept(family_report(job, case.id, by_size, in_force, begin, axes[0].name))
    by_sizes = {(n, other): member for (n, other), member in values.items()}
    return Swept(grid_report(job, case.id, (axes[0], axes[1]), by_sizes, in_force, begin))


def _measured(
    wanted: Sequence[tuple[Job, InputSource]], text: str | None = None, *, dask: str, line: LiveLine
) -> list[Entry]:
    """The entries of sources, each through its job; ``text`` is what they all hold where that is at hand."""
    if dask and all(source.path != "-" for _, source in wanted):
        from bplint.runs.dask_workers import DaskWorkers  # for who has a cluster

        with DaskWorkers(wanted, dask) as at_work:
            return list(line.through(at_work))
    return [job.run(source, text) for job, source in line.through(wanted)]


def _at(
    job: Job,
    source: InputSource,
    axes: Sequence[Axis],
    sizes: Sequence[tuple[int, ...]],
    measure: Callable[..., list[Entry]],
) -> list[CircuitReport]:
    try:
        text = job.text(source)
    except SourceError as error:
        raise UsageError(f"sweep: {source.name}: {error.message}") from error
    names = [axis.name for axis in axes]
    return _read(measure([(job.at(*zip(names, at, strict=True)), source) for at in sizes], text))


def _by_qubits(
    job: Job, sources: Sequence[InputSource], measure: Callable[..., list[Entry]]
) -> Mapping[int, CircuitReport]:
    circuits = _read(measure([(job, source) for source in sources]))
    members = {circuit.case.circuit.n_declared: circuit for circuit in circuits}
    if len(members) < len(circuits):
        raise UsageError("sweep: several circuits have one size; give one for each")
    return members


def _read(entries: Sequence[Entry]) -> list[CircuitReport]:
    """The members, all of which have to be readable."""
    for entry in entries:
        if isinstance(entry, UnreadableReport):
            finding = entry.finding
            raise UsageError(f"sweep: {finding.path}:{finding.span.line}:{finding.span.column}: {finding.hit.message}")
    return [entry for entry in entries if isinstance(entry, CircuitReport)]


def table(swept: Swept) -> str:
    """A line for each size, and what follows for the family."""
    curves = swept.family.curves
    head = f"{curves.axis:>5} {'qubits':>7} {'parameters':>11}  {'algebra':<28} largest signal"
    rows = [
        f"{size:>5} {qubits:>7} {parameters:>11}  {algebra:<28} {signal}"
        for size, qubits, parameters, algebra, signal in curves.rows()
    ]
    verdicts = [f"{label:<10} {sentence}" for label, sentence in curves.sentences()]
    return "\n".join([head, *rows, "", *verdicts, ""])


def rows(swept: Swept) -> str:
    """A row of numbers for each size, or pair of sizes, under their names; what is not known is empty."""
    grid, curves = swept.grid, swept.family.curves
    points: list[tuple[tuple[int, ...], SizePoint]] = [((point.size,), point) for point in curves.points]
    if grid:
        points = [((n, other), point) for n, other, point in grid.points]
    axes = ",".join(grid.axes if grid else (curves.axis,))
    lines = [f"{axes},qubits,parameters,dimension_lower,dimension_upper,signal,signal_low,signal_high"]
    for sizes, point in points:
        signal = (point.signal.value, *point.signal.interval) if point.signal else ("", "", "")
        told = (*sizes, point.n_qubits, point.parameters or 0, *(point.dimension or ("", "")), *signal)
        lines.append(",".join(map(str, told)))
    return "\n".join(lines) + "\n"

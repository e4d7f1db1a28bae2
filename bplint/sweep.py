"""One family of circuits over its sizes: dimensions and signals, how they grow or decay, and what the family rules find.

The members are the values of a constant in one file, or several files, whose sizes are their numbers of qubits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from bplint.analyses.ask import Ask, BudgetError
from bplint.analyses.closed_form import closed_form
from bplint.analyses.decay import Model, trend
from bplint.analyses.dla import dla
from bplint.analyses.family import AskOf, Member, dimension, signal
from bplint.analyses.gradients.gradient import gradient
from bplint.bounds import Status
from bplint.config import Settings
from bplint.errors import SourceError, UsageError
from bplint.number_format import number, whole
from bplint.run import family_report
from bplint.runs.jobs import profile_job
from bplint.runs.one_source import CircuitReport, Entry, FamilyReport, Job, UnreadableReport
from bplint.runs.run_report import Report
from bplint.runs.run_sources import select
from bplint.sources.collect import InputSource

T = TypeVar("T")


class Swept(NamedTuple):
    """The report of a family, and those of its members by size, which were measured."""

    report: Report
    members: Mapping[int, CircuitReport]

    @property
    def family(self) -> FamilyReport:
        """What the rules found of the family as a whole."""
        return self.report.families[0]

    @property
    def ask(self) -> AskOf:
        """What answers about the members, from what was measured."""
        return AskOf({size: Ask(member.case, known=member.analyses) for size, member in self.members.items()})


def sweep(paths: Sequence[str], settings: Settings, name: str = "", sizes: Sequence[int] = ()) -> Swept:
    """Measure the members, values of the constant ``name`` in one file or one for each file, and run the family rules.

    ``UsageError`` where a member cannot be read, where two have one size, or where it is no family at all.
    """
    begin = time.perf_counter()
    job = profile_job(settings)._replace(analyses=(dla, gradient))
    sources, _ = select(job, paths)
    if name and len(sources) != 1:
        raise UsageError(f"sweep: want one file with --set {name}=…, got {len(sources)}")
    members = _at(job, sources[0], name, sizes) if name else _by_qubits(job, sources)
    if not members:
        raise UsageError("sweep: nothing was collected")
    case = next(iter(members.values())).case
    id = case.id if name else " ".join(member.case.id for member in members.values())
    return Swept(family_report(job, id, members, job.configurations.of(case.path), begin), members)


def _at(job: Job, source: InputSource, name: str, sizes: Sequence[int]) -> Mapping[int, CircuitReport]:
    try:
        text = job.text(source)
    except SourceError as error:
        raise UsageError(f"sweep: {source.name}: {error.message}") from error
    return dict(zip(sizes, _read([job.at(name, size).run(source, text) for size in sizes]), strict=True))


def _by_qubits(job: Job, sources: Sequence[InputSource]) -> Mapping[int, CircuitReport]:
    circuits = _read([job.run(source) for source in sources])
    members = {circuit.case.circuit.n_qubits: circuit for circuit in circuits}
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
    ask, members = swept.ask, swept.family.family.members
    head = f"{'n':>5} {'qubits':>7} {'parameters':>11}  {'algebra':<28} largest signal"
    rows = [
        f"{m.size:>5,} {m.case.circuit.n_qubits:>7,} {_parameters(ask, m):>11,}  {_algebra(ask, m):<28} {_signal(ask, m)}"
        for m in members
    ]
    return "\n".join([head, *rows, "", *_verdicts(swept), ""])


def rows(swept: Swept) -> str:
    """A row of numbers for each size, under their names; what is not known is empty."""
    ask = swept.ask
    lines = ["n,qubits,parameters,dimension_lower,dimension_upper,signal,signal_low,signal_high"]
    for member in swept.family.family.members:
        algebra = _told(lambda ask, m: ask(dla, of=m), ask, member)
        point = _told(signal, ask, member)
        dimensions = (algebra.lower, algebra.upper) if algebra else ("", "")
        signals = (point.value, *point.interval) if point else ("", "", "")
        told = (member.size, member.case.circuit.n_qubits, _parameters(ask, member), *dimensions, *signals)
        lines.append(",".join(map(str, told)))
    return "\n".join(lines) + "\n"


def _told(analysis: Callable[[AskOf, Member], T | None], ask: AskOf, member: Member) -> T | None:
    """The answer, or None where the budget ran out."""
    try:
        return analysis(ask, member)
    except BudgetError:
        return None


def _parameters(ask: AskOf, member: Member) -> int:
    return len(found.components) if (found := _told(lambda ask, m: ask(gradient, of=m), ask, member)) else 0


def _algebra(ask: AskOf, member: Member) -> str:
    found = _told(lambda ask, m: ask(dla, of=m), ask, member)
    if found is None:
        return "not known"
    if found.status is Status.EXACT:
        return whole(found.upper)
    return f"{whole(found.lower)} … {whole(found.upper)}"


def _signal(ask: AskOf, member: Member) -> str:
    point = _told(signal, ask, member)
    if point is None:
        return "not known"
    low, high = point.interval
    return number(point.value) + (f"  ({number(low)} … {number(high)})" if low < high else "")


def _verdicts(swept: Swept) -> Iterator[str]:
    ask, members = swept.ask, swept.family.family.members
    sizes = swept.family.family.sizes
    dimensions = {m.size: d for m in members if (d := _told(dimension, ask, m)) is not None}
    if len(dimensions) < len(members):
        yield "dimension  undecided: not exact at every size"
    elif forms := closed_form(dimensions):
        yield f"dimension  grows as {', '.join(map(str, forms))}  (exact on {sizes})"
    else:
        yield f"dimension  undecided: no closed form fits {sizes} with two to spare"
    points = [point for m in members if (point := _told(signal, ask, m))]
    found = trend(points)
    if len(points) < len(members):
        yield "signal     undecided: not known at every size"
    elif found.model is Model.UNDECIDED:
        yield f"signal     undecided: {found.reason}"
    elif found.model is Model.CONSTANT:
        yield f"signal     does not depend on n  ({sizes})"
    else:
        law = "2^({} n)" if found.model is Model.EXPONENTIAL else "n^{}"
        low, high = found.interval
        yield f"signal     {found.model}: {law.format(f'{found.rate:.2f}')}  (95 % interval {low:.2f} … {high:.2f}; {sizes})"

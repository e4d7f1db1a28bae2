"""What the page says of one circuit: facts, picture, findings, numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from bplint.analyses.family import Family
from bplint.analyses.gradients.gradient import Gradient
from bplint.bounds import Status
from bplint.failure import Failure
from bplint.finding import Finding
from bplint.ir.context import Case
from bplint.ir.loss_function import LINEAR
from bplint.ir.trainable import count_trainable
from bplint.number_format import number, plural
from bplint.pictures.heat_map import heat_map, turned
from bplint.pictures.shades import edges
from bplint.report.html.cell_drawing import cell_drawing
from bplint.report.html.drawing import Drawing
from bplint.report.html.finding_card import FindingCard, cards
from bplint.report.html.gate_drawing import gate_drawing, is_small, told_signal
from bplint.report.html.marks import marks
from bplint.report.text import folded, named
from bplint.rule import Rule
from bplint.runs.entries import CircuitReport, LeftOpen, UnreadableReport
from bplint.runs.run_report import Report

PICTURES = 2_000_000
"""Characters that all pictures of a page may take together, about."""

MOST, LEAST = 300_000, 4_000
"""Of one picture."""

GATE, CELL = 300, 14
"""Characters of a gate and of a cell, about: neighbours of one shade are one piece."""

LISTED = 20
"""Parameters in the table of a circuit."""


class ParameterRow(NamedTuple):
    """A parameter: its name, its line, and its signal in words."""

    name: str
    line: int
    told: str
    kind: str


class CircuitSection(NamedTuple):
    """One source; ``worst`` is the gravest that is said of it, ``ratio`` the largest signal by the noise, None if not known."""

    name: str
    worst: str
    facts: tuple[str, ...]
    n_qubits: int | None
    n_parameters: int | None
    shots: int | None
    signal: str
    ratio: float | None
    ratio_told: str
    counts: Mapping[str, int]
    drawing: Drawing | None
    caption: str
    edges: tuple[str, ...]
    findings: tuple[FindingCard, ...]
    open: tuple[LeftOpen, ...]
    failures: tuple[Failure, ...]
    numbers: tuple[tuple[str, str], ...]
    parameters: tuple[ParameterRow, ...]
    n_components: int
    hidden: str


def sections(report: Report, verbosity: int) -> list[CircuitSection]:
    """One a source, in order; the more there are, the coarser the pictures of large ones."""
    room = min(max(PICTURES // max(len(report.entries), 1), LEAST), MOST)
    sizes = {id(case): text for one in report.families for case, text in _sizes(one.family)}
    made = []
    for entry in report.entries:
        if isinstance(entry, UnreadableReport):
            made.append(_unreadable(entry, report.rules))
            continue
        section = _circuit(entry, report.rules, verbosity, room)
        if size := sizes.get(id(entry.case)):  # of one file, at another value of its constant
            section = section._replace(name=f"{section.name} [{size}]")
        if not report.rules and section.worst == "clean":
            section = section._replace(worst="measured")
        made.append(section)
    return made


def _sizes(family: Family) -> Iterator[tuple[Case, str]]:
    """The members that are one file, with the values of its constants: ``n=8, L=2``."""
    for member in family.members:
        if member.case.id + family.place == family.id:
            known = {family.axis: member.size, **dict([family.fixed] if family.fixed else [])}
            yield member.case, ", ".join(f"{name}={value}" for name, value in known.items())


def worst_of(findings: Iterable[Finding], failures: Sequence[Failure], open_: Sequence[LeftOpen]) -> str:
    """``failed``, the gravest severity, ``undecided``, ``skipped`` or ``clean``."""
    findings = list(findings)
    if failures:
        return "failed"
    if told := [finding.severity for finding in findings if not finding.hit.undecided]:
        return max(told).label
    if len(findings) > len(told) or any(one.status != Status.SKIPPED for one in open_):
        return "undecided"
    return "skipped" if open_ else "clean"


def counts_of(findings: Iterable[Finding]) -> dict[str, int]:
    """How many there are of each severity."""
    counts = {"error": 0, "warning": 0, "note": 0}
    for finding in findings:
        counts[finding.severity.label] += not finding.hit.undecided
    return counts


def _unreadable(entry: UnreadableReport, rules: Sequence[Rule]) -> CircuitSection:
    return CircuitSection(
        name=named(entry.finding.path, entry.id),
        worst="failed" if entry.failures else "unreadable",
        facts=(),
        n_qubits=None,
        n_parameters=None,
        shots=None,
        signal="",
        ratio=None,
        ratio_told="",
        counts=counts_of(entry.findings),
        drawing=None,
        caption="",
        edges=(),
        findings=tuple(cards(entry.findings, entry.source, rules, 0)),
        open=(),
        failures=entry.failures,
        numbers=(),
        parameters=(),
        n_components=0,
        hidden="",
    )


def _circuit(entry: CircuitReport, rules: Sequence[Rule], verbosity: int, room: int) -> CircuitSection:
    case, noise = entry.case, 1 / entry.case.context.shots
    answer = entry.analyses.get("gradient")
    gradient = answer if isinstance(answer, Gradient) and answer.components else None
    drawing = _drawing(entry, gradient, rules, room)
    suppressed = f"{plural(entry.suppressed, 'finding')} suppressed" if entry.suppressed else ""
    known = f"{plural(len(entry.known), 'finding')} in the baseline" if entry.known else ""
    bounded = gradient is not None and gradient.status is Status.BOUNDED
    return CircuitSection(
        name=named(case.path, case.id),
        worst=worst_of(entry.findings, entry.failures, entry.unsettled),
        facts=_facts(case),
        n_qubits=case.circuit.n_declared,
        n_parameters=count_trainable(case.circuit),
        shots=case.context.shots,
        signal=f"{'≤ ' if bounded else ''}{number(gradient.signal)}" if gradient else "",
        ratio=gradient.signal / noise if gradient else None,
        ratio_told=number(gradient.signal / noise) if gradient else "",
        counts=counts_of(entry.findings),
        drawing=drawing,
        caption=_caption(gradient, noise, answer.reason if answer and not gradient else ""),
        edges=tuple(map(number, edges(noise))),
        findings=tuple(cards(entry.findings, case.source, rules, verbosity)),
        open=tuple(folded(entry.unsettled)),
        failures=entry.failures,
        numbers=tuple(pair for result in entry.analyses.values() for pair in result.sentences()),
        parameters=tuple(_parameters(gradient, noise)) if gradient else (),
        n_components=len(gradient.components) if gradient else 0,
        hidden=", ".join(filter(None, (suppressed, known))),
    )


def _facts(case: Case) -> tuple[str, ...]:
    context, circuit = case.context, case.circuit
    where = f" (line {context.observable_span.line})" if context.observable_span else ""
    assumed = context.observable_source == "assumed"
    return (
        plural(circuit.n_declared, "qubit"),
        *([plural(circuit.ancillas, "ancilla")] if circuit.ancillas else ()),
        plural(count_trainable(circuit), "parameter"),
        f"loss assumed: {context.observable.text}" if assumed else f"loss ⟨{context.observable.text}⟩{where}",
        f"{context.init} start",
        f"{context.shots:,} shots",
        *([f"noise {context.noise}"] if context.noise.channels else ()),
        *([f"trained by {context.loss}"] if context.loss != LINEAR else ()),
        *([f"{plural(len(context.rows.values), 'row')}{' drawn' * context.rows.drawn}"] if context.rows else ()),
    )


def _drawing(entry: CircuitReport, gradient: Gradient | None, rules: Sequence[Rule], room: int) -> Drawing | None:
    """Gate by gate if it is small, else as a heat map; None of a circuit without gates."""
    case = entry.case
    if not len(case.circuit):
        return None
    told = turned(case.circuit, gradient)
    places = marks(case, entry.findings, rules, told)
    if is_small(case.circuit, room // GATE):
        return gate_drawing(case, gradient, told, places)
    return cell_drawing(case, heat_map(case.circuit, told, room // CELL), places)


def _caption(gradient: Gradient | None, noise: float, reason: str) -> str:
    """The picture in words."""
    if gradient is None:
        return f"Gradients were not measured: {reason}." if reason else "Gradients were not measured."
    live = [component for component in gradient.components if not component.dead]
    below = sum(component.signal < noise for component in live)
    dead = len(gradient.components) - len(live)
    bound = " Signals are bounds from above." if gradient.status is Status.BOUNDED else ""
    counts = f"{len(live) - below:,} above the noise {number(noise)}, {below:,} below it, {dead:,} dead"
    return f"{plural(len(gradient.components), 'parameter')}: {counts}.{bound}"


def _parameters(gradient: Gradient, noise: float) -> Iterable[ParameterRow]:
    """The largest, and the first dead ones if there is room."""
    rows = sorted(
        zip(gradient.names, gradient.lines, gradient.components), key=lambda row: (row[2].dead, -row[2].signal)
    )
    for name, line, component in rows[:LISTED]:
        told = "dead" if component.dead else told_signal(component, noise)
        kind = "dead" if component.dead else "below" if component.signal < noise else "above"
        yield ParameterRow(name, line, told, kind)

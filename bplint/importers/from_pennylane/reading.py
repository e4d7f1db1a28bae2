"""From a QNode or a tape to a program."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from bplint.errors import Span
from bplint.importers.from_pennylane.arguments import Numbers
from bplint.importers.from_pennylane.dependence import Affine, Dependence, Explorer, Unknown, related
from bplint.importers.from_pennylane.formulas import AngleFormula, Evaluations
from bplint.importers.from_pennylane.functions import TapeFunction
from bplint.importers.from_pennylane.measurements import TapeLoss
from bplint.importers.from_pennylane.probing import Probe, Variation
from bplint.importers.program import Directive, Note, Program
from bplint.importers.quoting import listed
from bplint.ir.build import Builder
from bplint.ir.circuit import Parameter, Role, Spelling
from bplint.ir.context import NotAffine
from bplint.ir.naming import listed as names_listed
from bplint.ir.naming import selects


class ReadTape(NamedTuple):
    """A program, what it measures, the numbers of its wires, and its operations as they stand on the tape."""

    program: Program
    loss: TapeLoss
    wires: Mapping[Any, int]
    operations: Sequence[Any]


def read(function: TapeFunction, device_wires: Sequence[Any] = ()) -> ReadTape:
    """The circuit that a function of numbers makes. A statement is an operation of the tape: there being no text, operation i is
    line i + 1.

    ``SourceError`` says what cannot be read, and why; ``UsageError`` for arguments that do not fit.
    """
    with _no_collection():
        probe = Probe(function, device_wires)
        varied = probe.variation()
        known = [np.array(recording.angles) for recording in varied.recordings]
        explorer = Explorer(probe.angles, varied.draw, varied.points, known)
        free = np.flatnonzero(varied.free)
        dependence = explorer.dependence(free)
        angles = _Angles(function, varied, probe.builder)
        mixed = [angle for angle, what in dependence.other.items() if angles.mixes(what)]
        if mixed:
            dependence.other.update(_at_the_data_given(function, varied, probe, mixed))
        first = varied.recordings[0]
        probe.builder.shapes, probe.builder.statements = first.shapes, first.statements
        probe.builder.wires.extend(probe.in_order(first.wires))
        probe.builder.n_qubits += first.ancillas
        probe.builder.ancillas, probe.builder.deciding = first.ancillas, tuple(sorted(probe.in_order(first.deciding)))
        probe.builder.angles.extend(angles.entries(dependence, first.angles))
        probe.builder.lines(max(1, len(probe.operations)))
        texts = (*_notes(function, varied, probe), *angles.notes(mixed))
        kept, line = first.kept[0], first.kept[1] + 1
        told = [Note(kept, Span(line, 1, line, 2))] if kept else []
        notes = (*told, *(Note(text, _FIRST) for text in texts), *angles.not_affine())
        circuit = probe.builder.build(angles.parameters)
        evaluations = Evaluations(probe.angles, function.names, function.given)
        formulas = {name: AngleFormula(evaluations, angle) for name, angle in angles.functions.items()}
        program = Program(circuit, _data(function, varied), notes, formulas=formulas)
        return ReadTape(program, probe.loss, probe.wires, probe.operations)


class _Angles:
    """Entries of a builder for what was found; ``parameters`` are the numbers that vary, and ``functions`` of them.

    A function is called by the name of its parameter, and is an angle of the circuit, by number.
    """

    def __init__(self, function: TapeFunction, varied: Variation, builder: Builder) -> None:
        self._names, self._trained = function.names, function.trained
        self._builder = builder
        self._place = np.cumsum(varied.free) - 1
        self.parameters = [
            Parameter(name, Role.TRAINABLE)
            for name, free in zip(self._names, varied.free.tolist(), strict=True)
            if free
        ]
        self.functions: dict[str, int] = {}
        self._known: dict[tuple[int, ...], list[tuple[Unknown, int]]] = {}

    def mixes(self, what: Affine | Unknown) -> bool:
        """Whether it is a function that is not affine of trained numbers and of others."""
        return isinstance(what, Unknown) and len({bool(self._trained[source]) for source in what.sources}) > 1

    def entries(self, dependence: Dependence, values: Sequence[float]) -> Iterator[int]:
        """An entry an angle; ``values`` are those of constants."""
        places, builder = self._place.tolist(), self._builder
        for angle, (same, value) in enumerate(zip(dependence.same.tolist(), values, strict=True)):
            if same >= 0:
                yield places[same]
            elif same == -1:
                yield builder.angle(value, spelling=_spelling(value))
            else:
                yield self._entry(angle, dependence.other[angle])

    def notes(self, mixed: Sequence[int]) -> Iterator[str]:
        """How angles were understood that are more than a number of the arguments."""
        if mixed:
            yield f"{len(mixed)} angles multiply trained numbers and data: read at the data given"

    def not_affine(self) -> Iterator[NotAffine]:
        """The note about functions."""
        if self.functions:
            yield NotAffine.of(list(self.functions), _FIRST)

    def _entry(self, angle: int, what: Affine | Unknown) -> int:
        if isinstance(what, Affine):
            terms = [(int(self._place[number]), c) for number, c in what.terms]
            return self._builder.angle(what.constant, terms, spelling=_spelling(what.constant))
        known = self._known.setdefault(what.sources, [])
        for other, number in known:
            relation = related(other, what)
            if relation is not None:
                return self._builder.angle(relation[1], ((number, relation[0]),))
        number = len(self.parameters)
        sources = tuple(self._names[source] for source in what.sources)
        name = f"f{len(self.functions) or ''}({names_listed(sources)})"
        self.functions[name] = angle
        self.parameters.append(Parameter(name, Role.TRAINABLE, sources=sources))
        known.append((what, number))
        return number


def _at_the_data_given(
    function: TapeFunction, varied: Variation, probe: Probe, mixed: Sequence[int]
) -> dict[int, Affine | Unknown]:
    """What angles have of the trained numbers alone, where the others are those that were given."""

    def held(point: Numbers) -> Numbers:
        return np.where(function.trained, point, function.given)

    points = [held(point) for point in varied.points]
    angles = [probe.angles(point) for point in points]
    explorer = Explorer(probe.angles, lambda: held(varied.draw()), points, angles)
    dependence = explorer.dependence(np.flatnonzero(function.trained), np.array(mixed))

    def what(angle: int) -> Affine | Unknown:
        same = int(dependence.same[angle])
        if same == -1:
            return Affine(float(angles[0][angle]), ())
        return dependence.other[angle] if same == -2 else Affine(0.0, ((same, 1.0),))

    return {angle: what(angle) for angle in mixed}


def _notes(function: TapeFunction, varied: Variation, probe: Probe) -> Iterator[str]:
    if function.presumed:
        yield "no argument says requires_grad: all real numbers are taken as trained; argnums=0 trains the first alone"
    if varied.held:
        yield f"data is held at the values given: {varied.held}"
    if list(probe.wires) != list(range(len(probe.wires))):
        yield f"wires {listed([str(wire) for wire in probe.wires])} are qubits 0 to {len(probe.wires) - 1}"
    if probe.loss.note:
        yield probe.loss.note


def _data(function: TapeFunction, varied: Variation) -> tuple[Directive, ...]:
    """What carries data, declared: the numbers that vary and are not trained."""
    names = [name for name, free in zip(function.names, varied.free.tolist(), strict=True) if free]
    patterns = tuple(glob for glob in function.data_patterns if any(selects(glob, name) for name in names))
    if not patterns:
        return ()
    return (Directive("data", " ".join(patterns), _FIRST, "argument", read=patterns),)


def _spelling(value: float) -> Spelling:
    """Precise if it has nine or more significant digits, as products with pi have."""
    return Spelling.DECIMAL if float(f"{value:.8g}") == value else Spelling.PRECISE


@contextmanager
def _no_collection() -> Iterator[None]:
    """Nothing here is cyclic, and the collector would walk through all of the circuit again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


_FIRST = Span(1, 1, 1, 2)

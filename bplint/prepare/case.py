"""From a program and its settings to a case: which loss, which trainable angles, which law, what noise, how many shots.

The command line wins over the source, the source over configuration, configuration over the defaults.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bplint.config import Settings
from bplint.config.in_force import InForce
from bplint.context_keys import policy
from bplint.errors import SourceError, UsageError
from bplint.importers.program import Program
from bplint.ir.circuit import Circuit
from bplint.ir.context import Case, Context, NotAffine, Note
from bplint.ir.law import Init, parse_init
from bplint.ir.loss_function import parse_loss_function
from bplint.ir.naming import selects
from bplint.ir.noise import Noise, parse_noise
from bplint.ir.observable import Observable, ObservableError, mean_of, parse
from bplint.ir.rows import Rows
from bplint.ir.trainable import select
from bplint.prepare.declared_data import DeclaredData, named_by
from bplint.prepare.declared_ties import declared_ties
from bplint.prepare.deferred import check_deferred
from bplint.prepare.given import Given, given


def prepare(program: Program, settings: InForce, *, path: str, id: str = "", source: Sequence[str] = ()) -> Case:
    """The case of one program, whose id is its path if none is given.

    ``SourceError`` at the directive at fault, or where the loss has to be declared and is not; ``UsageError`` for an option
    or a key at fault.
    """
    _check_speeds(program.circuit)
    said = given(program.directives, settings)
    chosen, names = policy(said["trainable"].value)
    declared_data = DeclaredData.of(said, program.path, settings)
    data = said["data"].value or named_by(declared_data.table, program.circuit)
    loss = parse_loss_function(said["loss"].value)
    _check_names(said["trainable"], names, program.circuit)
    _check_names(said["data"], data, program.circuit)
    ties = declared_ties(program.directives, program.circuit)
    circuit, selection = select(program.circuit, chosen, trainable=names, data=data, roles=program.roles, ties=ties)
    declared = said["observable"]
    required = settings.stated("require-observable")
    if required.value and declared.value is None and not (loss.is_kernel or loss.of_samples):
        example = "Z0 Z1" if circuit.n_declared > 1 else "Z0"
        hint = f"say what you measure, for instance:  // bplint: observable = {example}"
        raise SourceError(f"no observable is declared, and one has to be ({required.origin})", hint=hint)
    init = _init(said["init"], said["data-law"], circuit)
    rows, remarks = declared_data.rows(circuit, program.formulas, loss, init, settings.seed, data)
    context = Context(
        observable=_observable(declared, circuit),
        observable_source="assumed" if declared.value is None else declared.source,
        selection=selection,
        shots=said["shots"].value,
        seed=settings.seed,
        init=init,
        noise=parse_noise(spec) if (spec := said["noise"].value) else Noise(),
        observable_span=declared.span,
        shots_span=said["shots"].span,
        data=data,
        budget=settings.budget,
        loss=loss,
        rows=rows,
        dataset=declared_data.table.file if declared_data.table else "",
        data_law=said["data-law"].value or "",
        samples=declared_data.bits(circuit, loss),
        target=declared_data.target,
    )
    check_deferred(circuit, context)
    notes = (*_notes(program, circuit, rows), *(Note(text, declared_data.span) for text in remarks))
    return Case(id=id or path, path=path, circuit=circuit, context=context, source=source, notes=notes)


def _notes(program: Program, circuit: Circuit, rows: Rows | None) -> Iterator[Note]:
    """What the importer remarks, but for expressions that the rows work out: nothing is taken for granted with these."""
    known = set(rows.names) | set(rows.weighted) if rows is not None else set()
    open_ = [p.name for p in circuit.parameters if p.sources and p.name not in known]
    for note in program.notes:
        if not isinstance(note, NotAffine):
            yield note
        elif open_:
            yield NotAffine.of(open_, note.span)


def check_names(settings: Settings, circuits: Sequence[Circuit]) -> None:
    """What the caller says of parameters has to name one of some circuit. ``UsageError`` with the name that does not."""
    init = parse_init(settings.init).named if settings.init else ()
    asked = {
        "trainable": policy(settings.trainable)[1] if settings.trainable else (),
        "data": settings.data,
        "init": [glob for glob, _ in init],
    }
    if not circuits or not any(asked.values()):
        return
    names = {name for circuit in circuits for p in circuit.parameters for name in (p.name, *p.sources)}
    for key, patterns in asked.items():
        for pattern in patterns:
            if not any(selects(pattern, name) for name in names):
                raise UsageError(f"--{key}: no parameter of any circuit here is called {pattern}")


def _check_speeds(circuit: Circuit) -> None:
    """``SourceError`` where an angle is so many times a parameter that its place on the circle is lost, or so few that its
    square is no number."""
    columns = (circuit.columns.factor, circuit.angles.columns.coefficient)
    factors, coefficients = ([abs(x) for x in column if x] for column in columns)
    if not factors or not coefficients:
        return
    if max(factors) * max(coefficients) <= FASTEST and min(factors) * min(coefficients) >= SLOWEST:
        return
    for operation in circuit.operations:
        for parameter, coefficient in operation.terms:
            if not SLOWEST <= abs(coefficient) <= FASTEST:
                name = circuit.parameters[parameter].name
                message = f"an angle is {coefficient:g} times {name}; want {SLOWEST:g} to {FASTEST:g} times"
                raise SourceError(message, circuit.span(operation.number))


SLOWEST, FASTEST = 1e-50, 1e9
"""Radians of an angle for one of its parameter."""


def _check_names(given: Given, patterns: Sequence[str], circuit: Circuit) -> None:
    """What a source says of its own parameters has to name some; configuration speaks of many sources."""
    if given.span is None:
        return
    names = [name for p in circuit.parameters for name in (p.name, *p.sources)]
    for pattern in patterns:
        if not any(selects(pattern, name) for name in names):
            raise given.error(f"no parameter is called {pattern}")


def _observable(given: Given, circuit: Circuit) -> Observable:
    """The loss, of the qubits that the source declares."""
    return _stated(given, circuit, circuit.n_declared).widened(circuit.n_qubits)


def _stated(given: Given, circuit: Circuit, n: int) -> Observable:
    if isinstance(given.value, Observable):
        if given.value.n_qubits != n:
            raise given.error(f"the observable is for {given.value.n_qubits} qubits, the circuit has {n}")
        return given.value
    if given.value is not None:
        try:
            return parse(given.value, n)
        except ObservableError as error:
            raise given.error(str(error)) from error
    try:
        return mean_of("Z", circuit.measured or range(n), n, text="mean(Z)")
    except ObservableError as error:
        raise SourceError(str(error), hint="declare the loss, as in  // bplint: observable = Z0 Z1") from error


def _init(given: Given, of_data: Given, circuit: Circuit) -> Init:
    """The angle laws; a name in the source itself must be one of its parameters, elsewhere it speaks of many files."""
    init = _law(given, circuit)
    return init if of_data.value is None else init._replace(data=_law(of_data, circuit))


def _law(given: Given, circuit: Circuit) -> Init:
    init = parse_init(given.value)
    if given.span:
        for glob, law in init.named:
            alone = Init(named=((glob, law),))
            if not law.is_uniform and all(alone.law(p).is_uniform for p in circuit.parameters):
                raise given.error(f"no parameter is called {glob}, which has the law {law}")
    return init

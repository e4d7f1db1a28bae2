"""Circuits that are handed over in Python, as a job takes them: one, one of a builder, or several at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from bplint import engine
from bplint.config.in_force import InForce
from bplint.context_keys import Said, keys
from bplint.errors import BplintError, SourceError, UsageError
from bplint.exporters import Original
from bplint.family import DeclaredFamily, item_name
from bplint.importers.call import Call
from bplint.importers.objects import built, read_object
from bplint.importers.program import Program
from bplint.ir.context import Case
from bplint.prepare import prepare
from bplint.python_words import in_python
from bplint.runs.entries import CircuitReport, Entry, UnreadableReport
from bplint.runs.one_source import Job
from bplint.sources.building.comments import about
from bplint.sources.collect import InputSource


class HandedCircuit(NamedTuple):
    """A circuit that was handed over, and what holds for it."""

    program: Program
    settings: InForce
    name: str
    listing: Sequence[str]
    original: Original

    def report(self, job: Job) -> CircuitReport:
        """What the job makes of it. ``SourceError`` where it cannot be modelled, ``UsageError`` where an argument does not fit."""
        try:
            return job.finish(self.program, self.settings, self.name, self.listing, lambda: self.original)
        except SourceError as error:
            raise SourceError(error.message, error.span, hint=error.hint and in_python(error.hint)) from error


def given(
    job: Job, circuit: Any, observable: Any, name: str = "", file: str | None = None, call: Call | None = None
) -> HandedCircuit:
    """One circuit, under its own name unless one is given, and the configuration of a file or the working folder."""
    try:
        reading = read_object(circuit, observable, call)
        read = None if reading.observable is None else keys(Said.ARGUMENT)["observable"].read(reading.observable)
    except (SourceError, UsageError):
        raise
    except BplintError as error:
        raise UsageError(f"observable: {error}") from error
    in_force = job.configurations.of(file)
    asked = in_force.asked
    data = (*asked.data, *reading.data) if asked.data else ()
    asked = asked._replace(observable=read, shots=asked.shots or reading.shots, data=data)
    in_force = in_force._replace(asked=asked)
    name = name or reading.name

    def again(other: Any) -> Case:
        written = read_object(other, None, call)
        return prepare(written.program, in_force, path=name, source=written.listing)

    return HandedCircuit(reading.program, in_force, name, reading.listing, Original(circuit, again, call or Call()))


def member(
    job: Job,
    builder: Callable[..., Any],
    told: DeclaredFamily,
    size: int | None,
    name: str,
    file: str | None,
    depth: int | None = None,
) -> CircuitReport:
    """The report of the circuit that a builder makes of a size, of a size and a depth, or of none."""
    sizes = tuple(number for number in (size, depth) if number is not None)
    circuit, call = built(builder, sizes, told.arguments_at(*(sizes or (None,))))
    observable = told.observable if size is None else told.observable_at(size)
    handed = given(job, circuit, observable, item_name(name, size, depth), file, call)
    comments = about(name, file) if file else ()
    program = handed.program._replace(directives=(*handed.program.directives, *comments))
    return handed._replace(program=program).report(job)


def each(job: Job, circuits: Sequence[Any], observable: Any, call: Call) -> Iterator[Entry]:
    """The entries of several circuits; one that cannot be looked at stands among them as such.

    ``observable`` is for all, or a list with one for each. Names that several have are numbered. ``UsageError`` for lists of
    different lengths, and for arguments, which would be those of one circuit.
    """
    if not call.is_empty:
        raise UsageError("arguments are of one circuit; prepare each of several: functools.partial(qnode, weights)")
    losses = observable if isinstance(observable, list | tuple) else [observable] * len(circuits)
    if len(losses) != len(circuits):
        raise UsageError(f"observable: want one, or {len(circuits)} for as many circuits, got {len(losses)}")
    read = [
        _reported(job, f"circuits[{k}]", partial(given, job, one, loss))
        for k, (one, loss) in enumerate(zip(circuits, losses, strict=True))
    ]
    count = Counter(one.name for one in read if isinstance(one, HandedCircuit))
    for k, one in enumerate(read):
        if isinstance(one, UnreadableReport):
            yield one
            continue
        name = f"{one.name}[{k}]" if count[one.name] > 1 else one.name
        yield _reported(job, name, partial(one._replace(name=name).report, job))


def _reported(job: Job, name: str, make: Callable[[], Any]) -> Any:
    """What is made, or the entry that says why it cannot be: the others go on."""
    try:
        return make()
    except (SourceError, UsageError) as error:
        fault = error if isinstance(error, SourceError) else SourceError(str(error))
        return UnreadableReport(engine.unreadable(fault, name), id=name)
    except Exception as error:
        return job.failed(InputSource("-", name), error)

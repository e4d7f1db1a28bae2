"""What passes between bplint and a process that builds, and the source that a built circuit is."""

from __future__ import annotations

import os
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, NamedTuple

from bplint.errors import SourceError, Span
from bplint.family import item_name
from bplint.importers.program import Directive, Program
from bplint.ir.observable import Observable


class BuildLimits(NamedTuple):
    """What one circuit may take: seconds to import its file and to build it, and bytes of memory."""

    seconds: float = 60.0
    memory: int = 4 << 30


class WantedBuilder(NamedTuple):
    """A function to call. ``sizes`` are those of configuration; the decorator's are known when the file has run."""

    name: str
    line: int
    extent: tuple[int, int]
    declared: bool
    sizes: tuple[int, ...] = ()
    """As far as they can be told beforehand."""


class BuildOrder(NamedTuple):
    """What a process is to do: run the file, and build what ``keyword`` selects by its node id but is not ``done``.

    ``file`` is absolute, ``code`` what stands in it as Python; ``id`` is the file's node id. ``moved`` are two trees: what
    Python finds in the first it is to find in the second.
    """

    file: str
    code: str
    id: str
    builders: tuple[WantedBuilder, ...]
    keyword: str = ""
    limits: BuildLimits = BuildLimits()
    done: frozenset[tuple[str, int | None]] = frozenset()
    moved: tuple[str, str] | None = None

    def id_of(self, builder: str, size: int | None) -> str:
        """The node id of a circuit."""
        return f"{self.id}::{item_name(builder, size)}"


class Begun(NamedTuple):
    """The process calls a builder now, whatever comes of it."""

    builder: str
    size: int | None


class Built(NamedTuple):
    """A circuit, its loss, what else the decorator says, by the keys of :mod:`bplint.context_keys`, and for each statement of
    the circuit the line of the file that made it, 0 where it is not known."""

    program: Program
    observable: Observable | str | None
    told: Mapping[str, Any]
    lines: Sequence[int] = ()


class BuildFailed(NamedTuple):
    """The last lines of what a builder raised, or of what the file did when it was imported. The process ends with it.

    ``refused``: nothing was raised, and what the builder returned or declares is at fault.
    """

    lines: tuple[str, ...]
    refused: bool = False


class Finished(NamedTuple):
    """All is built; so many were left out by the keyword."""

    deselected: int


class BuiltCircuit(NamedTuple):
    """One circuit of a builder, as a source: the ``program`` that came of it, or the ``error`` that says why there is none.

    ``name`` is the file as the user named it, ``lines`` are those of its code, ``span`` is the head of the builder. ``size`` is
    None of a builder without sizes, ``builder`` is empty where the file cannot be read.
    """

    name: str
    builder: str
    size: int | None
    span: Span = Span(1, 1, 1, 1)
    program: Program | None = None
    error: SourceError | None = None
    lines: tuple[str, ...] = ()
    digest: str = ""
    """The same for the same circuit with the same declarations, wherever the builder stands; empty where nothing was built."""

    @property
    def path(self) -> str:
        """Where it is, as of other sources."""
        return self.name

    @property
    def item(self) -> str:
        """What follows the file in its node id: ``hea[n=8]``."""
        return item_name(self.builder, self.size)

    @property
    def directives(self) -> tuple[Directive, ...]:
        """What its decorator and its comments say."""
        return self.program.directives if self.program else ()

    def made(self) -> Program:
        """The program. ``SourceError`` where there is none."""
        if self.program is None:
            raise self.error or SourceError("nothing was built", self.span)
        return self.program

    def id_in(self, file: str) -> str:
        """The node id, from that of the file."""
        return f"{file}::{self.item}" if self.builder else file

    @property
    def is_python(self) -> bool:
        """Always."""
        return True

    @property
    def suffix(self) -> str:
        """Of the file."""
        return os.path.splitext(self.name)[1].lower()


def placed(program: Program, head: Span, spans: Sequence[Span] = ()) -> Program:
    """The program with statement k at ``spans[k]``, or with all of it at the head of its builder."""
    circuit = program.circuit
    n_statements = len(circuit.places) // 4
    if len(spans) != n_statements:
        spans = [head] * n_statements

    def moved(span: Span | None) -> Span:  # importers say line k + 1 of statement k
        return spans[span.line - 1] if span and span.line <= n_statements else head

    return program._replace(
        circuit=replace(
            circuit,
            places=array("i", chain.from_iterable(spans)),
            parameters=tuple(parameter._replace(span=moved(parameter.span)) for parameter in circuit.parameters),
        ),
        notes=tuple(note._replace(span=moved(note.span)) for note in program.notes),
    )

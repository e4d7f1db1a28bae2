"""What an importer hands on: the circuit, and what the source says about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bplint.errors import Span
from bplint.ir.circuit import Circuit, Role


@dataclass(frozen=True, slots=True)
class Directive:
    """One ``bplint`` instruction found in the source, such as key ``observable``, value ``Z0 Z1``.

    ``source`` says how it was written: ``comment``, ``pragma``, ``annotation`` or ``braket``.
    """

    key: str
    value: str
    span: Span
    source: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader should know about how the source was understood (finding BP004)."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Program:
    """One source, read.

    ``circuit.parameters`` holds the symbols the source has, all with role TRAINABLE: literal angles are constants.
    ``roles`` are the roles that the source gives to single statements (index into ``circuit.spans``).
    """

    circuit: Circuit
    directives: tuple[Directive, ...] = ()
    notes: tuple[Note, ...] = ()
    roles: Mapping[int, Role] = field(default_factory=dict)

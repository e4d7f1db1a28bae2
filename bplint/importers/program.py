"""What an importer hands on: the circuit, and what the source says about it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple

from bplint.errors import Span
from bplint.ir.circuit import Circuit, Role
from bplint.ir.context import Note
from bplint.ir.formula import Formula

__all__ = ["Directive", "Importer", "Note", "Program"]


class Directive(NamedTuple):
    """One ``bplint`` instruction found in the source, such as key ``observable``, value ``Z0 Z1``.

    ``source`` says how it was written: ``comment``, ``pragma``, ``annotation``, ``braket`` or ``decorator``. ``read`` is the
    value where it was never text. ``of_builder``: a comment in Python, which speaks of all circuits of a builder.
    """

    key: str
    value: str
    span: Span
    source: str
    read: Any = None
    of_builder: bool = False


class Program(NamedTuple):
    """One source, read.

    ``circuit.parameters`` holds the symbols the source has, all with role TRAINABLE: literal angles are constants.
    ``roles`` are the roles that the source gives to single statements (index into ``circuit.spans``), ``formulas`` say what
    parameters that stand for expressions are, by name. ``path`` is the file it was read from, if it was one.
    """

    circuit: Circuit
    directives: tuple[Directive, ...] = ()
    notes: tuple[Note, ...] = ()
    roles: Mapping[int, Role] = MappingProxyType({})
    formulas: Mapping[str, Formula] = MappingProxyType({})
    path: str | None = None


def malformed(program: object) -> str:
    """What is wrong with what an importer returns; empty where nothing is."""
    if not isinstance(program, Program):
        return f"want a Program from an importer, got {type(program).__name__}"
    if not isinstance(program.circuit, Circuit):
        return f"want a Circuit in the Program of an importer, got {type(program.circuit).__name__}"
    angles = program.circuit.angles.columns
    if not all(map(math.isfinite, chain(angles.constant, angles.coefficient))):
        return "want finite angles in the circuit of an importer"
    return ""


class Importer(NamedTuple):
    """Reads the files with one of ``suffixes`` (lower case, with the dot), in directories those that it claims.

    ``read(text, path=..., overrides=...)`` returns a :class:`Program`: ``path`` is the file or None, ``overrides`` are
    values for whole-number constants of the source. It raises ``SourceError`` with the place of a fault and never runs
    what it reads. ``claims(beginning)`` says of the first characters of a text whether it is for this importer; without it
    every text with its suffixes is that no other importer claims. ``editable`` is for OpenQASM, the one text that
    suggestions and ``bplint fix`` can change.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[..., Program]
    claims: Callable[[str], bool] | None = None
    editable: bool = False

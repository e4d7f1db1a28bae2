"""A change as edits of the OpenQASM text: of the circuit, or of the comment that declares what is asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bplint.errors import Span
from bplint.ir.circuit import Circuit
from bplint.repair.changes import Change
from bplint.rewrite import Edit, Layout, Refused, edits


class Declared(NamedTuple):
    """A value given to a key such as ``observable``: by the text in a ``comment`` or a ``pragma``, or by an ``option``."""

    key: str
    span: Span | None
    source: str


class Text(NamedTuple):
    """The OpenQASM text of a circuit, without a byte order mark, and what is declared about it."""

    text: str
    declared: Sequence[Declared] = ()


def edits_of(change: Change, circuit: Circuit, source: Text) -> tuple[Edit, ...] | Refused:
    """The edits that make the text say what the change says, in the order of the text."""
    if change.rewrite is not None:
        return edits(source.text, circuit, change.rewrite)
    if change.observable is not None:
        return _declaring("observable", change.observable.text, source)
    if change.init is not None:
        return _declaring("init", str(change.init), source)
    return Refused("there is nothing to write")


def _declaring(key: str, value: str, source: Text) -> tuple[Edit, ...] | Refused:
    """A comment in the first line, or in place of the one that is there."""
    layout = Layout(source.text)
    declared = next((d for d in source.declared if d.key == key), None)
    if declared is None:
        return (Edit(1, 1, 1, 1, "", f"// bplint: {key} = {value}{layout.newline}"),)
    if declared.span is None:
        return Refused(f"--{key} says otherwise")
    if declared.source != "comment":
        article = "an" if declared.source == "annotation" else "a"
        return Refused(f"the {key} is declared in {article} {declared.source}: line {declared.span.line}")
    span = declared.span
    old = layout.text[layout.offset(span.line, span.column) : layout.offset(span.end_line, span.end_column)]
    if not old.startswith(("//", "/*")):
        return Refused(f"the {key} is declared in the file included in line {span.line}")
    mark, end = ("/* ", " */") if old.startswith("/*") else ("// ", "")
    return (Edit(*span, old, f"{mark}bplint: {key} = {value}{end}"),)

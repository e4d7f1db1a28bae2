"""A change as edits of the OpenQASM text: of the circuit, or of the comment that declares what is asked of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from bplint.errors import BplintError, Span
from bplint.finding import Written
from bplint.ir.context import Case
from bplint.ir.trainable import TIED
from bplint.repairs.changes import Change
from bplint.repairs.read_again import is_same
from bplint.rewrite import Edit, Layout, Refused, Rewrite, apply, edits, layout_of, tying_edits


class CarriedOut(NamedTuple):
    """A change in the form in which the circuit came: all of it, and of a text what is edited."""

    written: Written
    edits: tuple[Edit, ...] = ()


class Source(Protocol):
    """What a circuit came from, where changes of it can be carried out."""

    def carried_out(self, change: Change, case: Case, changed: Case | None = None) -> CarriedOut | Refused:
        """The change of this case, read again and found to be what was measured: ``changed``, if that is at hand."""


class Declared(NamedTuple):
    """A value given to a key such as ``observable``: by the text in a ``comment`` or a ``pragma``, or by an ``option``."""

    key: str
    span: Span | None
    source: str


class Text(NamedTuple):
    """The OpenQASM text of a circuit, without a byte order mark, and what is declared about it.

    ``read`` makes a case of another text in its place, as it would be linted; ``BplintError`` where it cannot be read.
    """

    text: str
    declared: Sequence[Declared] = ()
    read: Callable[[str], Case] | None = None

    def carried_out(self, change: Change, case: Case, changed: Case | None = None) -> CarriedOut | Refused:
        """The edits, and the text after them."""
        made = edits_of(change, case, self, changed)
        return made if isinstance(made, Refused) else CarriedOut(EditedText(self.text, made), made)


class EditedText(NamedTuple):
    """A text and what becomes of it."""

    text: str
    edits: tuple[Edit, ...]

    def circuit(self) -> str:
        """The text after the edits."""
        return apply(self.text, self.edits)


def edits_of(change: Change, case: Case, source: Text, changed: Case | None = None) -> tuple[Edit, ...] | Refused:
    """The edits that make the text say what the change says, in the order of the text, and nothing else when it is read again."""
    made = _made(change, case, source)
    if isinstance(made, Refused) or source.read is None:
        return made
    try:
        again = source.read(apply(source.text, made))
    except BplintError as error:
        return Refused(f"written, it could not be read: {error}")
    same = is_same(again, changed or change.case(case))
    return made if same else Refused("written, it would be read as another circuit")


def _made(change: Change, case: Case, source: Text) -> tuple[Edit, ...] | Refused:
    if change.rewrite is not None:
        return _rewriting(change.rewrite, case, source)
    if change.observable is not None:
        return _declaring("observable", change.observable.text, source)
    if change.init is not None:
        by_line = bool(change.init.named) and any(p.value is not None for p in case.circuit.parameters)
        return _declaring("init", str(change.init), source, behind=by_line)
    if change.data_law is not None:
        return _declaring("data-law", str(change.data_law), source)
    if change.loss is not None:
        return _declaring("loss", str(change.loss), source)
    return Refused("there is nothing to write")


def _rewriting(rewrite: Rewrite, case: Case, source: Text) -> tuple[Edit, ...] | Refused:
    """Numbers that have to be tied, or apart, are: by a line that says so of all, or else by a line for each group of them."""
    said = case.context.selection
    as_it_is = None if said.guessed else said.policy == TIED
    made = edits(source.text, case.circuit, rewrite, tied=as_it_is)
    if not said.literals or not (isinstance(made, Refused) or said.grouped):
        return made
    for tied, policy in ((True, TIED), (False, "literals")):
        if tied is as_it_is or said.grouped or not (tied or said.guessed):
            continue
        declared = edits(source.text, case.circuit, rewrite, tied=tied)
        line = _declaring("trainable", policy, source)
        if not isinstance(declared, Refused) and not isinstance(line, Refused):
            return _in_order(line, declared)
    grouped = tying_edits(source.text, case.circuit, rewrite)
    if isinstance(grouped, Refused):
        return grouped
    lines = _tying(grouped[1], source)
    return lines if isinstance(lines, Refused) else _in_order(lines, grouped[0])


def _in_order(*made: Sequence[Edit]) -> tuple[Edit, ...]:
    return tuple(sorted((edit for some in made for edit in some), key=lambda edit: edit[:4]))


def _tying(groups: Sequence[Sequence[float]], source: Text) -> tuple[Edit, ...] | Refused:
    """A comment for each group, in the first lines, or all of them in place of the first that is there."""
    layout = layout_of(source.text)
    comments = [f"bplint: tie = {', '.join(map(repr, group))}" for group in groups]
    declared = [(d, d.span) for d in source.declared if d.key == "tie" and d.span is not None]
    if not declared:
        text = "".join(f"// {comment}{layout.newline}" for comment in comments)
        return (Edit(1, 1, 1, 1, "", text),) if text else ()
    made = []
    for one, span in declared:
        old = _comment(one, span, layout)
        if isinstance(old, Refused):
            return old
        mark, end = _MARKS[old[:2]]
        made.append(Edit(*span, old, layout.newline.join(f"{mark}{comment}{end}" for comment in comments)))
        comments = []
    return tuple(made)


def _declaring(key: str, value: str, source: Text, *, behind: bool = False) -> tuple[Edit, ...] | Refused:
    """A comment in the first line, or in place of the one that is there.

    ``behind`` all others, if it speaks of numbers: they are named after the lines that they stand in.
    """
    layout = layout_of(source.text)
    declared = next((d for d in source.declared if d.key == key), None)
    if declared is None and behind:
        line, column = layout.place(len(source.text))
        begun = "" if column == 1 else layout.newline
        return (Edit(line, column, line, column, "", f"{begun}// bplint: {key} = {value}{layout.newline}"),)
    if declared is None:
        return (Edit(1, 1, 1, 1, "", f"// bplint: {key} = {value}{layout.newline}"),)
    if declared.span is None:
        return Refused(f"--{key} says otherwise")
    old = _comment(declared, declared.span, layout)
    if isinstance(old, Refused):
        return old
    mark, end = _MARKS[old[:2]]
    return (Edit(*declared.span, old, f"{mark}bplint: {key} = {value}{end}"),)


def _comment(declared: Declared, span: Span, layout: Layout) -> str | Refused:
    """The comment that declares it, as it stands in the text."""
    if declared.source != "comment":
        article = "an" if declared.source == "annotation" else "a"
        return Refused(f"the {declared.key} is declared in {article} {declared.source}: line {span.line}")
    old = layout.text[layout.offset(span.line, span.column) : layout.offset(span.end_line, span.end_column)]
    if old[:2] not in _MARKS:
        return Refused(f"the {declared.key} is declared in the file included in line {span.line}")
    return old


_MARKS = {"//": ("// ", ""), "/*": ("/* ", " */")}
"""How a comment begins, and what stands around the words of another in its place."""

"""From a rewrite to edits of the OpenQASM text, which leave every statement alone that does not change.

A gate takes the place of another in its own statement. Where all gates of a statement change alike, in a loop too, only
its name does. What is left is written out gate by gate, in place of the whole broadcast, call or loop.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bplint.ir.circuit import Circuit
from bplint.rewrite.change import CannotError, Placed, Refused, Rewrite
from bplint.rewrite.layout import NAME, Statement, layout_of
from bplint.rewrite.reading import SourceGate, placed, source_gates
from bplint.rewrite.ties import check_ties, groups
from bplint.rewrite.writing import Writer


class Edit(NamedTuple):
    """``old`` at this place becomes ``new``; lines and columns are 1-based, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
    old: str
    new: str


def edits(text: str, circuit: Circuit, rewrite: Rewrite, *, tied: bool | None = None) -> tuple[Edit, ...] | Refused:
    """The edits that make the OpenQASM text of a circuit say what the rewrite says, in the order of the text.

    ``text`` is what the circuit was read from, without a byte order mark; its line ends are kept. ``tied`` is whether numbers
    of equal size are declared to be one parameter, None where nothing is declared.
    """
    try:
        return _Editing(text, circuit, rewrite, tied).run()
    except CannotError as error:
        return Refused(str(error))


def tying_edits(
    text: str, circuit: Circuit, rewrite: Rewrite
) -> tuple[tuple[Edit, ...], tuple[tuple[float, ...], ...]] | Refused:
    """The edits, and the groups of numbers that then have to be declared to be one parameter each."""
    editing = _Editing(text, circuit, rewrite, None)
    try:
        return editing.made(), editing.groups()
    except CannotError as error:
        return Refused(str(error))


def apply(text: str, changes: Sequence[Edit]) -> str:
    """The text with edits made, which do not overlap."""
    offset = layout_of(text).offset
    places = [(offset(e.line, e.column), offset(e.end_line, e.end_column), e) for e in changes]
    for start, end, edit in sorted(places, key=lambda place: place[:2], reverse=True):
        text = text[:start] + edit.new + text[end:]
    return text


def rewrite_source(text: str, circuit: Circuit, rewrite: Rewrite) -> str | Refused:
    """The OpenQASM text with the rewrite carried out."""
    changes = edits(text, circuit, rewrite)
    return changes if isinstance(changes, Refused) else apply(text, changes)


class _GateStatement(NamedTuple):
    """A statement that makes gates: where it stands, and in what."""

    start: int
    end: int
    top: Statement
    gates: list[SourceGate]


class _Editing:
    def __init__(self, text: str, circuit: Circuit, rewrite: Rewrite, tied: bool | None) -> None:
        self._circuit = circuit
        self._tied = tied
        self._rewrite = rewrite
        self._layout = layout_of(text)
        self._writer = Writer(self._layout, circuit, rewrite)
        self._cuts: set[tuple[int, int]] = set()
        self._inserted: dict[int, list[str]] = defaultdict(list)
        self._replaced: dict[tuple[int, int], str] = {}
        self._placed: dict[int, Placed | None] = {}
        self._written_out: set[int] = set()

    def run(self) -> tuple[Edit, ...]:
        made = self.made()
        check_ties(self._circuit, self._rewrite, self._writer, self._written_out, self._tied)
        return made

    def groups(self) -> tuple[tuple[float, ...], ...]:
        """Of what was made."""
        return groups(self._circuit, self._rewrite, self._writer, self._written_out)

    def made(self) -> tuple[Edit, ...]:
        """The edits, whatever numbers say."""
        calls = self._calls()
        within: dict[Statement, list[_GateStatement]] = defaultdict(list)
        for call in calls:
            within[call.top].append(call)
        expanded: set[Statement] = set()
        for call in calls:
            if not any(gate.number in self._rewrite.changes for gate in call.gates):
                continue
            self._check_included(call)
            if call.top not in expanded and not (self._deleted(call) or self._renamed(call)):
                self._check_expandable(call)
                expanded.add(call.top)
        around = self._layout.around
        self._replaced = {place: new for place, new in self._replaced.items() if around(place[0]) not in expanded}
        self._cuts = {place for place in self._cuts if around(place[0]) not in expanded}
        for top in sorted(expanded):
            self._expand(top, within[top])
        self._take_out(within)
        self._start(calls)
        self._declare()
        self._written_out = {gate.number for top in expanded for call in within[top] for gate in call.gates}
        return self._edits()

    def _calls(self) -> list[_GateStatement]:
        circuit, layout = self._circuit, self._layout
        statements = circuit.gates.columns.statement
        groups: dict[int, list[SourceGate]] = defaultdict(list)
        for gate in source_gates(circuit):
            if gate.qubits:
                groups[statements[gate.number]].append(gate)
        spans = circuit.spans
        calls = []
        for number, gates in groups.items():
            line, column, end_line, end_column = spans[number]
            start, end = layout.offset(line, column), layout.offset(end_line, end_column)
            calls.append(_GateStatement(start, end, layout.around(start), gates))
        return calls

    def _check_included(self, call: _GateStatement) -> None:
        if call.top.word == "include":
            line = self._layout.place(call.start)[0]
            raise CannotError(f"gates that would change stand in the file included in line {line}")

    # Edits of one statement

    def _deleted(self, call: _GateStatement) -> bool:
        """Take the statement out if none of its gates stays."""
        if any(self._rewrite.changes.get(gate.number, (None,)) for gate in call.gates):
            return False
        if _BODY.search(self._layout.code[call.top.start : call.start]):
            return False  # the only statement of a loop without braces
        self._cuts.add((call.start, call.end))
        return True

    def _renamed(self, call: _GateStatement) -> bool:
        """Write another name where all gates of the statement become others with the same angles."""
        match = re.compile(NAME).match(self._layout.code, call.start)
        names: set[tuple[str, int]] = set()
        for gate in call.gates:
            old, new = self._as_placed(gate), self._rewrite.changes.get(gate.number, ())
            if match is None or old is None or old.name != match[0] or len(new) != 1:
                return False
            angles = [*map(self._writer.angle, old.angles)], [*map(self._writer.angle, new[0].angles)]
            if new[0].qubits != old.qubits or angles[0] != angles[1]:
                return False
            names.add((new[0].name, len(new[0].angles)))
        if len(names) != 1 or match is None or match[0] in self._layout.defined:
            return False
        self._replaced[match.span()] = self._writer.name(*names.pop())
        return True

    # Statements taken out

    def _take_out(self, within: Mapping[Statement, Sequence[_GateStatement]]) -> None:
        """Replace the cuts by nothing: a block goes with the last of its gates, a line with the last that stood on it."""
        for top, inner in within.items():
            own = [(call.start, call.end) for call in inner]
            if own != [(top.start, top.end)] and self._cuts.issuperset(own) and self._holds_gates_only(top):
                self._cuts = {cut for cut in self._cuts if cut not in own} | {(top.start, top.end)}
        lines: list[list[tuple[int, int]]] = []
        for cut in sorted(self._cuts):
            if lines and self._line_start(cut[0]) == self._line_start(lines[-1][-1][1]):
                lines[-1].append(cut)
            else:
                lines.append([cut])
        for cuts in lines:
            self._take_out_of_line(cuts)

    def _take_out_of_line(self, cuts: Sequence[tuple[int, int]]) -> None:
        layout = self._layout
        line, line_end = self._line_start(cuts[0][0]), layout.line_end(cuts[-1][1])
        bounds = [line, *(at for cut in cuts for at in cut), line_end]
        between = list(zip(bounds[::2], bounds[1::2], strict=True))
        alone = not any(layout.code[a:b].strip() for a, b in between)
        above = self._above(line)
        if alone and (
            _OWN_COMMENT.search(layout.text, *between[-1]) or not any(layout.text[a:b].strip() for a, b in between)
        ):
            self._replaced[above, layout.next_line(cuts[-1][1])] = ""
            return
        if alone and above < line:
            self._replaced[above, line] = ""
        for start, end in cuts:
            while layout.text[end : end + 1] in (" ", "\t"):
                end += 1
            self._replaced[start, end] = ""

    # Statements written out

    def _check_expandable(self, call: _GateStatement) -> None:
        """Refuse what stands for more than its gates."""
        top = call.top
        line = self._layout.place(top.start)[0]
        if top.word in ("def", "gate"):
            raise CannotError(f"the {_WORDS[top.word]} in line {line} would have to change for some of its calls only")
        if size := self._layout.size_in(top.start, top.end):
            raise CannotError(
                f"line {line} depends on {size}, and written out it would not follow when {size} is set to another size"
            )
        if (call.start, call.end) != (top.start, top.end) and not self._holds_gates_only(top):
            raise CannotError(f"the block in line {line} holds more than gates and cannot be written out")

    def _holds_gates_only(self, top: Statement) -> bool:
        code = self._layout.code[top.start : top.end]
        words = set(re.findall(NAME, code))
        classical = words & (_CLASSICAL | self._layout.subroutines) or _ASSIGNMENT.search(_LOCAL.sub("", code))
        return top.word not in ("def", "gate") and not classical

    def _expand(self, top: Statement, calls: Sequence[_GateStatement]) -> None:
        """Write out all gates of a statement."""
        layout, changes = self._layout, self._rewrite.changes
        gates = sorted(gate for call in calls for gate in call.gates)
        placed: list[Placed] = []
        for gate in gates:
            new: Sequence[Placed | None] = changes.get(gate.number, (self._as_placed(gate),))
            for one in new:
                if one is None:
                    line = layout.place(top.start)[0]
                    raise CannotError(f"{gate.name} in line {line} cannot be written out as a gate of its own")
                placed.append(one)
        operands = self._operands(calls[0], placed[0]) if len(gates) == 1 and placed else ""
        lines = self._writer.statements(placed, operands)
        if not lines:
            self._cuts.add((top.start, top.end))
            return
        line_start, line_end = self._line_start(top.start), layout.line_end(top.end)
        indent = layout.text[line_start : top.start]
        rest = layout.text[top.end : line_end]
        alone = not indent.strip() and not layout.code[top.end : line_end].strip() and not _OWN_COMMENT.search(rest)
        if len(lines) > 1 and self._above(line_start) < line_start and not indent.strip():
            raise CannotError(f"an annotation speaks of the one statement in line {layout.place(top.start)[0]}")
        self._replaced[top.start, top.end] = (layout.newline + indent if alone else " ").join(lines)

    def _operands(self, call: _GateStatement, gate: Placed) -> str:
        """The operands as the statement has them, if they are those of the gate."""
        if gate.qubits != call.gates[0].qubits or (call.start, call.end) != (call.top.start, call.top.end):
            return ""
        written = self._as_placed(call.gates[0])
        match = _CALL.fullmatch(self._layout.text, call.start, call.end)
        return match[2].strip() if match and written and match[1] == written.name else ""

    # What is put in

    def _start(self, calls: Sequence[_GateStatement]) -> None:
        if not self._rewrite.start:
            return
        layout = self._layout
        first = min(calls, key=lambda call: call.gates[0].number).top
        if first.word in ("def", "include"):
            raise CannotError(f"the first gate stands in a {_WORDS[first.word]}, and others have to go before it")
        if size := layout.size_in(first.start, len(layout.code)):
            raise CannotError(f"gates have to go before the first, for one value of {size} only")
        lines = self._writer.statements(self._rewrite.start)
        line = self._line_start(first.start)
        indent = layout.text[line : first.start]
        if indent.strip():
            self._inserted[first.start] += [f"{text} " for text in lines]
        else:
            self._inserted[self._above(line)] += [f"{indent}{text}{layout.newline}" for text in lines]

    def _declare(self) -> None:
        layout, writer = self._layout, self._writer
        head = layout.begins("include") or layout.begins("OPENQASM")
        include = [f'include "{writer.include}";'] if writer.include else []
        self._after(head[-1:], [*include, *writer.definitions])
        self._after(layout.begins("input")[-1:], writer.declarations())

    def _after(self, statements: Sequence[Statement], lines: Sequence[str]) -> None:
        """Put lines after a statement, at the very front if there is none."""
        layout = self._layout
        if not lines:
            return
        if not statements:
            self._inserted[0] += [f"{line}{layout.newline}" for line in lines]
            return
        (statement,) = statements
        end = statement.end
        if layout.code[end : layout.line_end(end)].strip():
            self._inserted[end] += [f" {line}" for line in lines]
        elif layout.next_line(end) > layout.line_end(end):
            self._inserted[layout.next_line(end)] += [f"{line}{layout.newline}" for line in lines]
        else:
            self._inserted[layout.line_end(end)] += [f"{layout.newline}{line}" for line in lines]

    def _edits(self) -> tuple[Edit, ...]:
        layout = self._layout
        inserted = {(at, at): "".join(parts) for at, parts in self._inserted.items()}
        changes = []
        for (start, end), new in sorted({**inserted, **self._replaced}.items()):
            if layout.text[start:end] != new:
                changes.append(Edit(*layout.place(start), *layout.place(end), layout.text[start:end], new))
        return tuple(changes)

    # Places

    def _as_placed(self, gate: SourceGate) -> Placed | None:
        if gate.number not in self._placed:
            self._placed[gate.number] = placed(self._circuit, gate)
        return self._placed[gate.number]

    def _line_start(self, offset: int) -> int:
        return self._layout.lines[self._layout.place(offset)[0] - 1]

    def _above(self, line: int) -> int:
        """Where the annotations begin that stand right above a line."""
        layout = self._layout
        while line > 0:
            above = self._line_start(line - 1)
            if not layout.text[above:line].lstrip().startswith("@") or layout.code[above:line].strip():
                return line
            line = above
        return line


_CALL = re.compile(rf"({NAME})\s*(?:\((?:[^();]|\([^()]*\))*\))?([^;(){{}}]*);")
_BODY = re.compile(r"(?:[^;{}\s]|\bin\s*\{[^{}]*\})\s*\Z")
"""Before a statement that is the whole body of a loop or a branch, without braces."""
_OWN_COMMENT = re.compile(r"\bbplint\b")
_CLASSICAL = frozenset(["measure", "reset", "while", "break", "continue", "end", "return", "box", "delay"])
_ASSIGNMENT = re.compile(r"(?<![=<>!])=(?!=)")
_LOCAL = re.compile(r"\b(?:let|const\s+\w+|u?int|float|angle|bool)\b[^;{}=]*=")
_WORDS = {"def": "subroutine", "gate": "definition", "include": "file that is included"}

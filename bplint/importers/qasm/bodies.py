"""Gate definitions: read once, expanded at every call."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bplint.errors import SourceError
from bplint.importers.qasm.angles import Affine, AngleExpressions
from bplint.importers.qasm.calls import Builtin, Callees, Definition, Step, split_call
from bplint.importers.qasm.expressions import Expression, parse
from bplint.importers.qasm.library import NOT_FLAT
from bplint.importers.qasm.names import CONSTANTS, Names
from bplint.importers.qasm.source import NAME, NotFlat, SourceText
from bplint.importers.quoting import quote


class Bodies:
    """Reads the gate definitions of one file and expands their calls."""

    def __init__(self, source: SourceText, names: Names, angles: AngleExpressions, callees: Callees) -> None:
        self._source = source
        self._names = names
        self._angles = angles
        self._callees = callees

    def define(self, start: int) -> int:
        """Read the definition at this offset. Returns the offset after it."""
        source = self._source
        head = _HEAD.match(source.code, start)
        if not head:
            hint = "want gate name(angles) qubits { … }"
            raise source.error("cannot read this gate definition", start, start + len("gate"), hint=hint)
        name = self._names.check("gate", *head.span(1))
        self._callees.refuse_second(name, *head.span(1))
        parameters = self._formals("angle", *head.span(2)) if head[2] is not None else []
        qubits = self._formals("qubit", *head.span(3))
        if not qubits:
            raise source.error(f"gate {quote(name)} acts on no qubit", *head.span(1))
        end = source.code.find("}", head.end())
        if end < 0:
            raise source.error(f"the body of gate {quote(name)} is never closed", *head.span(1))
        body = _Body(name, frozenset(parameters), {qubit: i for i, qubit in enumerate(qubits)})
        steps = tuple(self._steps(body, head.end(), end))
        cost = min(1 + sum(step.callee.cost for step in steps), _MANY)
        self._callees.known[name] = Definition(name, tuple(parameters), len(qubits), steps, cost, head.start(1))
        return end + 1

    def expand(
        self, definition: Definition, angles: Sequence[Affine], qubits: tuple[int, ...]
    ) -> Iterator[tuple[Builtin, Sequence[Affine], tuple[int, ...]]]:
        """The gates of the table that a call comes to, bodies within bodies included."""
        stack = [(iter(definition.steps), dict(zip(definition.parameters, angles, strict=True)), qubits)]
        while stack:
            steps, bound, wires = stack[-1]
            for step in steps:
                values = [self._angles.evaluate(argument, bound, free=False) for argument in step.arguments]
                inner = tuple([wires[place] for place in step.places])
                callee = step.callee
                if isinstance(callee, Definition):
                    stack.append((iter(callee.steps), dict(zip(callee.parameters, values, strict=True)), inner))
                    break
                yield callee, values, inner
            else:
                stack.pop()

    def _formals(self, what: str, start: int, end: int) -> list[str]:
        """The names of a gate's angles or qubits."""
        if not self._source.code[start:end].strip():
            return []
        found: dict[str, None] = {}
        at = start
        while at <= end:
            match = _FORMAL.match(self._source.code, at, end)
            if not match:
                a, b = self._source.trim(at, end)
                raise self._source.error(f"want the name of one {what} of the gate", a, b)
            name = self._names.check(what, *match.span(1))
            if name in found:
                raise self._source.error(f"two {what}s of the gate are named {quote(name)}", *match.span(1))
            found[name] = None
            at = match.end() + 1
        return list(found)

    def _steps(self, body: _Body, start: int, end: int) -> Iterator[Step]:
        code = self._source.code
        at = start
        while True:
            at = self._source.skip(at, end)
            if at >= end:
                return
            stop = code.find(";", at, end)
            if stop < 0:
                raise self._unreadable(at, end)
            step = self._step(body, at, stop) if stop > at else None
            if step:
                yield step
            at = stop + 1

    def _step(self, body: _Body, start: int, stop: int) -> Step | None:
        """One statement of a body; None for what does nothing to the state (barrier, global phase)."""
        source = self._source
        call = split_call(source, start, stop)
        if call is None or (call.name in NOT_FLAT and call.name not in self._callees.known):
            raise self._unreadable(start, stop)
        if call.name == body.name:
            raise source.error(f"gate {quote(call.name)} calls itself", start, stop)
        if call.name in _NO_GATES:
            raise source.error(f"a gate body cannot hold {call.name}", start, stop)
        arguments = parse(source, *call.arguments) if call.arguments else ()
        self._check_names(body, arguments)
        if call.name == "gphase":
            return None
        places = self._places(body, *call.operands)
        if call.name == "barrier":
            return None
        callee = self._callees.find(start, start + len(call.name))
        if (len(arguments), len(places)) != (callee.n_parameters, callee.n_qubits):
            raise self._callees.arity_error(callee, len(arguments), len(places), start, stop)
        if len(set(places)) < len(places):
            raise source.error(f"{quote(call.name)} acts twice on one qubit of the gate", start, stop)
        return Step(callee, arguments, places)

    def _places(self, body: _Body, start: int, end: int) -> tuple[int, ...]:
        """The positions of the named qubits among those of the gate."""
        source = self._source
        found: list[int] = []
        at = start
        while at <= end:
            match = _FORMAL.match(source.code, at, end)
            if not match:
                a, b = source.trim(at, end)
                shown = quote(source.code[a:b])
                hint = "a qubit of a gate is one qubit, without an index" if "[" in shown else None
                raise source.error(f"want the name of a qubit of the gate, got {shown}", a, b, hint=hint)
            if match[1] not in body.qubits:
                raise self._names.unknown(match[1], "qubit of the gate", [*body.qubits], *match.span(1))
            found.append(body.qubits[match[1]])
            at = match.end() + 1
        return tuple(found)

    def _check_names(self, body: _Body, arguments: tuple[Expression, ...]) -> None:
        """A name in a body is an angle of the gate, a constant or a parameter of the file."""
        names = self._names
        for item in (item for argument in arguments for item in argument.items):
            if item.kind != "name" or item.name in body.parameters or item.name in CONSTANTS:
                continue
            if item.name not in names.constants and item.name not in names.index:
                raise names.unknown(item.name, "angle of the gate", [*body.parameters], item.start, item.end)

    def _unreadable(self, start: int, end: int) -> SourceError:
        """The error for what is no call: a construct of the full grammar, or nothing at all."""
        source = self._source
        word = _WORD.match(source.code, start, end)
        if word and word[0] in NOT_FLAT:
            source.only_in_3(word[0], *word.span())
            return NotFlat(f"{NOT_FLAT[word[0]]}", source.span(*word.span()))
        shown = quote(source.code[start:end])
        return source.error(f"cannot read {shown} in a gate body", start, end, hint="is a ; missing?")


class _Body(NamedTuple):
    """The gate whose body is being read; ``qubits`` gives the position of each."""

    name: str
    parameters: frozenset[str]
    qubits: dict[str, int]


_MANY = 10**18
"""Costs stop growing here, far above any limit: nested definitions can reach numbers of many thousand digits."""

_NO_GATES = frozenset({"measure", "reset", "creg", "qreg", "qubit", "bit", "include", "gate", "opaque", "if"})
_HEAD = re.compile(rf"gate\s++({NAME})\s*+(?:\(([^(){{}};]*+)\))?\s*+([^(){{}};]*+)\{{")
_FORMAL = re.compile(rf"\s*+({NAME})\s*+(?=,|\Z)")
_WORD = re.compile(NAME)

"""Classical variables, constants, inputs, measurement: what an OpenQASM 3 program declares and assigns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bplint.errors import SourceError, Unsupported
from bplint.importers.program import Note
from bplint.importers.qasm.angles import Array, Bindable, Unknowable
from bplint.importers.qasm.full.operands import Operands
from bplint.importers.qasm.full.scopes import QUANTUM, NameScope, Type, Variable, filled
from bplint.importers.qasm.full.values import Values
from bplint.importers.qasm.grammar import extent
from bplint.importers.qasm.measurement import each
from bplint.importers.qasm.operands import Holds, Place
from bplint.importers.qasm.reading import SourceReading
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import quote

if TYPE_CHECKING:
    from openqasm3 import ast


class Classical(SourceReading):
    """Runs the statements that no gate comes from."""

    def __init__(self, source: SourceText, overrides: Mapping[str, int]) -> None:
        super().__init__(source, overrides)
        self._values = Values(source, self.angles, self.names.constants, self._call)
        self._operands = Operands(source, self.registers, self._values)
        self._changes = 0
        """How often a variable was given another value."""
        self._targets: dict[int, tuple[str, bool, str]] = {}
        """Of each assignment, by its node: the name, whether it has an index, and the operator before =."""

    def _call(self, node: Any, scope: NameScope) -> Bindable | None:
        """Run a subroutine, in place of its call. Returns its value."""
        raise NotImplementedError

    def _declare_qubits(self, node: ast.QubitDeclaration, scope: NameScope) -> None:
        size = None if node.size is None else self._values.whole(node.size, scope, "the size of a register")
        self.registers.declare(Holds.QUBITS, extent(node.qubit), size)

    def _declare_input(self, node: ast.IODeclaration, scope: NameScope) -> None:
        name = extent(node.identifier)
        kind = self._values.type(node.type, scope)
        if node.io_identifier.name == "output":
            text = f"output {quote(node.identifier.name)} is read as a variable"
            self.declarations.notes.append(Note(text, self.source.span(*extent(node))))
            self._new_variable(node.identifier, kind, self._blank(kind, node), scope)
        elif kind.name in ("bit", "bool", "duration"):
            self._new_variable(node.identifier, kind, Unknowable("is known only when the program is run"), scope)
        else:
            self.names.declare_input(kind.shape, *name, whole=kind.whole and not kind.shape)
            self.declarations.note_default(extent(node)[0])

    def _declare_constant(self, node: ast.ConstantDeclaration, scope: NameScope) -> None:
        kind = self._values.type(node.type, scope)
        init: Any = node.init_expression
        if scope.level or kind.shape or kind.name in ("duration", "bool"):
            value = NO_DURATION if kind.name == "duration" else self._values.of_type(init, kind, scope)
            self._new_variable(node.identifier, kind, value, scope, constant=True)
        elif kind.whole:
            number = self._values.whole(init, scope, f"a constant of type {kind.name}")
            self.names.declare_constant(number, False, *extent(node.identifier))
        else:
            self.names.declare_constant(*self._values.constant(init, scope), *extent(node.identifier))

    def _declare(self, node: ast.ClassicalDeclaration, scope: NameScope) -> None:
        if type(node.type).__name__ == "StretchType":
            raise self._unsupported("a stretch has no length before a run", node)
        kind = self._values.type(node.type, scope)
        init: Any = node.init_expression
        place = extent(node.identifier)
        if kind.name == "bit" and not scope.level:
            name = self.registers.declare(Holds.BITS, place, kind.width if kind.shape else None)
            bits = self.registers.whole(name, Holds.BITS, *place)
            scope.declare(name, Variable(kind, place=bits, holds=Holds.BITS), self._blank(kind, node))
        elif kind.name == "duration":
            self._new_variable(node.identifier, kind, NO_DURATION, scope)
            return
        else:
            self._new_variable(node.identifier, kind, self._blank(kind, node), scope)
        if type(init).__name__ == "QuantumMeasurement":
            self._outcome(init, node.identifier.name, (), node, scope)
        elif init is not None:
            scope.values[node.identifier.name] = self._values.of_type(init, kind, scope)

    def _new_variable(
        self,
        identifier: ast.Identifier,
        kind: Type,
        value: Bindable,
        scope: NameScope,
        *,
        constant: bool = False,
        place: Place | None = None,
    ) -> None:
        start, end = extent(identifier)
        if not scope.level:
            self.names.claim("variable", start, end)
        else:
            self.names.check("variable", start, end)
            if scope.has_own(identifier.name):
                raise self.source.error(f"{quote(identifier.name)} is declared twice in this block", start, end)
        scope.declare(identifier.name, Variable(kind, constant, place), value)

    def _blank(self, kind: Type, node: Any) -> Bindable:
        """The value of a variable before anything is assigned."""
        self.angles.spend(math.prod(kind.shape), *extent(node))
        return filled(kind.shape, kind)

    def _alias(self, node: ast.AliasStatement, scope: NameScope) -> None:
        place = self._operands.place(node.value, scope)
        self._new_variable(node.target, Type("qubit"), QUANTUM, scope, place=place)

    def _include(self, node: ast.Include, scope: NameScope) -> None:
        self.passive.include(extent(node)[0])

    def _pass_over(self, node: Any, scope: NameScope) -> None:
        """A barrier or a delay: its operands must exist, and that is all."""
        for operand in node.qubits:
            self._operands.place(operand, scope)

    def _assign(self, node: ast.ClassicalAssignment, scope: NameScope) -> None:
        target: Any = node.lvalue
        found = self._targets.get(id(node))
        if found is None:
            indexed = type(target).__name__ == "IndexedIdentifier"
            name = target.name.name if indexed else target.name
            found = self._targets[id(node)] = name, indexed, node.op.name.removesuffix("=")
        name, indexed, operator = found
        variable = scope.variables.get(name)
        if variable is None or variable.type.name == "qubit":
            known = [other for other, v in scope.variables.items() if not v.constant and v.type.name != "qubit"]
            raise self.names.unknown(name, "variable that can change", known, *self._named(target, name))
        if variable.constant:
            raise self.source.error(f"{quote(name)} is a constant", *self._named(target, name))
        if indexed:
            self._changes += 1
            self._assign_element(node, name, variable, operator, scope)
            return
        before = scope.values[name]
        if operator:
            scope.values[name] = self._values.updated(target, operator, node.rvalue, variable.type, scope)
        elif variable.type.name != "duration":
            scope.values[name] = self._values.of_type(node.rvalue, variable.type, scope)
        self._changes += scope.values[name] != before

    def _named(self, target: Any, name: str) -> tuple[int, int]:
        """The place of the name that an assignment begins with."""
        start = extent(target)[0]
        return start, start + len(name)

    def _assign_element(self, node: Any, name: str, variable: Variable, operator: str, scope: NameScope) -> None:
        span = extent(node)
        if operator:
            raise self._unsupported(f"{operator}= on an element: write it out", node)
        indices = [index for level in node.lvalue.indices if isinstance(level, list) for index in level]
        inside = scope.values[name]
        for k, index in enumerate(indices):
            if not isinstance(inside, Array):
                raise self.source.error(f"{quote(name)} has fewer dimensions", *span)
            size = len(inside.values)
            position = self.registers.position(
                name, self._values.whole(index, scope, "an index"), size, variable.holds, *span
            )
            if k == len(indices) - 1:
                shape = variable.type.shape[len(indices) :]
                kind = Type(variable.type.name, 1 if inside.bits else variable.type.width, shape)
                inside.values[position] = self._values.of_type(node.rvalue, kind, scope)
                return
            inside = inside.values[position]
        raise self.source.error(f"cannot assign to this part of {quote(name)}", *span)

    def _measure(self, node: ast.QuantumMeasurementStatement, scope: NameScope) -> None:
        target: Any = node.target
        if target is None:
            qubits = self._operands.place(node.measure.qubit, scope)
            self._record(qubits, qubits, node)
        elif type(target).__name__ == "IndexedIdentifier":
            self._outcome(node.measure, target.name.name, target.indices, node, scope, target)
        else:
            self._outcome(node.measure, target.name, (), node, scope, target)

    def _outcome(
        self, measure: Any, name: str, indices: Sequence[Any], node: Any, scope: NameScope, target: Any = None
    ) -> None:
        """A measurement into a variable: from here on its value is not known."""
        qubits = self._operands.place(measure.qubit, scope)
        variable = scope.variables.get(name)
        bits = (
            self._operands.place(target, scope, Holds.BITS)
            if target is not None and self._is_register(name, scope)
            else qubits
        )
        why = self._record(qubits, bits, node)
        self._changes += 1
        if variable is None:
            return
        value = scope.values[name]
        if not indices or not isinstance(value, Array) or variable.place is None:
            scope.values[name] = why
            return
        # The bits of a register are numbered on from those of the registers before it.
        first = each(variable.place)[0]
        for bit in each(bits):
            value.values[bit - first] = why

    def _record(self, qubits: Place, bits: Place, node: Any) -> Unknowable:
        """A measurement of these qubits into these bits. Returns what its outcome is."""
        start, end = extent(node)
        self.angles.spend(len(each(qubits)), start, end)
        self.measurement.record(qubits, bits, start, end)
        return Unknowable(f"is the outcome of the measurement on line {self.source.line(start)}")

    def _is_register(self, name: str, scope: NameScope) -> bool:
        variable = scope.variables.get(name)
        return variable is None or variable.place is not None

    def _reset(self, node: ast.QuantumReset, scope: NameScope) -> None:
        qubits = self._operands.place(node.qubits, scope)
        self.angles.spend(len(each(qubits)), *extent(node))
        self.measurement.initialise(qubits, *extent(node))

    def _unsupported(self, message: str, node: Any) -> SourceError:
        return Unsupported(message, self.source.span(*extent(node)))


NO_DURATION = Unknowable("is a duration, which has no value here")

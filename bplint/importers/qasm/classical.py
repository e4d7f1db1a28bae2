"""Classical variables, constants, inputs, measurement: what an OpenQASM program declares and assigns."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bplint.errors import SourceError, Unsupported
from bplint.importers.outcomes import NotUnitary
from bplint.importers.qasm.grammar import Memo, OpaqueGate, ast, extent, placed
from bplint.importers.qasm.grammar.expressions import Index
from bplint.importers.qasm.operands import Operands, parts_of
from bplint.importers.qasm.reading import SourceReading
from bplint.importers.qasm.scopes import QUBIT, Array, Bindable, NameScope, Qubits, Type, Unknowable, filled
from bplint.importers.qasm.source import Range
from bplint.importers.qasm.values import Values
from bplint.importers.quoting import quote


class Classical:
    """Runs the statements that no gate comes from."""

    def __init__(self, reading: SourceReading) -> None:
        self.reading = reading
        self.source = reading.source
        self.names = reading.names
        self.angles = reading.angles
        self.registers = reading.registers
        self._values = Values(reading, self._call)
        self._operands = Operands(reading, self._values)

    def _call(self, node: ast.FunctionCall, scope: NameScope) -> Bindable | None:
        """Run a subroutine, in place of its call. Returns its value."""
        raise NotImplementedError

    def _declare_qubits(self, node: ast.QubitDeclaration, scope: NameScope) -> None:
        self.registers.declare_qubits(extent(node.qubit), self._size(node.size, scope))

    def _size(self, node: ast.Expression | None, scope: NameScope) -> int | None:
        return None if node is None else self._values.whole(node, scope, "the size of a register")

    def _declare_input(self, node: ast.IODeclaration, scope: NameScope) -> None:
        name = extent(node.identifier)
        kind = self._values.type(node.type, scope)
        if node.io_identifier is ast.IOKeyword.output:
            self.reading.note(f"output {quote(node.identifier.name)} is read as a variable", *extent(node))
            self._new_variable(node.identifier, kind, self._blank(kind, node), scope)
        elif kind.name in ("bit", "bool", "duration"):
            self._new_variable(node.identifier, kind, Unknowable("is known only when the program is run"), scope)
        else:
            self.names.declare_input(kind.shape, *name, whole=kind.whole and not kind.shape)
            self._note_default(name[1], extent(node)[1] - 1, node.identifier.name)

    def _note_default(self, start: int, end: int, name: str) -> None:
        """Note what stands between the name of an input and the end of its declaration."""
        default = self.source.code[start:end].strip().removeprefix("=").strip()
        if default:
            text = f"the default {quote(default)} of {quote(name)} is not used: {quote(name)} is a parameter"
            self.reading.note(text, self.source.code.index("=", start) + 1, end)

    def _declare_constant(self, node: ast.ConstantDeclaration, scope: NameScope) -> None:
        kind, value = self._values.type(node.type, scope), node.init_expression
        if scope.level:
            self._new_variable(node.identifier, kind, self._values.of_type(value, kind, scope), scope, constant=True)
        else:
            constant = self._constant(node, kind, scope)
            self.names.known[self.names.claim("constant", *extent(node.identifier))] = constant

    def _constant(self, node: ast.ConstantDeclaration, kind: Type, scope: NameScope) -> Bindable:
        """The value of a constant of the file."""
        init = node.init_expression
        if kind.shape or kind.name in ("duration", "bool"):
            return self._values.of_type(init, kind, scope)
        if kind.whole:
            number = self._values.whole(init, scope, f"a constant of type {kind.name}")
            return self.names.overridden(node.identifier.name, number)
        return self._values.constant(init, scope)

    def _declare(self, node: ast.ClassicalDeclaration, scope: NameScope) -> None:
        if isinstance(node.type, ast.StretchType):
            raise self._unsupported("a stretch has no length before a run", node)
        if isinstance(node.type, ast.BitType) and not scope.level:
            kind = self.registers.declare_bits(extent(node.identifier), self._size(node.type.size, scope))
        else:
            kind = self._values.type(node.type, scope)
            self._new_variable(node.identifier, kind, self._blank(kind, node), scope)
        init = node.init_expression
        if isinstance(init, ast.QuantumMeasurement):
            self._outcome(init.qubit, node.identifier, extent(node), scope)
        elif init is not None:
            scope.values[node.identifier.name] = self._values.of_type(init, kind, scope)

    def _new_variable(
        self, identifier: ast.Identifier, kind: Type, value: Bindable, scope: NameScope, *, constant: bool = False
    ) -> None:
        start, end = extent(identifier)
        if not scope.level:
            self.names.claim("variable", start, end)
        else:
            self.names.check("variable", start, end)
            variable = scope.variables.get(identifier.name)
            if variable is not None and variable.level == scope.level:
                raise self.source.error(f"{quote(identifier.name)} is declared twice in this block", start, end)
        scope.declare(identifier.name, kind, value, constant=constant)

    def _blank(self, kind: Type, node: ast.Statement) -> Bindable:
        """The value of a variable before anything is assigned."""
        self.angles.spend(math.prod(kind.shape), *extent(node))
        return filled(kind)

    def _alias(self, node: ast.AliasStatement, scope: NameScope) -> None:
        place = self._operands.place(node.value, scope)
        self._new_variable(node.target, QUBIT, Qubits(place), scope)

    def _include(self, node: ast.Include, scope: NameScope) -> None:
        start, end = extent(node)
        _, end = self.source.trim(start, end - len(";"))
        self.reading.include(end - len(node.filename) - len('""'), end)

    def _opaque(self, node: OpaqueGate, scope: NameScope) -> None:
        """A gate that only hardware knows: nothing, until it is called."""
        self.reading.callees.declare_opaque(*extent(node.name))
        text = f"the opaque gate {quote(node.name.name)} is passed over: nothing calls it"
        self.reading.note(text, *extent(node))

    def _pass_over(self, node: ast.QuantumBarrier | ast.DelayInstruction | ast.QuantumGate, scope: NameScope) -> None:
        """A barrier or a delay: its operands must exist, and that is all."""
        for operand in node.qubits:
            self._operands.place(operand, scope)

    def _assign(self, node: ast.ClassicalAssignment, scope: NameScope) -> None:
        base, indices = parts_of(node.lvalue)
        assert base is not None
        name, operator = base.name, node.op.name.removesuffix("=")
        if self.reading.outcomes.assumed:
            raise NotUnitary("an assignment that depends on a measurement", self.source.span(*extent(node)))
        variable = scope.variables.get(name)
        if variable is None or variable.type.name == "qubit":
            known = [other for other, v in scope.variables.items() if not v.constant and v.type.name != "qubit"]
            raise self.names.unknown(name, "variable that can change", known, *extent(base))
        if variable.constant:
            raise self.source.error(f"{quote(name)} is a constant", *extent(base))
        if indices:
            if operator:
                raise self._unsupported(f"{operator}= on an element: write it out", node)
            self.reading.changes += 1
            self._assign_element(node, name, indices, variable.type, scope)
            return
        before = scope.values[name]
        value = self._written_out(node, base, operator) if operator else node.rvalue
        scope.values[name] = self._values.of_type(value, variable.type, scope)
        self.reading.changes += scope.values[name] != before

    def _written_out(self, node: ast.ClassicalAssignment, name: ast.Identifier, operator: str) -> ast.Expression:
        """``a + b`` of ``a += b``."""
        value = _WRITTEN_OUT.of(node)
        if value is None:
            if operator == "~":
                raise self._unsupported("~=: write it out", node)
            written_out = ast.BinaryExpression(ast.BinaryOperator[operator], name, node.rvalue)
            value = placed(written_out, extent(name)[0], extent(node.rvalue)[1])
            _WRITTEN_OUT.keep(node, value)
        return value

    def _assign_element(
        self, node: ast.ClassicalAssignment, name: str, indices: Sequence[Index], kind: Type, scope: NameScope
    ) -> None:
        span, found = extent(node), scope.values[name]
        each_index = [index for level in indices for index in (level if isinstance(level, list) else [level])]
        for index in each_index:
            if isinstance(index, ast.RangeDefinition | ast.DiscreteSet):
                raise self.source.error(f"cannot assign to this part of {quote(name)}", *span)
            if not isinstance(found, Array):
                raise self.source.error(f"{quote(name)} has fewer dimensions", *span)
            row, what = found, "bit" if found.bits else "element"
            place = self.source.position(
                name, self._values.whole(index, scope, "an index"), len(row.values), what, *span
            )
            found = row.values[place]
        inner = Type(kind.name, 1 if row.bits else kind.width, kind.shape[len(each_index) :])
        row.values[place] = self._values.of_type(node.rvalue, inner, scope)

    def _measure(self, node: ast.QuantumMeasurementStatement, scope: NameScope) -> None:
        if node.target is None:
            qubits = self._operands.place(node.measure.qubit, scope)
            self.reading.record(qubits, qubits, *extent(node))
        else:
            self._outcome(node.measure.qubit, node.target, extent(node), scope)

    def _outcome(self, measured: ast.QASMNode, target: ast.QASMNode, span: Range, scope: NameScope) -> None:
        """A measurement into a variable: from here on its value is not known."""
        qubits = self._operands.place(measured, scope)
        name, bits = self._operands.bits(target, scope)
        self.reading.record_into(name, qubits, qubits if bits is None else bits, span, scope)

    def _reset(self, node: ast.QuantumReset, scope: NameScope) -> None:
        self.reading.reset(self._operands.place(node.qubits, scope), *extent(node))

    def _unsupported(self, message: str, node: ast.QASMNode) -> SourceError:
        return Unsupported(message, self.source.span(*extent(node)))


_WRITTEN_OUT = Memo[ast.Expression]("written_out")

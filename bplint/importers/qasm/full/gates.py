"""Gate definitions and calls of the tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bplint.errors import Unsupported
from bplint.importers.qasm.angles import Angle
from bplint.importers.qasm.calls import Builtin, Callee, Definition
from bplint.importers.qasm.full.counting import MANY, Counter
from bplint.importers.qasm.full.modifiers import Leaf, Modifier, modified
from bplint.importers.qasm.full.operands import Operands
from bplint.importers.qasm.full.scopes import QUANTUM, Scope, Type, Variable
from bplint.importers.qasm.full.syntax import Places
from bplint.importers.qasm.full.values import Values
from bplint.importers.qasm.operands import repeated, sizes
from bplint.importers.qasm.reading import Reading
from bplint.importers.quoting import quote
from bplint.ir.circuit import Kind
from bplint.ir.gates import GLOBAL_PHASE


class GateCalls:
    """Writes down the gates that are called.

    ``block`` runs the statements of a body; ``kind`` says how a gate comes to stand in the circuit just now.
    """

    def __init__(
        self,
        reading: Reading,
        places: Places,
        values: Values,
        operands: Operands,
        counter: Counter,
        block: Callable[[Iterable[Any], Scope], object],
        kind: Callable[[], Kind],
    ) -> None:
        self._reading = reading
        self._places = places
        self._values = values
        self._operands = operands
        self._counter = counter
        self._block = block
        self._kind = kind
        self._bodies: dict[str, Any] = {}
        self._numbers: dict[int, int] = {}
        self._next: dict[int, int] = {}
        self._inside: list[Leaf] | None = None
        """The gates of the body that is being expanded; None outside of bodies."""

    def enter(self, statements: Iterable[Any]) -> None:
        """Number the gate statements of a program in the order of its text, those of subroutines and blocks included."""
        for node in statements:
            name = type(node).__name__
            if (name == "QuantumGate" and node.name.name != "nop") or (name == "QuantumPhase" and node.modifiers):
                self._numbers[id(node)] = self._reading.statement(*self._places.of(node))
            elif name == "SwitchStatement":
                for _, block in node.cases:
                    self.enter(block.statements)
                self.enter(node.default.statements if node.default else ())
            elif name != "QuantumGateDefinition":
                for part in ("statements", "body", "block", "if_block", "else_block"):
                    inside = getattr(node, part, ())
                    self.enter(inside if isinstance(inside, list) else ())

    def define(self, node: Any, scope: Scope) -> None:
        """A gate definition."""
        reading = self._reading
        place = self._places.name(node.name)
        name = reading.names.check("gate", *place)
        reading.callees.refuse_second(name, *place)
        self._check_formals("angle", node.arguments)
        qubits = self._check_formals("qubit", node.qubits)
        if not qubits:
            raise reading.source.error(f"gate {quote(name)} acts on no qubit", *place)
        self._check_body(name, node.body, qubits)
        cost = min(1 + self._counter.operations(node.body, Scope(free=False)), MANY)
        parameters = tuple([argument.name for argument in node.arguments])
        self._bodies[name] = node
        reading.callees.known[name] = Definition(name, parameters, len(qubits), (), cost, place[0])

    def run(self, node: Any, scope: Scope) -> None:
        """The call of a named gate, or ``nop``, which newer grammars know as a statement."""
        if node.name.name == "nop":
            for operand in node.qubits:
                self._operands.place(operand, scope)
            return
        callee = self._reading.callees.find(*self._places.name(node.name))
        angles = [self._values.angle(argument, scope) for argument in node.arguments]
        self._apply(node, callee, angles, scope)

    def run_phase(self, node: Any, scope: Scope) -> None:
        """``gphase``: nothing, unless it is controlled or in the body of a gate that may be."""
        angle = self._values.angle(node.argument, scope)
        if not node.qubits and not node.modifiers and self._inside is None:
            return
        self._apply(node, _PHASE, [angle], scope)

    def _apply(self, node: Any, callee: Callee, angles: Sequence[Angle], scope: Scope) -> None:
        reading, span = self._reading, self._places.of(node)
        modifiers = [self._modifier(modifier, scope) for modifier in node.modifiers]
        controls = sum([modifier.controls for modifier in modifiers])
        places = [self._operands.place(operand, scope) for operand in node.qubits]
        if len(angles) != callee.n_parameters or len(places) != callee.n_qubits + controls:
            text = " ".join([*(modifier.text for modifier in modifiers), callee.name])
            whole = callee._replace(name=text, n_qubits=callee.n_qubits + controls)
            raise reading.callees.arity_error(whole, len(angles), len(places), *span)
        wide = sizes(places)
        if len(wide) > 1:
            message = f"registers of different sizes: {' and '.join(map(str, wide))} qubits"
            raise reading.source.error(message, *span)
        self._check_cost(node, callee, modifiers, wide, span)
        for qubits in repeated(places, wide[0] if wide else 1):
            if len(set(qubits)) < len(qubits):
                written = quote(reading.source.code[self._places.of(node.qubits[0])[0] : span[1] - 1])
                message = f"{quote(callee.name)} acts twice on one qubit: {written}"
                raise reading.source.error(message, *span, hint=f"name {len(qubits)} different qubits")
            self._write(node, self._leaves(node, callee, angles, qubits, modifiers), qubits, bool(wide), span)

    def _check_cost(
        self, node: Any, callee: Callee, modifiers: Sequence[Modifier], wide: list[int], span: tuple[int, int]
    ) -> None:
        """Count the operations before any is made: what modifiers add is bounded here and counted exactly later."""
        count = callee.cost * (wide[0] if wide else 1)
        if self._inside is None and not modifiers:
            self._reading.spend(count, *span)
            return
        for modifier in modifiers:
            if modifier.controls:
                count <<= min(modifier.controls, 60)
            elif modifier.kind == "pow" and callee.cost > 1 and float(modifier.number).is_integer():
                count *= max(1, abs(int(modifier.number)))
        if count > self._reading.source.limits.operations:
            self._reading.spend(count, *span)

    def _leaves(
        self, node: Any, callee: Callee, angles: Sequence[Angle], qubits: tuple[int, ...], modifiers: Sequence[Modifier]
    ) -> list[Leaf]:
        """The gates of the table that one call comes to."""
        controls = sum(modifier.controls for modifier in modifiers)
        own = qubits[controls:]
        leaves = (
            self._body(callee, angles, own)
            if isinstance(callee, Definition)
            else [Leaf(callee.gate, callee.name, angles, own)]
        )
        found = modified(leaves, modifiers, qubits[:controls]) if modifiers else leaves
        if found is None:
            message = f"a fraction of {quote(callee.name)} as a power: it is not one rotation"
            raise Unsupported(message, self._reading.source.span(*self._places.of(node)))
        return found

    def _body(self, definition: Definition, angles: Sequence[Angle], qubits: tuple[int, ...]) -> list[Leaf]:
        """The gates in the body of a defined gate."""
        node = self._bodies[definition.name]
        scope = Scope(free=False)
        for name, angle in zip(definition.parameters, angles, strict=True):
            scope.variables[name] = Variable(Type("angle"), angle, constant=True)
        for identifier, qubit in zip(node.qubits, qubits, strict=True):
            scope.variables[identifier.name] = Variable(Type("qubit"), QUANTUM, place=qubit)
        outside, self._inside = self._inside, []
        self._block(node.body, scope)
        found, self._inside = self._inside, outside
        return [leaf._replace(inlined=True) for leaf in found]

    def _write(self, node: Any, leaves: list[Leaf], qubits: tuple[int, ...], wide: bool, span: tuple[int, int]) -> None:
        if self._inside is not None:
            self._inside.extend(leaves)
            return
        reading = self._reading
        if node.modifiers:
            reading.spend(sum(leaf.cost for leaf in leaves), *span)
        reading.measurement.touch(qubits, *span)
        number = self._numbers[id(node)]
        index = self._next.get(number, 0)
        for leaf in leaves:
            gate = leaf.gate
            if not gate.n_qubits:
                continue  # a global phase
            # A gate that does nothing leaves no angle behind: its parameters occur nowhere.
            rows = [reading.row(angle, number) for angle in leaf.angles] if gate.steps else ()
            kind = self._kind()
            if leaf.inlined:
                kind = Kind.BODY
            elif kind is Kind.PLAIN and reading.source.included(span[0]):
                kind = Kind.INCLUDE
            elif kind is Kind.PLAIN and wide:
                kind = Kind.BROADCAST
            reading.builder.gate(gate, leaf.qubits, rows, number, name=leaf.name, index=index, kind=kind)
            index += 1
        self._next[number] = index

    def _modifier(self, node: Any, scope: Scope) -> Modifier:
        kind = node.modifier.name
        start, end = self._places.of(node)
        text = " ".join(self._reading.source.code[start:end].split())
        text = quote(text if text.endswith("@") else f"{text} @")
        if kind == "inv":
            return Modifier(kind, 1, text)
        if kind == "pow":
            return Modifier(kind, self._values.number(node.argument, scope), text)
        count = 1 if node.argument is None else self._values.whole(node.argument, scope, "the number of controls")
        if count < 1:
            raise self._reading.source.error(f"want at least one control, here {count}", start, end)
        return Modifier(kind, count, text)

    def _check_formals(self, what: str, identifiers: Sequence[Any]) -> set[str]:
        found: set[str] = set()
        for identifier in identifiers:
            place = self._places.name(identifier)
            name = self._reading.names.check(what, *place)
            if name in found:
                raise self._reading.source.error(f"two {what}s of the gate are named {quote(name)}", *place)
            found.add(name)
        return found

    def _check_body(self, name: str, statements: Iterable[Any], qubits: set[str]) -> None:
        """Refuse, before any call, gates that do not exist and operands that are no qubits of the gate."""
        reading = self._reading
        for node in statements:
            for operand in getattr(node, "qubits", ()):
                start, end = self._places.of(operand)
                if type(operand).__name__ != "Identifier":
                    message = f"want the name of a qubit of the gate, got {quote(reading.source.code[start:end])}"
                    raise reading.source.error(
                        message, start, end, hint="a qubit of a gate is one qubit, without an index"
                    )
                if operand.name not in qubits:
                    raise reading.names.unknown(operand.name, "qubit of the gate", sorted(qubits), start, end)
            if type(node).__name__ == "QuantumGate":
                if node.name.name == name:
                    raise reading.source.error(f"gate {quote(name)} calls itself", *self._places.of(node))
                reading.callees.find(*self._places.name(node.name))
            for part in ("body", "block", "if_block", "else_block"):
                self._check_body(name, getattr(node, part, ()), qubits)


_PHASE = Builtin("gphase", GLOBAL_PHASE, 1, 0, 1, 0)

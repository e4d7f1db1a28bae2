"""Calls of gates in the tree."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from bplint.errors import Unsupported
from bplint.importers.lowered import Angle, Leaf, total_cost, under_controls
from bplint.importers.qasm.angles import Affine
from bplint.importers.qasm.callees import Builtin, Callee, Definition
from bplint.importers.qasm.compiling import names_in
from bplint.importers.qasm.grammar import Block, Memo, ast, extent
from bplint.importers.qasm.modifiers import Modifier, bounded, modified
from bplint.importers.qasm.operands import Operands
from bplint.importers.qasm.reading import SourceReading
from bplint.importers.qasm.registers import repeated, sizes
from bplint.importers.qasm.scopes import QUANTUM, NameScope, Type, Variable
from bplint.importers.qasm.values import Values
from bplint.importers.quoting import quote
from bplint.ir.circuit import GateOrigin
from bplint.ir.gates import GLOBAL_PHASE


class _GateCall:
    """A call in the text: what it calls, with which angles on what, where, and the number of its statement.

    ``names`` are those it reads, looked up when it is run again; None if it calls subroutines. ``serial`` tells calls
    apart.
    """

    __slots__ = ("_names", "_once", "arguments", "callee", "modifiers", "number", "qubits", "serial", "span")

    def __init__(self, node: ast.QuantumGate | ast.QuantumPhase, callee: Callee, number: int, serial: int) -> None:
        self.callee = callee
        self.modifiers = node.modifiers
        self.arguments = node.arguments if isinstance(node, ast.QuantumGate) else [node.argument]
        self.qubits = node.qubits
        self.span = extent(node)
        self.number = number
        self.serial = serial
        self._names: tuple[str, ...] | None = None
        self._once = False

    def names(self) -> tuple[str, ...] | None:
        """What the call depends on; None the first time, and if it calls subroutines."""
        if self._names is None and self._once:
            self._names = names_in([*self.arguments, *self.qubits, *self.modifiers])
        self._once = True
        return self._names


class _Made(NamedTuple):
    """What a call comes to: qubits and gates of each use, and whether it is spread over registers.

    ``cost`` is how many operations these are; None under modifiers, where the gates themselves have to be counted.
    ``most`` bounds it from above.
    """

    uses: Iterable[tuple[tuple[int, ...], Sequence[Leaf[str]]]]
    wide: bool
    cost: int | None
    most: int


class GateCalls:
    """Writes down the gates that are called.

    ``bodies`` are those of defined gates and ``run_all`` runs the statements in them; ``number`` gives the number of a
    statement and ``kind`` how a gate comes to stand in the circuit just now.
    """

    def __init__(
        self,
        reading: SourceReading,
        values: Values,
        operands: Operands,
        bodies: Mapping[str, ast.QuantumGateDefinition],
        run_all: Callable[[Block, NameScope], object],
        kind: Callable[[], GateOrigin],
        number: Callable[[ast.Statement], int],
    ) -> None:
        self._reading = reading
        self._values = values
        self._operands = operands
        self._bodies = bodies
        self._run_all = run_all
        self._kind = kind
        self._number = number
        self._known: dict[tuple[Hashable, ...], _Made] = {}
        """What calls came to, by what they depend on: loops and bodies come back to the same ones."""
        self._kept = 0
        self._serial = 0
        self._inside: list[Leaf[str]] | None = None
        """The gates of the body that is being expanded; None outside of bodies."""

    def run(self, node: ast.QuantumGate, scope: NameScope) -> None:
        """The call of a named gate, or ``nop``, which newer grammars know as a statement."""
        if node.name.name == "nop":
            for operand in node.qubits:
                self._operands.place(operand, scope)
            return
        call = _CALL.of(node)
        if call is None:
            callee = self._reading.callees.find(*extent(node.name))
            call = _CALL.keep(node, self._call(node, callee))
        self._run(call, scope)

    def run_phase(self, node: ast.QuantumPhase, scope: NameScope) -> None:
        """``gphase``: nothing, unless it is controlled or in the body of a gate that may be."""
        if not node.modifiers and self._inside is None:
            self._reading.refuse_condition("a global phase", *extent(node))
        if node.modifiers or self._inside is not None:
            self._run(self._call(node, _PHASE), scope)
            return
        if node.qubits:
            raise self._reading.source.error("gphase takes 1 angle and no qubit", *extent(node))
        self._values.angle(node.argument, scope)

    def expanded(self, definition: Definition, angles: Sequence[Affine], qubits: tuple[int, ...]) -> list[Leaf[str]]:
        """The gates in the body of a defined gate."""
        if definition.steps is not None:
            return self._listed(definition, angles, qubits)
        node = self._bodies[definition.name]
        scope = NameScope(free=False, level=1)
        for name, angle in zip(definition.parameters, angles, strict=True):
            scope.declare(name, _ANGLE, angle)
        for identifier, qubit in zip(node.qubits, qubits, strict=True):
            scope.declare(identifier.name, Variable(_QUBIT, place=qubit), QUANTUM)
        outside, self._inside = self._inside, []
        self._run_all(node.body, scope)  # type: ignore[arg-type]
        inside, self._inside = self._inside, outside
        return inside

    def _listed(self, definition: Definition, angles: Sequence[Affine], qubits: tuple[int, ...]) -> list[Leaf[str]]:
        """The gates of a body that is a list of calls, bodies within bodies included, without recursion."""
        leaves: list[Leaf[str]] = []
        stack = [(iter(definition.steps or ()), dict(zip(definition.parameters, angles, strict=True)), qubits)]
        while stack:
            steps, bound, wires = stack[-1]
            for callee, arguments, places in steps:
                values = [self._reading.angles.evaluate(argument, bound, free=False) for argument in arguments]
                inner = tuple([wires[place] for place in places])
                if isinstance(callee, Builtin):
                    leaves.append(Leaf(callee.gate, callee.name, inner, values, True))
                elif callee.steps is None:
                    leaves += self.expanded(callee, values, inner)
                else:
                    stack.append((iter(callee.steps), dict(zip(callee.parameters, values, strict=True)), inner))
                    break
            else:
                stack.pop()
        return leaves

    def _call(self, node: ast.QuantumGate | ast.QuantumPhase, callee: Callee) -> _GateCall:
        self._serial += 1
        return _GateCall(node, callee, self._number(node), self._serial)

    def _run(self, call: _GateCall, scope: NameScope) -> None:
        key = self._key(call, scope)
        made = self._known.get(key) if key is not None else None
        if made is not None:
            self._values.spend(1, *call.span)
        else:
            made = self._made(call, scope)
            if key is not None and made.most <= _LARGEST:
                made = self._keep(key, made._replace(uses=[*made.uses]))
        self._write(call, made)

    def _key(self, call: _GateCall, scope: NameScope) -> tuple[Hashable, ...] | None:
        """All that a call depends on; None where that is long or can change in place."""
        names = call.names()
        if names is None:
            return None
        key: list[Hashable] = [call.serial]
        for name in names:
            value = scope.values.get(name)
            if value is QUANTUM:
                place = scope.variables[name].place
                if isinstance(place, list):
                    return None
                key.append(place)
            elif value is None or type(value) is int or (isinstance(value, Angle) and len(value.terms) < _LONG):
                key.append(value)
            else:
                return None
        return tuple(key)

    def _keep(self, key: tuple[Hashable, ...], made: _Made) -> _Made:
        self._kept += 1 + made.most
        if self._kept > _KEPT:
            self._known.clear()
            self._kept = 1 + made.most
        self._known[key] = made
        return made

    def _made(self, call: _GateCall, scope: NameScope) -> _Made:
        """What a call comes to. Its operations are bounded before any is made, and counted when they are."""
        reading, callee, span = self._reading, call.callee, call.span
        angles = [self._values.angle(argument, scope) for argument in call.arguments]
        modifiers = [self._modifier(modifier, scope) for modifier in call.modifiers]
        controls = sum([modifier.controls for modifier in modifiers])
        places = [self._operands.place(operand, scope) for operand in call.qubits]
        if len(angles) != callee.n_parameters or len(places) != callee.n_qubits + controls:
            text = " ".join([*(modifier.text for modifier in modifiers), callee.name])
            whole = callee._replace(name=text, n_qubits=callee.n_qubits + controls)
            raise reading.callees.arity_error(whole, len(angles), len(places), *span)
        wide = sizes(places)
        if len(wide) > 1:
            message = f"registers of different sizes: {' and '.join(map(str, wide))} qubits"
            raise reading.source.error(message, *span)
        count = callee.cost * (wide[0] if wide else 1)
        most = bounded(callee.cost, count, modifiers)
        if most > reading.source.limits.operations:
            reading.spend(most, *span)
        uses = self._uses(call, angles, modifiers, repeated(places, wide[0] if wide else 1))
        return _Made(uses, bool(wide), None if modifiers else count, most)

    def _uses(
        self,
        call: _GateCall,
        angles: Sequence[Affine],
        modifiers: Sequence[Modifier],
        operands: Iterable[tuple[int, ...]],
    ) -> Iterator[tuple[tuple[int, ...], Sequence[Leaf[str]]]]:
        for qubits in operands:
            if len(set(qubits)) < len(qubits):
                start, end = call.span
                written = quote(self._reading.source.code[extent(call.qubits[0])[0] : end - 1])
                message = f"{quote(call.callee.name)} acts twice on one qubit: {written}"
                hint = f"name {len(qubits)} different qubits"
                raise self._reading.source.error(message, start, end, hint=hint)
            yield qubits, self._leaves(call, angles, qubits, modifiers)

    def _leaves(
        self, call: _GateCall, angles: Sequence[Affine], qubits: tuple[int, ...], modifiers: Sequence[Modifier]
    ) -> Sequence[Leaf[str]]:
        """The gates of the table that one call comes to."""
        callee = call.callee
        controls = sum([modifier.controls for modifier in modifiers])
        own = qubits[controls:]
        leaves = (
            self.expanded(callee, angles, own)
            if isinstance(callee, Definition)
            else [Leaf(callee.gate, callee.name, own, angles, self._inside is not None)]
        )
        changed = modified([*leaves], modifiers, qubits[:controls]) if modifiers else leaves
        if changed is None:
            message = f"a fraction of {quote(callee.name)} as a power: it is not one rotation"
            raise Unsupported(message, self._reading.source.span(*call.span))
        return changed

    def _write(self, call: _GateCall, made: _Made) -> None:
        if self._inside is not None:
            for _, leaves in made.uses:
                self._inside.extend(leaves)
            return
        reading, controls = self._reading, self._reading.controls
        if controls:
            self._write_controlled(call, made, [qubit for qubit, _ in controls], [outcome for _, outcome in controls])
            return
        reading.spend(made.cost or 0, *call.span)
        kind = reading.origin(self._kind(), call.span[0], wide=made.wide)
        for qubits, leaves in made.uses:
            if made.cost is None:
                reading.spend(total_cost(leaves), *call.span)
            reading.measurement.touch(qubits, *call.span)
            reading.write(leaves, call.number, kind)

    def _write_controlled(
        self, call: _GateCall, made: _Made, controls: Sequence[int], outcomes: Sequence[bool]
    ) -> None:
        """Append gates that depend on outcomes of measurements as gates that the measured qubits control."""
        reading = self._reading
        if len(controls) > reading.source.limits.controls:
            raise reading.source.limit("controls", f"{len(controls)} outcomes in a condition", *call.span)
        for qubits, leaves in made.uses:
            reading.spend(total_cost(leaves) << len(controls), *call.span)
            reading.measurement.touch(qubits, *call.span)
            reading.write(under_controls(leaves, controls, outcomes, "if"), call.number, GateOrigin.LOOP)

    def _modifier(self, node: ast.QuantumGateModifier, scope: NameScope) -> Modifier:
        kind = node.modifier.name
        start, end = extent(node)
        self._values.spend(_MODIFIER, start, end)
        text = _TEXT.of(node)
        if text is None:
            text = " ".join(self._reading.source.code[start:end].split())
            text = _TEXT.keep(node, quote(text if text.endswith("@") else f"{text} @"))
        if kind == "pow" and node.argument is not None:
            return Modifier(kind, self._values.number(node.argument, scope), text)
        if kind == "inv" or node.argument is None:
            return Modifier(kind, 1, text)
        count = self._values.whole(node.argument, scope, "the number of controls")
        if count < 1:
            raise self._reading.source.error(f"want at least one control, here {count}", start, end)
        return Modifier(kind, count, text)


_CALL = Memo[_GateCall]("call")
_TEXT = Memo[str]("text")
_LONG = 3
"""Terms from which an angle is not looked up again."""
_MODIFIER = 50
"""What making a modified gate counts as, beside a step of arithmetic."""
_LARGEST, _KEPT = 1_000, 50_000
"""Gates of one call, and of all calls, that are kept."""
_ANGLE = Variable(Type("angle"), constant=True)
_QUBIT = Type("qubit")
_PHASE = Builtin("gphase", GLOBAL_PHASE, 1, 0, 1, 0)

"""Calls of gates in the tree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bplint.importers.lowered import Leaf, total_cost
from bplint.importers.qasm.callees import Builtin, Callee, Definition
from bplint.importers.qasm.classical import Classical
from bplint.importers.qasm.counting import Counter
from bplint.importers.qasm.definitions import Definitions
from bplint.importers.qasm.feedback import answers
from bplint.importers.qasm.grammar import Block, ast, extent
from bplint.importers.qasm.modifiers import Modifier, bounded, modified
from bplint.importers.qasm.numbering import Numbering
from bplint.importers.qasm.reading import SourceReading
from bplint.importers.qasm.scopes import QUBIT, Affine, NameScope, Place, Qubits, Type
from bplint.importers.quoting import quote
from bplint.ir.circuit import GateOrigin
from bplint.ir.gates import GLOBAL_PHASE


class _Call(NamedTuple):
    """A call with its values: ``qubits`` are those of each use, ``wide`` if these come from registers."""

    callee: Callee
    angles: Sequence[Affine]
    modifiers: Sequence[Modifier]
    qubits: Iterable[tuple[int, ...]]
    wide: bool
    node: ast.QuantumGate | ast.QuantumPhase


class GateEvaluator(Classical):
    """Writes down the gates that are called. ``_running`` are the subroutines that are being run, ``_loops`` counts the
    loops around.
    """

    def __init__(self, reading: SourceReading) -> None:
        super().__init__(reading)
        self._counter = Counter(reading.source, reading.callees, self._values)
        self._definitions = Definitions(reading, self._counter, self._values)
        self._numbering = Numbering(reading)
        self._running: list[str] = []
        self._loops = 0
        self._inside: list[Leaf[str]] | None = None
        """The gates of the body that is being expanded; None outside of bodies."""

    def run_all(self, statements: Block, scope: NameScope) -> object:
        """Run statements up to one that leads elsewhere."""
        raise NotImplementedError

    def _kind(self) -> GateOrigin:
        """How a gate comes to stand in the circuit just now."""
        return GateOrigin.BODY if self._running else GateOrigin.LOOP if self._loops else GateOrigin.PLAIN

    def _gate(self, node: ast.QuantumGate, scope: NameScope) -> None:
        """The call of a named gate, or ``nop``, which newer grammars know as a statement."""
        if node.name.name == "nop":
            self._pass_over(node, scope)
            return
        callee = self.reading.callees.find(*extent(node.name))
        for controls, call in answers(lambda: self._called(node, callee, scope), self.reading):
            with self.reading.outcomes.under(controls):
                self._write(call)

    def _phase(self, node: ast.QuantumPhase, scope: NameScope) -> None:
        """``gphase``: nothing, unless it is controlled or in the body of a gate that may be."""
        if node.modifiers or self._inside is not None:
            self._write(self._called(node, _PHASE, scope))
            return
        if node.qubits:
            raise self.source.error("gphase takes 1 angle and no qubit", *extent(node))
        self._values.angle(node.argument, scope)

    def body(self, definition: Definition, angles: Sequence[Affine], qubits: tuple[int, ...]) -> list[Leaf[str]]:
        """The gates in the body of a defined gate."""
        if definition.steps is not None:
            return self._listed(definition, angles, qubits)
        node, scope = self._definitions.bodies[definition.name], _scope(definition, angles)
        for identifier, qubit in zip(node.qubits, qubits, strict=True):
            scope.declare(identifier.name, QUBIT, Qubits(qubit))
        outside, self._inside = self._inside, []
        self.run_all(node.body, scope)  # type: ignore[arg-type]
        inside, self._inside = self._inside, outside
        return inside

    def _listed(self, definition: Definition, angles: Sequence[Affine], qubits: tuple[int, ...]) -> list[Leaf[str]]:
        """The gates of a body that is a list of calls, bodies within bodies included, without recursion."""
        leaves: list[Leaf[str]] = []
        evaluate = self.angles.evaluate
        stack = [(iter(definition.steps or ()), _scope(definition, angles), qubits)]
        while stack:
            steps, scope, wires = stack[-1]
            for callee, arguments, places in steps:
                values = [evaluate(argument, scope) for argument in arguments]
                inner = tuple([wires[place] for place in places])
                if isinstance(callee, Builtin):
                    leaves.append(Leaf(callee.gate, callee.name, inner, values, True))
                elif callee.steps is None:
                    leaves += self.body(callee, values, inner)
                else:
                    stack.append((iter(callee.steps), _scope(callee, values), inner))
                    break
            else:
                stack.pop()
        return leaves

    def _called(self, node: ast.QuantumGate | ast.QuantumPhase, callee: Callee, scope: NameScope) -> _Call:
        """A call in this scope. Its operations are bounded before any is made."""
        reading, span = self.reading, extent(node)
        arguments = [node.argument] if isinstance(node, ast.QuantumPhase) else node.arguments
        angles = [self._values.angle(argument, scope) for argument in arguments]
        modifiers = [self._modifier(modifier, scope) for modifier in node.modifiers]
        n_qubits = callee.n_qubits + sum([modifier.controls for modifier in modifiers])
        places = [self._operands.place(operand, scope) for operand in node.qubits]
        if len(angles) != callee.n_parameters or len(places) != n_qubits:
            text = " ".join([*(modifier.text for modifier in modifiers), callee.name])
            whole = callee._replace(name=text, n_qubits=n_qubits)
            raise reading.callees.arity_error(whole, len(angles), len(places), *span)
        wide = sorted({len(place) for place in places if not isinstance(place, int)})
        if len(wide) > 1:
            message = f"registers of different sizes: {' and '.join(map(str, wide))} qubits"
            raise reading.source.error(message, *span)
        count = wide[0] if wide else 1
        most = bounded(callee.cost, callee.cost * count, modifiers)
        if most > reading.source.limits.operations:
            reading.spend(most, *span)
        return _Call(callee, angles, modifiers, _repeated(places, count), bool(wide), node)

    def _write(self, call: _Call) -> None:
        """Write down the gates of each use, and count them."""
        reading, span = self.reading, extent(call.node)
        number, controls = self._numbering.of(call.node), reading.outcomes.assumed
        kind = reading.origin(self._kind(), span[0], wide=call.wide)
        reading.source.check("controls", len(controls), "outcomes in a condition", *span)
        for qubits in call.qubits:
            if self._inside is not None:
                self._inside.extend(self._leaves(call, qubits))
                continue
            leaves = self._leaves(call, reading.outcomes.touch(qubits, number))
            cost = total_cost(leaves) if call.modifiers or controls else call.callee.cost
            reading.spend(cost << len(controls), *span)
            if controls:
                leaves, kind = reading.outcomes.conditional(leaves), GateOrigin.LOOP
            reading.write(leaves, number, kind)

    def _leaves(self, call: _Call, qubits: tuple[int, ...]) -> Sequence[Leaf[str]]:
        """The gates of the table that one use comes to."""
        callee, modifiers = call.callee, call.modifiers
        if len({*qubits}) < len(qubits):
            start, end = extent(call.node)
            written = self.source.shown(extent(call.node.qubits[0])[0], end - 1)
            message = f"{quote(callee.name)} acts twice on one qubit: {written}"
            raise self.source.error(message, start, end, hint=f"name {len(qubits)} different qubits")
        controls = len(qubits) - callee.n_qubits
        leaves = (
            self.body(callee, call.angles, qubits[controls:])
            if isinstance(callee, Definition)
            else [Leaf(callee.gate, callee.name, qubits[controls:], call.angles, self._inside is not None)]
        )
        changed = modified(leaves, modifiers, qubits[:controls]) if modifiers else leaves
        if changed is None:
            raise self._unsupported(f"a fraction of {quote(callee.name)} as a power: it is not one rotation", call.node)
        return changed

    def _modifier(self, node: ast.QuantumGateModifier, scope: NameScope) -> Modifier:
        kind = node.modifier.name
        start, end = extent(node)
        self.angles.spend(_MODIFIER, start, end)
        text = quote(" ".join([*self.source.code[start:end].removesuffix("@").split(), "@"]))
        if kind == "pow" and node.argument is not None:
            return Modifier(kind, self._values.number(node.argument, scope), text)
        if kind == "inv" or node.argument is None:
            return Modifier(kind, 1, text)
        count = self._values.whole(node.argument, scope, "the number of controls")
        if count < 1:
            raise self.source.error(f"want at least one control, here {count}", start, end)
        return Modifier(kind, count, text)


def _repeated(places: Sequence[Place], count: int) -> Iterable[tuple[int, ...]]:
    """The operands of each repetition: a register gives its elements in turn, a single one is given every time."""
    columns = [[place] * count if isinstance(place, int) else place for place in places]
    return zip(*columns, strict=True) if columns else ((),) * count


def _scope(definition: Definition, angles: Sequence[Affine]) -> NameScope:
    """The scope of a body in which the parameters have these values."""
    scope = NameScope(level=1)
    for name, angle in zip(definition.parameters, angles, strict=True):
        scope.declare(name, _ANGLE, angle, constant=True)
    return scope


_MODIFIER = 50
"""What making a modified gate counts as, beside a step of arithmetic."""
_ANGLE = Type("angle")
_PHASE = Builtin("gphase", GLOBAL_PHASE, 1, 0, 1, 0)

"""A tape some of whose operations are exchanged for others: a tape again, or a QNode of its weights where numbers cannot say it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bplint.exporters import to_pennylane
from bplint.exporters.placing import before_first, changed
from bplint.exporters.to_pennylane import QueuedOperation, operations_of
from bplint.importers.call import Call
from bplint.importers.from_pennylane.functions import OwnNumbers
from bplint.importers.from_pennylane.reading import read
from bplint.ir.circuit import Circuit
from bplint.rewrite.change import Angle, Rewrite


def rewritten(original: Any, circuit: Circuit, rewrite: Rewrite) -> Any:
    """The tape that ``circuit`` was read of, with the rewrite: measurements, shots and all that does not change stay, and what is
    trained says so; new weights are zero.

    On a tape that says what is trained each number is a weight of its own. Where one turns several operations, what is handed back
    is a QNode on ``default.qubit`` with the argument ``params``: the weights of the tape, each at its place there.
    """
    function = OwnNumbers(original)
    reading = read(function)
    statements = reading.program.circuit.gates.columns.statement
    new, start = changed(circuit, rewrite, statements), before_first(rewrite, statements)
    wires = list(reading.wires)
    after = {s: operations_of(circuit, gates, wires) for s, gates in new.items()}
    before = {s: operations_of(circuit, gates, wires) for s, gates in start.items()}
    made = [one for some in (*before.values(), *after.values()) for one in some]
    if function.names and _repeats(circuit, {g for g, s in enumerate(statements) if s not in new}, made):
        return to_pennylane.rewritten(_as_qnode(original, function), Call(), circuit, rewrite)
    return _with(_saying(original, function), before, after, wires, _Numbers(function, rewrite))


def with_numbers(tape: Any, circuit: Circuit) -> Circuit:
    """The circuit of a tape with the numbers that its weights have there, for names are places on one tape; zero for new ones."""
    function = OwnNumbers(tape)
    given = dict(zip(function.names, function.given.tolist(), strict=True))
    valued = [p if p.value is not None else p._replace(value=given.get(p.name, 0.0)) for p in circuit.parameters]
    return replace(circuit, parameters=tuple(valued))


def _repeats(circuit: Circuit, kept: set[int], made: Sequence[QueuedOperation]) -> bool:
    """Whether a parameter would be in several numbers, or several in one."""
    used = Counter({p for one in circuit.operations if one.gate in kept for p, _ in one.terms})
    angles = [one.angle[1] for one in made if one.angle is not None]
    used.update(p for terms in angles for p, _ in terms)
    return any(count > 1 for count in used.values()) or any(len(terms) > 1 for terms in angles)


def _with(
    tape: Any,
    before: Mapping[int, Sequence[QueuedOperation]],
    after: Mapping[int, Sequence[QueuedOperation]],
    wires: Sequence[Any],
    numbers: _Numbers,
) -> Any:
    import pennylane as qml

    operations: list[Any] = []
    for place, operation in enumerate(tape.operations):
        operations += [one.made(numbers.value) for one in before.get(place, ())]
        operations += [one.made(numbers.value) for one in after[place]] if place in after else [operation]
    lost = set(wires) - {wire for one in (*operations, *tape.measurements) for wire in one.wires}
    operations += [qml.Identity(wire) for wire in wires if wire in lost]
    made = tape.copy(operations=operations)
    if len(tape.trainable_params) < len(tape.par_info):
        values = [info["op"].data[info["p_idx"]] for info in made.par_info]
        made.trainable_params = [k for k, value in enumerate(values) if getattr(value, "requires_grad", False)]
    return made


class _Numbers:
    """Numbers of the parameters: those of the tape, those that stand for themselves, and zero for new ones."""

    def __init__(self, function: OwnNumbers, rewrite: Rewrite) -> None:
        self._given = dict(zip(function.names, function.given.tolist(), strict=True))
        self._parameters = rewrite.parameters

    def value(self, angle: Angle) -> Any:
        """An angle, which says that it is trained where it depends on what has no number of its own."""
        import pennylane as qml

        constant, terms = angle
        values = [(p, c, self._parameters[p].value) for p, c in terms]
        total = constant + sum(
            c * (self._given.get(self._parameters[p].name, 0.0) if value is None else value) for p, c, value in values
        )
        return qml.numpy.array(total, requires_grad=True) if any(value is None for *_, value in values) else total


def _saying(tape: Any, function: OwnNumbers) -> Any:
    """The tape, each of whose trained numbers says that it is."""
    import pennylane as qml

    numbers = tape.get_parameters(trainable_only=False)
    silent = [index for index in function.indices if not getattr(numbers[index], "requires_grad", False)]
    if not silent:
        return tape
    return tape.bind_new_parameters([qml.numpy.array(numbers[index], requires_grad=True) for index in silent], silent)


def _as_qnode(tape: Any, function: OwnNumbers) -> Any:
    """The tape as a function of its trained numbers, which keep their names: what is between them is None."""
    import pennylane as qml

    numbers = tape.get_parameters(trainable_only=False)
    given: list[Any] = [None] * len(numbers)
    for index in function.indices:
        given[index] = qml.numpy.array(np.asarray(numbers[index], dtype=float), requires_grad=True)

    def repaired(params: Any = given) -> Any:
        with qml.QueuingManager.stop_recording():
            bound = tape.bind_new_parameters([params[index] for index in function.indices], function.indices)
        for operation in bound.operations:
            qml.apply(operation)
        measured = [qml.apply(measurement) for measurement in bound.measurements]
        return measured[0] if len(measured) == 1 else tuple(measured)

    return qml.QNode(repaired, qml.device("default.qubit"), shots=tape.shots.total_shots)

"""The builder against a slow one that writes out each operation of a gate as it comes."""

import random

import numpy as np
import pytest

from bplint.errors import Span
from bplint.ir.build import Builder
from bplint.ir.circuit import GateOrigin, Parameter, Role, Spelling
from bplint.ir.gates import Fixed, controlled, gate, gate_names, inverse

TABLE = [row for name in gate_names() if (row := gate(name)) is not None and row.n_qubits]
TABLE += [controlled(row) for row in TABLE if row.n_qubits < 3] + [inverse(row) for row in TABLE]


def slow(calls, spans):
    """Operations as tuples (code, qubits, letters, angle, factor, gate, moment), an angle as (constant, terms, spelling)."""
    found, depth = [], {}
    for number, (row, qubits, angles, _, _, _) in enumerate(calls):
        for step in row.steps:
            if isinstance(step, Fixed):
                strings, angle = [(0.0, [(a, 0) for a in step.arguments])], None
            else:
                strings = step.strings
                angle = angles[step.parameter] if step.parameter >= 0 else (step.constant, [], Spelling.BUILTIN)
            for factor, letters in strings:
                wires = [qubits[a] for a, _ in letters]
                moment = max(depth.get(w, 0) for w in wires)
                depth.update(dict.fromkeys(wires, moment + 1))
                code = step.code if isinstance(step, Fixed) else 0
                found.append((code, wires, [c for _, c in letters], angle, factor, number, moment))
    return found


def operations(circuit):
    """The same of a circuit."""
    found = []
    for k in range(len(circuit)):
        a, b = circuit.start[k], circuit.start[k + 1]
        row = int(circuit.angle[k])
        angle = None
        if row >= 0:
            angles = circuit.angles
            angle = (float(angles.constant[row]), angles.terms(row), Spelling(int(angles.spelling[row])))
        letters = circuit.letters[a:b].tolist()
        found.append(
            (
                int(circuit.code[k]),
                circuit.operands(k),
                letters,
                angle,
                circuit.factor[k],
                circuit.gate[k],
                circuit.moment[k],
            )
        )
    return found


def drawn(rng, n):
    """Angles: a parameter alone, affine ones, literals."""
    return rng.choice(
        [
            (0.0, [(rng.randrange(n), 1.0)], Spelling.PRECISE),
            (rng.random(), [(rng.randrange(n), -2.0), (n - 1, 0.5)], Spelling.PRECISE),
            (0.0, [(rng.randrange(n), -1.0)], Spelling.PRECISE),
            (rng.random(), [], rng.choice(list(Spelling))),
        ]
    )


@pytest.mark.parametrize("seed", range(20))
def test_gates_become_what_they_are_one_by_one(seed):
    rng = random.Random(seed)
    builder, calls, spans = Builder(6), [], []
    for _ in range(3):
        spans.append(Span(rng.randrange(9), 1, 9, 2))
        builder.statement(spans[-1])
    for _ in range(60):
        row = rng.choice(TABLE)
        angles = [drawn(rng, 4) for _ in range(row.n_parameters)]
        qubits = rng.sample(range(6), row.n_qubits)
        statement, name, kind = rng.randrange(3), rng.choice(["a", "b", row.name]), rng.choice(list(GateOrigin)[:-1])
        calls.append((row, qubits, angles, statement, name, kind))
        rows = [builder.angle(constant, terms, spelling=spelling) for constant, terms, spelling in angles]
        builder.gate(row, qubits, rows, statement, name=name, kind=kind)
    circuit = builder.build([Parameter(f"t{k}", Role.TRAINABLE) for k in range(4)], [2])
    assert operations(circuit) == slow(calls, spans)
    table = circuit.gates
    assert [table.names[k] for k in table.name] == [name for *_, name, _ in calls]
    assert table.kind.tolist() == [kind for *_, kind in calls]
    assert table.arity.tolist() == [row.n_qubits for row, *_ in calls]
    statements = [statement for *_, statement, _, _ in calls]
    assert table.statement.tolist() == statements
    assert list(circuit.spans) == spans
    assert circuit.measured == (2,)


def test_parameters_take_their_places():
    builder = Builder(1)
    builder.lines(1)
    builder.gate(gate("rx"), [0], [builder.angle(0.0, [(0, 1.0)])], 0)
    builder.gate(gate("ry"), [0], [builder.angle(0.0, [(1, 3.0)])], 0)
    circuit = builder.build([Parameter(name, Role.TRAINABLE) for name in "ab"], places=[1, 0])
    assert [circuit.angles.terms(row) for row in circuit.angle] == [[(1, 1.0)], [(0, 3.0)]]
    assert circuit.used() == [True, True]


def test_a_parameter_of_no_gate_is_not_used():
    builder = Builder(1)
    builder.gate(gate("id"), [0], [], builder.statement(Span(1, 1, 1, 2)))
    circuit = builder.build([Parameter("a", Role.TRAINABLE)])
    assert len(circuit) == 0
    assert circuit.used() == [False]


def test_gates_equal_in_value_are_one_shape():
    """Gates that are made on the way and forgotten again must not fill the catalogue, nor pass for one another."""
    builder = Builder(1)
    rows = [gate("rx")._replace(name=f"g{k % 2}") for k in range(1000)]
    assert len({builder.shape(row) for row in rows}) == 2
    made = [builder.shape(gate("ry")._replace(name=f"h{k % 7}")) for k in range(1000)]
    assert made == [2 + k % 7 for k in range(1000)]


def test_nothing_is_a_circuit_too():
    circuit = Builder(3).build()
    assert len(circuit) == 0
    assert circuit.start.tolist() == [0]
    assert circuit.spans == ()
    assert circuit.code.dtype == np.uint8


def test_no_times_a_symbol_is_no_use_of_it():
    builder = Builder(1)
    row = builder.angle(0.0, [(0, 0.0)])
    builder.gate(gate("rx"), [0], [row], builder.statement(Span(1, 1, 1, 2)))
    builder.gate(gate("ry"), [0], [builder.angle(0.5, [(0, 0.0), (1, 2.0)])], builder.statement(Span(2, 1, 2, 2)))
    made = builder.build([Parameter("a", Role.TRAINABLE), Parameter("b", Role.TRAINABLE)])
    assert made.used() == [False, True]
    assert [operation.quarter for operation in made.operations] == [0, -1]

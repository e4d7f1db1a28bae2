"""PennyLane's measurements and conditions, against the same programs branch by branch."""

import re

import numpy as np
import pytest

qml = pytest.importorskip("pennylane")

import bplint  # noqa: E402
from bplint.importers.from_pennylane import from_pennylane  # noqa: E402
from measured_programs import N, agrees, seeded, without_fed_angles  # noqa: E402

BEGUN = [("measure", (qubit, qubit)) for qubit in range(N)]
"""Outcomes have no value before they are measured."""
TURNS = {"x": qml.RX, "y": qml.RY, "z": qml.RZ}


def condition(text, bits):
    """A condition of the programs as one of outcomes."""
    register = re.fullmatch(r"c (==|!=|>) (\d)", text)
    if register:
        number, value = bits[0] + 2 * bits[1] + 4 * bits[2], int(register[2])
        return {"==": number == value, "!=": number != value, ">": number > value}[register[1]]
    first, operation, second = re.fullmatch(r"(!?c\[\d\])(?: (==|\^|&&|\|\|) (.*))?", text).groups()
    bit = bits[int(first[-2])]
    if operation is None or operation == "==":
        return bit == int("!" not in first and operation is None)
    other = bits[int(second[-2])]
    return {"^": bit != other, "&&": bit & ~other, "||": bit | other}[operation]


def run(program, bits):
    for name, what in program:
        if name == "turn":
            TURNS[what[0]](what[1], what[2])
        elif name == "cx":
            qml.CNOT(what)
        elif name == "measure":
            bits[what[1]] = qml.measure(what[0])
        elif name == "reset":
            qml.measure(what, reset=True)
        else:
            text, _, *blocks = what
            blocks = [(lambda b=block: run(b, bits)) for block in blocks]
            qml.cond(condition(text, bits), *blocks)()


@pytest.mark.parametrize("seed", range(300, 330))
def test_random_programs_do_what_they_do_branch_by_branch(seed):
    program = BEGUN + without_fed_angles(seeded(seed, inside=False)) + [("turn", ("x", 0.7, q)) for q in range(N)]

    @qml.qnode(qml.device("default.qubit", wires=N))
    def circuit():
        run(program, {})
        return qml.expval(qml.Z(0))

    assert agrees(from_pennylane(circuit).program.circuit, program)


def test_gradients_of_a_circuit_with_feedback_are_those_of_pennylane():
    """E[dC^2] over the circle of 4 pi that a conditional rotation has, by PennyLane's own simulation."""

    @qml.qnode(qml.device("default.qubit"))
    def circuit(w):
        qml.RY(w[0], 0)
        qml.CNOT([0, 1])
        outcome = qml.measure(1, reset=True)
        qml.cond(outcome, qml.RX, qml.RY)(w[1], 2)
        qml.RY(w[2], 1)
        qml.CNOT([1, 2])
        return qml.expval(qml.Z(2))

    report = bplint.lint(circuit, np.array([0.1, 0.2, 0.3]))
    (entry,) = report.circuits
    assert (entry.case.circuit.n_declared, entry.case.circuit.ancillas) == (3, 1)
    points = np.arange(8) * np.pi / 2
    values = [circuit(np.array([a, b, c])) for a in points for b in points for c in points]
    assert entry.analyses["loss"].mean == pytest.approx(np.mean(values), abs=1e-9)
    assert entry.analyses["loss"].variance == pytest.approx(np.var(values), abs=1e-9)
    (note,) = [note for note in entry.case.notes if "ancilla" in note.text]
    assert (note.text, note.span.line) == ("1 ancilla stands for what is measured or reset before the end", 6)

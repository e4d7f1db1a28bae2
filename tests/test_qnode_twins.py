"""Circuits of PennyLane against the same circuits in OpenQASM and Qiskit: unitary, algebra, locality, dead parameters."""

import numpy as np
import pytest

pytest.importorskip("pennylane")
pytest.importorskip("qiskit")

import pennylane as qml  # both frameworks are there
from qiskit.circuit import ParameterVector

from bplint.analyses import dla, locality, reach
from bplint.analyses.ask import Ask
from bplint.config import Settings
from bplint.importers.call import Call
from bplint.importers.from_pennylane import from_pennylane
from bplint.importers.from_qiskit import from_qiskit
from bplint.importers.qasm import read
from bplint.prepare import prepare
from bplint.runs.jobs import lint_job
from bplint.testing.unitary import same_up_to_phase, unitary
from qnode_twins import TWINS

FORCE = lint_job(Settings(isolated=True)).configurations.of(None)


def programs(twin):
    """From PennyLane, and from where it is written once more."""
    node = qml.QNode(twin.function, qml.device("default.qubit", wires=twin.qubits))
    yield from_pennylane(node, "Z0", Call((np.full(twin.count, 0.1),))).program
    if isinstance(twin.other, str):
        head = f'OPENQASM 3.0;\ninclude "stdgates.inc";\ninput array[float, {twin.count}] w;\nqubit[{twin.qubits}] q;\n'
        yield read(head + twin.other)
    else:
        yield from_qiskit(twin.other(twin.qubits, ParameterVector("w", twin.count)))


def case_of(twin, program):
    data = tuple(f"w[{k}]" for k in range(twin.data))
    asked = FORCE.asked._replace(observable=twin.observable, data=data)
    return prepare(program, FORCE._replace(asked=asked), path="-")


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.name)
def test_both_say_the_same(twin):
    cases = [case_of(twin, program) for program in programs(twin)]
    values = dict(zip([f"w[{k}]" for k in range(twin.count)], np.random.default_rng(5).uniform(-3, 3, twin.count)))
    matrices = [unitary(case.circuit, values | functions(twin, case, values)) for case in cases]
    if twin.prepares:  # only what becomes of |0…0> is the same
        assert abs(np.vdot(matrices[0][:, 0], matrices[1][:, 0])) == pytest.approx(1)
    else:
        assert same_up_to_phase(*matrices)
    first, second = (Ask(case) for case in cases)
    algebras = [(a.status, a.lower, a.upper) for a in (first(dla), second(dla))]
    assert algebras[0] == algebras[1]
    lengths = [
        [(t.string, t.declared, t.first_met, t.light_cone) for t in ask(locality).terms] for ask in (first, second)
    ]
    assert lengths[0] == lengths[1]
    dead = [{case.circuit.parameters[k].name for k in ask(reach).dead} for case, ask in zip(cases, (first, second))]
    assert dead[0] == dead[1]


FUNCTIONS = {
    "IQP embedding": lambda w: [w[0] * w[1], w[0] * w[2], w[1] * w[2]],
    "functions of weights": lambda w: [np.sin(w[0]), w[0] * w[1]],
}


def functions(twin, case, values):
    """Values of the parameters that are functions of others, in the order in which they are met."""
    names = [p.name for p in case.circuit.parameters if p.sources]
    found = FUNCTIONS[twin.name]([values[f"w[{k}]"] for k in range(twin.count)]) if names else []
    return dict(zip(names, found, strict=True))


def test_there_are_more_than_forty():
    assert len({twin.name for twin in TWINS}) == len(TWINS) > 40

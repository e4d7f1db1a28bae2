"""Qiskit's measurements, resets and control flow, against the same programs branch by branch."""

import re

import pytest

pytest.importorskip("qiskit")

from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Parameter
from qiskit.circuit.classical import expr

from bplint.errors import Unsupported
from bplint.importers.from_qiskit import from_qiskit
from measured_programs import N, agrees, seeded, without_fed_angles

OPERATIONS = {"^": expr.bit_xor, "&&": expr.logic_and, "||": expr.logic_or}
COMPARISONS = {"!=": expr.not_equal, ">": expr.greater}


def condition(text, bits):
    """A condition of the programs as Qiskit writes it, where it can as a pair."""
    register = re.fullmatch(r"c (==|!=|>) (\d)", text)
    if register:
        value = int(register[2])
        return (bits, value) if register[1] == "==" else COMPARISONS[register[1]](bits, value)
    first, operation, second = re.fullmatch(r"(!?c\[\d\])(?: (==|\^|&&|\|\|) (.*))?", text).groups()
    bit = bits[int(first[-2])]
    if operation is None or operation == "==":
        return (bit, int("!" not in first and operation is None))
    other = expr.lift(bits[int(second[-2])])
    return OPERATIONS[operation](bit, expr.logic_not(other) if second[0] == "!" else other)


def write(circuit, program, bits):
    for name, what in program:
        if name == "turn":
            getattr(circuit, f"r{what[0]}")(*what[1:])
        elif name in ("cx", "measure"):
            getattr(circuit, name)(*what)
        elif name == "reset":
            circuit.reset(what)
        else:
            text, _, block, *other = what
            with circuit.if_test(condition(text, bits)) as otherwise:
                write(circuit, block, bits)
            if other:
                with otherwise:
                    write(circuit, other[0], bits)


@pytest.mark.parametrize("seed", range(100, 140))
def test_random_programs_do_what_they_do_branch_by_branch(seed):
    program = without_fed_angles(seeded(seed)) + [("turn", ("x", 0.7, qubit)) for qubit in range(N)]
    bits = ClassicalRegister(N, "c")
    circuit = QuantumCircuit(QuantumRegister(N), bits)
    write(circuit, program, bits)
    assert agrees(from_qiskit(circuit).circuit, program)


def test_a_switch_takes_each_case():
    bits = ClassicalRegister(N, "c")
    circuit = QuantumCircuit(QuantumRegister(N), bits)
    begun = [("turn", ("y", 0.4 + qubit, qubit)) for qubit in range(N)] + [("measure", (0, 0)), ("measure", (1, 2))]
    write(circuit, begun, bits)
    with circuit.switch(bits) as case:
        with case(0, 5):
            circuit.rx(0.3, 2)
        with case(1):
            circuit.ry(0.9, 0)
        with case(case.DEFAULT):
            circuit.cx(1, 2)
    cases = [
        ("if", ("", lambda c: c[0] == c[2], [("turn", ("x", 0.3, 2))])),
        ("if", ("", lambda c: c == (1, 0, 0), [("turn", ("y", 0.9, 0))])),
        ("if", ("", lambda c: c == (0, 0, 1), [("cx", (1, 2))])),
    ]
    assert agrees(from_qiskit(circuit).circuit, begun + cases)


def test_instructions_with_measurements_in_them_and_initialize_in_the_middle():
    inner = QuantumCircuit(1, 1)
    inner.h(0)
    inner.measure(0, 0)
    circuit = QuantumCircuit(N, N)
    circuit.ry(0.3, 0)
    circuit.append(inner.to_instruction(), [1], [2])
    circuit.initialize("1", 0)
    with circuit.if_test((circuit.clbits[2], 1)):
        circuit.rx(0.8, 0)
    circuit.h(1)
    program = [("turn", ("y", 0.3, 0)), ("turn", ("y", 1.5707963267948966, 1)), ("measure", (1, 2)), ("reset", 0)]
    program += [("turn", ("x", 3.141592653589793, 0)), ("if", ("", lambda c: c[2], [("turn", ("x", 0.8, 0))]))]
    program += [("turn", ("z", 3.141592653589793, 1)), ("turn", ("y", 1.5707963267948966, 1))]
    # The order of Z and Y of a Hadamard: H = Y(pi/2) Z(pi), on |0> the same as Y(pi/2).
    assert agrees(from_qiskit(circuit).circuit, program)


def test_ancillas_are_told_and_parameters_stay():
    circuit = QuantumCircuit(2, 1)
    theta = Parameter("t")
    circuit.ry(theta, 0)
    circuit.measure(0, 0)
    with circuit.if_test((0, 1)):
        circuit.rx(theta, 0)
    program = from_qiskit(circuit)
    (note,) = program.notes
    assert note.text == "1 ancilla stands for what is measured or reset before the end"
    assert note.span.line == 3
    assert (program.circuit.n_declared, program.circuit.used()) == (2, [True])


def test_gates_on_other_qubits_after_a_measurement_need_no_ancilla():
    circuit = QuantumCircuit(2, 2)
    circuit.measure(0, 0)
    circuit.h(1)
    circuit.measure(1, 1)
    found = from_qiskit(circuit).circuit
    assert (found.measured, found.ancillas) == ((0, 1), 0)


def test_variables_are_refused():
    circuit = QuantumCircuit(2, 2)
    circuit.measure(0, 0)
    known = circuit.add_input("a", expr.lift(True).type)
    with circuit.if_test(expr.logic_and(known, circuit.clbits[0])):
        circuit.x(1)
    with pytest.raises(Unsupported, match="a condition with Var in it"):
        from_qiskit(circuit)

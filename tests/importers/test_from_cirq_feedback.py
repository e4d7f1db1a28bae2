"""Cirq's measurements, resets and classical controls, against the same programs branch by branch."""

import re

import pytest

cirq = pytest.importorskip("cirq")

import sympy  # noqa: E402

from bplint.importers.from_cirq import from_cirq  # noqa: E402
from measured_programs import N, agrees, seeded, without_fed_angles  # noqa: E402

Q = cirq.LineQubit.range(N)
BITS = sympy.symbols("c0 c1 c2")


def condition(text):
    """A condition of the programs as one of symbols, which Cirq takes for the last outcomes of their keys."""
    register = re.fullmatch(r"c (==|!=|>) (\d)", text)
    if register:
        value = int(register[2])
        number = sum(bit * 2**place for place, bit in enumerate(BITS))
        return {"==": sympy.Eq, "!=": sympy.Ne, ">": sympy.Gt}[register[1]](number, value)
    first, operation, second = re.fullmatch(r"(!?c\[\d\])(?: (==|\^|&&|\|\|) (.*))?", text).groups()
    bit = BITS[int(first[-2])]
    if operation is None or operation == "==":
        return sympy.Eq(bit, int("!" not in first and operation is None))
    other = BITS[int(second[-2])]
    return {"^": sympy.Ne(bit, other), "&&": sympy.Gt(bit, other), "||": sympy.Gt(bit + other, 0)}[operation]


def operations(program):
    for name, what in program:
        if name == "turn":
            yield getattr(cirq, f"r{what[0]}")(what[1])(Q[what[2]])
        elif name == "cx":
            yield cirq.CNOT(*(Q[q] for q in what))
        elif name == "measure":
            yield cirq.measure(Q[what[0]], key=f"c{what[1]}")
        elif name == "reset":
            yield cirq.reset(Q[what])
        else:
            text, _, *blocks = what
            for block, holds in zip(blocks, (condition(text), sympy.Not(condition(text))), strict=False):
                yield from (inner.with_classical_controls(holds) for inner in operations(block))


BEGUN = [("measure", (qubit, qubit)) for qubit in range(N)]
"""Keys have no value before they are measured."""


@pytest.mark.parametrize("seed", range(200, 230))
def test_random_programs_do_what_they_do_branch_by_branch(seed):
    program = BEGUN + without_fed_angles(seeded(seed, inside=False)) + [("turn", ("x", 0.7, q)) for q in range(N)]
    circuit = cirq.Circuit(operations(program), strategy=cirq.InsertStrategy.NEW)
    assert agrees(from_cirq(circuit).circuit, program)


def test_keys_of_several_inverted_qubits_and_resets_under_conditions():
    turns = [("turn", ("y", 0.4 + qubit, qubit)) for qubit in range(N)]
    circuit = cirq.Circuit(
        operations(turns),
        cirq.measure(Q[0], Q[1], key="m", invert_mask=(True, False)),
        cirq.reset(Q[0]).with_classical_controls("m"),
        cirq.CircuitOperation(cirq.FrozenCircuit(cirq.rx(0.3)(Q[2]))).with_classical_controls("m"),
        operations([("turn", ("x", 0.7, qubit)) for qubit in range(N)]),
    )

    def any_bit(c):
        return not c[0] or c[1]

    program = [*turns, ("measure", (0, 0)), ("measure", (1, 1)), ("if", ("", any_bit, [("reset", 0)]))]
    program += [("if", ("", any_bit, [("turn", ("x", 0.3, 2))]))] + [("turn", ("x", 0.7, qubit)) for qubit in range(N)]
    found = from_cirq(circuit)
    assert agrees(found.circuit, program)
    assert found.notes[0].text == "5 ancillas stand for what is measured or reset before the end"


def test_a_subcircuit_that_measures_again_and_again():
    cycle = cirq.FrozenCircuit(
        cirq.CNOT(Q[0], Q[1]),
        cirq.measure(Q[1], key="m"),
        cirq.reset(Q[1]),
        cirq.rx(0.4)(Q[2]).with_classical_controls("m"),
    )
    circuit = cirq.Circuit(cirq.ry(0.9)(Q[0]), cirq.CircuitOperation(cycle).repeat(3), cirq.X(Q[1]))
    once = [("cx", (0, 1)), ("measure", (1, 0)), ("reset", 1), ("if", ("", lambda c: c[0], [("turn", ("x", 0.4, 2))]))]
    program = [("turn", ("y", 0.9, 0)), *once * 3, ("turn", ("x", 3.141592653589793, 1))]
    assert agrees(from_cirq(circuit).circuit, program)

"""Expressions that are not affine, evaluated as Python evaluates the same text."""

import math

import pytest

from bplint.importers.qasm import read

HEAD = 'OPENQASM 3.0; include "stdgates.inc"; input array[float[64], 3] x; qubit q; '
POINT = {"x[0]": 0.3, "x[1]": -1.25, "x[2]": 2.0}


@pytest.mark.parametrize(
    "text",
    [
        "2 * (pi - x[0]) * (pi - x[1])",
        "sin(x[0] * x[1] + 1) / x[2]",
        "(x[0] + x[1]) * (x[0] - x[2]) * cos(x[1] / x[2])",
        "x[2] ** 3 - x[0] * x[0]",
        "exp(-(x[0] ** 2)) * -x[1]",
    ],
)
def test_the_angle_of_a_row_is_what_the_text_says(text):
    program = read(HEAD + f"rx({text}) q;")
    (operation,) = program.circuit.operations
    parameters = program.circuit.parameters
    value = operation.constant + math.fsum(
        c * (program.formulas[parameters[p].name](POINT) if parameters[p].sources else POINT[parameters[p].name])
        for p, c in operation.terms
    )
    x = list(POINT.values())
    scope = {"x": x, "pi": math.pi, "sin": math.sin, "cos": math.cos, "exp": math.exp}
    assert value == pytest.approx(eval(text, scope), rel=1e-12)


def test_only_what_a_gate_turns_by_has_a_formula_and_a_fault_is_an_arithmetic_one():
    program = read(HEAD + "rx(sqrt(x[0] * x[1])) q;")
    assert list(program.formulas) == ["sqrt(x[0]*x[1])"]
    with pytest.raises((ArithmeticError, ValueError)):
        program.formulas["sqrt(x[0]*x[1])"](POINT)


def test_a_long_chain_of_products_is_no_recursion():
    program = read(HEAD + "rx(x[0]" + " * x[1]" * 3000 + ") q;")
    (formula,) = program.formulas.values()
    assert formula({"x[0]": 1.5, "x[1]": -1.0, "x[2]": 0.0}) == 1.5

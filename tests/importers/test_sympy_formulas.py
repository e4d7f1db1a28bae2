"""Expressions of sympy as steps, against sympy's own arithmetic; what has no steps, and Qiskit's in another process."""

import pickle

import pytest

from bplint.errors import SourceError
from bplint.importers.sympy_formulas import formula_of

sympy = pytest.importorskip("sympy")
A, B, C = sympy.symbols("a b c")
POINT = {"a": 0.3, "b": -1.25, "c": 2.0}


@pytest.mark.parametrize(
    "expression",
    [
        A * B,
        3 * A * B * C + sympy.pi * A / C,
        sympy.sin(A) * sympy.exp(-B) / sympy.sqrt(C),
        (sympy.pi - A) * (sympy.pi - B) ** 2,
        sympy.acos(A) + sympy.floor(C * B) - sympy.Rational(1, 3) * A**B,
        sympy.tan(A) ** 3,
    ],
)
def test_steps_give_what_sympy_gives(expression):
    formula = pickle.loads(pickle.dumps(formula_of(expression)))
    assert formula(POINT) == pytest.approx(float(expression.subs(POINT)), rel=1e-13)


def test_a_function_that_is_not_known_has_no_steps():
    assert formula_of(sympy.besselj(1, A)) is None
    assert formula_of(sympy.Abs(A)) is None


def test_depth_is_bounded():
    expression = A
    for _ in range(400):
        expression = sympy.sin(expression, evaluate=False)
    with pytest.raises(SourceError, match="nested too deeply"):
        formula_of(expression)


def test_an_expression_of_qiskits_crosses_to_another_process():
    pytest.importorskip("qiskit")
    from qiskit.circuit import Parameter

    from bplint.importers.from_qiskit.symbols import QiskitFormula

    a, b = Parameter("a"), Parameter("b")
    formula = QiskitFormula(3 * (3.5 - a) * (1.25 - b).sin())
    portable = pickle.loads(pickle.dumps(formula.portable()))
    assert portable(POINT) == pytest.approx(formula(POINT), rel=1e-13)

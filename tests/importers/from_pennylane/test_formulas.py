"""Angles worked out for rows of data."""

import numpy as np
import pytest

from bplint.importers.from_pennylane.formulas import AngleFormula, Evaluations


def test_each_point_is_evaluated_once_and_what_a_row_does_not_name_is_as_given():
    asked = []

    def angles(point):
        asked.append(point)
        return np.array([point[0] * point[1], point[0] + point[2]])

    evaluations = Evaluations(angles, ["x[0]", "x[1]", "w"], np.array([1.0, 2.0, 5.0]))
    product, total = AngleFormula(evaluations, 0), AngleFormula(evaluations, 1)
    assert product({"x[0]": 3.0, "x[1]": 4.0, "of another": 9.0}) == 12.0
    assert total({"x[0]": 3.0, "x[1]": 4.0}) == 8.0
    assert product({"x[0]": 3.0}) == 6.0
    assert len(asked) == 2


def test_what_is_not_finite_is_an_error():
    with pytest.raises(ArithmeticError, match="an angle is nan"):
        AngleFormula(Evaluations(lambda point: point, ["x"], np.array([np.nan])), 0)({})

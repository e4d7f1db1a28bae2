import numpy as np
import pytest

from bplint.analyses.gradients.rows.answer import exact_answer, exact_slope
from bplint.bounds import Status


def test_the_three_numbers_of_a_slope():
    slope = exact_slope(np.array([0.04, 0.36]), 0.1)
    assert slope.row.value == pytest.approx(0.2)
    assert slope.linear.value == 0.1
    assert slope.root.value == pytest.approx(0.16)
    assert not slope.each.flags.writeable


def test_rounding_is_no_signal():
    assert exact_slope(np.array([0.5, 0.5]), 1e-17).linear.value == 0
    assert exact_slope(np.array([0.5, 0.5]), 1e-10).linear.value == 1e-10


def test_alignment_is_one_for_random_labels_and_the_number_of_rows_for_equal_ones():
    each = np.array([0.2, 0.2, 0.2, 0.2])
    equal = exact_answer("border", {0: exact_slope(each, 0.2)}, 1)
    assert equal.alignment == pytest.approx(4)
    random = exact_answer("border", {0: exact_slope(each, 0.05), 1: exact_slope(each, 0.05)}, 1)
    assert random.alignment == pytest.approx(1)
    assert exact_answer("border", {0: exact_slope(each, None)}, 1).alignment is None
    assert exact_answer("border", {0: exact_slope(0 * each, 0.0)}, 1).alignment is None


def test_weak_rows_are_those_in_which_no_parameter_shows():
    slopes = {0: exact_slope(np.array([0.1, 0.0, 0.0]), None), 1: exact_slope(np.array([0.0, 0.2, 0.01]), None)}
    found = exact_answer("border", slopes, None)
    assert found.shares(0.05) == pytest.approx(1 / 3)
    assert found.median == pytest.approx(0.1)
    assert found.status is Status.EXACT
    assert found.largest_row[0] == pytest.approx(0.07)
    assert found.largest_linear is None

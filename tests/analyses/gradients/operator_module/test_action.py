"""Actions that are block diagonal, against matrix exponentials by series."""

import numpy as np
import pytest

from bplint.analyses.gradients.operator_module.action import block_action, distinct


def exponential(matrix):
    total, term = np.eye(len(matrix)), np.eye(len(matrix))
    for k in range(1, 40):
        term = term @ matrix / k
        total = total + term
    return total


def test_blocks_turn_by_their_exponentials():
    rng = np.random.default_rng(0)
    whole, blocks = np.zeros((7, 7)), []
    for places in ([1, 4], [6, 2, 3], [0]):
        square = rng.normal(size=(len(places), len(places)))
        whole[np.ix_(places, places)] = square - square.T
        blocks.append((places, square - square.T))
    action = block_action((3, 0), 7, blocks)
    assert (action.phase, action.size) == ((3, 0), 7)
    turned = np.exp(0.4j * (action.frequencies[:, None] - action.frequencies))[action.code[:, None], action.code]
    moment = rng.normal(size=(7, 7))
    expected = exponential(0.4 * whole) @ moment @ exponential(0.4 * whole).T
    assert action.composed(turned * action.analysed(moment)) == pytest.approx(expected, abs=1e-12)


def test_what_is_not_there_yet_is_zero():
    action = block_action((0, 0), 3, [([0, 2], np.array([[0.0, -1.0], [1.0, 0.0]]))])
    expected = np.array([[1.0, 1, 0], [1, 1, 0], [0, 0, 0]])
    assert action.composed(action.analysed(np.ones((2, 2)))) == pytest.approx(expected)


def test_equal_values_are_one():
    values, code = distinct(np.array([0.3, -0.1, 0.1 + 0.2, -0.1]))
    assert values == pytest.approx([-0.1, 0.3])
    assert code.tolist() == [1, 0, 1, 0]

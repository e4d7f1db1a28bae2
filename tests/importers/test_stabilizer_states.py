"""Stabilizer states by their vectors."""

import numpy as np
import pytest

from bplint.importers.stabilizer_states import preparation
from matrices import CLIFFORD_MATRICES


def state_of(calls, n):
    """The vector that the gates make of |0…0>; bit k of its index is qubit k."""
    state = np.zeros([2] * n, dtype=complex)  # axis k is qubit k
    state[(0,) * n] = 1
    for name, places in calls:
        k = len(places)
        gate = np.reshape(CLIFFORD_MATRICES[name], [2] * (2 * k))
        state = np.moveaxis(np.tensordot(gate, state, (range(k, 2 * k), places)), range(k), places)
    return state.transpose().reshape(-1)


@pytest.mark.parametrize(
    "vector",
    [
        [1, 0],
        [1, -1j],
        [0, 1, 1, 0],
        [1, 1j, 1, 1j],
        [1, 1, 1, -1],
        [0, 0, 0, 1j, 0, 0, 1, 0],
        [1, 0, 0, 0, 0, 0, 0, 1],
    ],
)
def test_states_are_made_up_to_a_phase(vector):
    n = len(vector).bit_length() - 1
    made = state_of(preparation(vector), n)
    assert abs(np.vdot(made, vector)) == pytest.approx(np.linalg.norm(vector))


@pytest.mark.parametrize(
    "vector", [[0.6, 0.8], [1, 1, 1, 0], [1, 1, 1, 1j], [1, 1, 1, np.exp(0.1j)], [1, 1j, 1, 1, 1, 1, 1, 1]]
)
def test_other_states_are_no_stabilizer_states(vector):
    assert preparation(vector) is None

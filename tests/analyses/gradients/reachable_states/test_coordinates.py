"""Strings on coordinates of the states in reach, against their matrices on all sums of x-parts."""

import numpy as np
import pytest

from bplint.analyses.gradients.reachable_states.coordinates import Coordinates, Shift
from bplint.ir.pauli import from_label, x_part
from generator_groups import basis, in_coordinates, sums
from samples import label_matrix


@pytest.mark.parametrize("seed", range(12))
def test_every_string_shifts_as_its_matrix_does(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    axes = rng.integers(0, 4**n, rng.integers(0, 4)).tolist()
    coordinates = Coordinates(axes, n)
    parts = [x_part(axis, n) for axis in axes]
    states = in_coordinates(coordinates, parts)
    assert sorted(states) == list(range(2**coordinates.rank))
    for string in range(4**n):
        shift = coordinates.shift(string)
        if x_part(string, n) not in sums(parts):
            assert shift is None
            continue
        matrix = label_matrix(string, n)
        for row, state in states.items():
            value = 1j**shift.power * (-1) ** (shift.z & row).bit_count()
            expected = value * basis([states[row ^ shift.x]], n)
            assert np.array_equal(matrix @ basis([state], n), expected)


def test_one_particle_beyond_64_qubits_has_two_states():
    n = 100
    hop = 1 << 3 | 1 << 80
    coordinates = Coordinates([hop, hop | hop << n], n)
    assert coordinates.rank == 1
    assert coordinates.shift(hop | 1 << (80 + n) | 1 << (50 + n)) == Shift(1, 1, 1)
    assert coordinates.shift(1 << 80) is None


def test_no_string_leaves_one_state():
    coordinates = Coordinates([from_label("ZZ")], 2)
    assert coordinates.rank == 0
    assert coordinates.shift(from_label("IZ")) == Shift(0, 0, 0)

"""Expectations of strings in states on some of the basis states, against vectors of all amplitudes."""

import numpy as np
import pytest

from bplint.analyses.gradients.bit_rows import Keys, Table
from bplint.analyses.gradients.reachable_states import expectations as module
from bplint.analyses.gradients.reachable_states.coordinates import Coordinates
from bplint.analyses.gradients.reachable_states.expectations import expectations
from bplint.ir.pauli import x_part
from generator_groups import basis, in_coordinates, sum_matrix

N = 4


@pytest.mark.parametrize("products", [1 << 20, 3])
@pytest.mark.parametrize("seed", range(12))
def test_strings_in_states_of_any_phase(seed, products, monkeypatch):
    """All strings at once, those that lead to no basis state in reach among them; in pieces, too, as where there are many."""
    monkeypatch.setattr(module, "PRODUCTS", products)
    rng = np.random.default_rng(seed)
    axes = rng.integers(1, 4**N, 3).tolist()
    coordinates = Coordinates(axes, N)
    reach = in_coordinates(coordinates, [x_part(axis, N) for axis in axes])
    rows = [0, *(row for row in rng.permutation(len(reach)).tolist() if row and rng.random() < 0.7)]
    table, columns = Table(rows, Keys(coordinates.rank)), basis([reach[row] for row in rows], N)
    amplitudes = rng.normal(size=(len(rows), 2)) + 1j * rng.normal(size=(len(rows), 2))
    phases = np.exp(1j * rng.uniform(-3, 3, len(rows)))
    values = expectations(range(4**N), amplitudes, phases, table, coordinates)
    states = columns @ (phases[:, None] * amplitudes)
    for string in range(4**N):
        expected = np.einsum("is,ij,js->s", states.conj(), sum_matrix({string: 1.0}, N), states)
        assert np.allclose(values[string], expected, atol=1e-12)

"""Heat maps: the signals of the dense road at their places, largest in each cell, and bins that fit."""

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.gradient import gradient
from bplint.pictures.heat_map import COLUMNS, ROWS, Spot, heat_map, turned
from cases import case
from dense import average
from samples import circuit, random_gates


def drawn(gates, n, observable, cells=10**6):
    one = case(circuit(n, gates), observable)
    found = Ask(one)(gradient)
    return one, heat_map(one.circuit, turned(one.circuit, found), cells)


@pytest.mark.parametrize("seed", range(6))
def test_signals_stand_where_their_rotations_are(seed):
    """Each rotation has a parameter of its own: its signal is E[(∂l)²]/N(O) by the dense average, N(O) = 1."""
    rng = np.random.default_rng(seed)
    gates = random_gates(rng, 3, 14)
    one, grid = drawn(gates, 3, "Z0 Z1")
    _, _, slopes = average(one.circuit, one.context.observable)
    free = [k for k in range(len(one.circuit)) if one.circuit.trained[k]]
    for operation, square in zip(free, slopes, strict=True):
        for qubit in one.circuit.operands(operation):
            where = qubit, one.circuit.moment[operation]
            if square > 1e-12:
                assert grid.spot[where] == Spot.LIVE
                assert grid.signal[where] == pytest.approx(square, rel=0.15)
            else:
                assert grid.spot[where] == Spot.DEAD or grid.signal[where] == pytest.approx(0, abs=1e-9)
    for operation in set(range(len(one.circuit))) - set(free):
        for qubit in one.circuit.operands(operation):
            assert grid.spot[qubit, one.circuit.moment[operation]] == Spot.FIXED


def test_a_cell_shows_the_largest_signal_in_it_and_what_matters_most():
    gates = [("ry", [q], f"a{q}") for q in range(4)] + [("cx", [0, 1]), ("rz", [3], "dead")]
    one, fine = drawn(gates, 4, "Z0 + 0.1*Z1 + 2*Z2 + Z3")
    assert fine.spot.tolist() == [[4, 1], [4, 1], [4, 0], [4, 3]]
    told = turned(one.circuit, Ask(one)(gradient))
    coarse = heat_map(one.circuit, told, 4)
    assert (coarse.qubits_each, coarse.moments_each, coarse.cell) == (2, 1, "2 qubits × 1 moment")
    assert coarse.spot.tolist() == [[4, 1], [4, 3]]
    assert coarse.signal[:, 0].tolist() == [np.nanmax(fine.signal[:2]), np.nanmax(fine.signal[2:])]
    assert np.isnan(coarse.signal[:, 1]).all()


def test_a_shared_parameter_colours_all_of_its_rotations_and_two_the_stronger():
    gates = [("ry", [0], "a"), ("ry", [1], "a"), ("ry", [2], ["b", (0.5, "a")])]
    one, grid = drawn(gates, 3, "Z0 + Z1 + Z2")
    found = {one.circuit.parameters[c.parameter].name: c.signal for c in Ask(one)(gradient).components}
    assert grid.signal[0, 0] == grid.signal[1, 0] == found["a"]
    assert grid.signal[2, 0] == max(found.values())


def test_without_a_gradient_nothing_is_dead_or_alive():
    one = case(circuit(2, [("ry", [0], "a"), ("ry", [1], 0.3)]), "Z0")
    told = turned(one.circuit, None)
    assert told.spot.tolist() == [Spot.OPEN, Spot.FIXED]
    assert np.isnan(told.signal).all()


@pytest.mark.parametrize(
    ("n", "depth", "cells"), [(1000, 100, 5000), (3, 4000, 180), (2000, 1, 10), (1, 1, 1), (64, 240, 10**6)]
)
def test_bins_fit_and_hold_every_gate(n, depth, cells):
    gates = [("rx", [q], "a") for _ in range(depth) for q in range(0, n, max(n // 50, 1))]
    one = circuit(n, gates)
    grid = heat_map(one, turned(one, None), cells)
    rows, columns = grid.spot.shape
    assert rows * columns <= cells
    assert rows <= ROWS
    assert columns <= COLUMNS
    assert rows == -(-n // grid.qubits_each)
    assert columns == -(-depth // grid.moments_each)
    assert grid.is_binned == (n > rows or depth > columns)
    assert not grid.spot.flags.writeable


def test_a_circuit_without_gates_has_no_columns():
    one = circuit(3, [])
    assert heat_map(one, turned(one, None)).spot.shape == (3, 0)

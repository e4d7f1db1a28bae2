"""Blocks against dense averages: mean and variance of random circuits, and the cases where signs decide."""

import math
from itertools import product

import numpy as np
import pytest

from bplint.analyses.gradients.paths.interfering_terms import blocks
from bplint.ir.circuit import Role
from bplint.ir.frame import frame
from bplint.ir.observable import Observable, parse
from dense import (
    THIRDS,
    average,
    chain,
    observable_vector,
    random_circuit,
    random_observable,
    rotations,
    start_weights,
)
from samples import circuit, label_matrix, unitary_of


@pytest.mark.parametrize("seed", range(200))
def test_mean_and_variance_are_those_of_dense_averages(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    c = random_circuit(rng, n, int(rng.integers(1, 14)), free=float(rng.choice([0.15, 0.3, 0.5])), fixed=0.0)
    check(c, random_observable(rng, n))


@pytest.mark.parametrize("seed", range(2))
def test_on_four_qubits(seed):
    rng = np.random.default_rng(seed)
    check(random_circuit(rng, 4, 12, free=0.3), random_observable(rng, 4))


def check(c, observable):
    """The exact string chain from our starts equals the dense average."""
    found = blocks(frame(c), observable)
    weights = start_weights(found, c.n_qubits)
    mean, second, gradients = average(c, observable)
    hit, met = chain(c, weights)
    assert found.mean == pytest.approx(mean, abs=1e-12)
    assert found.total == pytest.approx(weights.sum(), abs=1e-12)
    assert hit == pytest.approx(second - mean**2, abs=1e-12)
    np.testing.assert_allclose(met, gradients, atol=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_dense_averages_are_those_of_states_on_a_grid_of_angles(seed):
    """Transfer matrices left aside: state vectors at three angles a rotation, derivatives from shifted angles."""
    rng = np.random.default_rng(seed)
    c = random_circuit(rng, 2, 9, free=0.3, fixed=0.2)
    observable = random_observable(rng, 2)
    matrix = sum(x * label_matrix(s, 2) for s, x in enumerate(observable_vector(observable)))
    free = [k for k in range(len(c)) if c.angle[k] >= 0 and free_parameter(c, k)]

    def loss(turns):
        values = {p.name: p.value for p in c.parameters}
        for k, turn in zip(free, turns, strict=True):
            name, coefficient = free_parameter(c, k)
            values[name] = (turn / c.factor[k] - c.angles.constant[c.angle[k]]) / coefficient
        state = unitary_of(c, values)[:, 0]
        return (state.conj() @ matrix @ state).real

    losses, slopes = [], []
    for turns in product(THIRDS, repeat=len(free)):
        losses.append(loss(turns))
        shifts = np.pi / 2 * np.eye(len(free))
        slopes.append([(loss(turns + shift) - loss(turns - shift)) / 2 for shift in shifts])
    mean, second, gradients = average(c, observable)
    assert mean == pytest.approx(np.mean(losses), abs=1e-12)
    assert second == pytest.approx(np.mean(np.square(losses)), abs=1e-12)
    np.testing.assert_allclose(gradients, np.mean(np.square(slopes), axis=0), atol=1e-12)


def free_parameter(c, k):
    named = [(c.parameters[p], x) for p, x in c.angles.terms(int(c.angle[k]))]
    return next(((p.name, x) for p, x in named if p.role is Role.TRAINABLE), None)


def find(gates, text, n=2):
    return blocks(frame(circuit(n, gates)), parse(text, n))


def test_terms_told_apart_by_no_axis_add_before_they_are_squared():
    """exp(-iθXX/2) with Z0 + Z1: E[l²] = 2, half of the total."""
    found = find([("rxx", [0, 1], "a")], "Z0 + Z1")
    assert [weight for _, weight in found.starts] == [4]
    assert found.mean == 0


def test_terms_of_one_block_may_cancel():
    found = find([("rxx", [0, 1], "a")], "0.1*Z0 + 0.2*Z0 - 0.3*Z1 + 5")
    assert found.constant
    assert found.mean == 5
    assert found.total == 0
    assert found.log2_total == -math.inf


def test_a_negative_image_changes_the_sign_of_its_term():
    assert find([("x", [0]), ("rxx", [0, 1], "a")], "Z0 - Z1").total == pytest.approx(4)
    assert find([("x", [0]), ("rxx", [0, 1], "a")], "Z0 + Z1").constant


def test_terms_that_one_axis_tells_apart_add_in_squares():
    found = find([("rxx", [0, 1], "a"), ("rx", [0], "b")], "Z0 + Z1")
    assert sorted(weight for _, weight in found.starts) == [1, 1]
    assert found.log2_total == 1


def test_terms_that_nothing_moves_are_the_mean():
    found = find([("rx", [0], "a")], "0.5*Z0 + 0.25*Z1 + X1 + 3")
    assert found.mean == 3.25
    assert [weight for _, weight in found.starts] == [0.25]


def test_anticommuting_terms_of_one_block_are_never_seen():
    """Z0 commutes with the only axis, so <X0> and <Y0> stay zero: X0 and Y0 = i X0 Z0 anticommute with it."""
    assert find([("rzz", [0, 1], "a")], "X0 + Y0").constant


def test_what_only_a_fixed_rotation_moves_is_a_start():
    """X0 commutes with the last free axis; the fixed one in between makes it Z0, which the first one moves."""
    found = find([("ry", [0], "a"), ("rx", [0], 0.7), ("rx", [0], "b")], "X0", n=1)
    assert not found.constant
    assert find([("rx", [0], "b")], "X0", n=1).constant


def test_a_free_rotation_keeps_every_qubit_of_a_projector():
    found = find([("rx", [0], "a"), ("rx", [1], "b")], "projector(0..1)")
    assert found.projector == (0, 1)
    assert (found.mean, found.total) == (1 / 4, 3 / 16)
    assert found.log2_total == pytest.approx(math.log2(3 / 16))


def test_a_parity_that_always_holds_makes_a_qubit_of_the_projector_redundant():
    """RXX alone: |00><00| has mean ½ and E[l²] = 3/8 = ¼ + ½ (½ · ½)."""
    found = find([("rxx", [0, 1], "a")], "projector(0..1)")
    assert len(found.projector) == 1
    assert (found.mean, found.total) == (1 / 2, 1 / 4)


def test_every_parity_that_always_holds_makes_another_qubit_redundant():
    found = blocks(frame(rotations(3, [("XXX", [0, 1, 2])])), parse("projector(0..2)", 3))
    assert len(found.projector) == 1
    assert found.mean == 1 / 2


def test_a_parity_that_never_holds_makes_the_projector_vanish():
    found = find([("x", [0]), ("rxx", [0, 1], "a")], "projector(0..1)")
    assert found.constant
    assert found.mean == 0


def test_a_projector_that_nothing_moves_is_one():
    found = find([("rz", [0], "a"), ("cz", [0, 1])], "projector(0..1)")
    assert found.constant
    assert found.mean == 1


@pytest.mark.parametrize("n", [63, 64, 65, 1000])
def test_wide_registers(n):
    frames = frame(rotations(n, [("X", [q]) for q in range(n)] + [("ZZ", [q, q + 1]) for q in range(n - 1)]))
    found = blocks(frames, parse("mean(Z)", n))
    assert len(found.starts) == n
    assert found.total == pytest.approx(1 / n)
    whole = blocks(frames, parse("projector(0..n-1)", n))
    assert whole.projector == tuple(range(n))
    assert whole.mean == whole.total == 2.0**-n
    assert whole.log2_total == -n


def test_a_total_below_all_floats_keeps_its_logarithm():
    n = 1100
    found = blocks(frame(rotations(n, [("X", [q]) for q in range(n)])), Observable(n, projector=tuple(range(n))))
    assert not found.constant
    assert found.total == 0
    assert found.log2_total == -n


def test_the_observable_must_fit_the_circuit():
    with pytest.raises(ValueError, match="want an observable on 1 qubits, got 2"):
        blocks(frame(circuit(1, [("rx", [0], "a")])), parse("Z0", 2))

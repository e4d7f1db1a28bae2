"""Random states against dense ones: every string's expectation, where all angles are nearly given, and over a turn."""

import numpy as np
import pytest

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.tied.random_states import FEWEST, MOST, random_states
from bplint.ir.circuit import Role
from bplint.ir.frame import frame
from bplint.ir.law import parse_init
from bplint.ir.observable import Observable
from bplint.ir.pauli import from_label
from dense import unitary
from lie_closure import operator_matrix
from samples import circuit, random_gates

WORK = 1 << 24


def drawn(c, init="uniform", work=WORK, **more):
    return random_states(Problem.of(c, Observable(c.n_qubits), parse_init(init)), 3, work, **more)


@pytest.mark.parametrize("seed", range(30))
def test_strings_of_a_state_at_given_angles(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    c = circuit(n, random_gates(rng, n, 10, fixed=0.2))
    found = drawn(c, "range:1e-12@0.7")
    state = unitary(c, {p.name: 0.7 for p in c.parameters})[:, 0]
    axes = frame(c)
    pulled, negative = zip(*map(axes.pull, range(4**n)), strict=True)
    values = found.expectations(pulled)
    for string in range(4**n):
        expected = (state.conj() @ operator_matrix({string: 1.0}, n) @ state).real
        assert np.allclose((-1) ** negative[string] * values[string], expected, atol=1e-9)


def test_angles_are_drawn_over_a_turn_and_rotations_that_do_not_matter_to_a_loss_too():
    c = circuit(2, [("ry", [0], "a"), ("rx", [1], "b")])
    found = drawn(c)
    z, x, other = found.expectations([from_label("ZI"), from_label("XI"), from_label("IX")])
    assert found.samples == MOST
    assert abs(z.mean()) < 0.1
    assert (z**2).mean() == pytest.approx(1 / 2, abs=0.06)
    assert np.allclose(z**2 + x**2, 1)
    assert np.allclose(other, 0)


def test_equal_seeds_give_equal_states():
    c = circuit(2, [("ry", [0], "a"), ("cx", [0, 1])])
    assert np.array_equal(drawn(c).vectors, drawn(c).vectors)


def test_work_bounds_the_states():
    c = circuit(2, [("ry", [0], "a"), ("ry", [1], "b"), ("cx", [0, 1])])
    touched = 2 + 4
    assert drawn(c, work=100 * touched).samples == 100
    assert drawn(c, work=100 * (touched + 3 * 4), strings=3).samples == 100
    assert isinstance(drawn(c, work=FEWEST * touched - 1), Declined)


def test_an_angle_that_is_not_given_is_declined():
    c = circuit(1, [("ry", [0], "t")], roles={"t": Role.FIXED})
    assert "not given" in drawn(c).reason

"""The discrepancy on states against probabilities of all outcomes."""

import numpy as np
import pytest

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.kernels.discrepancy import part_moments, state_moments
from bplint.analyses.kernels.target import TargetSamples
from bplint.bounds import Status
from bplint.ir.observable import Observable
from dense_mmd import moments
from samples import circuit

GATES = {
    "entangled": [
        ("ry", [0], "a"),
        ("ry", [1], "b"),
        ("cx", [0, 1]),
        ("rx", [1], "c"),
        ("h", [0]),
        ("rz", [0], "d"),
        ("s", [1]),
    ],
    "turned back": [("h", [0]), ("rz", [0], "a"), ("ry", [1], "b"), ("cz", [0, 1]), ("h", [0]), ("h", [1])],
}
BITS = np.array([[0, 0], [1, 1], [1, 0]], dtype=np.uint8)


def asked(gates, n=2, effort=None, sigma=0.8, bits=BITS):
    c = circuit(n, gates)
    problem = Problem.of(c, Observable(n, projector=tuple(range(n))))
    return c, state_moments(problem, TargetSamples(bits, sigma), effort or Effort())


@pytest.mark.parametrize("name", GATES)
def test_a_grid_of_angles_is_exact(name):
    c, found = asked(GATES[name])
    mean, variance, slopes = moments(c, BITS, 0.8)
    assert found.status is Status.EXACT
    assert found.mean.value == pytest.approx(mean)
    assert found.variance.value == pytest.approx(variance)
    for parameter, slope in found.slopes.items():
        assert slope.second_moment.value == pytest.approx(slopes[c.parameters[parameter].name], abs=1e-12)


def test_random_starts_hold_it():
    c, found = asked(GATES["entangled"], effort=Effort(work=1 << 23, threshold=1e-9))
    mean, _, slopes = moments(c, BITS, 0.8)
    assert found.status is Status.ESTIMATED
    assert found.mean.lower <= mean <= found.mean.upper
    assert found.largest[0] <= max(slopes.values()) <= found.largest[1]
    for parameter, slope in found.slopes.items():
        second = slope.second_moment
        assert second.lower - 1e-12 <= slopes[c.parameters[parameter].name] <= second.upper + 1e-12


def test_many_qubits_are_declined():
    found = asked([("ry", [q], f"t{q}") for q in range(9)], n=9, bits=np.zeros((1, 9), dtype=np.uint8))[1]
    assert isinstance(found, Declined)


def test_a_part_of_one_qubit():
    """u = 1 - p + p cos²t: E[u²] and E[(∂u)²] = p²/2."""
    p = 0.3
    problem = Problem.of(circuit(1, [("ry", [0], "t")]), Observable(1, projector=(0,)))
    found = part_moments(problem, [problem.frame.pull(2)], p, Effort())
    assert found.value == pytest.approx((1 - p) ** 2 + p * (1 - p) + 3 * p**2 / 8)
    assert found.slopes[0] == pytest.approx(p**2 / 2)
    assert part_moments(problem, [problem.frame.pull(2)], p, Effort(work=100)) is None

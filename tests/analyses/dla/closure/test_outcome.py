"""What linear closure says of a circuit: exact, estimated, or bounds that hold; dense matrices know."""

import numpy as np
import pytest

from bplint.analyses.ask import Clock
from bplint.analyses.dla.closure.fixed_rotations import turned
from bplint.analyses.dla.closure.generators import WORK
from bplint.analyses.dla.closure.outcome import closed, enclosed
from bplint.bounds import Status
from bplint.ir.frame import frame
from bplint.ir.generators import generators
from lie_closure import lie_dimension, operator_matrix
from samples import circuit, random_gates

FREE = {"work": WORK, "clock": Clock()}


def grouped(gates, n):
    c = circuit(n, gates)
    f = frame(c)
    groups = generators(c, f)
    return c, f, groups, lie_dimension([operator_matrix(g.terms, n) for g in groups.groups])


def test_fractions_are_exact():
    _, _, groups, truth = grouped([("rx", [0], "a"), ("rx", [1], (0.5, "a")), ("rzz", [0, 1], "b")], 2)
    found = closed(groups, 2, [], lower=1, **FREE)
    assert (found.status, found.lower, found.ceiling) == (Status.EXACT, truth, truth)
    assert found.closure.complete
    assert found.estimate is None


def test_other_numbers_are_estimated_and_bounded():
    _, _, groups, truth = grouped([("rx", [0], "a"), ("rx", [1], (2**0.5, "a")), ("rzz", [0, 1], "b")], 2)
    found = closed(groups, 2, [], lower=2, **FREE)
    assert (found.status, found.lower, found.estimate.dimension) == (Status.ESTIMATED, 2, truth)
    assert found.lower <= truth <= found.ceiling
    assert found.closure is None


@pytest.mark.parametrize("work", [1, 30, 100])
def test_without_work_the_lower_bound_stands(work):
    gates = [("rx", [q], "a") for q in range(4)] + [("rzz", [q, q + 1], "b") for q in range(3)] + [("ry", [0], "c")]
    _, _, groups, truth = grouped(gates, 4)
    found = closed(groups, 4, [], lower=2, work=work, clock=Clock())
    assert found.status is Status.BOUNDED
    assert 2 <= found.lower <= truth
    assert found.ceiling is None or truth <= found.ceiling


@pytest.mark.parametrize("seed", range(10))
def test_shared_parameters_are_enclosed(seed):
    """The groups apart are an upper bound; the derivatives at some points, inside the algebra, a lower one."""
    rng = np.random.default_rng(seed)
    c, f, groups, upper = grouped([("rx", [0], "a"), *random_gates(rng, 2, 5), ("ry", [0], "b"), ("rx", [0], "a")], 2)
    points = [[], *(turned(c, f, [], s) for s in range(3))]
    found = enclosed(groups, 2, [], points, lower=1, upper=upper, **FREE)
    assert 1 <= found.lower <= found.ceiling == upper
    assert (found.status is Status.EXACT) == (found.lower == upper)
    nothing = enclosed(groups, 2, [], [], lower=1, upper=upper, **FREE)
    assert (nothing.status, nothing.lower, nothing.closure) == (Status.BOUNDED, 1, None)


def test_derivatives_that_reach_all_that_the_groups_generate_are_exact():
    """RX by one angle on both sides of RZ: at the origin X and Z generate su(2)."""
    c, f, groups, upper = grouped([("rx", [0], "a"), ("rz", [0], "b"), ("rx", [0], "a")], 1)
    found = enclosed(groups, 1, [], [[], turned(c, f, [], 0)], lower=1, upper=upper, **FREE)
    assert (found.status, found.lower, found.ceiling, found.closure.dimension) == (Status.EXACT, 3, 3, 3)

"""Generator groups as vectors of strings, and the dimensions of their algebras, against matrices."""

import math

import numpy as np
import pytest

from bplint.analyses.dla.closure.fixed_rotations import fixed_turns, turned
from bplint.analyses.dla.closure.generators import close_derivatives, close_groups, estimate_groups, operators
from bplint.ir.frame import frame
from bplint.ir.generators import generators
from lie_closure import lie_dimension, operator_matrix, true_generators
from samples import circuit, random_gates

TIED = ("rx", "ry", "rz", "rzz", "crx", "cp")


def grouped(c):
    f = frame(c)
    return f, generators(c, f)


@pytest.mark.parametrize("seed", range(15))
def test_operators_are_the_generators_in_the_frame_of_the_start(seed):
    """Up to scale, identity parts aside, with T gates and others between."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 4))
    c = circuit(n, random_gates(rng, n, 10, fixed=0.3, parametric=TIED))
    f, groups = grouped(c)
    moved = {i for g in groups.groups for i in g.rotations}
    turns = fixed_turns(c, f, [i for i in range(len(f.axes)) if i not in moved])
    found = operators(groups.groups, n, turns)
    want = true_generators(c, {p.name: 0.0 for p in c.parameters})
    assert len(found) == len(groups.groups)
    for terms in found:
        vector = operator_matrix(terms, n)
        assert any(parallel(vector, m) for m in want)
        assert 0 < max(map(abs, terms.values())) <= 1 + 1e-12


def parallel(a, b):
    b = b - np.trace(b) / len(b) * np.eye(len(b))
    a, b = a / np.linalg.norm(a), b / max(np.linalg.norm(b), 1e-12)
    return min(np.abs(a - b).max(), np.abs(a + b).max()) < 1e-9


@pytest.mark.parametrize("seed", range(10))
def test_dimensions_of_tied_circuits(seed):
    rng = np.random.default_rng(seed)
    c = circuit(2, [("rx", [0], "a"), ("rx", [1], (float(rng.integers(1, 4)), "a")), *random_gates(rng, 2, 6)])
    _, groups = grouped(c)
    found = close_groups(groups.groups, 2)
    truth = lie_dimension([operator_matrix(g.terms, 2) for g in groups.groups])
    assert found.closure.complete
    assert not found.generic
    assert found.closure.dimension == found.ceiling == truth
    assert estimate_groups(groups.groups, 2).dimension == truth


@pytest.mark.parametrize(("ratio", "generic"), [(1 / 3, False), (0.0001, False), (2**0.5, True), (1 / 3 + 1e-9, True)])
def test_ratios_of_coefficients_are_taken_for_fractions(ratio, generic):
    """√2 has no residue that stands for it alone: what is closed then is an upper bound."""
    c = circuit(2, [("rx", [0], "a"), ("rx", [1], (ratio, "a")), ("rzz", [0, 1], "b")])
    found = close_groups(grouped(c)[1].groups, 2)
    assert found.generic == generic
    truth = lie_dimension([operator_matrix(g.terms, 2) for g in grouped(c)[1].groups])
    assert found.closure.dimension == truth


def test_only_ratios_matter():
    c = circuit(2, [("rx", [0], (2**0.5, "a")), ("rx", [1], (2**0.5, "a")), ("rzz", [0, 1], "b")])
    assert not close_groups(grouped(c)[1].groups, 2).generic


@pytest.mark.parametrize("seed", range(4))
def test_derivatives_at_points_are_those_of_the_circuit(seed):
    """A parameter that returns: at a point all of its groups, turned by what stands before, are one generator."""
    c = circuit(2, [("rx", [0], "a"), ("rzz", [0, 1], "b"), ("ry", [1], "c"), ("rx", [0], "a"), ("rx", [1], "c")])
    f, groups = grouped(c)
    assert groups.shared
    origin = close_derivatives(groups.groups, 2, [[]])
    assert origin.closure.dimension == lie_dimension(true_generators(c, dict.fromkeys("abc", 0.0)))
    point = turned(c, f, [], seed)
    values = np.random.Generator(np.random.PCG64(seed)).integers(0, 4, 3) * math.pi / 2
    there = close_derivatives(groups.groups, 2, [point])
    assert there.closure.dimension == lie_dimension(true_generators(c, dict(zip("abc", values, strict=True))))


def test_too_many_turns_are_not_looked_at():
    c = circuit(1, [("rx", [0], "a"), ("t", [0]), ("rx", [0], "b")])
    f, groups = grouped(c)
    turns = fixed_turns(c, f, [1])
    assert close_groups(groups.groups, 1, turns=turns, work=1) is None
    assert close_groups(groups.groups, 1, turns=turns).closure.dimension == 3

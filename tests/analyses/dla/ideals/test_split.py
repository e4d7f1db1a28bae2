"""Ideals of circuits: their dimensions make up the algebra's, and closed forms name them."""

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.dla.ideals.split import split
from cases import case
from lie_closure import lie_dimension, true_generators
from samples import circuit, random_gates


def parts(c, dimension):
    answer = Ask(case(c, "Z0"))(split, dimension=dimension)
    return None if answer is None else answer.parts


def qaoa(n):
    return circuit(n, [("rx", [q], "b") for q in range(n)] + [("rzz", [q, (q + 1) % n], "g") for q in range(n)])


@pytest.mark.parametrize("n", [4, 5, 6])
def test_qaoa_on_a_ring_is_copies_of_su2(n):
    """n - 1 copies of su(2) and a centre of two: arXiv:2407.12587, 3n - 1 dimensions."""
    assert parts(qaoa(n), 3 * n - 1) == (("su(2)", 3, n - 1), ("u(1)", 1, 2))


def test_another_dimension_is_not_told():
    assert parts(qaoa(4), 12) is None


@pytest.mark.parametrize("seed", range(15))
def test_dimensions_of_the_ideals_make_up_the_algebra(seed):
    rng = np.random.default_rng(seed)
    gates = [("rx", [0], "s"), ("rx", [1], (0.5, "s")), *random_gates(rng, 2, 5), ("t", [0]), ("rzz", [0, 1], "e")]
    c = circuit(2, gates)
    dimension = lie_dimension(true_generators(c, dict.fromkeys((p.name for p in c.parameters), 0.0)))
    found = parts(c, dimension)
    assert sum(size * copies for _, size, copies in found) == dimension
    assert {name: size for name, size, _ in found}.items() <= {"su(2)": 3, "so(6)": 15, "so(5)": 10, "u(1)": 1}.items()


def test_an_unknown_angle_between_is_not_told():
    c = circuit(1, [("rx", [0], "a"), ("rz", [0], "x"), ("rx", [0], "b")])
    assert Ask(case(c, "Z0", data=("x",)))(split, dimension=3) is None

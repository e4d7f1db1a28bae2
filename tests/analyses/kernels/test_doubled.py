"""V(x')† V(x) and its parts against matrices."""

import numpy as np
import pytest

from bplint.analyses.kernels.doubled import doubled, parts, seen_by_overlaps, share_parameters
from bplint.ir.circuit import Role
from bplint.ir.law import UNIFORM, Init, Law, Shape, parse_init
from dense import random_circuit
from dense_rows import random_model, states
from samples import circuit

DATA = dict.fromkeys(("x", "y", "z"), Role.DATA)


def overlap(c, one, other):
    left, right = (states(c, {name: np.array([v]) for name, v in point.items()})[0] for point in (one, other))
    return abs(left.conj() @ right) ** 2


@pytest.mark.parametrize("seed", range(12))
def test_the_doubled_circuit_ends_in_zero_with_the_overlap(seed):
    rng = np.random.default_rng(seed)
    c = random_circuit(rng, 3, 14, fixed=0.2)
    twice, _ = doubled(c, Init())
    names = [p.name for p in c.parameters if p.role is not Role.FIXED]
    one, other = (dict(zip(names, rng.normal(size=len(names)), strict=True)) for _ in range(2))
    number = {p.name: k for k, p in enumerate(c.parameters)}
    given = {f"k{copy}_{number[n]}": np.array([v]) for copy, point in enumerate((one, other)) for n, v in point.items()}
    state = states(twice, given)[0]
    assert abs(state[0]) ** 2 == pytest.approx(overlap(c, one, other))


def test_each_point_has_the_law_of_the_data():
    c = circuit(2, [("ry", [0], "x"), ("ry", [1], "y")], roles=DATA)
    _, laws = doubled(c, parse_init("uniform, x=range:0.4"))
    assert [law for _, law in laws.named] == [Law(Shape.RANGE, 0.4), UNIFORM] * 2
    _, same = doubled(c, Init())
    assert same == Init()


def test_cliffords_behind_the_last_rotation_do_nothing():
    c = circuit(
        3,
        [("h", [0]), ("ry", [0], "x"), ("cx", [0, 1]), ("cz", [1, 2]), ("rz", [1], "y"), ("h", [1]), ("s", [2])],
        roles=DATA,
    )
    left = seen_by_overlaps(c)
    assert len(left) == 5
    points = ({"x": 0.3, "y": 1.0}, {"x": -0.2, "y": 0.1})
    assert overlap(left, *points) == pytest.approx(overlap(c, *points))


@pytest.mark.parametrize("seed", range(6))
def test_overlaps_are_products_over_parts(seed):
    c, _ = random_model(np.random.default_rng(seed), 2, 8, trained=0)
    alone = circuit(5, [("ry", [0], "x"), ("rx", [2], "y"), ("rzz", [2, 4], "z"), ("ry", [4], "y")], roles=DATA)
    found = parts(alone)
    assert [part.n_qubits for part in found] == [1, 2]
    assert [len(part.parameters) for part in found] == [1, 2]
    assert not share_parameters(found)
    rng = np.random.default_rng(seed)
    one, other = ({name: float(v) for name, v in zip("xyz", rng.normal(size=3), strict=True)} for _ in range(2))
    product = 1.0
    for part in found:
        names = {p.name for p in part.parameters}
        product *= overlap(part, {n: one[n] for n in names}, {n: other[n] for n in names})
    assert product == pytest.approx(overlap(alone, one, other))
    assert len(parts(c)) <= 2


def test_parts_may_share_a_parameter():
    assert share_parameters(parts(circuit(2, [("ry", [0], "x"), ("ry", [1], "x")], roles=DATA)))

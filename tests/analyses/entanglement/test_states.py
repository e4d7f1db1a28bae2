"""Purities from drawn states against exact averages on a grid of the shared angle."""

import numpy as np
import pytest

from bplint.analyses.entanglement import states
from bplint.analyses.entanglement.states import States, from_states
from bplint.bounds import upper_bound
from bplint.ir.circuit import Role
from bplint.ir.frame import frame
from bplint.ir.law import Init, parse_init
from dense import unitary
from samples import circuit, random_gates

REGIONS = [(0,), (1,), (0, 1), (2, 0)]


def purity(state, n, region):
    matrix = np.moveaxis(state.reshape([2] * n), region, range(len(region))).reshape(2 ** len(region), -1)
    return float(np.sum(np.abs(matrix @ matrix.conj().T) ** 2))


def tied(rng, n):
    """Random gates whose angles are small multiples of one parameter, with constants and fixed rotations between."""
    gates = []
    for name, places, *angle in random_gates(rng, n, 12, fixed=0.2, parametric=("rx", "ry", "rz", "rzz", "rxx", "crx")):
        if angle and isinstance(angle[0], str):
            angle = [[(float(rng.choice([1, -1, 2])), "t"), float(rng.choice([0, 0.4]))]]
        gates.append((name, places, *angle))
    return circuit(n, gates)


@pytest.mark.parametrize("seed", range(20))
def test_purities_agree_with_the_mean_over_a_turn(seed):
    """The mean over a grid is exact: purities are trigonometric polynomials of degree below its size."""
    rng = np.random.default_rng(seed)
    c = tied(rng, 3)
    found = from_states(c, frame(c), REGIONS, Init(), seed)
    assert isinstance(found, States)
    grid = 0.1 + np.arange(128) * np.pi / 64
    drawn = [unitary(c, {p.name: t for p in c.parameters})[:, 0] for t in grid]
    for region in REGIONS:
        values = [purity(state, 3, region) for state in drawn]
        tolerance = 5 * np.std(values) / found.samples**0.5 + 1e-9
        assert found.purities[region].mean() == pytest.approx(np.mean(values), abs=tolerance)


@pytest.mark.parametrize("init", ["normal:0.5", "normal:0.3@0.8", "range:1@-2"])
def test_other_laws(init):
    """RY(2t) and CX: 1 - sin²(2t)/2."""
    c = circuit(2, [("ry", [0], "t"), ("ry", [0], "t"), ("cx", [0, 1])])
    law = parse_init(init).default
    expected = 1 - (1 - np.cos(4 * law.mean) * law.characteristic(4.0)) / 4
    found = from_states(c, frame(c), [(0,)], parse_init(init), 0)
    assert found.purities[(0,)].mean() == pytest.approx(expected, abs=0.03)


def test_scales_without_a_common_period():
    """RY(t) and RY(√2 t) on two qubits are as good as independent: (3/4)² = 9/16 for both Bell pairs together."""
    c = circuit(4, [("ry", [0], "t"), ("ry", [2], (2**0.5, "t")), ("cx", [0, 1]), ("cx", [2, 3])])
    found = from_states(c, frame(c), [(0, 2)], Init(), 0)
    assert found.purities[(0, 2)].mean() == pytest.approx(9 / 16, abs=0.03)


def test_averages_count_states_not_regions():
    values = np.array([0.5, 0.7, 0.9, 1.0])
    found = States({(0,): values, (1,): values}, 4)
    both = found.average([(0,), (1,)], 1e-3)
    assert both.value == pytest.approx(values.mean())
    assert both.bound == pytest.approx(0.5 + 0.5 * upper_bound(2 * (values.mean() - 0.5), 4, 1e-3))


def test_what_is_too_large_or_not_given_is_declined(monkeypatch):
    wide = circuit(11, [("ry", [0], "t")])
    assert "11 qubits are not drawn" in from_states(wide, frame(wide), [(0,)], Init(), 0)
    c = circuit(2, [("ry", [0], "t"), ("cx", [0, 1])], roles={"t": Role.FIXED})
    assert "not given" in from_states(c, frame(c), [(0,)], Init(), 0)
    monkeypatch.setattr(states, "WORK", 64)
    assert "take too long" in from_states(c, frame(c), [(0,)], Init(), 0)

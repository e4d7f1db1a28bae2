"""Purities from paths and from drawn states against exact averages over state vectors, and known values."""

from itertools import product

import numpy as np
import pytest

from bplint.analyses.entanglement.measured import NEAR, from_paths, from_states, past
from bplint.analyses.entanglement.purity import SampledPurities, page_purity
from bplint.analyses.gradients.paths.angle_laws import laws
from bplint.analyses.gradients.paths.obstacle import obstacle
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.tied.random_states import FEWEST, MOST
from bplint.bounds import upper_bound
from bplint.ir.circuit import Role
from bplint.ir.frame import frame
from bplint.ir.law import Init, parse_init
from bplint.ir.observable import Observable
from dense import THIRDS, unitary
from samples import circuit, random_gates

REGIONS = [(0,), (1,), (0, 1), (2, 0)]


def states_of(c, regions, init=Init(), seed=0, **more):  # noqa: B008  immutable
    return from_states(Problem.of(c, Observable(c.n_qubits), init), regions, seed, **more)


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
    found = states_of(c, REGIONS, Init(), seed)
    assert isinstance(found, SampledPurities)
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
    found = states_of(c, [(0,)], parse_init(init), 0)
    values = found.purities[(0,)]
    assert values.mean() == pytest.approx(expected, abs=4 * values.std() / found.samples**0.5)


def test_scales_without_a_common_period():
    """RY(t) and RY(√2 t) on two qubits are as good as independent: (3/4)² = 9/16 for both Bell pairs together."""
    c = circuit(4, [("ry", [0], "t"), ("ry", [2], (2**0.5, "t")), ("cx", [0, 1]), ("cx", [2, 3])])
    found = states_of(c, [(0, 2)], Init(), 0)
    values = found.purities[(0, 2)]
    assert values.mean() == pytest.approx(9 / 16, abs=4 * values.std() / found.samples**0.5)


def test_states_of_many_qubits_are_drawn_where_few_basis_states_can_be_reached():
    """A pair that swaps one excitation by t and back, beside ten idle qubits: (3 + cos 4t)/4 has the mean 3/4."""
    n = 14
    c = circuit(n, [("x", [0]), ("rxx", [0, 1], "t"), ("ryy", [0, 1], "t")])
    found = states_of(c, [(0,), (0, 1), (5,)])
    values = found.purities[(0,)]
    assert values.mean() == pytest.approx(3 / 4, abs=4 * values.std() / found.samples**0.5)
    assert found.purities[(0, 1)] == pytest.approx(1)
    assert found.purities[(5,)] == pytest.approx(1)


def test_more_states_are_drawn_where_the_first_are_close_to_maximally_mixed():
    """Layers of tied RY, RZ and CZ on a path of seven qubits: a qubit is nearly as mixed as can be."""
    layers = []
    for k in range(12):
        layers += [(name, [q], f"{name}{k}.{q % 3}") for q in range(7) for name in ("ry", "rz")]
        layers += [("cz", [q, q + 1]) for q in range(6)]
    mixed = states_of(circuit(7, layers), [(3,)])
    assert mixed.samples == MOST
    assert mixed.purities[(3,)].mean() < 0.5 * (1 + NEAR)
    pure = states_of(circuit(7, layers[:14]), [(3,)])
    assert pure.samples == FEWEST


def test_what_is_too_large_or_not_given_is_declined():
    wide = circuit(20, [("ry", [q], "t") for q in range(20)])
    assert "basis states can be reached: purities there take too long" in states_of(wide, [(0,)], Init(), 0)
    c = circuit(2, [("ry", [0], "t"), ("cx", [0, 1])], roles={"t": Role.FIXED})
    assert "not given" in states_of(c, [(0,)], Init(), 0)
    assert "take too long" in states_of(circuit(2, [("ry", [0], "t"), ("cx", [0, 1])]), [(0,)], work=64)


def exact(c, regions):
    """E[Tr ρ²] of each region: the mean over three equal steps of each angle is exact up to frequency 2."""
    n, names = c.n_qubits, [p.name for p in c.parameters]
    total = np.zeros(len(regions))
    for values in product(THIRDS, repeat=len(names)):
        state = unitary(c, dict(zip(names, values, strict=True)))[:, 0].reshape([2] * n)
        for k, region in enumerate(regions):
            matrix = np.moveaxis(state, region, range(len(region))).reshape(2 ** len(region), -1)
            total[k] += np.sum(np.abs(matrix @ matrix.conj().T) ** 2)
    return total / len(THIRDS) ** len(names)


def drawn(c, regions, seed=0, init="uniform"):
    return from_paths(c, regions, laws(c, parse_init(init)), seed)


def agrees(found, region, expected):
    """Within bounds that fail once in 10^7."""
    p = (expected * 2 ** len(region) - 1) / (4 ** len(region) - 1)
    mean = found.hits[region] / found.each
    assert p <= upper_bound(mean, found.each, 1e-7) + 1e-9
    assert 1 - p <= upper_bound(1 - mean, found.each, 1e-7) + 1e-9


@pytest.mark.parametrize("seed", range(40))
def test_purities_agree_with_exact_averages(seed):
    """All Cliffords, quarter turns, fixed angles where they do not spoil the chain, up to five free angles."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 5))
    c = circuit(n, random_gates(rng, n, int(rng.integers(6, 14)), fixed=0.1))
    while len(c.parameters) > 5 or obstacle(c, frame(c), Observable(n)):
        c = circuit(n, random_gates(rng, n, int(rng.integers(6, 14)), fixed=0.1))
    regions = [(0,), (1,), (0, 1)] + ([(0, 2), (0, 1, 2)] if n > 2 else [])
    found = drawn(c, regions, seed)
    for region, expected in zip(regions, exact(c, regions), strict=True):
        agrees(found, region, expected)


def test_one_bell_pair_with_a_random_angle():
    """cos a/2 |00> + sin a/2 |11>: Tr ρ² = 1 - sin²(a)/2, on average 3/4, and 1 - (1 - e^(-2σ²))/4 for N(0, σ²)."""
    c = circuit(2, [("ry", [0], "a"), ("cx", [0, 1])])
    agrees(drawn(c, [(0,)]), (0,), 3 / 4)
    agrees(drawn(c, [(0,)], init="normal:0.5"), (0,), 1 - (1 - np.exp(-0.5)) / 4)
    agrees(drawn(c, [(0, 1)]), (0, 1), 1)


@pytest.mark.parametrize("n", [4, 8])
def test_a_deep_circuit_reaches_the_purity_of_random_states(n):
    gates = []
    for layer in range(15 * n):
        gates += [(r, [q], f"{r}{layer}.{q}") for r in ("rx", "rz") for q in range(n)]
        gates += [("cz", [q, q + 1]) for q in range(n - 1)]
    regions = [(0,), (n // 2,), (0, 1), (1, n - 1)]
    found = drawn(circuit(n, gates), regions)
    for region in regions:
        agrees(found, region, page_purity(len(region), n))


def test_a_cluster_state_is_mixed_on_every_qubit():
    """Local mixing is no proof of anything larger."""
    c = circuit(5, [("h", [q]) for q in range(5)] + [("cz", [q, q + 1]) for q in range(4)])
    found = drawn(c, [(1,), (2,), (1, 3)])
    assert set(found.hits.values()) == {0}
    assert found.average([(1,), (2,)]).value == 0.5


def test_only_what_is_before_a_region_matters():
    c = circuit(4, [("ry", [0], "a"), ("cx", [0, 1]), ("cx", [2, 3]), ("ry", [3], "b"), ("cx", [1, 2])])
    assert past(c, [(0,)]) == [1, 0]
    assert past(c, [(1,)]) == [4, 2, 1, 0]
    assert past(c, [(3,)]) == [3, 2]


def test_equal_seeds_give_equal_counts():
    c = circuit(3, [("ry", [q], f"a{q}") for q in range(3)] + [("cz", [0, 1]), ("cz", [1, 2]), ("ry", [1], "b")])
    first, again, other = (drawn(c, [(0,), (1,), (0, 2)], seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other

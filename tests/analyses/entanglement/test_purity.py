"""Purities from paths against exact averages over state vectors, and known values."""

from itertools import product

import numpy as np
import pytest

from bplint.analyses.entanglement.purity import Average, Paths, bounded, from_paths, page_purity, past
from bplint.analyses.gradients.paths.angle_laws import laws
from bplint.analyses.gradients.paths.obstacle import obstacle
from bplint.bounds import upper_bound
from bplint.ir.frame import frame
from bplint.ir.law import parse_init
from bplint.ir.observable import Observable
from dense import THIRDS, unitary
from samples import circuit, random_gates

LEVEL = 1e-7


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
    assert p <= upper_bound(mean, found.each, LEVEL) + 1e-9
    assert 1 - p <= upper_bound(1 - mean, found.each, LEVEL) + 1e-9


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


def test_page_purity_is_that_of_random_states():
    rng = np.random.default_rng(0)
    for size, n in ((1, 2), (1, 4), (2, 4), (2, 3)):
        states = rng.normal(size=(2000, 2**size, 2 ** (n - size), 2)) @ [1, 1j]
        states /= np.linalg.norm(states, axis=(1, 2), keepdims=True)
        reduced = states @ states.conj().transpose(0, 2, 1)
        assert np.mean(np.abs(reduced) ** 2) * 4**size == pytest.approx(page_purity(size, n), rel=0.02)
    assert page_purity(1, 5000) == 0.5


def test_a_cluster_state_is_mixed_on_every_qubit():
    """Local mixing is no proof of anything larger."""
    c = circuit(5, [("h", [q]) for q in range(5)] + [("cz", [q, q + 1]) for q in range(4)])
    found = drawn(c, [(1,), (2,), (1, 3)])
    assert set(found.hits.values()) == {0}
    assert found.average([(1,), (2,)]).value == 0.5


def test_averages_pool_the_paths_and_count_pure_regions():
    paths = Paths({(0,): 100, (1,): 300}, 1000)
    pooled = paths.average([(0,), (1,)], level=1e-6)
    assert pooled.value == pytest.approx((1 + 3 * 0.2) / 2)
    assert pooled.bound == pytest.approx((1 + 3 * upper_bound(0.2, 2000, 1e-6)) / 2)
    assert pooled.excess == pytest.approx(3 * upper_bound(0.2, 2000, 1e-6))
    with_pure = paths.average([(0,), (1,), (2,), (3,)])
    assert with_pure.value == pytest.approx((2 + 2 * pooled.value) / 4)
    assert paths.average([(2,)]) == Average(1, 1, 1.0, (1.0, 1.0), 1.0)
    assert paths.samples == 2000


def test_bounds_fail_as_often_as_they_may():
    """At level 5 % each, over 2,000 repetitions."""
    rng = np.random.default_rng(0)
    draws = rng.binomial(400, 0.03, size=2000) / 400
    below = [bounded(2, 1, mean, 15 / 4, 0, 400, 0.05).bound < (1 + 15 * 0.03) / 4 for mean in draws.tolist()]
    assert np.mean(below) < 0.05


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

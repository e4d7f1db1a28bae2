"""Cut bounds against dense entropies, brute force over all cuts of the network, and states that reach them."""

from itertools import pairwise

import numpy as np
import pytest

from bplint.analyses.entanglement import cuts
from bplint.analyses.entanglement.cuts import Cuts, cut_bounds, linked, swaps_and_binds
from bplint.ir.clifford import CODES, clifford
from dense import random_circuit, unitary
from matrices import CLIFFORD_MATRICES, SWAP
from samples import circuit

TWO = [name for name, code in CODES.items() if clifford(code).n_qubits == 2]


def bounds(c):
    return list(cut_bounds(c.n_qubits, linked(c)).bounds)


def entropy(state, n, region):
    rest = [q for q in range(n) if q not in region]
    matrix = state.reshape([2] * n).transpose([*region, *rest]).reshape(2 ** len(region), -1)
    p = np.linalg.svd(matrix, compute_uv=False) ** 2
    return float(-(p[p > 1e-15] * np.log2(p[p > 1e-15])).sum())


@pytest.mark.parametrize("name", TWO)
def test_cliffords_exchange_and_bind_as_their_schmidt_rank_says(name):
    def rank(matrix):
        return np.linalg.matrix_rank(matrix.reshape([2] * 4).transpose(0, 2, 1, 3).reshape(4, 4), tol=1e-9)

    swaps, binds = swaps_and_binds(CODES[name])
    assert (rank(CLIFFORD_MATRICES[name]) == 4) == swaps
    assert rank(CLIFFORD_MATRICES[name] @ (SWAP if swaps else np.eye(4))) == (2 if binds else 1)


@pytest.mark.parametrize("seed", range(60))
def test_no_entropy_is_above_its_bound(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 8))
    c = random_circuit(rng, n, int(rng.integers(1, 25)), fixed=0.1)
    state = unitary(c, {p.name: rng.uniform(0, 7) if p.value is None else p.value for p in c.parameters})[:, 0]
    for k, bound in enumerate(bounds(c)):
        assert entropy(state, n, range(k + 1)) <= bound + 1e-7
    for q in set(range(n)).difference(*linked(c)):
        assert entropy(state, n, [q]) < 1e-7


def brute_force(n, links):
    """The least number of bonds between nodes on the two sides, over all ways to place the nodes."""
    wires, last, groups, count = [], [None] * n, [], 0
    for link in links:
        groups.append(range(count, count + len(link)))
        for node, wire in enumerate(link, start=count):
            wires += [(last[wire], node)] if last[wire] is not None else []
            last[wire] = node
        count += len(link)
    side = np.arange(1 << count)[None] >> np.arange(max(count, 1))[:, None] & 1
    inside = sum((side[a] ^ side[b] for a, b in wires), np.zeros(1 << count, dtype=int))
    for group in groups:
        total = sum(side[node] for node in group)
        inside = inside + ((total > 0) & (total < len(group)))
    return [
        int(min(inside + sum(side[node] ^ (q > k) for q, node in enumerate(last) if node is not None)))
        for k in range(n - 1)
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(80))
def test_flows_are_minimum_cuts(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 8))
    links = []
    while sum(map(len, links)) < 9:
        links.append(tuple(sorted(rng.permutation(n)[: int(rng.integers(2, min(n, 4) + 1))].tolist())))
    assert cut_bounds(n, links) == Cuts(tuple(brute_force(n, links)), n - 1)


@pytest.mark.parametrize("n", [2, 9, 65])
@pytest.mark.parametrize("layers", [1, 3, 40])
def test_a_path_of_cz_is_bounded_by_its_layers_and_its_ends(n, layers):
    links = [pair for _ in range(layers) for pair in pairwise(range(n))]
    expected = tuple(min(k, n - k, layers) for k in range(1, n))
    assert cut_bounds(n, links) == Cuts(expected, n - 1)


def test_bounds_that_are_reached():
    n = 6
    ghz = [("h", [0])] + [("cx", [q, q + 1]) for q in range(n - 1)]
    pairs = [step for q in range(3) for step in (("h", [q]), ("cx", [q, 5 - q]))]
    for gates, expected in ((ghz, [1] * 5), (pairs, [1, 2, 3, 2, 1])):
        c = circuit(n, gates)
        state = unitary(c, {})[:, 0]
        assert bounds(c) == expected
        assert [entropy(state, n, range(k)) for k in range(1, n)] == pytest.approx(expected)


def test_a_swap_makes_no_entanglement_but_moves_it():
    bell = [("h", [0]), ("cx", [0, 1])]
    assert bounds(circuit(4, [*bell, ("swap", [1, 2]), ("swap", [2, 3])])) == [1, 1, 1]
    assert bounds(circuit(4, [("swap", [0, 3]), ("swap", [1, 3])])) == [0, 0, 0]
    assert linked(circuit(3, [("iswap", [0, 1]), ("cx", [1, 2])])) == [(0, 1), (1, 2)]
    assert linked(circuit(3, [("cx", [1, 2]), ("iswap", [0, 1])])) == [(0, 2), (0, 1)]


def test_a_rotation_about_many_qubits_is_one_ebit_and_a_half_turn_none():
    c = circuit(4, [("rzz", [0, 3], "a"), ("rzz", [1, 2], np.pi), ("rzz", [1, 2], 2 * np.pi)])
    assert bounds(c) == [1, 1, 1]
    assert bounds(circuit(2, [("rzz", [0, 1], np.pi / 2)])) == [1]
    assert cut_bounds(5, [(0, 1, 2, 3, 4)]) == Cuts((1, 1, 1, 1), 4)


def test_a_minimum_cut_can_be_below_the_count():
    """Two gates cross the cut behind qubit 2, and both are on the one wire that holds one ebit."""
    assert cut_bounds(5, [(2, 3), (2, 4)]) == Cuts((0, 0, 1, 1), 4)


@pytest.mark.parametrize("work", [0, 50, 400, 10_000])
def test_without_work_gates_are_counted(monkeypatch, work):
    rng = np.random.default_rng(0)
    links = [tuple(sorted(rng.permutation(12)[:2].tolist())) for _ in range(40)]
    best = cut_bounds(12, links)
    monkeypatch.setattr(cuts, "WORK", work)
    found = cut_bounds(12, links)
    assert found.minimal < 11 or work == 10_000
    assert found.bounds[: found.minimal] == best.bounds[: found.minimal]
    assert all(a >= b for a, b in zip(found.bounds, best.bounds, strict=True))
    monkeypatch.setattr(cuts, "LINK_LIMIT", 39)
    assert cut_bounds(12, links).minimal == 0


def test_one_qubit_has_no_cut():
    assert bounds(circuit(1, [("ry", [0], "a")])) == []

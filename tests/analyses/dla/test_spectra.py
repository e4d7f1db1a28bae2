"""What spectra take apart is in the algebra: against brute-force closures of dense matrices."""

from itertools import combinations

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.dla import dla
from bplint.analyses.dla.closure import generators
from bplint.analyses.dla.spectra import is_unequal, taken_apart
from bplint.bounds import Status
from bplint.ir.pauli import anticommute
from cases import case
from generator_groups import sum_matrix
from lie_closure import lie_dimension, lie_dimension_modulo
from samples import circuit


def maxcut(n, edges, weights):
    """Mixer and cost in the frame of the start: Z for X, XX for ZZ."""
    cost = tuple((1 << a | 1 << b, float(w)) for (a, b), w in zip(edges, weights, strict=True))
    return [tuple((1 << (q + n), 1.0) for q in range(n)), cost]


def qaoa(n, edges, weights, layers=1):
    gates = [("h", [q]) for q in range(n)]
    for layer in range(layers):
        gates += [("rzz", list(edge), (float(w), f"g{layer}")) for edge, w in zip(edges, weights, strict=True)]
        gates += [("rx", [q], f"b{layer}") for q in range(n)]
    return circuit(n, gates)


def sizes(parts):
    return sorted(len(part) for part in parts)


@pytest.mark.parametrize("seed", range(40))
def test_parts_are_in_the_algebra(seed):
    """Random sums of commuting strings: with the parts as generators the algebra is no larger."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 4))
    elements = []
    for _ in range(3):
        terms = {}
        for string in rng.integers(1, 4**n, 5).tolist():
            if not any(anticommute(string, other, n) for other in terms):
                terms[string] = float(rng.choice([1, 1, -1, 2, 0.37]))
        elements.append(tuple(terms.items()))
    parts = taken_apart(elements, n)
    assert sorted({s for part in parts for s, _ in part}) == sorted({s for terms in elements for s, _ in terms})
    assert lie_dimension([sum_matrix(dict(p), n) for p in parts]) == lie_dimension(
        [sum_matrix(dict(t), n) for t in elements]
    )


def test_ends_of_a_path_are_told_from_its_middle():
    assert sizes(taken_apart(maxcut(4, [(0, 1), (1, 2), (2, 3)], [1, 1, 1]), 4)) == [1, 2, 2, 2]
    assert sizes(taken_apart(maxcut(4, [(0, 1), (1, 2), (2, 3)], [1, 2, 4]), 4)) == [1] * 7


def test_equal_weights_stay_together():
    ring = [(q, (q + 1) % 6) for q in range(6)]
    assert sizes(taken_apart(maxcut(6, ring, [1] * 6), 6)) == [6, 6]
    assert sizes(taken_apart(maxcut(6, ring, [1, 1, 1, 1, 1, -1]), 6)) == [6, 6]
    assert sizes(taken_apart(maxcut(6, ring, [1 + 1e-15, 1, 1, 1, 1, 1]), 6)) == [6, 6]


@pytest.mark.parametrize("digits", [3, 16])
@pytest.mark.parametrize("n", [3, 8, 12])
def test_weights_from_a_continuous_law(n, digits):
    edges = list(combinations(range(n), 2))
    weights = np.random.default_rng(n).normal(size=len(edges)).round(digits)
    assert sizes(taken_apart(maxcut(n, edges, weights), n)) == [1] * (n + len(edges))


def test_qubits_without_an_edge_stay_together():
    assert sizes(taken_apart(maxcut(5, [(0, 1), (1, 2)], [0.3, 0.7]), 5)) == [1, 1, 1, 1, 1, 2]


def test_work_ends_it():
    edges = list(combinations(range(8), 2))
    assert sizes(taken_apart(maxcut(8, edges, np.arange(1, 29) ** 0.5), 8, work=1)) != [1] * 36
    assert sizes(taken_apart(maxcut(30, list(combinations(range(30), 2)), np.arange(1, 436) ** 0.5), 30)) == [30, 435]


def test_almost_any_weights_are_those_that_differ():
    triangle = [(0, 1), (1, 2), (0, 2)]
    assert sizes(taken_apart(maxcut(3, triangle, [1, 1, 1]), 3, any_weights=True)) == [3, 3]
    assert len(taken_apart(maxcut(3, triangle, [1, 1, 2]), 3)) < 6
    assert sizes(taken_apart(maxcut(3, triangle, [1, 1, 2]), 3, any_weights=True)) == [1] * 6
    assert not is_unequal(((1, 1.0), (2, -1.0)))
    assert is_unequal(((1, 1.0), (2, 1.5)))


GRAPHS = {
    "path": (4, [(0, 1), (1, 2), (2, 3)]),
    "cycle": (4, [(0, 1), (1, 2), (2, 3), (0, 3)]),
    "paw": (4, [(0, 1), (1, 2), (0, 2), (2, 3)]),
    "star": (4, [(0, 1), (0, 2), (0, 3)]),
    "complete": (4, list(combinations(range(4), 2))),
    "triangle": (3, [(0, 1), (1, 2), (0, 2)]),
}


@pytest.mark.parametrize("graph", GRAPHS)
def test_weighted_maxcut_has_the_algebra_of_separate_angles(graph):
    """arXiv:2512.24577, where the split algebra is exponential but for paths and cycles; against exact closures."""
    n, edges = GRAPHS[graph]
    weights = np.random.default_rng(1).normal(size=len(edges))
    answer = Ask(case(qaoa(n, edges, weights), "Z0"))(dla)
    truth = lie_dimension_modulo(maxcut(n, edges, weights), n)
    assert (answer.status, answer.separate, answer.upper) == (Status.EXACT, True, truth)


@pytest.mark.parametrize("seed", range(12))
def test_bounds_hold_where_some_weights_are_equal(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 5))
    edges = [edge for edge in combinations(range(n), 2) if rng.random() < 0.7] or [(0, 1)]
    weights = [float(rng.choice([rng.normal(), 1.0, 2.0])) for _ in edges]
    answer = Ask(case(qaoa(n, edges, weights), "Z0"))(dla)
    truth = lie_dimension_modulo(maxcut(n, edges, weights), n)
    assert answer.lower <= truth <= answer.upper


def test_twelve_qubits_are_exact_and_what_is_not_certified_is_called_generic(monkeypatch):
    monkeypatch.setattr(generators, "WORK", 100)
    edges = list(combinations(range(12), 2))
    weights = np.random.default_rng(0).normal(size=66)
    answer = Ask(case(qaoa(12, edges, weights, 3), "Z0 Z1"))(dla)
    assert (answer.status, answer.upper, answer.method) == (Status.EXACT, 2 * (4**11 - 1), "pauli-classification")
    sevens = list(combinations(range(7), 2))
    integers = Ask(case(qaoa(7, sevens, 1 + np.arange(21) % 2, 3), "Z0 Z1"))(dla)
    assert integers.status is Status.BOUNDED
    assert integers.reason.endswith("; for almost all weights it is that of the separate strings")
    equal = Ask(case(qaoa(5, [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4), (0, 2)], [1] * 6), "Z0 Z1"))(dla)
    assert "almost all" not in equal.reason

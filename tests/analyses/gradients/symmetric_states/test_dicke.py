"""Products of Dicke states against dense matrices between them and states of all qubits."""

from functools import reduce
from itertools import combinations, permutations

import numpy as np
import pytest

from bplint.analyses.gradients.symmetric_states.dicke import averaged, dicke_subspace, matrix
from bplint.analyses.gradients.symmetric_states.evaluator import SymmetricStatesEvaluator
from bplint.ir.observable import parse
from bplint.ir.pauli import from_label
from evaluating import agree_at_random_angles
from generator_groups import sum_matrix
from samples import circuit

PAULI = {"I": np.eye(2), "X": np.array([[0, 1], [1, 0]]), "Y": np.array([[0, -1j], [1j, 0]]), "Z": np.diag([1, -1])}


def orbit(label):
    return sorted(set(map("".join, permutations(label))))


def terms(labels, coefficient=1.0):
    return {from_label(label): coefficient for label in labels}


def dicke(n):
    count = np.array([b.bit_count() for b in range(1 << n)])
    return np.array([(count == k) / np.sqrt((count == k).sum()) for k in range(n + 1)])


@pytest.mark.parametrize("label", ["ZIII", "XIII", "YIII", "XXII", "YYZI", "XYZI", "XXXX", "XZII", "IIII", "YYYI"])
def test_elements_between_dicke_states(label):
    words, n = orbit(label), len(label)
    dense = sum(reduce(np.kron, (PAULI[p] for p in word)) for word in words) / len(words)
    letters = tuple(label.count(p) for p in "XYZ")
    assert averaged(letters, n) == pytest.approx(dicke(n) @ dense @ dicke(n).T, abs=1e-12)


def test_one_string_counts_as_the_average_over_its_permutations():
    """Also between cells: qubits 0 and 2 in one, 1 and 3 in the other."""
    rng = np.random.default_rng(0)
    loss = {int(s): float(rng.normal()) for s in rng.integers(1, 256, 6)}
    dense = sum_matrix(loss, 4)  # qubit 0 leftmost
    basis = np.kron(dicke(2), dicke(2)).reshape(9, 2, 2, 2, 2).transpose(0, 1, 3, 2, 4).reshape(9, 16)
    assert matrix(loss, [0b0101, 0b1010]) == pytest.approx(basis @ dense @ basis.T, abs=1e-12)


def test_only_even_weights_are_reached_by_pairs():
    subspace = dicke_subspace([terms(orbit("XXIII")), terms(orbit("ZIIII"))], {}, 5)
    assert len(subspace.loss) == 3  # of 6
    assert np.diag(subspace.generators[1]) == pytest.approx([5, 1, -3])
    assert len(dicke_subspace([terms(orbit("ZZIII"))], {}, 5).loss) == 1


def test_what_is_not_symmetric():
    assert dicke_subspace([terms(orbit("XII")[1:])], {}, 3) is not None  # two qubits alike, one that does nothing
    assert dicke_subspace([terms(orbit("XYI")[:3])], {}, 3) is None
    ring = ["XXIII", "IXXII", "IIXXI", "IIIXX", "XIIIX"]
    assert dicke_subspace([terms(ring)], {}, 5) is None  # all look alike, and no two can be exchanged
    assert len(dicke_subspace([terms(["XXII", "IXXI", "IIXX", "XIIX"])], {}, 4).loss) == 5  # a square: two cells of two
    assert dicke_subspace([terms(["XII"]), terms(["IXI"]), terms(["IIX"])], {}, 3) is None
    assert dicke_subspace([{from_label("ZII"): 1.0, from_label("IZI"): -1.0, from_label("IIZ"): 2.0}], {}, 3) is None


def test_sides_of_a_complete_bipartite_graph_are_two_cells_though_all_qubits_look_alike():
    pairs = {1 << a | 1 << b: 1.0 for a in range(20) for b in range(20, 40)}
    subspace = dicke_subspace([pairs, {1 << (q + 40): 1.0 for q in range(40)}], {}, 40)
    assert len(subspace.loss) == 221  # of 21 * 21


GRAPHS = {
    "complete": (5, list(combinations(range(5), 2))),
    "star": (5, [(0, i) for i in range(1, 5)]),
    "bipartite": (5, [(i, j) for i in (0, 1) for j in (2, 3, 4)]),
}


@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("loss", ["Z0 Z3", "mean(Z)", "X0 X1 + 0.5*Y2 Z4 Y3 - Z1", "projector(1, 3)"])
def test_graphs_agree_with_dense_states_for_any_loss(graph, loss):
    n, edges = GRAPHS[graph]
    gates = [("h", [q]) for q in range(n)]
    for layer in range(2):
        gates += [("rzz", list(edge), f"g{layer}") for edge in edges] + [("rx", [q], f"b{layer}") for q in range(n)]

    def make(problem, groups):
        whole = problem.loss.written_out()
        pulled = dict(problem.frame.pull_sum(whole.terms))
        subspace = dicke_subspace([group.generator for group in groups], pulled, n)
        return SymmetricStatesEvaluator(subspace._replace(offset=whole.constant if problem.loss.projector else 0.0))

    agree_at_random_angles(make, circuit(n, gates), parse(loss, n), np.random.default_rng(1))

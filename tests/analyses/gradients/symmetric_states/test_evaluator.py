"""The loss on an invariant subspace: made by hand, and where it is chosen."""

from itertools import combinations

import numpy as np
import pytest

from bplint.analyses.gradients.reachable_states import evaluator as states
from bplint.analyses.gradients.symmetric_states.evaluator import SymmetricStatesEvaluator, evaluator
from bplint.analyses.gradients.symmetric_states.invariant_subspace import InvariantSubspace
from bplint.ir.observable import parse
from evaluating import agree_at_random_angles, ready
from samples import circuit


def test_a_spin_in_a_field():
    """exp(-iψY/2) and then a phase: <X> = sin ψ cos φ, <Z> = cos ψ."""
    y, z = np.array([[0, -1j], [1j, 0]]), np.diag([1.0 + 0j, -1])
    x = np.array([[0, 1.0 + 0j], [1, 0]])
    found = SymmetricStatesEvaluator(InvariantSubspace([y, None, z], x + 2 * z, 0.5, 3.0))
    assert (found.offset, found.spread, found.constant) == (0.5, 3.0, None)
    assert found.degrees.tolist() == pytest.approx([1, 0, 1])
    psi, phi = np.array([0.3, 1.2]), np.array([0.4, -2.0])
    loss, slopes = found.run(np.array([psi, [9.0, 9.0], phi]))
    assert loss == pytest.approx(np.sin(psi) * np.cos(phi) + 2 * np.cos(psi))
    assert slopes[0] == pytest.approx(np.cos(psi) * np.cos(phi) - 2 * np.sin(psi))
    assert slopes[1].tolist() == [0.0, 0.0]
    assert slopes[2] == pytest.approx(-np.sin(psi) * np.sin(phi))


def test_no_generators_are_a_constant():
    assert SymmetricStatesEvaluator(InvariantSubspace([None], np.diag([0.25 + 0j, 3]), 0.5, 3.0)).constant == 0.75


def qaoa(n, edges, layers):
    gates = [("h", [q]) for q in range(n)]
    for layer in range(layers):
        gates += [("rzz", list(edge), f"g{layer}") for edge in edges] + [("rx", [q], f"b{layer}") for q in range(n)]
    return circuit(n, gates)


def made(c, loss):
    problem, drive = ready(c, parse(loss, c.n_qubits))
    on_states = states.evaluator(problem, drive.groups)
    return evaluator(problem, drive.groups, on_states), on_states, drive


def test_a_large_ring_takes_less_work():
    found, on_states, drive = made(qaoa(10, [(q, (q + 1) % 10) for q in range(10)], 4), "Z0 Z1 + X3")
    assert 8 * found.work < on_states.work
    angles = drive.drawn(0, 0, 3)
    (loss, slopes), (expected, gradients) = found.run(angles), on_states.run(angles)
    assert loss + found.offset == pytest.approx(expected + on_states.offset, abs=1e-12)
    assert slopes == pytest.approx(gradients, abs=1e-12)


def test_nothing_is_gained_from_few_states_or_without_symmetry():
    assert made(qaoa(4, [(0, 1), (1, 2), (2, 3), (0, 3)], 1), "Z0 Z1")[0] is None
    tree = [(0, 1), (1, 2), (2, 3), (3, 4), (2, 5), (5, 6), (6, 7), (7, 8), (8, 9)]
    assert made(qaoa(10, tree, 3), "Z0 Z1")[0] is None


@pytest.mark.parametrize("loss", ["Z3 Z4", "projector(2)"])
def test_dicke_states_where_basis_states_are_too_many(loss):
    """On 40 qubits nothing else can be had; on 5 the same way agrees with dense states."""
    c = qaoa(40, list(combinations(range(40), 2)), 2)
    found, on_states, drive = made(c, loss)
    assert on_states is None
    assert len(found.run(drive.drawn(0, 0, 2))[0]) == 2
    small = qaoa(5, list(combinations(range(5), 2)), 2)
    agree_at_random_angles(
        lambda problem, groups: evaluator(problem, groups, None), small, parse(loss, 5), np.random.default_rng(0)
    )


def test_many_different_qubits_have_no_dicke_states():
    c = qaoa(40, [(q, q + 1) for q in range(39)], 1)
    problem, drive = ready(c, parse("Z0 Z1", 40))
    assert evaluator(problem, drive.groups, None) is None
    whole = qaoa(40, list(combinations(range(40), 2)), 1)
    problem, drive = ready(whole, parse("projector(0..n-1)", 40))
    assert evaluator(problem, drive.groups, None) is None

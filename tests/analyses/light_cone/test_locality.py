"""Weights where first met, and light cones."""

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.light_cone.locality import locality
from bplint.bounds import Status
from bplint.ir.pauli import from_label, qubits, to_label, weight
from cases import case
from samples import axis_label, circuit, label_matrix, operation_matrices, random_gates, unitary_of


def terms(c, observable):
    return {to_label(t.string, c.n_qubits): t for t in Ask(case(c, observable))(locality).terms}


def as_string(matrix, n):
    """The label of a matrix that is ± a Pauli string."""
    return next(s for s in range(4**n) if abs(abs(np.trace(label_matrix(s, n) @ matrix)) - 2**n) < 1e-6)


@pytest.mark.parametrize("seed", range(40))
def test_first_met_is_the_weight_of_the_pulled_back_matrix(seed):
    rng = np.random.default_rng(seed)
    n = 3
    c = circuit(n, random_gates(rng, n, 14))
    label = to_label(int(rng.integers(1, 4**n)), n)
    term = terms(c, label)[label]
    current, quarters = label_matrix(from_label(label), n), c.quarters
    matrices = list(operation_matrices(c, {p.name: 0.0 for p in c.parameters}))
    expected = None
    for k in range(len(c) - 1, -1, -1):
        if quarters[k] < 0:
            axis = label_matrix(from_label(axis_label(c, k)), n)
            if not np.allclose(axis @ current, current @ axis):
                expected = weight(as_string(current, n), n)
                break
            continue
        current = matrices[k].conj().T @ current @ matrices[k]
    assert term.first_met == expected


def test_a_cx_ladder_makes_a_global_parity_local():
    n = 8
    gates = [("ry", [q], f"t{q}") for q in range(n)] + [("cx", [q, q + 1]) for q in range(n - 2, -1, -1)]
    term = terms(circuit(n, gates), "Z" * n)["Z" * n]
    assert (term.declared, term.first_met) == (8, 1)


@pytest.mark.parametrize("seed", range(30))
def test_the_cone_holds_the_support_for_every_angle(seed):
    rng = np.random.default_rng(seed)
    n = 3
    c = circuit(n, random_gates(rng, n, 8))
    label = to_label(int(rng.integers(1, 4**n)), n)
    size = terms(c, label)[label].light_cone
    seen = set()
    for _ in range(3):
        u = unitary_of(c, {p.name: rng.uniform(0, 6) for p in c.parameters})
        start = u.conj().T @ label_matrix(from_label(label), n) @ u
        for s in range(1, 4**n):
            if abs(np.trace(label_matrix(s, n) @ start)) > 1e-9:
                seen |= set(qubits(s, n))
    assert len(seen) <= size


def test_a_z_does_not_spread_through_cz_but_an_x_does():
    gates = [("ry", [q], f"a{q}") for q in range(5)] + [("cz", [0, 1]), ("cz", [1, 2]), ("cz", [3, 4])]
    found = terms(circuit(5, gates), "Z0 + X2 + X4 + Y1")
    assert {label: t.light_cone for label, t in found.items()} == {"ZIIII": 1, "IIXII": 2, "IIIIX": 2, "IYIII": 3}


def test_two_layers_of_a_hardware_efficient_ansatz_reach_the_neighbours():
    n = 24
    layer = [(g, [q], f"{g}{q}") for g in ("ry", "rz") for q in range(n)] + [("cz", [q, q + 1]) for q in range(n - 1)]
    second = [(g, q, *(f"{a}'" for a in angle)) for g, q, *angle in layer]
    label = "I" * 11 + "Z" + "I" * 12
    assert terms(circuit(n, layer + second), label)[label].light_cone == 3


def test_the_factors_of_a_projector_are_traced():
    c = circuit(3, [("ry", [0], "a"), ("cx", [0, 1])])
    assert sorted(terms(c, "projector(0..1)")) == ["IZI", "ZII"]


def test_too_many_terms_are_inconclusive():
    n = 2001
    found = Ask(case(circuit(n, [("ry", [0], "a")]), "mean(Z)"))(locality)
    assert found.status is Status.INCONCLUSIVE
    assert "2,001 terms" in found.reason

"""Where training ends: known minima, free fermions that stop short of them, and what cannot be told."""

from itertools import combinations

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.optimize import minimize

from bplint.analyses.ask import Ask
from bplint.analyses.training.end import SAME, end
from bplint.ir.law import Init, Law, Shape
from bplint.ir.observable import parse
from bplint.ir.pauli import from_label
from cases import case
from models import exchange, path, ring
from repair_texts import hardware_efficient, ising, read
from samples import circuit, label_matrix

XXZ = exchange(ring(4), 1.5)


def ended(one, **more):
    return Ask(one)(end, **more)


def test_a_deep_circuit_comes_to_the_minimum():
    found = ended(read(hardware_efficient(4, 8, XXZ)))
    assert found.is_best
    assert found.settled
    assert found.reached > 1 - 2 * SAME
    assert min(found.values) >= found.spectrum.best - 1e-9


def matchgates(n, layers):
    gates = [
        gate
        for layer in range(layers)
        for gate in (
            *(("rz", [q], f"z{layer}.{q}") for q in range(n)),
            *(("rxx", [q, q + 1], f"x{layer}.{q}") for q in range(n - 1)),
        )
    ]
    return circuit(n, gates)


def test_free_fermions_stop_where_the_best_gaussian_state_is():
    """RZ and XX are free fermions; with every start the same end, above the minimum of an interacting loss."""
    found = ended(case(matchgates(4, 6), XXZ))
    assert found.settled
    assert found.is_limit
    assert found.free_fermions
    assert not found.is_best
    assert found.value == pytest.approx(least_of_gaussian_states(parse(XXZ, 4)), abs=2e-3)
    free = ended(case(matchgates(4, 6), exchange(path(4), 0.0)))
    assert free.is_best


def least_of_gaussian_states(loss):
    """By another road: exp(Σ h_ab γ_aγ_b) of all pairs of modes, as matrices on states of both parities."""
    n = loss.n_qubits
    modes = [label_matrix(from_label("Z" * q + letter + "I" * (n - q - 1)), n) for q in range(n) for letter in "XY"]
    pairs = [a @ b for a, b in combinations(modes, 2)]
    matrix = sum(c * label_matrix(s, n) for s, c in loss.terms)

    def energy(h, start):
        state = expm(np.einsum("k,kab->ab", h, pairs))[:, start]
        return np.vdot(state, matrix @ state).real

    random = np.random.default_rng(0)
    return min(minimize(energy, random.normal(size=len(pairs)), start).fun for start in (0, 1) for _ in range(2))


def test_free_fermions_at_sizes_that_states_are_not_written_down_for():
    n = 24
    chain = " + ".join([exchange(path(n), 0.0), *(f"0.3*Z{q}" for q in range(n))])
    gates = [("x", [q]) for q in range(0, n, 2)]
    for layer in range(6):
        gates += [("rz", [q], f"z{layer}.{q}") for q in range(n)]
        gates += [("rxx", [q, q + 1], f"x{layer}.{q}") for q in range(n - 1)]
    found = ended(case(circuit(n, gates), chain))
    hop = 2.0 * (np.eye(n, k=1) + np.eye(n, k=-1)) + 0.6 * np.eye(n)
    energies = np.linalg.eigvalsh(hop)
    assert found.spectrum.best == pytest.approx(0.3 * n - energies[energies > 0].sum())
    assert 0.95 < found.reached <= 1
    assert ended(case(circuit(n, gates), exchange(path(n), 1.5))).unknown == "as its spectrum is not known"


def test_a_projector_wants_its_maximum_and_another_loss_is_told_in_the_first():
    one = read(hardware_efficient(3, 2, "projector(0..n-1)"))
    found = ended(one)
    assert (found.optimum, found.is_best) == ("maximum", True)
    near = one._replace(context=one.context._replace(observable=parse("Z0 + Z1 + Z2", 3)))
    told = ended(near, loss=one.context.observable)
    assert told.optimum == "maximum"
    assert told.is_best


def test_it_starts_where_the_law_says():
    one = read(hardware_efficient(2, 1, "Z0 Z1"))
    held = one._replace(context=one.context._replace(init=Init(Law(Shape.NORMAL, 0.0, 0.0))))
    assert ended(held).value == pytest.approx(1.0), "all angles at zero are a stationary point"
    assert ended(one).is_best


def test_equal_input_ends_the_same():
    text = hardware_efficient(3, 3, ising(3))
    assert ended(read(text)) == ended(read(text))


def test_what_cannot_be_told():
    assert ended(read(hardware_efficient(13, 1, ising(13)))).unknown == "beyond 4,096 basis states"
    wide = ended(read(hardware_efficient(13, 1, "mean(Z)")))
    assert wide.is_best
    wide = ended(read(hardware_efficient(13, 1, "Z0 - 0.5*Z1")))
    assert (wide.value, wide.spectrum.best) == (-1.5, -1.5)
    data = read(hardware_efficient(3, 2, ising(3), head="// bplint: data = t[[]1]\n"))
    assert ended(data).unknown == "where data is loaded"
    assert ended(case(circuit(2, [("ry", [0], "a")]), "3")).unknown == "of a constant loss"
    assert ended(case(circuit(1, [("ry", [0], "a")]), "7*I + 1e-16*Z0")).unknown == "beside so large a constant"
    deep = read(hardware_efficient(11, 60, ising(11)))
    assert "takes too long" in ended(deep).unknown
    small = read(hardware_efficient(3, 3, ising(3)))
    assert "takes too long" in Ask(small, budget=0.01)(end).unknown
    assert Ask(small, budget=1e6)(end) == ended(small)

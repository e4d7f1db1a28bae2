"""Modules of all reachable states, against dense matrices and grids of dense states."""

import json
from itertools import combinations

import numpy as np
import pytest

from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.operator_module.action import block_action
from bplint.analyses.gradients.operator_module.averaging import averaged
from bplint.analyses.gradients.operator_module.on_matrix_units import MatrixUnits, on_matrix_units
from bplint.analyses.gradients.problem import scales
from bplint.ir.observable import parse
from evaluating import published
from module_answers import agree_with_dense, settings, small_case
from paths import FIXTURES
from samples import circuit


def blocks_of_states(rng, *, real):
    """A Hermitian matrix that joins {0, 3}, {1, 2, 4} and 5; imaginary if amplitudes are to be real."""
    matrix = np.zeros((6, 6), dtype=complex)
    for part in ([0, 3], [1, 2, 4], [5]):
        square = rng.normal(size=(len(part),) * 2)
        other = rng.normal(size=(len(part),) * 2)
        matrix[np.ix_(part, part)] = 1j * (square - square.T) + (0 if real else other + other.T)
    return matrix


@pytest.mark.parametrize("real", [True, False])
def test_blocks_turn_matrices_as_the_exponential_does(real):
    rng = np.random.default_rng(0)
    generator = blocks_of_states(rng, real=real)
    units = MatrixUnits(6, real=real)
    assert units.size == (22 if real else 37)
    action = block_action((0, 0), units.size, units.blocks(generator))
    values, vectors = np.linalg.eigh(generator)
    unitary = vectors @ np.diag(np.exp(-0.35j * values)) @ vectors.conj().T
    loss = rng.normal(size=(6, 6)) + (0 if real else 1j) * rng.normal(size=(6, 6))
    loss = loss + loss.conj().T
    o, turned = units.coordinates(loss), units.coordinates(unitary.conj().T @ loss @ unitary)
    assert o @ o == pytest.approx(1 + np.trace(loss @ loss).real)
    phases = np.exp(0.7j * (action.frequencies[:, None] - action.frequencies))[action.code[:, None], action.code]
    found = action.composed(phases * action.analysed(np.outer(o, o)))
    assert found == pytest.approx(np.outer(turned, turned), abs=1e-11)


@pytest.mark.parametrize("seed", range(40))
def test_random_circuits_agree_with_a_grid(seed):
    c, law, loss = small_case(np.random.default_rng(seed), 300)
    problem, events, found = settings(c, law, loss)
    agree_with_dense(problem, on_matrix_units(events, *found, 100), law)


def hopping(bonds):
    """From |100> by XX + YY on each bond."""
    gates = [(name, list(bond), f"t{k}") for k, bond in enumerate(bonds) for name in ("rxx", "ryy")]
    return circuit(3, [("x", [0]), *gates])


def test_real_amplitudes_need_half_of_the_coordinates():
    """A particle on a path has real amplitudes but for phases of the states, 6 symmetric matrices of 3; on a triangle all 9."""
    for bonds, size in (([(0, 1), (1, 2), (0, 1)], 7), ([(0, 1), (1, 2), (0, 2)], 10)):
        _, events, found = settings(hopping(bonds), {}, parse("Z0 + X0 X2", 3))
        assert len(on_matrix_units(events, *found, 10).start) == size


def test_too_many_coordinates():
    _, events, found = settings(circuit(2, [("rx", [0], "a"), ("rz", [0], "b")]), {}, parse("Z0", 2))
    assert len(on_matrix_units(events, *found, 5).start) == 5
    assert on_matrix_units(events, *found, 4) is None
    assert on_matrix_units(events, *found, 3) is None


def xxz(layers):
    """Six qubits from the Néel state: on odd bonds XX + YY, then ZZ, and the same on even bonds, an angle each."""
    odd, even = [(1, 2), (3, 4)], [(0, 1), (2, 3), (4, 5)]
    gates = [("x", [q]) for q in (0, 2, 4)]
    for k in range(2 * layers):
        bonds = even if k % 2 else odd
        gates += [(name, list(bond), f"t{2 * k}") for bond in bonds for name in ("rxx", "ryy")]
        gates += [("rzz", list(bond), f"t{2 * k + 1}") for bond in bonds]
    terms = [f"{w}{p}{q} {p}{q + 1}" for q in range(5) for p, w in (("X", ""), ("Y", ""), ("Z", "0.5*"))]
    return circuit(6, gates), parse(" + ".join(terms), 6)


def k4():
    pairs = list(combinations(range(4), 2))
    gates = [("h", [q]) for q in range(4)]
    for layer in range(2):
        gates += [("rzz", list(pair), f"g{layer}") for pair in pairs] + [("rx", [q], f"b{layer}") for q in range(4)]
    return circuit(4, gates), parse(" + ".join(f"Z{a} Z{b}" for a, b in pairs), 4)


@pytest.mark.parametrize(("name", "digits"), [("xxz6", 1e-9), ("qaoa4", 1e-9), ("uccsd_h2", 1e-5)])
def test_published_values(name, digits):
    """Of prototypes that share no code, fixtures/tied/table.json; that of H2 is of a loss with more digits than the file's."""
    c, loss = {"xxz6": lambda: xxz(2), "qaoa4": k4, "uccsd_h2": lambda: published("uccsd_h2")}[name]()
    problem, events, found = settings(c, {}, loss)
    truth = json.loads((FIXTURES / "tied" / "table.json").read_text())["exact"][f"module_R_{name}"]
    assert len(found[0].states) == truth["R"]
    answer = averaged(problem, on_matrix_units(events, *found, 500), Effort())
    assert answer.second_moment.value == pytest.approx(truth["second"], rel=digits)
    squares = [s.second_moment.value * scales(problem)[p] ** 2 for p, s in answer.slopes.items()]
    assert squares == pytest.approx(truth["slope2"], rel=digits, abs=1e-12)

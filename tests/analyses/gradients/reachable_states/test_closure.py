"""The basis states a circuit reaches, against the amplitudes of random angles, and published counts."""

import json
import math

import numpy as np
import pytest

from bplint.analyses.gradients.reachable_states.closure import reached
from bplint.analyses.gradients.reachable_states.coordinates import Coordinates
from bplint.ir.observable import parse
from bplint.ir.pauli import from_label
from evaluating import published, random_circuit, ready
from paths import FIXTURES
from samples import circuit, label_matrix


def reach(c, **limits):
    _, drive = ready(c, parse("Z0", c.n_qubits))
    axes = [axis for group in drive.groups for axis in group.generator]
    return reached(drive.groups, Coordinates(axes, c.n_qubits), **limits), drive


def amplitudes(drive, n, rng):
    """Those of |0…0> behind all groups at random angles, by basis state as a mask."""
    state = np.eye(2**n)[0].astype(complex)
    for group in drive.groups:
        psi = rng.uniform(-3, 3)
        for axis, a in group.generator.items():
            state = np.cos(a * psi / 2) * state - 1j * np.sin(a * psi / 2) * label_matrix(axis, n) @ state
    return {sum((place >> (n - 1 - q) & 1) << q for q in range(n)): value for place, value in enumerate(state)}


@pytest.mark.parametrize("name", ["uccsd_h2", "uccsd_h4", "uccsd_lih", "uccsd_beh2"])
def test_published_counts(name):
    n, states = json.loads((FIXTURES / "tied" / "table.json").read_text())["sizes"]["reachable"][name]
    c, _ = published(name)
    assert c.n_qubits == n
    assert len(reach(c)[0].states) == states


def neel(n, layers):
    gates = [("x", [q]) for q in range(0, n, 2)]
    for layer in range(layers):
        for first in (0, 1):
            for q in range(first, n - 1, 2):
                gates += [(name, [q, q + 1], f"{layer}.{first}") for name in ("rxx", "ryy")]
                gates.append(("rzz", [q, q + 1], f"z{layer}.{first}"))
    return circuit(n, gates)


@pytest.mark.parametrize("n", [4, 6, 8])
def test_particles_of_a_neel_state_are_conserved(n):
    found, _ = reach(neel(n, n))
    assert len(found.states) == math.comb(n, n // 2)


def test_a_phase_before_the_first_hop_is_dead_and_one_behind_it_is_not():
    c = circuit(2, [("x", [0]), ("rz", [0], "a"), ("rxx", [0, 1], "b"), ("ryy", [0, 1], "b"), ("rz", [0], "c")])
    found, drive = reach(c)
    names = [c.parameters[drive.variables[drive.groups[k].terms[0][0]].parameter].name for k in found.dead]
    assert names == ["a"]


def test_on_neel_pairs_zz_behind_the_hop_is_dead():
    """It has one value, -1, on both states of each pair."""
    gates = [("x", [0]), ("rxx", [0, 1], "a"), ("ryy", [0, 1], "a"), ("rzz", [0, 1], "b")]
    found, _ = reach(circuit(2, gates))
    assert len(found.states) == 2
    assert len(found.dead) == 1


@pytest.mark.parametrize("limits", [{"limit": 31}, {"memory": 1_000}])
def test_limits_are_kept(limits):
    c = circuit(5, [("rx", [q], f"t{q}") for q in range(5)])
    assert reach(c, **limits)[0] is None
    assert len(reach(c)[0].states) == 32


@pytest.mark.parametrize("seed", range(60))
def test_all_amplitudes_at_random_angles_are_on_reached_states(seed):
    rng = np.random.default_rng(seed)
    found, drive = reach(random_circuit(rng, 5))
    n = found.coordinates.n_qubits
    known = {int(key) for key in found.states.keys}
    for _ in range(3):
        for basis_state, value in amplitudes(drive, n, rng).items():
            shift = found.coordinates.shift(basis_state)
            if abs(value) > 1e-12:
                assert shift.x in known


def test_coordinates_keep_signs():
    n = 5
    axes = [from_label(word) for word in ("XXIII", "IYXZI", "ZZIIX", "XZXII")]
    coordinates = Coordinates(axes, n)
    assert coordinates.rank == 3
    assert coordinates.shift(from_label("IIIXI")) is None
    shift = coordinates.shift(from_label("ZIZII"))
    assert shift is not None
    assert shift.x == 0

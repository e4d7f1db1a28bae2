"""Losses and gradients at given angles, against states of all amplitudes; and groups in another order."""

import numpy as np
import pytest

from bplint.analyses.training.states import PATTERNS, diagonal_together, states_loss
from bplint.ir.observable import parse
from evaluating import agree_by_groups, random_circuit, ready
from grid import random_loss
from samples import circuit


def agree(c, loss, rng, limit=1 << 12):
    return agree_by_groups(lambda *asked: states_loss(*asked, limit), c, loss, rng)


@pytest.mark.parametrize("seed", range(60))
def test_random_tied_circuits_against_dense_states(seed):
    rng = np.random.default_rng(seed)
    c = random_circuit(rng)
    assert agree(c, random_loss(rng, c.n_qubits), rng)


@pytest.mark.parametrize("loss", ["X0 X1 + Y0 Y1 + 0.3*Z1 Z2 - 2", "Z0 Z1 Z2 Z3", "projector(0..n-1)"])
def test_particles_that_hop_stay_few(loss):
    gates = [("x", [0]), ("x", [2])]
    for q in range(3):
        gates += [("rxx", [q, q + 1], f"a{q}"), ("ryy", [q, q + 1], f"a{q}"), ("rzz", [q, q + 1], f"b{q}")]
    c, rng = circuit(4, gates), np.random.default_rng(1)
    assert agree(c, parse(loss, 4), rng).size == 5
    assert agree(c, parse(loss, 4), rng, limit=4) is None


def test_many_diagonal_groups_on_more_states_than_patterns():
    n, rng = 7, np.random.default_rng(3)
    turned = [("ry", [q], f"{when}{q}") for when in "ab" for q in range(n)]
    diagonal = [("rz", [q], f"z{q}") for q in range(n)] + [("rzz", [q, q + 1], f"zz{q // 2}") for q in range(n - 1)]
    found = agree(circuit(n, [*turned[:n], *diagonal, *turned[n:]]), parse("X0 X1 + 0.7*Z2 Y6", n), rng)
    assert found.size == 1 << n > 2 * PATTERNS


def test_diagonal_groups_wait_for_what_does_not_commute_with_them():
    layer = [(name, [q], f"{name}{q}") for q in range(3) for name in ("ry", "rz")]
    again = [(name, [q], f"again{name}{q}") for q in range(3) for name in ("ry", "rz")]
    c = circuit(3, [*layer, *again])
    _, drive = ready(c, parse("Z0", 3))
    names = ["".join(c.parameters[p].name for p, _ in g.terms) for g in diagonal_together(drive.groups, 3)]
    ry, rz = [f"ry{q}" for q in range(3)], [f"rz{q}" for q in range(3)]
    assert names == [*ry, *rz, *(f"again{name}" for name in ry), *(f"again{name}" for name in rz)]

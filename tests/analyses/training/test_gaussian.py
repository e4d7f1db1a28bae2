"""Losses of free fermions and their gradients from covariances, against states; and the energies that no Gaussian state beats."""

import numpy as np
import pytest

from bplint.analyses.training.gaussian import gaussian_loss
from bplint.ir.observable import parse
from evaluating import agree_by_groups
from grid import random_loss
from models import exchange, path
from samples import circuit, label_matrix, random_gates

LOSSES = ("X0 X1 + Y0 Y1 + 0.3*Z1 Z2 - 2", "X0 Z1 X2 + 0.3*X0 X2 + Z2", "X0 X3 + Z0 Z1 Z2 Z3", "Z0 + X1", "mean(Z)")


def matchgates(rng, n=4, layers=2, entanglers=("rxx", "ryy", "rxy")):
    gates = [("x", [int(q)]) for q in np.flatnonzero(rng.integers(0, 2, n))]
    for layer in range(layers):
        gates += [("rz", [q], f"z{layer}.{q}") for q in range(n)]
        for q in range(n - 1):
            name = str(rng.choice(entanglers))
            turned = [("s", [q])] if name == "rxy" else []  # XY is XX between quarter turns
            back = [("sdg", [q])] if turned else []
            gates += [*turned, ("rxx" if turned else name, [q, q + 1], f"x{layer}.{q}"), *back]
    return circuit(n, gates)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("loss", LOSSES)
def test_matchgates_against_dense_states(loss, seed):
    rng = np.random.default_rng(seed)
    own = agree_by_groups(gaussian_loss, matchgates(rng), parse(loss, 4), rng)
    assert own is not None
    assert own.size == 8, "basis states of one parity"


@pytest.mark.parametrize("n", [5, 6, 8])
def test_particles_that_hop(n):
    gates = [("x", [q]) for q in range(0, n, 2)]
    for q in range(n - 1):
        gates += [("rxx", [q, q + 1], f"a{q}"), ("ryy", [q, q + 1], f"a{q}"), ("rz", [q], f"b{q}")]
    assert agree_by_groups(gaussian_loss, circuit(n, gates), parse(exchange(path(n), 1.5), n), np.random.default_rng(n))


def test_any_circuit_that_is_taken_for_free_fermions_is_told_right():
    """Between Cliffords, which make other strings of all of them, and of the start a state that may not be Gaussian."""
    taken = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        layers = [[("rz", [q], f"z{q}") for q in range(4)], [("rxx", [q, q + 1], f"x{q}") for q in range(3)]]
        inside = [gate for layer in layers for gate in layer if rng.random() < 0.9]
        fixed = [gate for gate in random_gates(rng, 4, 12) if len(gate) == 2]
        before, after = fixed[:3], fixed[3:]
        taken += (
            agree_by_groups(gaussian_loss, circuit(4, [*before, *inside, *after]), random_loss(rng, 4), rng) is not None
        )
    assert 20 < taken < 180


HOP = tuple(("rxx", [q, q + 1], f"a{q}") for q in range(5))
TURN = tuple(("rz", [q], f"b{q}") for q in range(6))


@pytest.mark.parametrize(
    ("gates", "loss"),
    [
        ([*HOP, *TURN, ("rzz", [0, 1], "c")], "Z0"),  # they interact
        ([("h", [0]), *HOP, *TURN], "Z0"),  # a start that is not Gaussian
        ([*HOP[:2], *HOP[3:], *TURN], "Z0"),  # two sets of modes
        ([*HOP, *TURN], "projector(0..n-1)"),
        ([*HOP, *TURN], "X0 X3"),  # six modes
    ],
)
def test_what_is_none(gates, loss):
    assert agree_by_groups(gaussian_loss, circuit(6, gates), parse(loss, 6), np.random.default_rng(0)) is None


@pytest.mark.parametrize(
    "loss", [exchange(path(4), 0.0), "X0 X1 + 0.7*Z0 - 0.2*Z3 + 2", exchange(path(4), 1.5), "X0 X3"]
)
def test_a_quadratic_loss_has_the_spectrum_of_its_modes(loss):
    """Those that are quadratic on all states; the string around a ring is so on one parity alone."""
    rng, loss = np.random.default_rng(1), parse(loss, 4)
    h = agree_by_groups(gaussian_loss, matchgates(rng, layers=3, entanglers=("rxx",)), loss, rng).quadratic()
    values = np.linalg.eigvalsh(sum(c * label_matrix(s, 4) for s, c in loss.terms))
    if loss.text in (exchange(path(4), 1.5), "X0 X3"):
        assert h is None
    else:
        assert np.linalg.svd(h, compute_uv=False).sum() == pytest.approx(np.ptp(values))
        assert h == pytest.approx(-h.T)

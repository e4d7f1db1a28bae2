"""Moments on Dicke states, against grids of dense states, prototypes that share no code, and Monte Carlo on reachable states."""

import json
from itertools import combinations

import numpy as np
import pytest

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.symmetric_states.moments import symmetric_moments
from bplint.bounds import Status
from bplint.ir.law import UNIFORM, Init
from bplint.ir.observable import parse
from evaluating import published
from grid import grid_moments, random_law
from paths import FIXTURES
from samples import circuit

EXACT = json.loads((FIXTURES / "tied" / "table.json").read_text())["exact"]


def complete(n, layers, *, mixer="rx", start=True):
    pairs = list(combinations(range(n), 2))
    gates = [("h", [q]) for q in range(n)] if start else []
    for layer in range(layers):
        gates += [("rzz", list(pair), f"g{layer}") for pair in pairs]
        gates += [(mixer, [q], f"b{layer}") for q in range(n)]
    return circuit(n, gates), parse(" + ".join(f"Z{a} Z{b}" for a, b in pairs), n)


@pytest.mark.parametrize("n", [8, 12, 40])
def test_published_values_of_qaoa_on_complete_graphs(n):
    """Gradients in dθ of exp(-iθΣP/2), as the rotation angles of rzz and rx are."""
    c, loss = published(f"qaoacomplete_n{n}_p2") if n < 40 else complete(n, 2)
    found, truth = symmetric_moments(Problem.of(c, loss), Effort()), EXACT[f"qaoacomplete_n{n}_p2"]
    assert found.status is Status.EXACT
    assert found.second_moment.value == pytest.approx(truth["second"], rel=1e-9)
    seconds = sorted(s.second_moment.value for s in found.slopes.values())
    assert seconds == pytest.approx(sorted(truth["grad_second"]), rel=1e-9)


def test_twenty_qubits():
    """The largest E[(∂l)²]/N(O) is 225.50, N(O) = 190."""
    found = symmetric_moments(Problem.of(*complete(20, 2)), Effort())
    assert found.largest[1] / 190 == pytest.approx(225.50, abs=0.005)


@pytest.mark.parametrize("seed", range(12))
def test_any_symmetric_circuit_under_any_law_agrees_with_dense_states(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 4))
    gates = []
    for k in range(int(rng.integers(1, 4))):
        kind = rng.choice(["rx", "ry", "rz", "rzz", "rxx", "ryy"])
        places = combinations(range(n), len(kind) - 1)
        gates += [(kind, list(place), f"t{k}") for place in places] + [("h", [q]) for q in range(n) if k % 2]
    c = circuit(n, gates)
    law = {p.name: random_law(rng) for p in c.parameters}
    text = " + ".join(f"{rng.choice([0.5, 2])}*{' '.join(f'{p}{q}' for q in range(n))}" for p in "XYZ")
    loss = parse(text + "".join(f" + 0.3*Z{q} - 1.5*X{q}" for q in range(n)), n)
    found = symmetric_moments(Problem.of(c, loss, Init(UNIFORM, tuple(law.items()))), Effort())
    mean, second, slopes = grid_moments(c, loss, law)
    assert (found.mean.value, found.second_moment.value) == pytest.approx((mean, second), abs=1e-10)
    for parameter, pair in slopes.items():
        slope = found.slopes[parameter]
        assert (slope.mean.value, slope.second_moment.value) == pytest.approx(pair, abs=1e-10)


def declined(c, loss):
    found = symmetric_moments(Problem.of(c, parse(loss, c.n_qubits)), Effort())
    return found.reason if isinstance(found, Declined) else ""


def test_what_a_permutation_changes_is_declined():
    c, _ = complete(4, 1)
    assert "the loss" in declined(c, "Z0 Z1")
    assert "the loss" in declined(c, "Z0 + Z1 + Z2 + 2*Z3")
    assert "projectors" in declined(c, "projector(0..3)")
    ring = circuit(4, [("rzz", [q, (q + 1) % 4], "g") for q in range(4)] + [("rx", [q], "b") for q in range(4)])
    assert "the circuit" in declined(ring, "mean(Z)")
    untied = circuit(3, [("rx", [q], f"b{q}") for q in range(3)])
    assert "the circuit" in declined(untied, "mean(Z)")
    twice = circuit(3, [(kind, [q], "b") for kind in ("rx", "ry") for q in range(3)])
    assert "several groups" in declined(twice, "mean(Z)")


def test_too_large_is_declined():
    c, loss = complete(12, 2)
    assert "too many" in symmetric_moments(Problem.of(c, loss), Effort(work=1_000)).reason
    assert "too many" in symmetric_moments(Problem.of(*complete(70, 1)), Effort()).reason

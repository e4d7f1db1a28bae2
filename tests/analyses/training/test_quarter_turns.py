"""Losses and slopes at quarter turns, against state vectors and differences of theirs; and the search for a low one."""

from itertools import product

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.training.own_turns import own_turns
from bplint.analyses.training.quarter_turns import at, low
from bplint.analyses.views import framed
from cases import case
from dense import unitary
from samples import circuit, label_matrix, random_gates

QUARTER = np.pi / 2


def asked(c, loss):
    """The rotations and the terms of a circuit, as the search sees them."""
    ask = Ask(case(c, loss))
    return ask(own_turns), ask(framed).pull_sum(ask.case.context.observable.terms)


def dense(c, loss, turns, angles):
    """The loss without its constant, from matrices, where the rotations turn by these angles and other parameters by none."""
    values = {p.name: 0.0 for p in c.parameters}
    values |= {c.parameters[t.parameter].name: t.angle(angle) for t, angle in zip(turns, angles, strict=True)}
    state = unitary(c, values)[:, 0]
    matrix = sum(w * label_matrix(s, c.n_qubits) for s, w in case(c, loss).context.observable.terms)
    return (state.conj() @ matrix @ state).real


def random_loss(rng, n):
    labels = ["".join(letters) for letters in rng.choice(list("IXYZ"), (5, n))]
    return " + ".join(f"{rng.uniform(0, 1):.3f}*{s}" for s in dict.fromkeys(labels) if set(s) != {"I"})


@pytest.mark.parametrize("seed", range(30))
def test_loss_and_slopes_are_those_of_the_state(seed):
    rng = np.random.default_rng(seed)
    c = circuit(3, random_gates(rng, 3, 14))
    loss = random_loss(rng, 3)
    turns, terms = asked(c, loss)
    quarters = rng.integers(0, 4, len(turns)).tolist()
    found = at([t.axis for t in turns], quarters, terms, 3)
    angles = QUARTER * np.array(quarters)
    assert found.loss == pytest.approx(dense(c, loss, turns, angles), abs=1e-9)
    for k, slope in enumerate(found.slopes):
        ends = [dense(c, loss, turns, angles + s * QUARTER * np.eye(len(turns))[k]) for s in (1, -1)]
        assert slope == pytest.approx((ends[0] - ends[1]) / 2, abs=1e-9)  # exact for one rotation


@pytest.mark.parametrize("seed", range(20))
def test_no_single_rotation_betters_what_is_found(seed):
    rng = np.random.default_rng(100 + seed)
    c = circuit(3, random_gates(rng, 3, 10))
    loss = random_loss(rng, 3)
    turns, terms = asked(c, loss)
    begun = rng.integers(0, 4, len(turns)).tolist()
    found = low([t.axis for t in turns], begun, terms, 3)
    angles = QUARTER * np.array(found.quarters, dtype=float)
    assert found.loss == pytest.approx(dense(c, loss, turns, angles), abs=1e-9)
    for k, quarter in product(range(len(turns)), range(4)):
        moved = angles.copy()
        moved[k] = QUARTER * quarter
        assert dense(c, loss, turns, moved) >= found.loss - 1e-9


def test_where_zero_is_as_low_as_any_nothing_turns():
    c = circuit(2, [("ry", [0], "a"), ("rz", [1], "b")])
    turns, terms = asked(c, "-1*Z0 + X1")
    assert low([t.axis for t in turns], [0, 0], terms, 2).quarters == (0, 0)


def test_the_signs_of_a_product_state():
    """An antiferromagnet: every second qubit is turned over, all at once, at a size where no state is held."""
    n = 40
    c = circuit(n, [("ry", [q], f"t{q}") for q in range(n)])
    turns, terms = asked(c, " + ".join(f"Z{q} Z{q + 1}" for q in range(n - 1)))
    found = low([t.axis for t in turns], [0] * n, terms, n)
    assert found.loss == 1 - n
    assert [q % 2 for q in range(n)] in ([k // 2 for k in found.quarters], [1 - k // 2 for k in found.quarters])

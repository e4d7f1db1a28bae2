"""Noise over rows against density matrices: the gradient of each row and of the labels, wherever data stand in the circuit."""

import numpy as np
import pytest

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.rows.engines import row_moments
from bplint.bounds import Status
from bplint.ir.circuit import Role
from bplint.ir.loss_function import parse_loss_function
from bplint.ir.noise import parse_noise
from bplint.ir.observable import parse
from bplint.ir.rows import Rows, data_columns
from dense_rows import grid, random_model, spaced
from density import noisy_loss
from samples import circuit

NOISE = (
    "depolarizing:0.1",
    "phaseflip:0.15",
    "bitflip:0.1, 2q=depolarizing:0.2",
    "pauli:0.02/0.05/0.1",
    "readout:0.1, phaseflip:0.1",
)


def by_density_matrices(c, observable, rows, noise):
    """E[∂l_i ∂l_j] by name, (rows, rows): shifts by half pi are exact behind noise too, and three angles for averages."""
    starts, weights = grid(c, spaced(3))
    fixed = {p.name: p.value for p in c.parameters if p.role is Role.FIXED}
    names = {c.parameters[p].name: k for p, k in data_columns(c).items()}
    found = {}
    for name in starts:
        slopes = np.empty((len(weights), len(rows)))
        for s in range(len(weights)):
            for row in range(len(rows)):
                at = fixed | {n: v[s] for n, v in starts.items()} | {n: rows.values[row, k] for n, k in names.items()}
                up, down = (
                    noisy_loss(c, observable, noise, at | {name: at[name] + turn}) for turn in (np.pi / 2, -np.pi / 2)
                )
                slopes[s, row] = (up - down) / 2
        found[name] = slopes.T @ (weights[:, None] * slopes)
    return found


@pytest.mark.parametrize("seed", range(15))
def test_rows_and_labels_under_noise_are_those_of_density_matrices(seed):
    rng = np.random.default_rng(700 + seed)
    c, rows = random_model(rng, 2, int(rng.integers(6, 11)), trained=2, rows=3)
    noise, observable = parse_noise(NOISE[seed % len(NOISE)]), parse(("Z0", "Z0 Z1", "Z0 + X1")[seed % 3], 2)
    problem = Problem.of(c, observable, noise=noise)
    answer = row_moments(problem, rows, Effort())
    assert answer.status is Status.EXACT
    # A readout that errs by itself scales a string by its letters, and these have one number of them each.
    read = noise.readout ** (2 if seed % 3 == 1 else 1)
    names = [p.name for p in c.parameters]
    for name, exact in by_density_matrices(c, observable, rows, noise).items():
        if names.index(name) not in answer.slopes:
            assert np.allclose(exact, 0)
            continue
        slope = answer.slopes[names.index(name)]
        assert slope.each == pytest.approx(read**2 * np.diag(exact), abs=1e-10)
        assert slope.linear.value == pytest.approx(read**2 * rows.labels @ exact @ rows.labels / 9, abs=1e-10)


def asked(noise, gates, loss="linear"):
    c = circuit(1, gates, roles={"x": Role.DATA})
    problem = Problem.of(c, parse("Z0", 1), noise=parse_noise(noise))
    rows = Rows(np.array([[0.3], [1.0]]), np.array([1.0, -1.0]))
    return row_moments(problem, rows, Effort(), parse_loss_function(loss))


def test_a_depolarized_product_loses_its_factor_squared_at_each_gate():
    """½ behind two gates, each of which keeps 1 - p of every string."""
    answer = asked("depolarizing:0.1", [("ry", [0], "x"), ("ry", [0], "t")])
    assert answer.slopes[1].each == pytest.approx([0.5 * 0.9**4] * 2)


def test_amplitude_damping_and_shared_angles_are_declined():
    gates = [("ry", [0], "x"), ("ry", [0], "t")]
    assert asked("damping:0.1", gates) == Declined("rows are not measured under amplitude damping")
    assert "without noise" in asked("depolarizing:0.1", [*gates, ("rx", [0], "t")]).reason


def test_a_bent_loss_is_not_drawn_from_states_without_noise():
    assert asked("depolarizing:0.1", [("ry", [0], "x"), ("ry", [0], "t")], "mse").largest_loss is None
    assert asked("depolarizing:0", [("ry", [0], "x"), ("ry", [0], "t")], "mse").largest_loss is not None

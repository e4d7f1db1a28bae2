"""Exact moments against published numbers and by hand, and where they are declined."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from answers import numbers
from bplint.analyses.ask import BudgetError, Clock
from bplint.analyses.gradients.answer import Declined
from bplint.bounds import Status
from bplint.ir.circuit import Parameter, Role
from bplint.ir.law import Init, parse_init
from bplint.ir.noise import parse_noise
from dense import rotations
from exact_moments import exact, run
from paths import FIXTURES
from samples import circuit, random_gates

TABLE = json.loads((FIXTURES / "variance_table.json").read_text())


def test_two_rotations_by_hand():
    """l = 3 r cos a (1 + r cos b) with r from the readout and angles about 0.7."""
    c = circuit(2, [("rx", [0], "a"), ("rx", [1], "b")])
    found = run(c, "3*Z0 + 3*Z0 Z1", parse_init("normal:0.4@0.7"), parse_noise("readout:0.1"))
    r, once, twice = 0.8, math.exp(-0.08) * math.cos(0.7), math.exp(-0.32) * math.cos(1.4)
    cos2, sin2 = (1 + twice) / 2, (1 - twice) / 2
    factor = 1 + 2 * r * once + r**2 * cos2
    sine = math.exp(-0.08) * math.sin(0.7)
    mean, square, slopes = numbers(found)
    assert (mean, square) == pytest.approx((3 * r * once * (1 + r * once), 9 * r**2 * cos2 * factor))
    assert slopes[0] == pytest.approx((-3 * r * sine * (1 + r * once), 9 * r**2 * sin2 * factor))
    assert slopes[1] == pytest.approx((-3 * r**2 * once * sine, 9 * r**4 * cos2 * sin2))


BRICKS = [row for row in TABLE if row["quantity"] == "Var[d_1 C]" and (row["n"] < 8 or "a14" in row["name"])]


@pytest.mark.parametrize("row", BRICKS[::4], ids=lambda row: f"{row['name']} n={row['n']}")
def test_brick_circuits_of_the_gradient_figure(row):
    """Wiersema et al. 2309.05690."""
    n, depth = row["n"], int(row["name"].split("depth ")[1].split(",")[0])
    pairs = [*((q, q + 1) for q in range(0, n - 1, 2)), *((q, q + 1) for q in range(1, n - 1, 2))]
    words = ("XX", "YY", "XY")
    if "a5_circ" in row["name"]:
        words, pairs = ("XY", "YZ"), [*pairs, (n - 1, 0)]
    c = rotations(n, [(word, pair) for _ in range(depth) for pair in pairs for word in words])
    assert numbers(exact(c, "Z0 Z1"))[2][0][1] == pytest.approx(row["value_float"], rel=1e-12)


@pytest.mark.parametrize(("layers", "k", "expected"), [(1, 1, 1 / 4), (2, 1, 0.078125), (2, 2, 0.09375)])
def test_ry_and_cz_on_a_grid(layers, k, expected):
    """4 x 3, ZZ on an interior vertical edge, derivative of layer k on one end."""
    n, gates = 12, []
    edges = [(q, q + 1) for q in range(n) if (q + 1) % 3] + [(q, q + 3) for q in range(n - 3)]
    for layer in range(layers):
        gates += [("ry", [q], f"t{layer}.{q}") for q in range(n)] + [("cz", list(edge)) for edge in edges]
    assert numbers(exact(circuit(n, gates), "Z4 Z7"))[2][(k - 1) * n + 4][1] == pytest.approx(expected, rel=1e-12)


def test_deep_limit_of_a_free_fermion_chain():
    """Var Z_0 = 1/(2n - 1)."""
    n = 5
    words = ["Z" if q == p else "I" for p in range(n) for q in range(n)]
    layer = ["".join(words[n * p : n * p + n]) for p in range(n)]
    layer += ["I" * p + "XX" + "I" * (n - p - 2) for p in range(n - 1)]
    c = rotations(n, [(word, range(n)) for word in layer] * 160)
    assert exact(c, "Z0").second_moment.value == pytest.approx(1 / 9, rel=1e-9)


def test_numbers_of_the_theory():
    assert exact(rotations(2, [("XX", (0, 1))]), "Z0 + Z1").second_moment.value == pytest.approx(2)
    assert exact(rotations(2, [("XX", (0, 1))]), "projector(0..1)").second_moment.value == pytest.approx(3 / 8)
    for n in (2, 3, 4):
        product = exact(rotations(n, [("X", [q]) for q in range(n)]), "projector(0..n-1)")
        assert numbers(product)[2][0][1] == pytest.approx((3 / 8) ** (n - 1) / 8)


def test_a_small_angle_start_has_a_gradient_that_hardly_varies():
    found = exact(circuit(1, [("ry", [0], "a")]), "X0", parse_init("normal:0.1"))
    mean, square = numbers(found)[2][0]
    assert square == pytest.approx(0.99, abs=1e-3)
    assert square - mean**2 == pytest.approx(5e-5, abs=1e-6)


@pytest.mark.parametrize("n", [31, 32, 33, 70])
def test_words_of_strings_have_no_edge(n):
    """The same circuit on qubits far apart."""
    rng = np.random.default_rng(n)
    gates = random_gates(rng, 5, 40, fixed=0.2)
    places = [n - 1, 0, 9, n - 2, n // 2]
    far = [(name, [places[q] for q in qubits], *angles) for name, qubits, *angles in gates]
    init, noise = parse_init("normal:0.4@0.3"), parse_noise("depolarizing:0.01, 2q=damping:0.1")
    near = exact(circuit(5, gates), "Z0 Z1 + 0.3*X2 Y3 - Y4", init, noise)
    p = places
    moved = exact(circuit(n, far), f"Z{p[0]} Z{p[1]} + 0.3*X{p[2]} Y{p[3]} - Y{p[4]}", init, noise)
    assert near.second_moment.value > 1e-3
    assert moved.mean.value == pytest.approx(near.mean.value, abs=1e-12)
    assert moved.second_moment.value == pytest.approx(near.second_moment.value, abs=1e-12)
    for parameter, slopes in numbers(near)[2].items():
        assert numbers(moved)[2][parameter] == pytest.approx(slopes, abs=1e-12)


def test_a_local_loss_of_many_qubits():
    """Two layers on 200 qubits: what a window of the line gives."""

    def line(n):
        gates = []
        for layer in range(2):
            gates += [("ry", [q], f"t{layer}.{q}") for q in range(n)] + [("cz", [q, q + 1]) for q in range(n - 1)]
        return circuit(n, gates)

    assert exact(line(200), "Z100 X101").second_moment.value == pytest.approx(
        exact(line(9), "Z4 X5").second_moment.value
    )


def test_depolarizing_noise_damps_each_path():
    c = circuit(2, [("ry", [0], "a"), ("cx", [0, 1]), ("ry", [1], "b")])
    clean, noisy = exact(c, "Z1"), exact(c, "Z1", Init(), parse_noise("1q=depolarizing:0.1, 2q=depolarizing:0.2"))
    assert noisy.second_moment.value == pytest.approx(clean.second_moment.value * (0.9 * 0.8 * 0.9) ** 2)


def test_damping_of_everything_leaves_the_ground_state():
    c = circuit(2, [("ry", [0], "a"), ("ry", [1], "b")])
    found = exact(c, "Z0 Z1", Init(), parse_noise("damping:1"))
    assert numbers(found) == (1.0, 1.0, {0: (0.0, 0.0), 1: (0.0, 0.0)})


def test_tied_and_opaque_angles_are_declined():
    tied = circuit(2, [("ry", [0], "a"), ("ry", [1], "a")])
    assert run(tied, "Z0 Z1", Init()) == Declined("a drives several rotations")
    opaque = replace(circuit(1, [("ry", [0], "a")]), parameters=(Parameter("a*b", Role.TRAINABLE, sources=("a", "b")),))
    declined = run(opaque, "Z0", Init())
    assert declined == Declined("a*b is not affine in its parameters: its law is not known")


def test_budgets():
    c = rotations(3, [(word, (q, (q + 1) % 3)) for _ in range(6) for word in ("XY", "YZ") for q in range(3)])
    assert run(c, "Z0", limit=5).status is Status.BOUNDED
    with pytest.raises(BudgetError, match="stopped by the clock"):
        run(c, "Z0", Init(), clock=Clock(-1.0))
    many = run(c, "Z0 + X0 + Y0", parse_init("normal:1"), limit=5)
    assert many == Declined("the loss has too many terms to pair")

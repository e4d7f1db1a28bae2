"""Exact moments against dense quadrature over every law and noise, and against published numbers."""

import json
import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from answers import numbers
from bplint.analyses.ask import BudgetError, Clock
from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.propagation.moments import sparse_moments
from bplint.bounds import Status
from bplint.ir.circuit import ROTATION, Parameter, Role
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.law import UNIFORM, Init, Law, Shape, parse_init
from bplint.ir.noise import Noise, parse_noise
from bplint.ir.observable import parse, pauli_sum
from dense import observable_vector, random_circuit, random_observable, rotations
from matrices import CLIFFORD_MATRICES, exponential
from paths import FIXTURES
from samples import axis_label, circuit, label_matrix, on, random_gates

TABLE = json.loads((FIXTURES / "variance_table.json").read_text())

# The other road: operators are vectors of Pauli coordinates, pairs of them matrices, and every operation is averaged over
# points of a quadrature that is exact for its law.


def dense_moments(c, observable, init, noise):
    """(E[l], E[l²], {parameter: (E[∂l], E[(∂l)²])})."""
    n = c.n_qubits
    operator = observable_vector(observable)
    operator = operator * [noise.readout ** sum(s >> q & 1 or s >> (q + n) & 1 for q in range(n)) for s in range(4**n)]
    state = np.array([float(s % 2**n == 0) for s in range(4**n)])
    steps = [points(c, k, init) for k in range(len(c))]
    behind = [kraus_transfer(c, k, noise) for k in range(len(c))]
    forward = [(state, np.outer(state, state))]
    for step, after in zip(steps, behind, strict=True):
        one = sum(w * t.T @ forward[-1][0] for w, t, _ in step)
        two = sum(w * t.T @ forward[-1][1] @ t for w, t, _ in step)
        forward.append((after.T @ one, after.T @ two @ after))
    single, pair, gradients = operator, np.outer(operator, operator), {}
    for k in reversed(range(len(c))):
        single, pair = behind[k] @ single, behind[k] @ pair @ behind[k].T
        if driver := trained(c, k):
            mean = sum(w * forward[k][0] @ d @ single for w, _, d in steps[k])
            square = sum(w * np.sum(forward[k][1] * (d @ pair @ d.T)) for w, _, d in steps[k])
            for parameter, coefficient in driver:
                gradients[parameter] = (math.copysign(1, coefficient) * mean, square)
        single = sum(w * t @ single for w, t, _ in steps[k])
        pair = sum(w * t @ pair @ t.T for w, t, _ in steps[k])
    return state @ single, state @ pair @ state, gradients


def trained(c, k):
    if c.code[k] != ROTATION:
        return []
    terms = c.angles.terms(int(c.angle[k]))
    return [(p, w * float(c.factor[k])) for p, w in terms if c.parameters[p].role is Role.TRAINABLE]


def points(c, k, init):
    """(weight, transfer matrix, its derivative by the angle) over which an operation averages."""
    n = c.n_qubits
    if c.code[k] != ROTATION:
        return [(1.0, clifford(CLIFFORDS[c.code[k] - 1], tuple(c.operands(k)), n), None)]
    row, factor = int(c.angle[k]), float(c.factor[k])
    angles = [(1.0, factor * float(c.angles.constant[row]))]
    for parameter, coefficient in c.angles.terms(row):
        p = c.parameters[parameter]
        law = init.law(p)
        nodes = [(1.0, p.value)] if p.role is Role.FIXED else quadrature(law, factor * coefficient)
        angles = [(v * w, a + factor * coefficient * x) for v, a in angles for w, x in nodes]
    label = axis_label(c, k)
    return [
        (w, rotation(label, a), (rotation(label, a + np.pi / 2) - rotation(label, a - np.pi / 2)) / 2)
        for w, a in angles
    ]


def quadrature(law, scale):
    """Weights and points, exact for degree 2 in cos, sin of ``scale`` times the parameter."""
    if law.is_uniform:
        return [(1 / 3, 2 * np.pi * i / 3 / scale) for i in range(3)]
    if law.shape is Shape.NORMAL:
        x, w = np.polynomial.hermite_e.hermegauss(24)
    else:
        x, w = np.polynomial.legendre.leggauss(14)
    return list(zip((w / w.sum()).tolist(), (law.mean + law.width * x).tolist(), strict=True))


def rotation(label, angle):
    """Its entries are constant + a cos + b sin of the angle: three matrices give them for all angles."""
    constant, a, b = waves(label)
    return constant + a * np.cos(angle) + b * np.sin(angle)


@cache
def waves(label):
    zero, quarter, half = (transfer(exponential(angle / 2, {label: 1.0})) for angle in (0.0, np.pi / 2, np.pi))
    constant = (zero + half) / 2
    return constant, zero - constant, quarter - constant


def transfer(*kraus):
    """T[i, j] = tr(P_i Σ K† P_j K) / 2^n."""
    n = int(np.log2(len(kraus[0])))
    images = sum(k.conj().T @ paulis(n) @ k for k in kraus)
    return np.real(np.einsum("iab,jba->ij", paulis(n), images, optimize=True)) / 2**n


@cache
def paulis(n):
    return np.array([label_matrix(string, n) for string in range(4**n)])


@cache
def clifford(name, qubits, n):
    return transfer(on(CLIFFORD_MATRICES[name], list(qubits), n))


def kraus_transfer(c, k, noise):
    """The noise behind a gate, from Kraus operators; the identity inside a gate."""
    n = c.n_qubits
    total = np.eye(4**n)
    gates = c.gate.tolist()
    if k + 1 < len(gates) and gates[k + 1] == gates[k]:
        return total
    qubits = sorted({q for j, g in enumerate(gates) if g == gates[k] for q in c.operands(j)})
    arity = int(c.gates.arity[gates[k]])
    for channel in noise.channels:
        if channel.kind == "readout" or channel.arity not in (None, min(arity, 2)):
            continue
        total = total @ channel_transfer(channel, tuple(qubits), n)
    return total


@cache
def channel_transfer(channel, qubits, n):
    if channel.kind != "depolarizing":
        parts = [transfer(*(on(m, [q], n) for m in kraus(channel))) for q in qubits]
        return np.linalg.multi_dot([np.eye(4**n), *parts, np.eye(4**n)])
    inside = [s for s in range(4**n) if all(q in qubits for q in range(n) if s >> q & 1 or s >> (q + n) & 1)]
    mixed = transfer(*(label_matrix(s, n) / math.sqrt(len(inside)) for s in inside))
    return (1 - channel.rates[0]) * np.eye(4**n) + channel.rates[0] * mixed


def kraus(channel):
    p = channel.rates[0]
    if channel.kind == "damping":
        return [np.diag([1, math.sqrt(1 - p)]), np.array([[0, math.sqrt(p)], [0, 0]])]
    rates = {"bitflip": (p, 0, 0), "phaseflip": (0, 0, p)}.get(channel.kind, channel.rates)
    x, y, z = np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])
    return [math.sqrt(max(r, 0)) * m for r, m in zip((1 - sum(rates), *rates), (np.eye(2), x, y, z), strict=True)]


def random_init(rng, c):
    def law():
        mean = float(rng.choice([0.0, rng.normal()]))
        return [
            UNIFORM,
            Law(Shape.NORMAL, float(rng.uniform(0, 1)), mean),
            Law(Shape.RANGE, float(rng.uniform(0, 2)), mean),
        ][rng.integers(3)]

    return Init(law(), tuple((p.name, law()) for p in c.parameters))


NOISES = [
    "depolarizing:0.1",
    "1q=depolarizing:0.05, 2q=depolarizing:0.2, readout:0.1",
    "bitflip:0.1, phaseflip:0.2",
    "pauli:0.1/0.2/0.05, readout:0.05",
    "damping:0.3",
    "2q=damping:0.2, depolarizing:0.1, 1q=damping:0.5",
    "depolarizing:0.1, damping:1",
]


def check(found, expected, tolerance=1e-11):
    mean, square, gradients = expected
    assert found.status is Status.EXACT, found
    assert numbers(found)[:2] == pytest.approx((mean, square), abs=tolerance)
    slopes = numbers(found)[2]
    assert set(slopes) == set(gradients)
    for parameter, pair in gradients.items():
        assert slopes[parameter] == pytest.approx(pair, abs=tolerance)


def run(c, observable, init=Init(), noise=Noise(), alive=None, **effort):  # noqa: B008  immutable
    loss = parse(observable, c.n_qubits) if isinstance(observable, str) else observable
    return sparse_moments(Problem.of(c, loss, init, noise)._replace(alive=alive), Effort(**effort))


def random_case(seed, length):
    """All Cliffords, axes of one to three letters, offsets, fixed angles, laws, noise."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    c = random_circuit(rng, n, int(rng.integers(1, length)), free=0.4, fixed=0.15)
    init = random_init(rng, c) if seed % 3 else Init()
    noise = parse_noise(str(rng.choice(NOISES))) if seed % 2 else Noise()
    return rng, c, init, noise


@pytest.mark.parametrize("seed", range(60))
def test_moments_agree_with_dense_quadrature(seed):
    """Also interfering sums and projectors."""
    rng, c, init, noise = random_case(seed, 16)
    observable = random_observable(rng, c.n_qubits)
    check(run(c, observable, init, noise), dense_moments(c, observable, init, noise))


def within(number, value):
    return number.lower - 1e-11 <= value <= number.upper + 1e-11


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


def test_what_is_dropped_stays_within_the_bounds():
    cut = 0
    for seed in range(60):
        rng, c, init, noise = random_case(seed, 24)
        observable = pauli_sum({int(rng.integers(1, 4**c.n_qubits)): 0.7}, c.n_qubits, constant=0.2)
        found = run(c, observable, init, noise, limit=int(rng.integers(3, 9)))
        mean, square, gradients = dense_moments(c, observable, init, noise)
        if found.status is Status.EXACT:
            check(found, (mean, square, gradients))
            continue
        cut += 1
        assert within(found.mean, mean)
        assert within(found.second_moment, square)
        for parameter, (slope, slope_square) in gradients.items():
            assert within(found.slopes[parameter].mean, slope)
            assert within(found.slopes[parameter].second_moment, slope_square)
    assert cut > 15


def test_dropped_pairs_without_weight_leave_a_doubt_about_derivatives():
    """All weight is on X; the derivative by b is that of the dropped Z."""
    c = circuit(1, [("rx", [0], "a"), ("ry", [0], "b")])
    found = run(c, "X0", parse_init("normal:0"), limit=1)
    assert found.status is Status.BOUNDED
    assert within(found.slopes[1].second_moment, 1.0)


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


def test_an_angle_that_cannot_move_still_has_a_slope():
    """Width zero: no branch has weight, but the derivative has."""
    found = exact(circuit(1, [("rx", [0], "a"), ("ry", [0], "b")]), "X0", parse_init("normal:0"))
    assert numbers(found) == (0.0, 0.0, {0: (0.0, 0.0), 1: (1.0, 1.0)})


def test_interference_of_fixed_rotations_with_nothing_between():
    c = circuit(1, [("rx", [0], 0.4), ("rx", [0], 0.8), ("rz", [0], "a")])
    assert exact(c, "Z0").second_moment.value == pytest.approx(math.cos(1.2) ** 2)


def test_several_parameters_of_one_rotation():
    """Each derivative is by its own parameter, in units of the angle."""
    c = circuit(1, [("ry", [0], [(2.0, "a"), (-0.5, "b"), 0.3])])
    found = exact(c, "X0", Init(UNIFORM, (("a", Law(Shape.NORMAL, 0.2)), ("b", Law(Shape.RANGE, 1.0)))))
    mean = math.exp(-(0.4**2) / 2) * math.sin(0.5) / 0.5 * math.cos(0.3)
    assert numbers(found)[2][0][0] == pytest.approx(mean)
    assert numbers(found)[2][1][0] == pytest.approx(-mean)
    assert numbers(found)[2][0][1] == numbers(found)[2][1][1]


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


def test_a_uniform_parameter_hides_data_shared_with_other_rotations():
    c = circuit(2, [("ry", [0], ["a", "x"]), ("ry", [1], ["b", "x"])], roles={"x": Role.DATA})
    found = exact(c, "Z0 Z1")
    assert numbers(found) == (0.0, 0.25, {0: (0.0, 0.25), 2: (0.0, 0.25)})
    small = run(c, "Z0 Z1", parse_init("normal:0.1"))
    assert small == Declined("x drives several rotations")


def test_rotations_that_do_not_matter_may_be_tied():
    c = circuit(2, [("ry", [0], "a"), ("ry", [1], (3.0, "a"))])
    alive = [True, False]
    found = run(c, "Z0", Init(), alive=alive)
    assert found.status is Status.EXACT
    assert numbers(found)[2][0][1] == pytest.approx(0.5)  # in the angle a: 3a moves nothing that is seen
    damped = run(c, "Z0", Init(), parse_noise("damping:0.1"), alive=alive)
    assert isinstance(damped, Declined)


def test_budgets():
    c = rotations(3, [(word, (q, (q + 1) % 3)) for _ in range(6) for word in ("XY", "YZ") for q in range(3)])
    assert run(c, "Z0", limit=5).status is Status.BOUNDED
    with pytest.raises(BudgetError, match="stopped by the clock"):
        run(c, "Z0", Init(), clock=Clock(-1.0))
    many = run(c, "Z0 + X0 + Y0", parse_init("normal:1"), limit=5)
    assert many == Declined("the loss has too many terms to pair")


def exact(c, observable, init=Init(), noise=Noise()):  # noqa: B008  immutable
    found = run(c, observable, init, noise)
    assert found.status is Status.EXACT
    return found

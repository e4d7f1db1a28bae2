"""Exact moments against dense quadrature over every law and noise."""

import math
from functools import cache

import numpy as np
import pytest

from answers import numbers
from bplint.analyses.gradients.answer import Declined
from bplint.bounds import Status
from bplint.ir.circuit import ROTATION, Role
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.law import UNIFORM, Init, Law, Shape, parse_init
from bplint.ir.noise import Noise, parse_noise
from bplint.ir.observable import pauli_sum
from dense import observable_vector, random_circuit, random_observable
from density import kraus
from exact_moments import exact, run
from matrices import CLIFFORD_MATRICES, exponential
from samples import axis_label, circuit, label_matrix, on


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

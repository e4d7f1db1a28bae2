"""Dead parameters against numerical gradients."""

from itertools import product

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.gradient import gradient
from bplint.analyses.light_cone.alive import passage, reach, reach_under, visible
from bplint.analyses.views import framed
from bplint.ir.noise import Noise, parse_noise
from bplint.ir.observable import parse
from bplint.ir.pauli import to_label
from cases import case
from dense import random_observable
from density import noisy_slopes
from samples import circuit, label_matrix, random_gates, unitary_of


def dead_and_live(c, observable):
    found = Ask(case(c, observable))(reach)
    names = [p.name for p in c.parameters]
    return {names[p] for p in found.dead}, {names[p] for p in found.live}


def shows(c, observable, **limits):
    ask = Ask(case(c, observable))
    return visible(ask(passage), ask(framed), ask.case.context.observable, ask(reach).alive, **limits)


def gradients(c, observable, rng):
    """The largest |∂l| of each parameter over a few random points, by the exact two-point rule for Pauli rotations."""
    n = c.n_qubits
    o = parse(observable, n)
    matrix = sum(w * label_matrix(s, n) for s, w in o.terms)

    def loss(values):
        state = unitary_of(c, values)[:, 0]
        return (state.conj() @ matrix @ state).real

    largest = dict.fromkeys((p.name for p in c.parameters), 0.0)
    for _ in range(4):
        point = {name: rng.uniform(0, 2 * np.pi) for name in largest}
        for name in largest:
            up, down = ({**point, name: point[name] + d} for d in (np.pi / 2, -np.pi / 2))
            largest[name] = max(largest[name], abs(loss(up) - loss(down)) / 2)
    return largest


@pytest.mark.parametrize("seed", range(60))
def test_dead_parameters_have_no_gradient(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    c = circuit(n, random_gates(rng, n, 16))
    observable = " + ".join(to_label(int(rng.integers(1, 4**n)), n) for _ in range(int(rng.integers(1, 3))))
    if not parse(observable, n).terms:
        return
    dead, live = dead_and_live(c, observable)
    largest = gradients(c, observable, rng)
    for name in dead:
        assert largest[name] < 1e-10, name
    assert dead | live == set(largest)


@pytest.mark.parametrize("seed", range(40))
def test_from_a_generic_state_whatever_is_met_has_a_gradient(seed):
    """Backwards the test is complete as well; only the special state |0…0> can make a met rotation idle."""
    rng = np.random.default_rng(1000 + seed)
    generic = [("u", [q], *rng.uniform(0.3, 1.2, 3).tolist()) for q in range(3)]
    generic += [("rxx", [a, b], float(rng.uniform(0.3, 1.2))) for a, b in ((0, 1), (1, 2))]
    generic += [("u", [q], *rng.uniform(0.3, 1.2, 3).tolist()) for q in range(3)]
    c = circuit(3, generic + random_gates(rng, 3, 16))
    dead, live = dead_and_live(c, "ZIX")
    largest = gradients(c, "ZIX", rng)
    assert {name for name, size in largest.items() if size > 1e-9} == live
    assert dead == set(largest) - live


def test_the_last_rz_layer_is_dead_for_z():
    c = circuit(2, [("ry", [0], "a"), ("ry", [1], "b"), ("cx", [0, 1]), ("rz", [0], "c"), ("rz", [1], "d")])
    dead, live = dead_and_live(c, "Z1")
    assert dead == {"c", "d"}
    assert live == {"a", "b"}


def test_a_parity_is_local_where_it_is_met():
    """Z0 Z1 behind CX is Z1 before it: the rotation on qubit 0 is dead."""
    c = circuit(2, [("ry", [0], "a"), ("ry", [1], "b"), ("cx", [0, 1])])
    assert dead_and_live(c, "Z0 Z1") == ({"a"}, {"b"})


def test_rz_on_the_start_state_is_dead_for_any_loss():
    c = circuit(2, [("x", [0]), ("rzz", [0, 1], "a"), ("ry", [0], "b"), ("rx", [0], "c")])
    assert dead_and_live(c, "X0 X1 + Y0 + Z0") == ({"a"}, {"b", "c"})


def test_a_tied_parameter_lives_if_one_of_its_rotations_does():
    c = circuit(2, [("rx", [0], "a"), ("rx", [1], "a"), ("rx", [1], "b")])
    assert dead_and_live(c, "Z0") == ({"b"}, {"a"})


def test_a_projector_meets_every_qubit_it_names():
    c = circuit(3, [("ry", [0], "a"), ("ry", [1], "b"), ("ry", [2], "c")])
    assert dead_and_live(c, "projector(0..1)") == ({"c"}, {"a", "b"})


def test_a_fixed_rotation_carries_the_loss_on():
    """Z0 meets only the fixed RXX; through it the RY on qubit 1 is met."""
    c = circuit(2, [("rx", [0], "b"), ("ry", [1], "a"), ("rxx", [0, 1], 0.3)])
    assert dead_and_live(c, "Z0") == (set(), {"a", "b"})


@pytest.mark.parametrize("seed", range(60))
def test_what_is_not_visible_has_no_gradient(seed):
    rng = np.random.default_rng(2000 + seed)
    c = circuit(3, random_gates(rng, 3, 10))
    label = to_label(int(rng.integers(1, 64)), 3)
    if shows(c, label):
        return
    assert max(gradients(c, label, rng).values(), default=0.0) < 1e-10


def test_half_a_bell_pair_shows_nothing_of_x():
    c = circuit(2, [("ry", [0], "a"), ("cx", [0, 1])])
    assert not shows(c, "X0")
    assert shows(c, "Z0")
    assert shows(c, "X0", limit=1)  # the limit is reached: it cannot tell


def test_a_projector_is_followed_as_all_its_strings():
    c = circuit(2, [("x", [0]), ("rzz", [0, 1], "a"), ("rx", [1], "b")])
    assert shows(c, "projector(0..1)")
    assert not shows(circuit(2, [("h", [0]), ("cx", [0, 1]), ("rz", [1], "a")]), "projector(0)")


def test_what_random_ways_back_hardly_ever_show_is_listed():
    """Of the strings that X on 13 qubits can become, one in 2^13 has only Z; it shows in the list."""
    c = circuit(13, [("ry", [q], f"t{q}") for q in range(13)])
    assert shows(c, "X" * 13, limit=1 << 13)
    assert not shows(circuit(13, [("rx", [q], f"t{q}") for q in range(13)]), "X" + "Y" * 12, limit=1 << 13)


NOISES = ("damping:0.3", "2q=damping:0.2, depolarizing:0.1", "1q=damping:1", "depolarizing:0.1", "pauli:0.1/0.2/0.05")


def noisy(c, observable, noise):
    k = case(c, "Z0")
    loss = parse(observable, c.n_qubits) if isinstance(observable, str) else observable
    return Ask(k._replace(context=k.context._replace(observable=loss, noise=parse_noise(noise))))


@pytest.mark.parametrize("noise", NOISES)
def test_dead_parameters_have_no_gradient_under_noise(noise):
    dead = 0
    for seed in range(16):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(1, 4))
        c = circuit(n, random_gates(rng, n, int(rng.integers(3, 12))))
        observable = random_observable(rng, n)
        if not c.parameters or not (observable.terms or observable.projector):
            continue
        ask = noisy(c, observable, noise)
        slopes = noisy_slopes(c, observable, parse_noise(noise), {p.name: rng.uniform(-3, 3) for p in c.parameters})
        for p in ask(reach).dead:
            assert abs(slopes[c.parameters[p].name]) < 1e-8
            dead += 1
    assert dead


FORWARD = (1, [("h", [0]), ("rx", [0], "a")], "Z0", "damping:0.1")
BACKWARD = (2, [("ry", [0], "b"), ("rxx", [0, 1], "a"), ("x", [0]), ("x", [1])], "Z0 Z1", "damping:0.1")
BESIDE = (
    2,
    [
        ("rz", [0], "t0"),
        ("h", [0]),
        ("swap", [1, 0]),
        ("s", [0]),
        ("rx", [1], "t1"),
        ("x", [0]),
        ("rx", [0], "t2"),
        ("rz", [0], "t3"),
        ("x", [1]),
    ],
    "-0.7*Z0 Z1 + Y0",
    "damping:0.05",
)
PAIR = (2, [("h", [0]), ("cx", [0, 1]), ("rxx", [0, 1], "a")], "Z0", "2q=damping:0.2")
IDLE = (2, [("x", [1]), ("rz", [1], "a"), ("h", [1])], "Z1", "damping:0.3")
LAST = (1, [("ry", [0], "b"), ("rz", [0], "a"), ("x", [0])], "Z0", "damping:0.4")


@pytest.mark.parametrize(
    ("given", "parameter", "square"),
    [
        (FORWARD, "a", 4.05e-3),
        (BACKWARD, "a", 5.26e-5),
        (BESIDE, "t1", 6.4e-4),
        (PAIR, "a", None),
        (IDLE, "a", 0.0),
        (LAST, "a", 0.0),
    ],
)
def test_damping_moves_what_would_stand_still(given, parameter, square):
    """The truth by density matrices at three angles a parameter, which average squares of first harmonics exactly."""
    n, gates, observable, noise = given
    c = circuit(n, gates)
    names = [p.name for p in c.parameters]
    points = product(np.arange(3) * 2 * np.pi / 3 + 0.3, repeat=len(names))
    slopes = [
        noisy_slopes(c, parse(observable, n), parse_noise(noise), dict(zip(names, point, strict=True)))[parameter]
        for point in points
    ]
    truth = np.mean(np.square(slopes))
    ask = noisy(c, observable, noise)
    found = ask(gradient)
    (seen,) = (c for c, name in zip(found.components, found.names, strict=True) if name == parameter)
    assert seen.second_moment == pytest.approx(truth, abs=1e-9)
    assert seen.dead == (truth < 1e-12)
    if square is not None:
        assert truth == pytest.approx(square, rel=0.01, abs=1e-12)


def test_another_noise_than_the_declared_one_has_a_reach_of_its_own():
    n, gates, observable, noise = FORWARD
    c = circuit(n, gates)
    assert reach_under(Ask(case(c, observable)), parse_noise(noise)).live == (0,)
    assert reach_under(noisy(c, observable, noise), Noise()).dead == (0,)
    assert reach_under(noisy(c, observable, "depolarizing:0.1"), Noise()).dead == (0,)

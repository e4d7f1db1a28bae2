"""The chain under laws and noise against dense averages: means exactly, second moments within bounds."""

from dataclasses import replace

import numpy as np
import pytest

from averages import averages
from bplint.analyses.ask import Ask
from bplint.analyses.gradients.paths.angle_laws import centred
from bplint.analyses.gradients.paths.chain import Chain, chain
from bplint.analyses.gradients.paths.obstacle import Obstacle
from bplint.analyses.gradients.paths.staged_plan import _bounds, estimate
from bplint.analyses.light_cone.alive import reach
from bplint.ir.context import Case, Context
from bplint.ir.frame import frame
from bplint.ir.law import Init, parse_init
from bplint.ir.noise import Noise, parse_noise
from bplint.ir.observable import parse
from bplint.ir.trainable import select
from dense import random_circuit, random_observable, rotations
from samples import circuit

INITS = ["normal:0.02", "normal:0.3", "normal:1", "range:0.5", "range:2@pi/2", "normal:0.4@pi, t1=uniform", "uniform"]
NOISES = ["", "", "depolarizing:0.05", "1q=bitflip:0.1, 2q=depolarizing:0.1", "pauli:0.02/0.05/0.01, readout:0.1"]


def set_up(c, observable, init, noise):
    inner = centred(c, init)
    case = Case("test", "test", inner, Context(observable, "option", select(c, "none")[1]))
    return chain(inner, frame(inner), observable, Ask(case)(reach).alive, init, noise)


def with_quarter_offsets(c, rng):
    constant = c.angles.constant.copy()
    moving = np.diff(c.angles.start) > 0
    constant[moving] = rng.integers(0, 4, moving.sum()) * np.pi / 2
    return replace(c, angles=replace(c.angles, constant=constant))


@pytest.mark.parametrize("init", INITS)
@pytest.mark.parametrize("noise", NOISES[1:])
def test_moments_are_those_of_dense_averages(init, noise):
    law, channels = parse_init(init), parse_noise(noise) if noise else Noise()
    compared = 0
    for seed in range(14):
        rng = np.random.default_rng([seed, INITS.index(init), NOISES.index(noise)])
        n = int(rng.integers(1, 3))
        c = with_quarter_offsets(random_circuit(rng, n, int(rng.integers(3, 12)), free=0.55, fixed=0.02), rng)
        observable = random_observable(rng, n)
        found = set_up(c, observable, law, channels)
        if isinstance(found, Obstacle):
            continue
        mean, second, slopes, squares = averages(c, observable, law, channels)
        assert found.mean == pytest.approx(mean, abs=1e-9)
        if found.constant:
            assert second == pytest.approx(mean**2, abs=1e-9)
            continue
        measured = estimate(found, threshold=0.3, seed=seed, work=1 << 20)
        if measured.slopes is not None:
            np.testing.assert_allclose(measured.slopes, slopes, atol=1e-9)
        trained = found.trained
        enclosed(measured.verdict.loss, [0], [second - mean**2])
        enclosed(measured.verdict.gradients, trained, squares)
        assert squares[trained].max(initial=0) <= measured.verdict.bound_max + 1e-9
        assert measured.verdict.lower_max <= squares[trained].max(initial=0) + 1e-9
        compared += 1
    assert compared >= 2


def enclosed(parts, chosen, truth):
    low, high = (_bounds(parts, 1e-7, upper=upper) for upper in (False, True))
    for k in chosen:
        assert low[k] - 1e-9 <= truth[k] <= high[k] + 1e-9


def test_a_start_near_zero_has_a_gradient_and_hardly_any_variance():
    """RY on |0>, O = X, N(0, 0.1²): second moment E[cos²] = 0.990, variance 5e-5."""
    found = set_up(circuit(1, [("ry", [0], "a")]), parse("X0", 1), parse_init("normal:0.1"), Noise())
    measured = estimate(found, threshold=1e-4, seed=0)
    (slope,) = measured.slopes
    exact = (1 + np.exp(-0.02)) / 2
    assert measured.gradients[0] == pytest.approx(exact, rel=0.01)
    assert exact - slope**2 == pytest.approx(5e-5, rel=0.02)
    assert measured.verdict.lower_max > 0.9


@pytest.mark.parametrize("width", [1e-3, 1e-6, 0.0])
def test_ever_narrower_starts_do_not_blow_up(width):
    """The chance of a flip is 10^-6 and less; paths that differentiate see the gradient all the same."""
    found = set_up(circuit(1, [("ry", [0], "a")]), parse("X0", 1), parse_init(f"range:{width}"), Noise())
    measured = estimate(found, threshold=1e-4, seed=0)
    assert measured.gradients[0] == pytest.approx(1, abs=1e-3)
    assert measured.verdict.lower_max > 0.99


def test_pairs_of_terms_count_under_a_law_that_does_not_tell_them_apart():
    """Product of RY, mean(Z), all near zero: E[l²] is near 1 and not near 1/n, and the variance is a sum of n."""
    n, law = 5, parse_init("normal:0.2")
    c = rotations(n, [("Y", [q]) for q in range(n)])
    found = set_up(c, parse("mean(Z)", n), law, Noise())
    once, twice = np.exp(-0.02), np.exp(-0.08)
    assert found.mean == pytest.approx(once)
    measured = estimate(found, threshold=0, seed=0, work=1 << 26)
    low, high = measured.variance_interval
    assert low <= ((1 + twice) / 2 - once**2) / n <= high
    assert high < 1e-3


def test_terms_of_opposite_sign_subtract():
    """exp(-iθXX/2), Z0 - Z1 + 0.5: constant in the exact chain whatever the law; with one more axis it moves."""
    law = parse_init("normal:0.4")
    still = set_up(circuit(2, [("rxx", [0, 1], "a")]), parse("Z0 - Z1 + 0.5", 2), law, Noise())
    assert (still.constant, still.mean) == (True, 0.5)
    moving = set_up(circuit(2, [("rxx", [0, 1], "a"), ("rx", [0], "b")]), parse("Z0 - Z1", 2), law, Noise())
    assert not moving.starts.minus.constant
    _, second, _, _ = averages(moving.circuit, parse("Z0 - Z1", 2), law, None)
    measured = estimate(moving, threshold=0, seed=0, work=1 << 24)
    low, high = measured.variance_interval
    assert low <= second - moving.mean**2 <= high


def test_an_offset_that_is_no_clifford_stands_in_the_way_unless_the_law_is_uniform():
    c = circuit(1, [("ry", [0], ["a", 0.3]), ("rx", [0], "b"), ("ry", [0], ["c", 0.5])])
    assert isinstance(set_up(c, parse("Z0", 1), Init(), Noise()), Chain)
    assert isinstance(set_up(c, parse("Z0", 1), parse_init("normal:0.1"), Noise()), Obstacle)


def test_a_shared_normal_parameter_is_not_hidden_by_another_normal_one():
    c = circuit(1, [("rx", [0], ["a", "c"]), ("ry", [0], ["b", "c"])])
    assert isinstance(set_up(c, parse("Z0", 1), Init(), Noise()), Chain)
    assert isinstance(set_up(c, parse("Z0", 1), parse_init("normal:0.1"), Noise()), Obstacle)
    assert isinstance(set_up(c, parse("Z0", 1), parse_init("normal:0.1, a=uniform, b=uniform"), Noise()), Chain)


def test_amplitude_damping_and_many_terms_that_meet_are_refused():
    c = circuit(1, [("ry", [0], "a")])
    assert "feeds the identity" in set_up(c, parse("Z0", 1), Init(), parse_noise("damping:0.1"))
    n = 12
    wide = rotations(n, [("X", [q]) for q in range(n)])
    assert "projector" in set_up(wide, parse("projector(0..n-1)", n), parse_init("normal:0.1"), Noise())
    assert isinstance(set_up(wide, parse("projector(0..n-1)", n), Init(), parse_noise("depolarizing:0.1")), Chain)


@pytest.mark.parametrize("readout", ["", ", readout:0.1"])
def test_a_noisy_projector_as_a_whole(readout):
    """RX on each of m qubits, then depolarizing noise: every factor of the second moment is 1 + f²/2 over 4."""
    m = 4
    c = rotations(m, [("X", [q]) for q in range(m)])
    found = set_up(c, parse("projector(0..n-1)", m), Init(), parse_noise(f"depolarizing:0.2{readout}"))
    measured = estimate(found, threshold=0, seed=1, work=1 << 22)
    f2 = (0.8 * (0.8 if readout else 1)) ** 2
    low, high = measured.variance_interval
    assert found.mean == 2.0**-m
    assert low <= ((1 + f2 / 2) ** m - 1) / 4**m <= high


def test_noise_acts_once_a_gate():
    """U is three rotations and one gate: E[<Z>²] of |0> is ½ of the factor squared, not of its sixth power."""
    found = set_up(circuit(1, [("u", [0], "a", "b", "c")]), parse("Z0", 1), Init(), parse_noise("depolarizing:0.2"))
    measured = estimate(found, threshold=0, seed=1, work=1 << 22)
    low, high = measured.variance_interval
    assert low <= 0.64 / 2 <= high


def test_noise_comes_behind_all_operations_of_its_gate_and_before_the_next():
    """Noise of two qubits between operations on one of them: the moments of the circuit alone leave it no place."""
    noise = parse_noise("2q=pauli:0.05/0.02/0.01, 1q=phaseflip:0.05")
    gates = [("ry", [0], "a"), ("rx", [1], "b"), ("cx", [0, 1]), ("rx", [1], "c"), ("iswap", [1, 2]), ("ry", [2], "d")]
    c = circuit(3, gates)
    found = set_up(c, parse("Z2", 3), Init(), noise)
    mean, second, _, squares = averages(c, parse("Z2", 3), Init(), noise)
    measured = estimate(found, threshold=0, seed=1, work=1 << 24)
    enclosed(measured.verdict.loss, [0], [second - mean**2])
    enclosed(measured.verdict.gradients, range(4), squares)
    assert squares.max() > 0.01

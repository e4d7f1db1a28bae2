"""The chain under laws and noise against dense averages: means exactly, second moments within bounds."""

import numpy as np
import pytest

from averages import averages
from bplint.analyses.ask import Ask
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.paths.angle_laws import centred
from bplint.analyses.gradients.paths.chain import Chain, chain
from bplint.analyses.gradients.paths.means import derivative_means
from bplint.analyses.gradients.paths.obstacle import Obstacle
from bplint.analyses.gradients.paths.path_moments import path_moments, plan
from bplint.analyses.gradients.paths.staged_plan import staged
from bplint.analyses.gradients.paths.tally import bounds_on
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.light_cone.alive import reach
from bplint.ir.context import Case, Context
from bplint.ir.law import Init, parse_init
from bplint.ir.noise import Noise, parse_noise
from bplint.ir.observable import parse
from bplint.ir.trainable import select
from dense import random_circuit, random_observable, rotations
from samples import circuit, with_angles

INITS = ["normal:0.02", "normal:0.3", "normal:1", "range:0.5", "range:2@pi/2", "normal:0.4@pi, t1=uniform", "uniform"]
NOISES = ["", "", "depolarizing:0.05", "1q=bitflip:0.1, 2q=depolarizing:0.1", "pauli:0.02/0.05/0.01, readout:0.1"]


def set_up(c, observable, init, noise):
    inner = centred(c, init)
    case = Case("test", "test", inner, Context(observable, "option", select(c, "none")[1]))
    return chain(Problem.of(inner, observable, init, noise)._replace(alive=Ask(case)(reach).alive))


def counted(found, effort):
    return staged(plan(found, found.schedule(), effort), effort, found.trained)


def with_quarter_offsets(c, rng):
    constant = c.angles.constant.copy()
    moving = np.diff(c.angles.start) > 0
    constant[moving] = rng.integers(0, 4, moving.sum()) * np.pi / 2
    return with_angles(c, constant=constant.tolist())


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
        measured = counted(found, Effort(threshold=0.3, seed=seed, work=1 << 23))
        means = derivative_means(found.problem.frame, found.schedule(), found.starts.terms, found.laws)
        if means is not None:
            np.testing.assert_allclose(means, slopes, atol=1e-9)
        trained = found.trained
        enclosed(measured.loss, [0], [second - mean**2])
        enclosed(measured.gradients, trained, squares)
        lower, upper = measured.largest
        assert lower - 1e-9 <= squares[trained].max(initial=0) <= upper + 1e-9
        compared += 1
    assert compared >= 2


def enclosed(parts, chosen, truth):
    low, high = (bounds_on(parts, 1e-7, upper=upper) for upper in (False, True))
    for k in chosen:
        assert low[k] - 1e-9 <= truth[k] <= high[k] + 1e-9


def test_a_start_near_zero_has_a_gradient_and_hardly_any_variance():
    """RY on |0>, O = X, N(0, 0.1²): second moment E[cos²] = 0.990, variance 5e-5."""
    found = set_up(circuit(1, [("ry", [0], "a")]), parse("X0", 1), parse_init("normal:0.1"), Noise())
    measured = path_moments(found, Effort(threshold=1e-4))
    slope = measured.slopes[0].mean.value
    exact = (1 + np.exp(-0.02)) / 2
    assert measured.slopes[0].second_moment.value == pytest.approx(exact, rel=0.01)
    assert exact - slope**2 == pytest.approx(5e-5, rel=0.02)
    assert measured.largest[0] > 0.9


@pytest.mark.parametrize("width", [1e-3, 1e-6, 0.0])
def test_ever_narrower_starts_do_not_blow_up(width):
    """The chance of a flip is 10^-6 and less; paths that differentiate see the gradient all the same."""
    found = set_up(circuit(1, [("ry", [0], "a")]), parse("X0", 1), parse_init(f"range:{width}"), Noise())
    measured = path_moments(found, Effort(threshold=1e-4))
    assert measured.slopes[0].second_moment.value == pytest.approx(1, abs=1e-3)
    assert measured.largest[0] > 0.99


def test_pairs_of_terms_count_under_a_law_that_does_not_tell_them_apart():
    """Product of RY, mean(Z), all near zero: E[l²] is near 1 and not near 1/n, and the variance is a sum of n."""
    n, law = 5, parse_init("normal:0.2")
    c = rotations(n, [("Y", [q]) for q in range(n)])
    found = set_up(c, parse("mean(Z)", n), law, Noise())
    once, twice = np.exp(-0.02), np.exp(-0.08)
    assert found.mean == pytest.approx(once)
    measured = path_moments(found, Effort(work=1 << 29))
    _, low, high = measured.variance
    assert low <= ((1 + twice) / 2 - once**2) / n <= high
    assert high < 1e-3


def test_terms_of_opposite_sign_subtract():
    """exp(-iθXX/2), Z0 - Z1 + 0.5: constant in the exact chain whatever the law; with one more axis it moves."""
    law = parse_init("normal:0.4")
    still = set_up(circuit(2, [("rxx", [0, 1], "a")]), parse("Z0 - Z1 + 0.5", 2), law, Noise())
    assert (still.constant, still.mean) == (True, 0.5)
    moving = set_up(circuit(2, [("rxx", [0, 1], "a"), ("rx", [0], "b")]), parse("Z0 - Z1", 2), law, Noise())
    assert not moving.starts.minus.constant
    _, second, _, _ = averages(moving.problem.circuit, parse("Z0 - Z1", 2), law, None)
    measured = path_moments(moving, Effort(work=1 << 27))
    _, low, high = measured.variance
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
    measured = path_moments(found, Effort(seed=1, work=1 << 25))
    f2 = (0.8 * (0.8 if readout else 1)) ** 2
    _, low, high = measured.variance
    assert found.mean == 2.0**-m
    assert low <= ((1 + f2 / 2) ** m - 1) / 4**m <= high


def test_noise_acts_once_a_gate():
    """U is three rotations and one gate: E[<Z>²] of |0> is ½ of the factor squared, not of its sixth power."""
    found = set_up(circuit(1, [("u", [0], "a", "b", "c")]), parse("Z0", 1), Init(), parse_noise("depolarizing:0.2"))
    measured = path_moments(found, Effort(seed=1, work=1 << 25))
    _, low, high = measured.variance
    assert low <= 0.64 / 2 <= high


def test_noise_comes_behind_all_operations_of_its_gate_and_before_the_next():
    """Noise of two qubits between operations on one of them: the moments of the circuit alone leave it no place."""
    noise = parse_noise("2q=pauli:0.05/0.02/0.01, 1q=phaseflip:0.05")
    gates = [("ry", [0], "a"), ("rx", [1], "b"), ("cx", [0, 1]), ("rx", [1], "c"), ("iswap", [1, 2]), ("ry", [2], "d")]
    c = circuit(3, gates)
    found = set_up(c, parse("Z2", 3), Init(), noise)
    mean, second, _, squares = averages(c, parse("Z2", 3), Init(), noise)
    measured = counted(found, Effort(seed=1, work=1 << 27))
    enclosed(measured.loss, [0], [second - mean**2])
    enclosed(measured.gradients, range(4), squares)
    assert squares.max() > 0.01

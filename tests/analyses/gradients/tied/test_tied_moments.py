"""Exact and sampled moments of tied circuits, against grids of dense states, the operator module and published values."""

import json

import numpy as np
import pytest

import evaluating
from bplint.analyses.ask import BudgetError, Clock
from bplint.analyses.gradients.answer import Answer, Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.operator_module.moments import module_moments
from bplint.analyses.gradients.problem import Problem, scales
from bplint.analyses.gradients.tied import tied_moments
from bplint.analyses.gradients.tied.tied_moments import Tied, made_ready
from bplint.bounds import Status
from bplint.ir.law import UNIFORM, Init, parse_init
from bplint.ir.noise import parse_noise
from bplint.ir.observable import parse
from evaluating import published, random_circuit
from grid import grid_moments, grid_size, random_law, random_loss, random_tied
from paths import FIXTURES
from pauli_grid import TooMany, grid_truth
from samples import circuit

EXACT = json.loads((FIXTURES / "tied" / "table.json").read_text())["exact"]


def qaoa(n, edges, layers):
    gates = [("h", [q]) for q in range(n)]
    for layer in range(layers):
        gates += [("rzz", list(edge), f"g{layer}") for edge in edges] + [("rx", [q], f"b{layer}") for q in range(n)]
    return circuit(n, gates)


def exact(problem):
    ready = made_ready(problem)
    return ready.exact(Effort()) if isinstance(ready, Tied) else ready


def numbers(answer):
    slopes = {p: (s.mean.value, s.second_moment.value) for p, s in answer.slopes.items()}
    return answer.mean.value, answer.second_moment.value, slopes


def small_case(rng):
    """A random circuit with its laws, drawn again until the grid is small."""
    while True:
        n = int(rng.integers(2, 4))
        c = circuit(n, random_tied(rng, n, int(rng.integers(2, 6)), int(rng.integers(1, 4))))
        law = {p.name: random_law(rng) for p in c.parameters}
        if c.parameters and grid_size(c, law) <= 2_000:
            return c, law


@pytest.mark.parametrize("seed", range(120))
def test_grids_agree_with_dense_states_under_any_law(seed):
    rng = np.random.default_rng(seed)
    c, law = small_case(rng)
    loss = random_loss(rng, c.n_qubits)
    mean, second, slopes = numbers(exact(Problem.of(c, loss, Init(UNIFORM, tuple(law.items())))))
    expected = grid_moments(c, loss, law)
    assert (mean, second) == pytest.approx(expected[:2], abs=1e-10)
    for parameter, pair in expected[2].items():
        assert slopes[parameter] == pytest.approx(pair, abs=1e-10)


@pytest.mark.parametrize("seed", range(40))
def test_engines_that_apply_agree(seed):
    """Also where one parameter turns two scales without a common period, as two independent angles."""
    rng = np.random.default_rng(500 + seed)
    n = int(rng.integers(2, 5))
    c = circuit(n, random_tied(rng, n, 4, 2, scales=(1.0, 2**0.5)))
    problem = Problem.of(c, random_loss(rng, n))
    ready = made_ready(problem)
    other = module_moments(problem, Effort())
    if isinstance(ready, Declined) or isinstance(other, Declined):
        pytest.skip("one of them is too large")
    found = ready.exact(Effort()) if isinstance(ready, Tied) else ready
    if isinstance(found, Declined):
        found = ready.sampled(Effort(threshold=1e9))
        for slope, truth in zip(found.slopes.values(), other.slopes.values(), strict=True):
            low, high = slope.mean.lower, slope.mean.upper
            assert low - 1e-9 <= truth.mean.value <= high + 1e-9
        return
    assert numbers(found)[:2] == pytest.approx(numbers(other)[:2], abs=1e-9)
    for parameter, pair in numbers(other)[2].items():
        assert numbers(found)[2][parameter] == pytest.approx(pair, abs=1e-9)


@pytest.mark.parametrize("name", ["qaoa3r_n8_p1", "qaoa3r_n10_p2", "qaoaring_n12_p2", "qaoaring_n100_p2"])
def test_published_exact_moments(name):
    c, loss = published(name)
    found = exact(Problem.of(c, loss))
    assert (found.method, found.status) == ("quadrature", Status.EXACT)
    assert found.mean.value == pytest.approx(EXACT[name]["mean"], abs=1e-9)
    assert found.second_moment.value == pytest.approx(EXACT[name]["second"], rel=1e-9)
    squares = [slope.second_moment.value for slope in found.slopes.values()]
    assert squares == pytest.approx(EXACT[name]["grad_second"], rel=1e-9)


@pytest.mark.parametrize("layers", [1, 2])
def test_triangles(layers):
    row = EXACT[f"K3_p{layers}"]
    found = exact(Problem.of(qaoa(3, [(0, 1), (1, 2), (0, 2)], layers), parse("Z0 Z1", 3)))
    assert found.mean.value == pytest.approx(row["mean"], abs=1e-12)
    assert found.second_moment.value == pytest.approx(row["second"], abs=1e-12)


def test_thirty_qubits_of_one_layer():
    c, loss = published("qaoa3r_n30_p1")
    assert exact(Problem.of(c, loss)).largest == pytest.approx((316.828125, 316.828125), rel=1e-12)


@pytest.mark.parametrize("name", ["uccsd_h4", "xxz_n8_d4", "qaoacomplete_n8_p2", "tfim_n8_d8"])
def test_samples_decide_and_hold_published_values(name):
    c, loss = published(name)
    ready = made_ready(Problem.of(c, loss))
    found = ready.sampled(Effort(threshold=loss.scale / 10_000))
    assert found.reason == ""
    assert found.largest[0] > loss.scale / 10_000
    if "grad_second" in EXACT.get(name, {}):
        truth = np.array(EXACT[name]["grad_second"]) / np.array(list(ready.drive.scales.values())) ** 2
        inside = [
            s.second_moment.lower <= t <= s.second_moment.upper
            for s, t in zip(found.slopes.values(), truth, strict=True)
        ]
        assert np.mean(inside) > 0.8
        assert found.largest[0] < max(truth) < found.largest[1]


def test_more_samples_are_drawn_until_the_threshold_is_decided_or_the_work_is_done():
    c, loss = published("uccsd_h2")
    ready = made_ready(Problem.of(c, loss))
    surely = ready.sampled(Effort(threshold=0.1)).largest[0]
    near, nearer, close = (ready.sampled(Effort(threshold=surely * factor)) for factor in (1.2, 1.8, 2.5))
    assert 256 <= near.samples < nearer.samples
    assert near.reason == nearer.reason == ""
    assert nearer.largest[0] > surely * 1.8
    assert close.reason == "the plan ended after 1,024 samples"  # as many as are allowed would not tell
    work = ready.evaluator.work
    short = ready.sampled(Effort(threshold=surely * 2.5, work=ready.spent + 100 * work))
    assert short.samples == 64
    assert short.reason == "the plan ended after 64 samples"
    assert isinstance(ready.sampled(Effort(threshold=1.0, work=20 * work)), Declined)


def test_equal_seeds_give_equal_answers():
    c, loss = published("uccsd_h4")
    ready = made_ready(Problem.of(c, loss))
    one, same, other = (ready.sampled(Effort(threshold=0.1, seed=seed)) for seed in (1, 1, 2))
    assert one == same
    assert one.mean != other.mean


def test_the_clock_ends_what_is_late():
    c, loss = published("uccsd_h4")
    ready = made_ready(Problem.of(c, loss))
    with pytest.raises(BudgetError, match="stopped by the clock"):
        ready.sampled(Effort(threshold=40.0, clock=Clock(-1.0)))
    c, loss = published("qaoa3r_n8_p1")
    ready = made_ready(Problem.of(c, loss))
    with pytest.raises(BudgetError, match="stopped by the clock"):
        ready.exact(Effort(clock=Clock(-1.0)))


CHANNELS = (
    "depolarizing:0.1",
    "1q=depolarizing:0.02, 2q=depolarizing:0.2",
    "bitflip:0.1",
    "pauli:0.02/0.05/0.1, readout:0.03",
    "damping:0.2",
    "2q=damping:0.3, depolarizing:0.05",
    "damping:1",
    "phaseflip:0.5",
)
LAWS = ("uniform", "range:0.7", "normal:0.4")


@pytest.mark.parametrize("seed", range(48))
def test_under_noise_a_grid_is_exact(seed, monkeypatch):
    monkeypatch.setattr(evaluating, "SCALES", (1.0, -0.5, 2.0, 1.5))
    rng = np.random.default_rng(seed)
    c = random_circuit(rng, 3)
    loss, noise, law = random_loss(rng, c.n_qubits), parse_noise(CHANNELS[seed % 8]), parse_init(LAWS[seed % 3])
    problem = Problem.of(c, loss, law, noise)
    try:
        truth = grid_truth(c, loss, law, noise)
    except TooMany:
        pytest.skip("the grid of the test is too large")
    ready = made_ready(problem)
    found = ready.exact(Effort()) if isinstance(ready, Tied) else ready
    assert found.mean.value == pytest.approx(truth.mean, abs=1e-9)
    assert found.variance.value == pytest.approx(truth.variance, abs=1e-9)
    for parameter, scale in scales(problem).items():
        mean, square = truth.slopes[c.parameters[parameter].name]
        assert found.slopes[parameter].mean.value * scale == pytest.approx(mean, abs=1e-9)
        assert found.slopes[parameter].second_moment.value * scale**2 == pytest.approx(square, abs=1e-9)


def test_samples_under_noise_hold_the_exact_moments():
    c, loss = qaoa(6, [(q, (q + 1) % 6) for q in range(6)], 1), parse("Z0 Z1 + Z2 Z3", 6)
    ready = made_ready(Problem.of(c, loss, noise=parse_noise("depolarizing:0.05, damping:0.1")))
    exact, drawn = ready.exact(Effort()), ready.sampled(Effort(threshold=1e-3))
    assert drawn.largest[0] <= exact.largest[0] <= drawn.largest[1]
    for parameter, slope in exact.slopes.items():
        assert drawn.slopes[parameter].second_moment.lower <= slope.second_moment.value
        assert slope.second_moment.value <= drawn.slopes[parameter].second_moment.upper


def test_strong_noise_leaves_a_small_moment_that_is_not_rounding():
    """Ten half turns of phase noise between a and the loss: cos a · 0.2^10, in the derivative sin² a · 0.2^20."""
    gates = [("rx", [0], "a"), ("rx", [1], "a"), *[("z", [0])] * 10]
    c = circuit(2, gates)
    noise = parse_noise("bitflip:0.4")
    found = made_ready(Problem.of(c, parse("Z0", 2), noise=noise)).exact(Effort())
    (slope,) = found.slopes.values()
    assert slope.second_moment.value == pytest.approx(0.2**22 / 2, rel=1e-9)


def test_rotations_that_noise_parts_do_not_undo_each_other():
    """rx(a) rz(noise) rx(-a): with phase noise between them the second does not take back the first."""
    c = circuit(1, [("rx", [0], "a"), ("rx", [0], (-1.0, "a"))])
    quiet, noisy = (made_ready(Problem.of(c, parse("Z0", 1), noise=parse_noise(f"phaseflip:{p}"))) for p in (0, 0.3))
    assert quiet.mean.value == 1
    # Z becomes cos a Z + sin a Y, Y fades to 0.4, and what is left is cos² a + 0.4 sin² a.
    assert noisy.exact(Effort()).mean.value == pytest.approx(0.7)


def test_what_is_refused():
    c = qaoa(3, [(0, 1)], 1)
    loss = parse("Z0 Z1", 3)
    wide = circuit(
        20, [(name, [q], f"{name}{q % 2}.{k}") for k in range(4) for name in ("rx", "rz", "ry") for q in range(20)]
    )
    everything = parse("projector(0..n-1)", 20)
    assert made_ready(Problem.of(wide, everything)).reason.startswith("too many basis states")
    ready = made_ready(Problem.of(c, loss))
    assert ready.exact(Effort(work=10)) == Declined("the grid of angles is too large")


def test_a_wide_law_without_a_common_measure_has_no_grid():
    c = circuit(1, [("rx", [0], "a"), ("rz", [0], (2**0.5, "a")), ("rx", [0], "a")])
    ready = made_ready(Problem.of(c, parse("Z0", 1), parse_init("normal:9")))
    assert ready.points == np.inf
    assert isinstance(ready.exact(Effort()), Declined)


def test_strings_are_searched_with_other_keys_if_two_collide(monkeypatch):
    from bplint.analyses.gradients.bit_rows import KeyCollision
    from bplint.analyses.gradients.visible_strings import evaluator as strings

    seeds, whole = [], strings.evaluator

    def first_collides(problem, groups, *, seed, **limits):
        seeds.append(seed)
        if seed == 0:
            raise KeyCollision
        return whole(problem, groups, seed=seed, **limits)

    monkeypatch.setattr(strings, "evaluator", first_collides)
    c, loss = published("qaoaring_n12_p2")
    ready = tied_moments.made_ready(Problem.of(c, loss))
    assert seeds == [0, 1]
    assert isinstance(ready.exact(Effort()), Answer)


def test_what_cannot_be_made_ready_within_the_work_is_not_begun(monkeypatch):
    monkeypatch.setattr(tied_moments, "Drive", lambda *_: pytest.fail("began"))
    c, loss = published("xxz_n8_d4")
    problem = Problem.of(c, loss)
    little = Effort(work=2 * tied_moments.SETUP * len(problem.frame.axes) - 2)
    assert made_ready(problem, little).reason.endswith("ready takes more than the budget")


def test_the_search_for_strings_counts_as_work():
    c = circuit(20, [("ry", [q], (1.0 + q, "t")) for q in range(20)])
    ready = made_ready(Problem.of(c, parse("Z0 + Z1", 20)))
    assert ready.spent > tied_moments.SETUP * 20
    assert isinstance(ready.sampled(Effort(work=ready.spent)), Declined)


def test_complete_graphs_of_sixty_qubits_are_decided():
    """Four layers on 31 products of Dicke states, where basis states and strings are too many."""
    c = qaoa(60, [(a, b) for a in range(60) for b in range(a)], 4)
    loss = parse("Z0 Z1 + Z2 Z3", 60)
    ready = made_ready(Problem.of(c, loss))
    assert ready.method == "symmetric-states"
    found = ready.sampled(Effort(threshold=1e-4))
    assert found.reason == ""
    assert found.largest[0] > 1e-4

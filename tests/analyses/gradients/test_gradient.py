"""Loss and gradient of a case: numbers where the chain applies, reasons where it does not."""

import numpy as np
import pytest

import bplint.analyses.gradients.paths.path_moments
import bplint.analyses.gradients.propagation.moments
import bplint.analyses.gradients.tied.tied_moments
from bplint.analyses.ask import MINUTE, Ask
from bplint.analyses.gradients.engines import Weak, weak
from bplint.analyses.gradients.gradient import gradient, loss
from bplint.bounds import Status
from bplint.importers.qasm import read
from bplint.ir.law import parse_init
from bplint.ir.noise import parse_noise
from cases import case
from dense import unitary
from samples import circuit, random_gates


def answers(c, observable="Z0", **options):
    ask = Ask(case(c, observable, **options))
    return ask(loss), ask(gradient)


def test_one_rotation():
    found, slope = answers(circuit(1, [("ry", [0], (2.0, "a"))]))
    assert found.status is Status.ESTIMATED
    assert found.mean == 0
    assert found.interval[0] <= 0.5 <= found.interval[1]
    (component,) = slope.components
    assert component.interval[0] <= 0.5 <= component.interval[1]
    assert component.coordinate.scale == 2.0  # the figures are in the rotation's own angle
    assert slope.as_json()["parameters"][0]["name"] == "a"


def test_a_dead_parameter_is_exactly_zero_and_says_so():
    _, slope = answers(circuit(1, [("ry", [0], "a"), ("rz", [0], "b")]))
    assert [(c.second_moment, c.interval, c.dead) for c in slope.components][1] == (0.0, (0.0, 0.0), True)


def test_an_exactly_constant_loss():
    """exp(-iθ XY/2) on |01>: Z0 and Z1 move against each other, so the chain's two strings cancel exactly."""
    found, _ = answers(circuit(2, [("x", [1]), ("s", [1]), ("rxx", [0, 1], "a"), ("sdg", [1])]), "Z0 + Z1")
    assert (found.status, found.mean, found.variance) == (Status.EXACT, 0.0, 0.0)


@pytest.mark.parametrize(
    ("gates", "method"),
    [
        ([("rx", [0], "a"), ("rz", [0], "b"), ("rx", [0], "a")], "quadrature"),
        ([("ry", [1], "b"), ("crx", [1, 0], "a")], "quadrature"),
        ([("rx", [0], "a"), ("t", [0]), ("rx", [0], 0.3)], "quadrature"),
        ([*((("ry", "rx")[k % 2], [0], f"t{k}") for k in range(6)), ("t", [0]), ("rx", [0], 0.3)], "sparse"),
        ([("ry", [0], "c"), ("rx", [0], ["a", "b"]), ("ry", [0], "a"), ("rx", [0], "b")], "quadrature"),
    ],
)
def test_where_the_chain_does_not_apply_another_engine_is_exact(gates, method):
    c = circuit(2, gates)
    found, slope = answers(c)
    assert found.status is slope.status is Status.EXACT
    assert found.method == slope.method == method
    states = [state_loss(c, rng) for rng in np.random.default_rng(0).uniform(0, 2 * np.pi, (300, len(c.parameters)))]
    assert found.mean == pytest.approx(np.mean(states), abs=0.12)
    assert found.variance == pytest.approx(np.var(states), abs=0.12)
    assert slope.upper == slope.lower == max(c.signal for c in slope.components)
    assert slope.level == slope.samples == 0


@pytest.mark.parametrize("seed", range(5))
def test_between_bounds_there_is_no_middle(seed, monkeypatch):
    """With few strings kept, every number stands beside its bounds; what has no bounds is not given."""
    rng = np.random.default_rng(seed)
    c, noise = circuit(3, random_gates(rng, 3, 30)), parse_noise("damping:0.1")
    ask = Ask(case(c, "Z0"))
    exact, slopes = ask(loss, noise=noise), ask(gradient, noise=noise)
    monkeypatch.setattr(bplint.analyses.gradients.propagation.moments, "PAIRS", 3)
    monkeypatch.setattr(bplint.analyses.gradients.tied.tied_moments, "_FEWER", 3)
    ask = Ask(case(c, "Z0"))
    found, between = ask(loss, noise=noise), ask(gradient, noise=noise)
    assert exact.status is Status.EXACT
    assert exact.mean_interval is None
    assert found.status is between.status is Status.BOUNDED
    for interval, truth in (
        (found.mean_interval, exact.mean),
        (found.interval, exact.variance),
        *((b.interval, e.second_moment) for e, b in zip(slopes.components, between.components, strict=True)),
    ):
        assert interval[0] - 1e-12 <= truth <= interval[1] + 1e-12
        assert -1 <= interval[0] <= interval[1] <= 1, "what a mean, a variance and a squared slope of Z can be"
    assert found.variance is None
    said = between.as_json()
    assert said["max"] is said["median"] is said["min"] is None
    assert (said["signal_lower"], said["signal_upper"]) == (between.lower, between.upper)
    assert [p["second_moment"] for p in said["parameters"]] == [
        c.second_moment if c.interval[0] == c.interval[1] else None for c in between.components
    ]
    assert found.as_json()["mean_interval"] == list(found.mean_interval)
    assert found.as_json()["second_moment"] is None
    assert all((c.variance is None) == (c.interval[0] < c.interval[1]) for c in between.components)


@pytest.mark.parametrize(("quick", "noise", "halvings"), [(False, "", 0), (True, "", 4), (True, "bitflip:0.1", 6)])
def test_a_rougher_answer_takes_less_work(quick, noise, halvings, monkeypatch):
    asked = []

    def estimate(found, effort):
        asked.append(effort.work)
        return whole(found, effort._replace(work=1))

    whole = bplint.analyses.gradients.paths.path_moments.path_moments
    monkeypatch.setattr(bplint.analyses.gradients.paths.path_moments, "path_moments", estimate)
    channels = {"noise": parse_noise(noise)} if noise else {}
    Ask(case(circuit(1, [("ry", [0], "a")]), "Z0"))(gradient, quick=quick, **channels)
    assert asked == [MINUTE >> halvings]


def state_loss(c, angles):
    state = unitary(c, {p.name: angle for p, angle in zip(c.parameters, angles, strict=True)})[:, 0]
    return (np.abs(state) ** 2) @ [1, 1, -1, -1]


def test_where_no_engine_applies_there_is_a_reason_and_no_number():
    """Twenty qubits of tied rotations: too many strings, and too many basis states that can be reached."""
    n, gates = 20, []
    for layer in range(12):
        gates += [(r, [q], f"{r}{layer}") for r in ("rx", "rz", "ry") for q in range(n)]
        gates += [("cz", [q, (q + 1) % n]) for q in range(n)]
    found, slope = answers(circuit(n, gates))
    assert found.status is slope.status is Status.INCONCLUSIVE
    assert found.reason.startswith("rx in line 1 shares its parameter with other rotations")
    assert found.variance is None
    assert slope.components == ()
    assert set(found.as_json()) == {"status", "reason"}


def test_tied_rotations_under_noise():
    """With b a turn over all angles <Z> = cos² a - sin² a cos b: mean ½, second moment ⅜ + 3/16. Each gate takes a tenth of it."""
    c = circuit(1, [("rx", [0], "a"), ("rz", [0], "b"), ("rx", [0], "a")])
    ask = Ask(case(c, "Z0"))
    quiet, noisy = ask(loss), ask(loss, noise=parse_noise("depolarizing:0.1"))
    assert quiet.status is noisy.status is Status.EXACT
    assert quiet.mean == pytest.approx(1 / 2)
    assert noisy.mean == pytest.approx(0.9**3 / 2)
    assert noisy.variance == pytest.approx(0.9**6 * (3 / 8 + 3 / 16 - 1 / 4))
    assert noisy.variance == pytest.approx(0.9**6 * quiet.variance)


def test_amplitude_damping_is_measured_by_propagation_or_not_at_all():
    c = circuit(1, [("ry", [0], "a")])
    found = Ask(case(c, "Z0"))(loss, noise=parse_noise("damping:0.25"))
    assert (found.method, found.status) == ("sparse", Status.EXACT)
    assert found.mean == pytest.approx(0.25)
    assert found.variance == pytest.approx(0.75**2 / 2)


def test_a_question_that_paths_leave_open_is_settled_by_propagation():
    """One RY: the signal is exactly ½, and so is the noise of two shots."""
    found, slope = answers(circuit(1, [("ry", [0], "a")]), shots=2)
    assert (found.method, found.status) == ("sparse", Status.EXACT)
    assert slope.signal == pytest.approx(0.5, abs=1e-15)


def test_laws_can_be_asked_for():
    """RY on |0>, O = X: second moment E[cos²], and the variance is small beside it."""
    ask = Ask(case(circuit(1, [("ry", [0], "a")]), "X0"))
    near = ask(gradient, init=parse_init("normal:0.1"))
    assert near.signal == pytest.approx(0.99, abs=0.01)
    (component,) = near.components
    assert component.variance < 0.02
    assert ask(gradient).signal == pytest.approx(0.5, abs=0.02)
    assert ask(gradient, init=parse_init("normal:0.1"), quick=True).lower > 0.9


def test_weak_parameters_are_counted_surely():
    gates = [("ry", [q], f"t{q}") for q in range(6)]
    parity = " ".join(f"Z{q}" for q in range(1, 6))
    found = Ask(case(circuit(6, gates), f"Z0 + 0.01*{parity}"))(weak)
    assert (found.number, found.live) == (5, 6)
    assert found.samples > 1 << 15
    assert Ask(case(circuit(6, gates), "mean(Z)"))(weak).number == 0
    tied = circuit(2, [("rx", [0], "a"), ("rx", [1], "a"), ("ry", [0], "b")])
    assert Ask(case(tied, "Z0 + Z1"))(weak) == Weak(0, 2)


def test_a_tie_among_dead_rotations_does_not_matter():
    found, slope = answers(circuit(2, [("ry", [0], "a"), ("rz", [0], "b"), ("rx", [1], "b")]))
    assert found.status is Status.ESTIMATED
    assert [c.dead for c in slope.components] == [False, True]


def test_a_live_rotation_tied_to_a_dead_one_is_measured():
    _, slope = answers(circuit(2, [("rx", [1], "a"), ("ry", [0], "a")]))
    (component,) = slope.components
    assert not component.dead
    assert component.interval[0] <= 0.5 <= component.interval[1]


def test_nothing_trainable_is_skipped():
    found, slope = answers(circuit(1, [("h", [0])]))
    assert found.status is slope.status is Status.SKIPPED
    assert "no trainable parameter" in found.reason


def test_a_fixed_symbol_has_no_known_angle():
    c = circuit(1, [("ry", [0], "a"), ("rx", [0], "f"), ("ry", [0], "b")])
    found, _ = answers(c, names=["a", "b"])
    assert found.status is Status.INCONCLUSIVE
    assert found.reason.startswith("rx in line 2 is fixed at an angle that is not given")


def test_equal_seeds_give_equal_numbers_and_others_do_not():
    c = circuit(2, [("ry", [0], "a"), ("rxx", [0, 1], "b"), ("ry", [1], "c")])
    first, again, other = (answers(c, "Z0 Z1", seed=s)[0].variance for s in (0, 0, 1))
    assert first == again != other


def test_a_parameter_whose_rotations_undo_each_other_is_exactly_zero_in_a_sample_too():
    text = (
        'OPENQASM 3.0;\ninclude "stdgates.inc";\ninput array[float[64], 2] w;\nqubit[1] q;\nh q[0];\nt q[0];\n'
        "ry(w[0]) q[0];\nry(w[1] - w[0]) q[0];\nrx(-pi/4) q[0];\nrx(2*w[1]) q[0];\n"
    )
    asked = case(read(text).circuit, "X0 - 0.1*Y0")
    slope = Ask(asked, budget=0.001)(gradient, init=parse_init("range:0.5"))
    assert slope.status is Status.ESTIMATED
    cancelled, other = slope.components
    assert (cancelled.coordinate.range, cancelled.second_moment, cancelled.interval) == (0.0, 0.0, (0.0, 0.0))
    assert other.second_moment > 1e-3

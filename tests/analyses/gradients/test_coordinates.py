"""Only what the loss sees counts in a coordinate, and its noise grows with the range of what is turned."""

import math

import numpy as np
import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.gradients.coordinates import Coordinate, coordinates
from bplint.analyses.gradients.gradient import gradient
from bplint.ir.noise import parse_noise
from bplint.run import lint_text
from cases import case
from dense import unitary
from samples import circuit


def of(c, observable, **options):
    return list(Ask(case(c, observable, **options))(coordinates).values())


def zz_ring(n):
    return [gate for q in range(n) for gate in (("rzz", [q, (q + 1) % n], "g"),)]


@pytest.mark.parametrize(("n", "bonds"), [(3, 2), (4, 4), (5, 4), (6, 6)])
def test_qaoa_on_a_ring(n, bonds):
    """Σ ZZ on an odd ring leaves one bond frustrated; the mixer of n qubits has range n."""
    gates = [("h", [q]) for q in range(n)] + zz_ring(n) + [("rx", [q], "b") for q in range(n)]
    loss = " + ".join(f"Z{q} Z{(q + 1) % n}" for q in range(n))
    assert of(circuit(n, gates), loss) == [Coordinate(1.0, bonds, n, True), Coordinate(1.0, n, n, True)]


@pytest.mark.parametrize(
    ("gates", "want"),
    [
        ([("ry", [0], (3.0, "a"))], Coordinate(3.0, 1.0, 1.0, True)),
        ([("ry", [0], "a"), ("ry", [1], "a")], Coordinate(1.0, 2.0, 2.0, True)),
        ([("ry", [0], "a"), ("ry", [1], (-0.5, "a"))], Coordinate(1.0, 1.5, 1.5, True)),
        ([("ry", [0], "a"), ("rx", [0], "b"), ("ry", [0], "a")], Coordinate(1.0, 2.0, 2.0, True)),
        ([("ry", [0], "a"), ("ry", [0], "a")], Coordinate(1.0, 2.0, 2.0, True)),
        ([("x", [0]), ("rxx", [0, 1], (0.5, "a")), ("ryy", [0, 1], (0.5, "a"))], Coordinate(0.5, 2.0, 2.0, True)),
    ],
)
def test_ranges_of_what_one_parameter_turns(gates, want):
    assert of(circuit(2, gates), "Z0 + 0.5*X1 + Z1")[0] == want


def test_what_cancels_has_no_range():
    (found,) = of(circuit(1, [("ry", [0], "a"), ("ry", [0], (-1.0, "a"))]), "Z0")
    assert (found.range, found.unit) == (0.0, 1.0)


DEAD = [
    ([("ry", [5], (200.0, "a"))], "Z0 Z1"),
    ([("rz", [0], (50.0, "a")), ("rx", [3], (7.0, "a"))], "Z0 Z1"),
    ([("ry", [2], (1e6, "a")), ("ry", [2], (1e-3, "a"))], "Z0 Z1"),
    ([("ry", [4], (200.0, "a"))], "Z0 Z1 Z3"),
]


@pytest.mark.parametrize(("dead", "observable"), DEAD)
def test_what_the_loss_never_sees_does_not_count(dead, observable):
    """The numbers are those of the live rotations alone, whichever engine gives them."""
    live = [("ry", [0], "a"), ("ry", [1], "a")]
    both = [Ask(case(circuit(6, gates), observable))(gradient) for gates in (live, live + dead)]
    assert [g.components[0].coordinate.range for g in both] == [2.0, 2.0]
    assert both[1].signal == pytest.approx(both[0].signal, rel=1e-9)
    assert both[1].components[0].second_moment == pytest.approx(0.5, rel=1e-9), "of sin 2a"
    assert both[1].signal == pytest.approx(0.125, rel=1e-9)


@pytest.mark.parametrize(("noise", "kept"), [("", 1.0), ("bitflip:0.1", 0.8), ("depolarizing:0.2", 0.8)])
def test_one_live_rotation_beside_a_dead_one_counts_alone_in_every_engine(noise, kept):
    gates = [("ry", [0], "a"), ("ry", [1], (40.0, "a"))]
    found = Ask(case(circuit(2, gates), "Z0"))(gradient, noise=parse_noise(noise) if noise else None)
    assert found.components[0].coordinate == Coordinate(1.0, 1.0, 1.0, True)
    assert found.signal == pytest.approx(kept**2 / 2, abs=0.02)


@pytest.mark.parametrize("seed", range(4))
def test_signals_of_tied_circuits_against_dense_averages(seed):
    """E[(∂C)²] by finite differences of dense states, over a grid that is exact; divided by what the spectrum says."""
    rng = np.random.default_rng(seed)
    factors = rng.choice([1.0, -1.0, 2.0], 3).tolist()
    gates = [("ry", [q], (factors[q], "a")) for q in range(3)] + [("cx", [0, 1]), ("ry", [1], "b"), ("cx", [1, 2])]
    c = circuit(3, gates)
    signs = np.diag([(-1.0) ** (x.bit_count()) for x in range(8)])
    size, step = 16, 1e-5

    def loss(a, b):
        state = unitary(c, {"a": a, "b": b})[:, 0]
        return float((state.conj() @ signs @ state).real)

    points = [(2 * math.pi * i / size, 2 * math.pi * j / size) for i in range(size) for j in range(size)]
    slope = np.mean([((loss(a + step, b) - loss(a - step, b)) / 2 / step) ** 2 for a, b in points])
    first = Ask(case(c, "Z0 Z1 Z2"))(gradient).components[0]
    scale, widest = first.coordinate.scale, first.coordinate.range
    assert first.second_moment == pytest.approx(slope / scale**2, rel=1e-4, abs=1e-9)
    assert first.signal == pytest.approx(slope / (scale * widest) ** 2, rel=1e-4, abs=1e-9)
    assert widest * scale <= sum(map(abs, factors))


def test_a_signal_never_exceeds_what_a_shot_can_show():
    """|∂C| ≤ R |C|: at the best angles a tied signal is no larger than that of one rotation."""
    gates = [("ry", [q], "a") for q in range(6)]
    found = Ask(case(circuit(6, gates), "mean(X)", shots=100))(gradient)
    assert found.components[0].second_moment == pytest.approx(0.5)
    assert found.signal == pytest.approx(0.5 / 36 * 6)


def test_the_case_that_was_a_false_error():
    text = (
        'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = Z0 Z1\ninput float[64] a;\nqubit[6] q;\n'
        "ry(a) q[0];\nry(a) q[1];\nry(200*a) q[5];\n"
    )
    report = lint_text(text)
    assert report.findings == []
    (parameter,) = report.circuits[0].analyses["gradient"].as_json()["parameters"]
    assert parameter["second_moment"] == pytest.approx(0.5)
    assert parameter["signal"] == pytest.approx(0.125)
    assert (parameter["range"], parameter["range_exact"], parameter["scale"]) == (2.0, True, 1.0)

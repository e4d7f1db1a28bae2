"""Random circuits through the front door: their numbers are possible, and what is exact or bounded is true."""

import math

import pytest

from bplint.ir.context import Context
from bplint.ir.law import parse_init
from bplint.ir.noise import Noise, parse_noise
from bplint.ir.observable import parse
from bplint.ir.trainable import Selection
from dense import average, random_circuit, random_observable
from density import noisy_loss
from grid import grid_moments
from paths import ROOT
from pauli_grid import TooMany, grid_truth
from samples import circuit

SELECTION = Selection("symbols", guessed=False, symbols=1, literals=0, taken=0, tied=False, left_out=0)


@pytest.fixture
def ranges(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import ranges

    return ranges


def test_numbers_of_random_circuits_are_possible_and_true(ranges):
    outcomes = [ranges.check(number, 5, most=500)[1] for number in range(60)]
    assert [(number, done.wrong) for number, done in enumerate(outcomes) if done.wrong] == []
    assert sum(done["gradient exact"] for done in outcomes) >= 20
    assert sum(done["compared"] for done in outcomes) >= 30


def test_a_number_that_is_out_of_range_or_wrong_is_told(ranges):
    from possible import impossible, no_numbers

    context = Context(parse("0.5*Z0", 1), "comment", SELECTION)
    document = {
        "n_qubits": 1,
        "findings": [{"code": "BP301", "evidence": {"signal_max": 170.0}, "suggestions": []}],
        "analyses": {
            "loss": {"mean": 0.6, "variance": None, "second_moment": None, "interval": [0.2, 0.1]},
            "dla": {"dimension": 5, "lower": 1, "upper": 3},
        },
    }
    said = " ".join(impossible(document, context))
    for part in (
        "BP301.signal_max = 170.0",
        "loss.mean = 0.6",
        "loss.variance: None in 0.2 … 0.1",
        "dla.dimension = 5",
    ):
        assert part in said
    assert no_numbers("nan signals, 3-0 and -0, inf. infinite") == ["nan", "-0", "inf"]


def test_the_grid_of_coordinates_is_right():
    """Against transfer matrices for independent angles, and state vectors for tied ones and narrow laws."""
    import numpy as np

    rng = np.random.default_rng(3)
    for n in (1, 2, 2):
        c, loss = random_circuit(rng, n, 8, fixed=0.15), random_observable(rng, n)
        mean, second, slopes = average(c, loss)
        found = grid_truth(c, loss, parse_init("uniform"), Noise())
        assert found.mean == pytest.approx(mean, abs=1e-10)
        assert found.variance == pytest.approx(second - mean**2, abs=1e-10)
        assert len(found.slopes) == len(slopes)
    c = circuit(2, [("ry", [0], "a"), ("crx", [0, 1], "a"), ("rzz", [0, 1], "b"), ("ry", [1], [(0.5, "a"), 0.3])])
    init = parse_init("normal:0.7, a=range:1.5@0.4")
    loss = parse("X0 + 0.5*Z0 Z1", 2)
    mean, second, slopes = grid_moments(c, loss, {p.name: init.law(p) for p in c.parameters})
    found = grid_truth(c, loss, init, Noise())
    assert (found.mean, found.variance + found.mean**2) == pytest.approx((mean, second), abs=1e-10)
    assert found.slopes["b"][1] == pytest.approx(slopes[1][1], abs=1e-10)


@pytest.mark.parametrize("noise", ["depolarizing:0.1", "1q=damping:0.2, 2q=bitflip:0.1", "pauli:0.1/0.02/0.05"])
def test_the_grid_of_coordinates_knows_noise(noise):
    """A law without width is one point, where density matrices tell the loss."""
    c = circuit(2, [("ry", [0], "a"), ("cx", [0, 1]), ("crx", [0, 1], "b"), ("h", [1]), ("rz", [1], "a")])
    loss, channels = parse("X0 + 0.5*Z0 Z1 - Y1", 2), parse_noise(noise)
    values = {"a": 0.4, "b": -1.1}
    found = grid_truth(c, loss, parse_init("a=range:0@0.4, b=range:0@-1.1"), channels)
    assert found.mean == pytest.approx(noisy_loss(c, loss, channels, values), abs=1e-12)
    step = 1e-5
    ends = [noisy_loss(c, loss, channels, values | {"a": 0.4 + d}) for d in (step, -step)]
    assert math.sqrt(found.slopes["a"][1]) == pytest.approx(abs(ends[0] - ends[1]) / 2 / step, abs=1e-8)


def test_a_grid_that_is_too_large_is_not_summed():
    c = circuit(1, [("ry", [0], f"t{k}") for k in range(20)])
    with pytest.raises(TooMany):
        grid_truth(c, parse("Z0", 1), parse_init("uniform"), Noise())
    c = circuit(1, [("ry", [0], "a"), ("rx", [0], [(2**0.5, "a")])])
    with pytest.raises(TooMany):
        grid_truth(c, parse("Z0", 1), parse_init("uniform"), Noise())

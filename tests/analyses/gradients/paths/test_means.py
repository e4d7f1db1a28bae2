"""What strings keep on the way back, against the mean transfer matrices of all operations and channels."""

import numpy as np
import pytest

from averages import averages, channel, turns
from bplint.analyses.gradients.paths import means
from bplint.analyses.gradients.paths.angle_laws import laws
from bplint.analyses.gradients.paths.means import derivative_means, kept, mean
from bplint.analyses.gradients.paths.schedule import schedule
from bplint.analyses.gradients.paths.starts import Starts, starts
from bplint.ir.circuit import Role
from bplint.ir.frame import Turning, frame
from bplint.ir.law import Init, parse_init
from bplint.ir.noise import Noise, parse_noise
from bplint.ir.observable import parse
from bplint.ir.pauli import anticommute, from_label
from samples import circuit, random_gates

NOISES = ["", "depolarizing:0.05", "1q=bitflip:0.1, 2q=pauli:0.02/0.05/0.01"]


def set_up(c, init, noise=""):
    law, channels = parse_init(init), parse_noise(noise) if noise else Noise()
    return law, channels, schedule(c, laws(c, law), channels)


def carried(c, string, law, noise, flipped=None):
    """Coordinates of a string after the circuit at its start, on average; differentiated at one operation."""
    n = c.n_qubits
    vector = np.eye(4**n)[string]
    for k in reversed(range(len(c))):
        if k + 1 == len(c) or c.gate[k + 1] != c.gate[k]:
            vector = channel(noise, tuple(c.operands(k)), n) @ vector
        nodes = turns(c, k, law)
        vector = sum(w * ((slope if k == flipped else t) @ vector) for w, t, slope in nodes)
    return vector


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("seed", range(6))
def test_what_is_kept_is_what_average_matrices_keep(seed, noise):
    rng = np.random.default_rng(seed)
    c = circuit(2, random_gates(rng, 2, 10))
    law, channels, steps = set_up(c, "normal:0.6", noise)
    shares = kept(steps, list(range(16)))
    for string in range(16):
        pulled, negative = frame(c).pull(string)
        assert (-1) ** negative * carried(c, string, law, channels)[pulled] == pytest.approx(shares[string], abs=1e-12)


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("seed", range(6))
def test_one_flip_is_one_derivative(seed, noise):
    rng = np.random.default_rng(100 + seed)
    c = circuit(2, [*random_gates(rng, 2, 8), ("rx", [0], "last")])
    law, channels, steps = set_up(c, "range:0.7", noise)
    axes, n = frame(c), 2
    free = [i for i, turning in enumerate(axes.turning) if turning is Turning.FREE]
    met = [(s, k) for s in range(16) for k, i in enumerate(free) if anticommute(axes.pull(s)[0], axes.axes[i], n)]
    met = [met[i] for i in rng.permutation(len(met))[:12]]
    shares = kept(steps, [s for s, _ in met], [k for _, k in met])
    assert met
    for (string, k), share in zip(met, shares, strict=True):
        start = axes.pull(string)[0] ^ axes.axes[free[k]]
        slope = carried(c, string, law, channels, axes.operations[free[k]])[start]
        assert abs(slope) == pytest.approx(share, abs=1e-12)


@pytest.mark.parametrize("seed", range(10))
def test_means_of_derivatives_have_their_signs(seed):
    rng = np.random.default_rng(200 + seed)
    c = circuit(2, random_gates(rng, 2, 10))
    loss = parse("Z0 - 0.5*Z0 Z1 + 2*X1 + 0.3*Y0 X1", 2)
    law, channels, steps = set_up(c, "normal:0.5", NOISES[seed % 3])
    found = starts(frame(c), loss, laws(c, law), channels)
    value, _, slopes, _ = averages(c, loss, law, channels)
    assert mean(steps, found) == pytest.approx(value, abs=1e-12)
    assert derivative_means(frame(c), steps, loss.terms, laws(c, law)) == pytest.approx(slopes, abs=1e-12)


def test_a_sine_has_the_mean_slope_of_its_cosine():
    """<X> = sin(a) cos(b) after ry(a) rz(b)."""
    c = circuit(1, [("ry", [0], "a"), ("rz", [0], "b")])
    law, _, steps = set_up(c, "normal:0.5")
    found = derivative_means(frame(c), steps, ((from_label("X"), 2.0),), laws(c, law))
    assert found == pytest.approx([2 * np.exp(-0.25), 0.0])


def test_more_strings_than_a_machine_word():
    c = circuit(4, [("ry", [q], f"t{q}") for q in range(4)])
    _, _, steps = set_up(c, "normal:1")
    strings = [s << 4 for s in range(16)] * 9
    assert kept(steps, strings) == pytest.approx([np.exp(-0.5 * s.bit_count()) for s in strings])


def test_no_strings_keep_nothing_and_the_mean_is_the_constant():
    _, _, steps = set_up(circuit(1, [("rx", [0], "a")]), "normal:1")
    assert kept(steps, []).shape == (0,)
    assert mean(steps, Starts(None, None, 0.25)) == 0.25


def test_where_means_of_derivatives_are_zero_unknown_or_too_many(monkeypatch):
    c = circuit(1, [("ry", [0], "a"), ("rx", [0], "b")])
    terms = ((from_label("X"), 1.0),)
    _, _, steps = set_up(c, "uniform")
    assert derivative_means(frame(c), steps, terms, laws(c, Init())).tolist() == [0.0, 0.0]
    law, _, steps = set_up(c, "normal:1")
    monkeypatch.setattr(means, "MAX_WORK", 0)
    assert derivative_means(frame(c), steps, terms, laws(c, law)) is None
    turned = circuit(1, [("ry", [0], "a"), ("rx", [0], "u")], roles={"u": Role.FIXED})
    law, _, steps = set_up(turned, "normal:1")
    assert derivative_means(frame(turned), steps, terms, laws(turned, law)) is None

"""Laws against quadrature, and centred circuits against the circuits they stand for."""

import math

import numpy as np
import pytest

from averages import law_nodes
from bplint.analyses.gradients.paths.angle_laws import centred, laws
from bplint.ir.circuit import Role
from bplint.ir.frame import Turning, frame
from bplint.ir.law import Init, parse_init, parse_law
from dense import random_circuit, unitary
from samples import circuit


@pytest.mark.parametrize("text", ["normal:0.1", "normal:1.3", "range:0.5", "range:3", "range:0", "uniform"])
@pytest.mark.parametrize("scale", [1.0, -0.5, 2.0])
def test_flips_and_means_are_those_of_quadrature(text, scale):
    found = laws(circuit(1, [("rx", [0], [(scale, "a"), 0.3]), ("h", [0])]), Init(parse_law(text)))
    angles = [(w, scale * x) for w, x in law_nodes(parse_law(text), scale)]
    assert found.flip[0] == pytest.approx(sum(w * math.sin(x) ** 2 for w, x in angles), abs=1e-12)
    assert found.mean[0] == pytest.approx(sum(w * math.cos(x) for w, x in angles), abs=1e-12)
    assert np.isnan(found.flip[1])
    assert np.isnan(found.mean[1])


def test_a_sum_of_parameters_is_a_product_of_characteristics():
    found = laws(circuit(1, [("rx", [0], ["a", (2.0, "b")])]), Init(parse_law("normal:0.3")))
    assert found.mean[0] == pytest.approx(math.exp(-5 * 0.09 / 2))
    uniform = laws(circuit(1, [("rx", [0], ["a", (2.0, "b")])]), parse_init("normal:0.3, b=uniform"))
    assert (uniform.flip[0], uniform.mean[0]) == (0.5, 0.0)
    assert uniform.separates == (True,)
    assert uniform.are_uniform
    assert uniform.hides == (False, True)


@pytest.mark.parametrize("seed", range(20))
def test_a_centred_circuit_is_the_same_circuit_about_the_means(seed):
    """Free angles measured from their means in one, from zero in the other."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    c = random_circuit(rng, n, 12, free=0.5, fixed=0.2)
    init = parse_init("normal:0.1@0.7, t1=range:1, t2=uniform")
    other = centred(c, init)
    values = {p.name: float(rng.normal()) if p.value is None else p.value for p in c.parameters}
    shifted = {p.name: values[p.name] - (init.law(p).mean if p.role is Role.TRAINABLE else 0.0) for p in c.parameters}
    # Uniform rotations keep their offsets; there the shift is zero.
    np.testing.assert_allclose(abs(np.trace(unitary(c, values).conj().T @ unitary(other, shifted))), 2**n, atol=1e-9)
    assert c.quarters.count(-1) == other.quarters.count(-1)
    assert not any(biased for biased, q in zip(laws(other, init).biased, other.quarters, strict=True) if q != -1)


def test_what_needs_no_centring_is_left_alone():
    c = circuit(1, [("rx", [0], ["a", 0.3]), ("ry", [0], "b")])
    assert centred(c, Init()) is c
    assert centred(c, parse_init("normal:0.1, a=uniform")) is c
    assert centred(c, parse_init("b=normal:0.1@1, a=uniform")) is not c


def test_an_offset_of_a_quarter_turn_becomes_a_clifford_and_another_one_a_fixed_rotation():
    c = circuit(1, [("rx", [0], ["a", math.pi / 2]), ("ry", [0], ["b", 0.3])])
    other = centred(c, Init(parse_law("normal:0.1")))
    assert other.quarters == (1, -1, -2, -1)
    assert [int(m) for m in other.moment] == [0, 1, 2, 3]
    assert frame(other).turning == (Turning.FREE, Turning.FIXED, Turning.FREE)
    assert other.gate.tolist() == [0, 0, 1, 1]

"""Chances of the leading rotations against the dense chain and dense averages, and how little their paths vary."""

import numpy as np
import pytest

from averages import averages
from bplint.analyses.gradients.paths.angle_laws import centred, laws
from bplint.analyses.gradients.paths.averaged_end import leading, letters
from bplint.analyses.gradients.paths.bit_planes import planes_of
from bplint.analyses.gradients.paths.interfering_terms import blocks
from bplint.analyses.gradients.paths.sampler import PathSampler
from bplint.analyses.gradients.paths.schedule import schedule
from bplint.ir.frame import frame
from bplint.ir.law import Init, parse_init
from bplint.ir.noise import Noise, parse_noise
from bplint.ir.observable import parse, pauli_sum
from dense import chain, random_circuit, rotations
from samples import circuit


def scheduled(c, init=None, noise=None):
    return schedule(c, laws(c, init or Init()), noise or Noise())


def local_circuit(rng, n, length, **kinds):
    """Random operations on one qubit each."""
    while True:
        c = random_circuit(rng, n, length, **kinds)
        if (np.diff(c.start) == 1).all():
            return c


def drawn(found, strings, n):
    """Chances of strings, and the numbers of those that hit and met or flipped at each rotation."""
    at = letters(planes_of(strings, np.full(len(strings), 64), n))
    chance = at.product(found.hits).reshape(-1, 64)[:, 0]
    met, flips = (np.empty((len(strings), len(found.rows))) for _ in range(2))
    for i, string in enumerate(strings):
        code = np.array([(string >> q & 1) + 2 * (string >> (q + n) & 1) for q in found.qubits], dtype=int)
        met[i], flips[i] = (chance[i] * np.take_along_axis(s, code[:, None], 1)[:, 0] for s in (found.met, found.flips))
    return chance, met, flips


@pytest.mark.parametrize("seed", range(30))
def test_chances_are_those_of_the_dense_chain(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    c = local_circuit(rng, n, int(rng.integers(1, 6)), free=0.5, fixed=0.15)
    plan = scheduled(c)
    assert plan.leading == 0
    strings = list(range(1, 4**n))
    chance, met, _ = drawn(leading(n, plan.steps), strings, n)
    for i, string in enumerate(strings):
        hit, expected = chain(c, np.eye(4**n)[string])
        assert chance[i] == pytest.approx(hit)
        in_order = np.zeros(len(expected))
        in_order[plan.order] = met[i]
        np.testing.assert_allclose(in_order, expected, atol=1e-12)


@pytest.mark.parametrize("init", ["range:0.7", "normal:0.4", "normal:1.5, t1=uniform"])
@pytest.mark.parametrize("seed", range(5))
def test_moments_under_laws_are_those_of_dense_averages(seed, init):
    """Second moment, mean squared and derivatives of one string under one-qubit rotations in front of nothing."""
    rng, law, n = np.random.default_rng(seed), parse_init(init), 2
    axes = [
        ("XYZ"[i], [q]) for i, q in zip(rng.integers(0, 3, 6).tolist(), rng.integers(0, 2, 6).tolist(), strict=True)
    ]
    c = rotations(n, axes)
    plan = scheduled(centred(c, law), law)
    flip = np.array(laws(c, law).flip)[plan.order]
    found = leading(n, plan.steps)
    strings = list(range(1, 16))
    chance, met, flips = drawn(found, strings, n)
    still = letters(planes_of(strings, np.full(15, 64), n)).product(found.unmoved).reshape(-1, 64)[:, 0]
    for i, string in enumerate(strings):
        mean, second, _, squares = averages(c, pauli_sum({string: 1.0}, n), law, None)
        assert chance[i] == pytest.approx(second, abs=1e-9)
        assert still[i] == pytest.approx(mean**2, abs=1e-9)
        slopes = (met[i] - flips[i]) * flip / (1 - flip) + flips[i] * (1 - flip) / flip
        np.testing.assert_allclose(slopes, squares[plan.order], atol=1e-9)


def test_only_operations_that_come_first_on_their_qubit_lead():
    c = circuit(3, [("h", [0]), ("ry", [0], "a"), ("cx", [0, 1]), ("rx", [1], "b"), ("rz", [2], "c"), ("s", [2])])
    plan = scheduled(c)
    assert len(plan.steps) - plan.leading == 4  # without CX and what follows on qubit 1
    assert sorted(plan.order[leading(3, plan.steps[plan.leading :]).rows].tolist()) == [0, 2]
    noisy = scheduled(c, noise=parse_noise("depolarizing:0.1"))
    assert noisy.leading == len(noisy.steps)


def test_a_product_needs_no_luck():
    """Z on 14 qubits, each behind its own RY: every path counts exactly 2^-14 in all numbers."""
    n = 14
    c = circuit(n, [("ry", [q], f"t{q}") for q in range(n)])
    found = PathSampler(scheduled(c), blocks(frame(c), parse("Z" * n, n)), seed=0).sample(0, 640)
    assert found.hits == 640 * 2.0**-n
    assert found.met_hits.tolist() == [640 * 2.0**-n] * n


@pytest.mark.parametrize("law", ["uniform", "normal:0.8"])
def test_no_path_counts_more_than_the_most(law):
    init = parse_init(law)
    gates = [(r, [q], f"{r}{layer}.{q}") for layer in range(2) for r in ("ry", "rz") for q in range(3)]
    c = circuit(3, [*gates[:6], ("cz", [0, 1]), ("cz", [1, 2]), *gates[6:]])
    sampler = PathSampler(scheduled(c, init), blocks(frame(c), parse("X1", 3)), seed=0)
    assert sampler.most == (0.5 if law == "uniform" else 1)
    counted = sampler.sample(0, 6400)
    assert 0 < counted.hits < 6400 * sampler.most
    assert 0 < counted.met_hits.max() < 6400 * sampler.most
    assert (counted.flip_hits <= counted.met_hits + 1e-9).all()

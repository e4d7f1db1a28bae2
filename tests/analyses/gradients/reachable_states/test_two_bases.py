"""Circuits of X-strings and Z-strings in two bases, against states of all amplitudes and the evaluator of pairs."""

import numpy as np
import pytest

from bplint.analyses.gradients.reachable_states import evaluator as on_states
from bplint.analyses.gradients.reachable_states import two_bases
from bplint.analyses.gradients.reachable_states.two_bases import evaluator, walsh
from bplint.ir.observable import parse
from evaluating import agree_at_random_angles, published, ready
from grid import random_loss
from samples import circuit

GATES = {"rx": 1, "rz": 1, "rxx": 2, "rzz": 2}


def make(problem, groups):
    return evaluator(groups, on_states.evaluator(problem, groups))


def two_kinds(rng, most=5):
    """Layers of one kind each, some with several scales, from |0…0> or |+…+>."""
    n = int(rng.integers(2, most + 1))
    gates = [("h", [q]) for q in range(n)] if rng.random() < 0.5 else [("x", [0])]
    for layer in range(int(rng.integers(2, 6))):
        for name in ("rx", "rxx") if layer % 2 else ("rz", "rzz"):
            for _ in range(n):
                qubits = rng.permutation(n)[: GATES[name]].tolist()
                gates.append((name, qubits, (float(rng.choice([1, -1, 0.5])), f"t{layer % 3}")))
    return circuit(n, gates)


@pytest.fixture
def at_any_price(monkeypatch):
    """Also where pairs of states take fewer operations."""
    monkeypatch.setattr(two_bases, "TRANSFORM", 0)
    monkeypatch.setattr(two_bases, "PHASE", 0)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.usefixtures("at_any_price")
def test_random_circuits_against_dense_states(seed):
    rng = np.random.default_rng(seed)
    c = two_kinds(rng)
    agree_at_random_angles(make, c, random_loss(rng, c.n_qubits), rng)


@pytest.mark.parametrize("name", ["qaoa3r_n8_p1", "tfim_n8_d8", "qaoa3r_n10_p2"])
def test_published_circuits_as_on_pairs(name):
    c, loss = published(name)
    problem, drive = ready(c, loss)
    here, there = make(problem, drive.groups), on_states.evaluator(problem, drive.groups)
    angles = drive.drawn(1, 0, 8)
    for mine, other in zip(here.run(angles), there.run(angles), strict=True):
        assert mine == pytest.approx(other, abs=1e-11)
    assert (here.offset, here.spread) == (there.offset, there.spread)
    assert here.work < there.work


@pytest.mark.parametrize("gates", [[("ry", [0], "a"), ("rx", [1], "b")], [("rxx", [0, 1], "a"), ("ryy", [0, 1], "a")]])
@pytest.mark.usefixtures("at_any_price")
def test_other_generators_are_refused(gates):
    problem, drive = ready(circuit(2, [("rx", [0], "z"), ("rz", [0], "y"), *gates]), parse("Z0 Z1", 2))
    assert make(problem, drive.groups) is None


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.usefixtures("at_any_price")
def test_no_frequency_is_above_the_degree(seed):
    """Scales are multiples of ½: so are the frequencies, over a double turn."""
    rng = np.random.default_rng(seed)
    c = two_kinds(rng)
    problem, drive = ready(c, random_loss(rng, c.n_qubits))
    found = make(problem, drive.groups)
    for group, degree in enumerate(found.degrees.tolist()):
        angles = np.repeat(rng.uniform(-3, 3, (len(drive.groups), 1)), 64, axis=1)
        angles[group] = 4 * np.pi * np.arange(64) / 64
        waves = np.abs(np.fft.rfft(found.run(angles)[0])) / 64
        assert np.flatnonzero(waves > 1e-12).max(initial=0) / 2 <= degree + 1e-9


def test_what_gains_nothing_is_refused():
    """A single pair of states for each rotation is cheaper than a transform of all."""
    c = circuit(8, [(name, [q], f"{name}{q}") for q in range(8) for name in ("rx", "rz")])
    problem, drive = ready(c, parse("X0", 8))
    assert make(problem, drive.groups) is None


@pytest.mark.parametrize("bits", [0, 1, 4, 7, 9])
def test_the_transform_is_that_of_each_bit(bits):
    rng = np.random.default_rng(bits)
    states = rng.normal(size=(1 << bits, 3)) + 1j * rng.normal(size=(1 << bits, 3))
    expected = np.eye(1)
    for _ in range(bits):
        expected = np.kron(expected, np.array([[1, 1], [1, -1]]) / 2**0.5)
    assert np.allclose(walsh(states), expected @ states)

"""Losses and derivatives on reachable states, against states of all amplitudes."""

from itertools import combinations

import numpy as np
import pytest

from bplint.analyses.gradients.reachable_states import evaluator as module
from bplint.analyses.gradients.reachable_states.evaluator import evaluator
from bplint.ir.observable import parse
from evaluating import agree_at_random_angles, random_circuit, ready
from grid import random_loss
from samples import circuit


@pytest.mark.parametrize("seed", range(350))
def test_random_tied_circuits_against_dense_states(seed):
    rng = np.random.default_rng(seed)
    c = random_circuit(rng)
    agree_at_random_angles(evaluator, c, random_loss(rng, c.n_qubits), rng)


def hopping(n, filled, layers):
    gates = [("x", [q]) for q in filled]
    for layer in range(layers):
        for first in (0, 1):
            for q in range(first, n - 1, 2):
                gates += [("rxx", [q, q + 1], f"a{layer}.{first}"), ("ryy", [q, q + 1], f"a{layer}.{first}")]
                gates.append(("rzz", [q, q + 1], f"b{layer}.{first}"))
    return circuit(n, gates)


@pytest.mark.parametrize("loss", ["X0 X1 + Y0 Y1 + 0.3*Z1 Z2 - 2", "X0 Y1 - Y0 X1", "Z0 Z1 Z2 Z3", "projector(0..n-1)"])
def test_hopping_particles(loss):
    rng = np.random.default_rng(1)
    c = hopping(5, [0, 2], 2)
    found = agree_at_random_angles(evaluator, c, parse(loss, 5), rng)
    assert not found.is_real


@pytest.mark.parametrize("loss", ["X0 X1 + Y0 Y1 + Z0", "X0 Y1 - Y0 X1", "Z0 Z1"])
def test_excitations_without_a_phase_have_real_amplitudes(loss):
    """exp(-iθ(XY - YX)/2), also with three-qubit partners: what UCCSD is made of, on 4 qubits."""
    gates = [("x", [0]), ("x", [1])]
    for k, (a, b) in enumerate(combinations(range(4), 2)):
        for word, sign in (("XY", 1.0), ("YX", -1.0)):
            turned = [("h", [q]) if letter == "X" else ("sx", [q]) for q, letter in zip((a, b), word, strict=True)]
            undone = [("h", [q]) if letter == "X" else ("sxdg", [q]) for q, letter in zip((a, b), word, strict=True)]
            gates += [*turned, ("rzz", [a, b], (sign, f"t{k}")), *undone]
    found = agree_at_random_angles(evaluator, circuit(4, gates), parse(loss, 4), np.random.default_rng(2))
    assert found.is_real


def test_samples_turned_a_few_at_a_time_are_the_same(monkeypatch):
    problem, drive = ready(hopping(5, [0, 2], 2), parse("X0 X1 + Z2", 5))
    found = evaluator(problem, drive.groups)
    angles = drive.drawn(0, 0, 37)
    whole = found.run(angles)
    monkeypatch.setattr(module, "TOGETHER", 8 * found.size)
    for one, other in zip(whole, found.run(angles), strict=True):
        assert one.shape == other.shape
        assert np.array_equal(one, other)


@pytest.mark.parametrize(("loss", "value"), [("mean(Z)", 3 / 5), ("projector(0..n-1)", 0.0), ("Z0 Z1 Z2 Z3 Z4", -1.0)])
def test_what_one_particle_cannot_change_is_constant(loss, value):
    problem, drive = ready(hopping(5, [2], 3), parse(loss, 5))
    assert evaluator(problem, drive.groups).constant == pytest.approx(value, abs=1e-13)


def test_no_particle_moves_nothing_at_any_size():
    """More than 64 qubits, with a fixed rotation in front; no step is left at all."""
    c = hopping(100, [], 2)
    problem, drive = ready(c, parse("Z0 Z1 + 0.5*Z99 + X3 X4", 100))
    found = evaluator(problem, drive.groups)
    assert found.constant == 1.5
    loss, slopes = found.run(drive.drawn(0, 0, 3))
    assert (loss + found.offset).tolist() == [1.5] * 3
    assert not slopes.any()


def test_one_particle_on_a_hundred_qubits():
    """Amplitudes of a single particle on two neighbours: <Z> of its first place is cos 2θ... of the hop by 2θ."""
    c = circuit(100, [("x", [70]), ("rxx", [70, 71], "t"), ("ryy", [70, 71], "t"), ("rzz", [3, 4], "u")])
    problem, drive = ready(c, parse("Z70", 100))
    found = evaluator(problem, drive.groups)
    psi = drive.angles(np.array([[0.3], [0.0]]))
    loss, slopes = found.run(psi)
    assert loss + found.offset == pytest.approx([-np.cos(0.6)])
    assert drive.gradients(slopes)[0] == pytest.approx([2 * np.sin(0.6)])


def test_too_many_states_are_not_tried():
    c = circuit(20, [("rx", [q], f"t{q}") for q in range(20)])
    problem, drive = ready(c, parse("Z0", 20))
    assert evaluator(problem, drive.groups) is None


@pytest.mark.parametrize("seed", range(60))
def test_degrees_are_not_exceeded(seed):
    """l as a function of one group's angle has no frequency above its degree, in units of half the common measure."""
    rng = np.random.default_rng(seed)
    c = random_circuit(rng, 4)
    problem, drive = ready(c, random_loss(rng, c.n_qubits))
    found = evaluator(problem, drive.groups)
    base = drive.drawn(seed, 0, 1)
    for k in range(len(drive.groups)):
        points, width = 4096, 40 * np.pi
        psi = np.repeat(base, points, axis=1)
        psi[k] += np.linspace(0, width, points, endpoint=False)
        window = np.hanning(points)
        spectrum = np.abs(np.fft.rfft((found.run(psi)[0] - found.run(psi)[0].mean()) * window))
        frequencies = 2 * np.pi * np.arange(len(spectrum)) / width
        above = spectrum[frequencies > found.degrees[k] + 0.5].max(initial=0.0)
        assert above <= 1e-3 * points

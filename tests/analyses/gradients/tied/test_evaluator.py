"""What the engines for tied circuits ask of an evaluator, of both that there are."""

import numpy as np
import pytest

from bplint.analyses.gradients.reachable_states.evaluator import evaluator as on_states
from bplint.analyses.gradients.visible_strings.evaluator import evaluator as on_strings
from bplint.ir.observable import parse
from evaluating import random_circuit, ready
from grid import random_loss
from samples import circuit


def both(c, loss):
    problem, drive = ready(c, loss)
    return drive, on_states(problem, drive.groups), on_strings(problem, drive.groups, limit=1 << 16)


@pytest.mark.parametrize("seed", range(12))
def test_both_have_the_same_losses_and_derivatives(seed):
    rng = np.random.default_rng(seed)
    c = random_circuit(rng, 4)
    drive, states, strings = both(c, random_loss(rng, c.n_qubits))
    angles = drive.drawn(seed, 0, 5)
    (loss, slopes), (other, others) = states.run(angles), strings.run(angles)
    assert loss.shape == (5,)
    assert slopes.shape == (len(drive.groups), 5)
    assert loss + states.offset == pytest.approx(other + strings.offset, abs=1e-10)
    assert slopes == pytest.approx(others, abs=1e-10)


@pytest.mark.parametrize("seed", range(12))
def test_no_frequency_is_above_the_degrees(seed):
    """Where all frequencies in a ψ are multiples of ½, up to d, the loss at 4d + 1 points of two turns gives it everywhere."""
    rng = np.random.default_rng(seed)
    c = random_circuit(rng, 3)
    drive, *pair = both(c, random_loss(rng, c.n_qubits))
    for found in pair:
        for k, degree in enumerate(found.degrees.tolist()):
            if not all((2 * c).is_integer() for c in drive.groups[k].generator.values()):
                continue
            m = round(4 * degree) + 1
            around = np.repeat(drive.drawn(seed, 0, 1), m + 1, axis=1)
            around[k] += 4 * np.pi * np.arange(m + 1) / m
            around[k, -1] = around[k, 0] + 1.234
            loss, _ = found.run(around)
            waves = np.fft.fft(loss[:m]) / m
            frequencies = np.fft.fftfreq(m, 1 / m) / 2
            assert (waves @ np.exp(1j * frequencies * 1.234)).real == pytest.approx(loss[-1], abs=1e-9)


def test_a_loss_that_nothing_moves_is_constant():
    _, *pair = both(circuit(2, [("ry", [0], "a"), ("rz", [0], "a")]), parse("2*Z1", 2))
    assert [found.constant for found in pair] == [pytest.approx(2.0)] * 2
    _, *pair = both(circuit(2, [("ry", [0], "a"), ("rz", [0], "a")]), parse("Z0", 2))
    assert [found.constant for found in pair] == [None, None]


def test_work_and_batch_are_numbers_to_divide_by():
    _, *pair = both(circuit(2, [("ry", [0], "a"), ("ry", [1], "a")]), parse("Z0 Z1", 2))
    assert all(found.work > 0 and found.batch > 0 for found in pair)

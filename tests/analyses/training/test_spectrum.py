"""Both ends of a spectrum, against eigenvalues, and what is too large."""

import numpy as np
import pytest

from bplint.analyses.training.spectrum import spectrum_of, spectrum_of_modes
from bplint.ir.observable import parse
from models import exchange, path, ring
from samples import label_matrix


def eigenvalues(loss):
    return np.linalg.eigvalsh(sum(c * label_matrix(s, loss.n_qubits) for s, c in loss.terms)) + loss.constant


@pytest.mark.parametrize("text", [exchange(ring(4), 1.5), "Z0 Z1 + 0.7*X0 - 3", "mean(Z)", "X0 Y1 Z2 - 0.2*Y3", "Z0"])
def test_the_spectrum(text):
    loss = parse(text, 4)
    values, found = eigenvalues(loss), spectrum_of(loss)
    assert (found.best, found.width) == pytest.approx((values[0], np.ptp(values)), abs=1e-7)
    assert found.mean == pytest.approx(values.mean(), abs=1e-9)


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_a_spectrum_that_is_used_up_at_once(n):
    assert spectrum_of(parse(f"Z{n - 1} + 2", n))[:2] == pytest.approx((1.0, 2.0))


def test_of_fourteen_qubits_it_is_that_of_free_fermions():
    n, field = 14, 0.7
    loss = parse(f"{exchange(path(n), 0.0)} + " + " + ".join(f"{field}*Z{q}" for q in range(n)), n)
    hop = 2.0 * (np.eye(n, k=1) + np.eye(n, k=-1)) + 2 * field * np.eye(n)  # of particles; Z is 1 - 2 of them
    energies = np.linalg.eigvalsh(hop)
    least = n * field - np.abs(energies[energies > 0]).sum()
    assert spectrum_of(loss).best == pytest.approx(least, abs=1e-6)


def test_what_is_not_known():
    assert spectrum_of(parse("mean(Z)", 19)) is None
    assert spectrum_of(parse("3", 2)) is None
    assert spectrum_of_modes(np.zeros((2, 2)), 1.0) is None


def test_modes_are_full_or_empty():
    h = np.array([[0.0, 3.0, 0, 0], [-3.0, 0, 0, 0], [0, 0, 0, 1.0], [0, 0, -1.0, 0]])
    found = spectrum_of_modes(h, 0.5)
    assert found == pytest.approx((-3.5, 0.5, 8.0))

"""Factors of noise against those of letters, and the way forth as the transpose of the way back."""

import numpy as np
import pytest

from bplint.analyses.gradients.propagation.propagate import Scale
from bplint.analyses.gradients.visible_strings.damping import Damping, damped_back, damped_forth, damping
from bplint.analyses.gradients.visible_strings.search import StringFeed
from bplint.analyses.gradients.visible_strings.string_rows import StringRows
from bplint.ir.noise import parse_noise


def test_factors_are_those_of_the_letters_on_the_gate():
    noise, rows = parse_noise("pauli:0.02/0.05/0.1, 2q=depolarizing:0.3"), StringRows(3)
    images = tuple((1 << q, 1 << (q + 3)) for q in (0, 2))
    words = rows.table(range(64)).words
    found = damping([Scale(images, noise.local(2), noise.joint(2)), Scale(images, (1.0, 1.0, 1.0), 0.5)], words, rows)
    every = np.ones(64)
    every[found.places] = found.factors
    for string in range(64):
        letters = [(string >> q & 1) + 2 * (string >> (q + 3) & 1) for q in (0, 2)]
        assert every[string] == pytest.approx(noise.factor(2, letters) * (0.5 if any(letters) else 1.0))


@pytest.mark.parametrize(
    "step",
    [
        Damping(np.array([0, 2]), np.array([0.5, 0.0])),
        StringFeed(np.array([1, 3]), np.array([0, 2]), np.array([0.3, -0.3]), 0.7),
    ],
)
def test_the_way_forth_is_the_transpose_of_the_way_back(step):
    back, forth = np.eye(4), np.eye(4)
    damped_back(back, step)
    damped_forth(forth, step)
    assert np.allclose(back, forth.T)


def test_what_is_damped_feeds_before_it_fades():
    o = np.array([1.0, 2.0])
    damped_back(o, StringFeed(np.array([1]), np.array([0]), np.array([0.25]), 0.75))
    assert o.tolist() == [1.5, 1.5]

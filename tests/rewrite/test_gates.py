"""The gates that rewrites put in, against matrices."""

from itertools import product

import numpy as np
import pytest

from bplint.errors import Span
from bplint.ir.build import Builder
from bplint.rewrite.gates import named, pair_rotation
from matrices import exponential
from samples import unitary_of


def matrix(name, qubits):
    builder = Builder(2)
    builder.gate(named(name, 1), qubits, [builder.angle(0.83)], builder.statement(Span(1, 1, 1, 2)))
    return unitary_of(builder.build(), {})


@pytest.mark.parametrize("letters", list(product((1, 2, 3), repeat=2)))
@pytest.mark.parametrize("qubits", [(0, 1), (1, 0)])
def test_rotations_about_any_two_letters(letters, qubits):
    label = ["I", "I"]
    for q, letter in zip(qubits, letters, strict=True):
        label[q] = "IXZY"[letter]
    assert np.allclose(matrix(*pair_rotation(letters, qubits)), exponential(0.83 / 2, {"".join(label): 1.0}))


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("xx_plus_yy", {"XX": 1, "YY": 1}),
        ("xx_minus_yy", {"XX": 1, "YY": -1}),
        ("exchange", {"XX": 1, "YY": 1, "ZZ": 1}),
    ],
)
def test_exchanges(name, terms):
    assert np.allclose(matrix(name, (0, 1)), exponential(0.83 / 4, terms))


def test_the_table_keeps_its_own_of_two_angles():
    assert named("xx_plus_yy", 2).n_parameters == 2
    with pytest.raises(ValueError, match="rx with 2"):
        named("rx", 2)

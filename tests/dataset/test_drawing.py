"""Rows drawn from laws: where features return or stand in products, the same each time, from the law that is said."""

import math

import numpy as np
import pytest

from bplint.dataset.drawing import DRAWN, drawn
from bplint.importers.qasm import read
from bplint.ir.law import Init, parse_init
from bplint.ir.trainable import select

HEAD = 'OPENQASM 3.0; include "stdgates.inc"; input array[float[64], 2] x; input float w; qubit[2] q; ry(w) q[0]; '


def rows_of(gates, law="uniform", seed=0):
    program = read(HEAD + gates)
    circuit, _ = select(program.circuit, data=("x*",))
    return drawn(circuit, program.formulas, Init(data=parse_init(law)), seed)


def test_where_every_data_angle_occurs_once_nothing_is_drawn():
    assert rows_of("ry(x[0]) q[0]; ry(x[1]) q[1];") is None
    assert rows_of("ry(x[0]) q[0]; rz(x[0]) q[1];").drawn
    assert rows_of("ry(x[0]) q[0]; rz(x[0] * x[1]) q[1];").drawn


@pytest.mark.parametrize(
    ("gates", "period"),
    [
        ("ry(x[0]) q[0]; rz(x[0]) q[1];", 2 * math.pi),
        ("ry(2 * x[0]) q[0]; rz(4 * x[0]) q[1];", math.pi),
        ("ry(x[0] / 2) q[0]; rz(x[0] / 3) q[1];", 12 * math.pi),
        ("ry(0.123456789 * x[0]) q[0]; rz(x[0]) q[1];", 2 * math.pi),
    ],
)
def test_uniform_is_over_the_common_period(gates, period):
    values = rows_of(gates).values[:, 0]
    assert len(values) == DRAWN
    assert 0 <= values.min() < 0.1 * period
    assert 0.9 * period < values.max() <= period
    assert abs(np.exp(2j * np.pi * values / period).mean()) < 4 / math.sqrt(DRAWN)


def test_laws_and_seeds():
    gates = "ry(x[0]) q[0]; rz(x[0]) q[1]; rx(x[1]) q[0];"
    values = rows_of(gates, "range:0.5@2, x[1]=normal:0.1").values
    assert 1.5 <= values[:, 0].min() <= values[:, 0].max() <= 2.5
    assert values[:, 1].std() == pytest.approx(0.1, rel=0.2)
    assert (rows_of(gates).values == rows_of(gates).values).all()
    assert (rows_of(gates).values != rows_of(gates, seed=1).values).any()


def test_products_are_those_of_the_features_of_a_row():
    values = rows_of("ry(x[0]) q[0]; rz(x[0] * x[1]) q[1];").values
    assert values[:, 2] == pytest.approx(values[:, 0] * values[:, 1])


def test_an_expression_without_a_value_has_no_rows():
    assert rows_of("ry(sqrt(x[0] - 10)) q[0];") is None

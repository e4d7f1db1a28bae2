"""Rows of data: one column a data parameter, locked, and refused where they are no numbers."""

import math

import numpy as np
import pytest

from bplint.importers.qasm import read
from bplint.ir.rows import Rows, data_columns
from bplint.ir.trainable import select

CIRCUIT = """OPENQASM 3.0; include "stdgates.inc"; input angle w; input angle[32] x; input float[64] y;
qubit[2] q; ry(x) q[0]; ry(w) q[0]; rz(x * y) q[1]; rx(2 * y) q[1];"""


def test_a_product_of_data_has_a_column_of_its_own():
    circuit, _ = select(read(CIRCUIT).circuit, data=("x", "y"))
    names = [circuit.parameters[index].name for index in data_columns(circuit)]
    assert names == ["x", "y", "x*y"]
    assert list(data_columns(circuit).values()) == [0, 1, 2]


def test_what_was_given_is_copied_and_cannot_be_written_to():
    given = np.zeros((3, 2))
    rows = Rows(given, np.ones(3))
    given[0, 0] = 1.0
    assert rows.values[0, 0] == 0.0
    assert len(rows) == 3
    for array in (rows.values, rows.labels):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 2.0


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        (np.zeros((0, 2)), None),
        (np.zeros(3), None),
        ([[1.0, math.nan]], None),
        ([[1.0], [math.inf]], None),
        (np.zeros((3, 2)), np.zeros(2)),
        (np.zeros((3, 2)), np.zeros((3, 1))),
        (np.zeros((1, 2)), [math.nan]),
    ],
)
def test_what_is_no_set_of_rows_is_refused(values, labels):
    with pytest.raises(ValueError, match="want"):
        Rows(values, labels)

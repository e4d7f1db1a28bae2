"""Columns seen as arrays; what makes NumPy needless until then."""

import subprocess
import sys
from array import array
from typing import NamedTuple

import numpy as np
import pytest

from bplint.ir.column import Column


class Columns(NamedTuple):
    length: array
    empty: array


class Table:
    length, empty = Column(), Column()

    def __init__(self, columns):
        self.columns = columns


TABLE = Table(Columns(array("i", [3, 4]), array("d")))


def test_a_column_is_an_array_of_the_same_numbers():
    assert (TABLE.length.dtype, TABLE.length.tolist()) == (np.int32, [3, 4])
    assert (TABLE.empty.dtype, TABLE.empty.shape) == (np.float64, (0,))
    assert TABLE.length is TABLE.length


def test_it_is_no_copy_and_cannot_be_written_to():
    assert np.shares_memory(TABLE.length, np.asarray(TABLE.columns.length))
    with pytest.raises(ValueError, match="read-only"):
        TABLE.length[0] = 5


def test_a_circuit_is_built_and_its_angles_are_chosen_without_numpy():
    code = (
        "import sys; from bplint.importers.qasm import read; from bplint.ir.trainable import select;"
        "c, _ = select(read('OPENQASM 3.0; qubit[2] q; U(0.3, 0, pi) q[0]; gate g a { U(0.2, 0, 0) a; } g q;').circuit);"
        "assert len(c.operations) == 9 and any(c.trained); print('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"

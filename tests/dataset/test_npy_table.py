"""NumPy's files: arrays of numbers are read, and nothing that is pickled."""

import io
import pickle

import numpy as np
import pytest

from bplint.dataset.npy_table import read_npy
from bplint.dataset.table import TableError


class Evil:
    """Would run code where it is unpickled."""

    def __reduce__(self):
        return (pytest.fail, ("unpickled",))


def saved(array, **how):
    file = io.BytesIO()
    np.save(file, array, **how)
    return file.getvalue()


@pytest.mark.parametrize("dtype", ["<f8", ">f4", "<i2", "?", "<u8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_tables_of_any_real_type_and_order(dtype, order):
    values = np.array([[0, 1, 1], [1, 0, 0]], dtype=dtype, order=order)
    assert read_npy(saved(values), "d.npy").values.tolist() == values.astype(float).tolist()


def test_records_have_names():
    records = np.array([(0.5, 1), (0.25, -1)], dtype=[("x0", "<f8"), ("y", "<i4")])
    table = read_npy(saved(records), "d.npy")
    assert (table.names, table.values.tolist()) == (("x0", "y"), [[0.5, 1.0], [0.25, -1.0]])


def test_npy_with_pickle_is_refused():
    for array in (np.array([[Evil()]], dtype=object), np.array([(Evil(),)], dtype=[("a", object)])):
        with pytest.raises(TableError, match="pickled"):
            read_npy(saved(array, allow_pickle=True), "d.npy")


HUGE = (
    b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000, 1000), }".ljust(128) + b"\n"
)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"1,2\n", "no .npy file"),
        (pickle.dumps([[1.0]]), "no .npy file"),
        (b"\x93NUMPY", "header .* damaged"),
        (b"\x93NUMPY\x01\x00\x10\x00" + b"__import__('os')", "header .* damaged"),
        (HUGE, "bytes after the header"),
        (saved(np.ones((2, 2)))[:-1], "want 32 bytes after the header, got 31"),
        (saved(np.ones(3)), r"want two dimensions of real numbers, got shape \(3,\)"),
        (saved(np.ones((2, 2), dtype=complex)), "want two dimensions of real numbers"),
        (saved(np.array([["a"]])), "want two dimensions of real numbers"),
        (saved(np.array([[1.0, np.nan]])), "d.npy, row 1, column 2: want a finite number, got nan"),
        (saved(np.ones((0, 3))), "there are no rows"),
    ],
)
def test_faults(data, message):
    with pytest.raises(TableError, match=message):
        read_npy(data, "d.npy")

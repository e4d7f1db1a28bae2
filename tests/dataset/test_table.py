"""Rows as Python has them: arrays, lists, mappings and data frames, and what is refused."""

import numpy as np
import pytest

from bplint.dataset.table import DataTable, TableError, given, of_arrays


class Frame:
    """As much of a data frame of pandas as is looked at."""

    columns = ("x0", 1)

    def to_numpy(self):
        return np.array([[1, 2], [3, 4]])


def test_arrays_lists_mappings_and_frames():
    assert of_arrays([[1, 2], [3, 4]]).values.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert of_arrays(np.ones((2, 3), dtype=np.float32), [0, 1]).labels.tolist() == [0.0, 1.0]
    table = of_arrays({"a": [1.0, 2.0], "b": [3.0, 4.0]})
    assert (table.names, table.values.tolist()) == (("a", "b"), [[1.0, 3.0], [2.0, 4.0]])
    assert (of_arrays(Frame()).names, len(of_arrays(Frame()))) == (("x0", "1"), 2)
    assert str(table) == "2 rows of 2"


@pytest.mark.parametrize(
    ("rows", "labels", "message"),
    [
        ([[1.0], [2.0, 3.0]], None, "want an array of real numbers in 2 dimensions"),
        ([1.0, 2.0], None, r"want 2 dimensions, got shape \(2,\)"),
        ([["a"]], None, "want an array of real numbers"),
        ([[1j]], None, "want an array of real numbers"),
        (np.array([[object()]]), None, "want an array of real numbers"),
        ([[1.0], [np.nan]], None, "row 2, column 1: want a finite number, got nan"),
        ([[1.0, 2e9]], None, r"row 1, column 2: want at most 1e\+09, got 2e\+09"),
        (np.zeros((0, 2)), None, "there are no rows"),
        ([[1.0]], [1, 2], "want 1 labels, as many as rows, got 2"),
        ([[1.0]], [np.inf], "labels, row 1: want a finite number"),
        ({"a": [1.0], "b": [1.0, 2.0]}, None, "want columns of one length"),
    ],
)
def test_what_is_no_table_is_refused(rows, labels, message):
    with pytest.raises(TableError, match=message):
        of_arrays(rows, labels)


def test_a_caller_gives_rows_or_names_a_data_set():
    assert given("d.csv", None, None) == "d.csv"
    assert isinstance(given(None, [[1.0]], None), DataTable)
    assert given(None, None, None) is None
    for dataset, rows, labels in (("d.csv", [[1.0]], None), (None, None, [1]), ("d.csv", None, [1])):
        with pytest.raises(TableError, match=r"want either|without rows"):
            given(dataset, rows, labels)

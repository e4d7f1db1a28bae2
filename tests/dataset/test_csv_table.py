"""CSV files: what is read, and each fault with its line and column."""

import pytest

from bplint.dataset.csv_table import read_csv
from bplint.dataset.table import TableError


@pytest.mark.parametrize(
    ("text", "names", "values"),
    [
        ("1,2\n3,4\n", (), [[1, 2], [3, 4]]),
        ("a, b\r\n1 , -2e0\r\n", ("a", "b"), [[1, -2]]),
        ('\ufeff"x[0]","y"\n.5,1', ("x[0]", "y"), [[0.5, 1]]),
        ("# made by hand\n\n1\n\n2\n", (), [[1], [2]]),
    ],
)
def test_tables(text, names, values):
    table = read_csv(text, "d.csv")
    assert (table.names, table.values.tolist()) == (names, values)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "d.csv: there are no rows"),
        ("a,b\n", "d.csv: there are no rows"),
        ("a,b\n1,2\n3\n", "d.csv, line 3: want 2 columns, as in line 1, got 1"),
        ("1,2\n\n3,4,5\n", "d.csv, line 3: want 2 columns, as in line 1, got 3"),
        ("1,2\n3,\n", "d.csv, line 2, column 2: nothing stands here"),
        ("1,2\n3,four\n", "d.csv, line 2, column 2: want a number, got 'four'"),
        ("1,2\n1_0,2\n", "d.csv, line 2, column 1: want a number, got '1_0'"),
        ("a,b\n1,nan\n", "d.csv, line 2, column 2: want a finite number, got nan"),
        ("a,b\n-Infinity,1\n", "d.csv, line 2, column 1: want a finite number, got -Infinity"),
        ("1,2\n3,1e10\n", r"d.csv, line 2, column 2: want at most 1e\+09, got 1e10"),
        ("a,a\n1,2\n", "d.csv, line 1, column 2: a second column is called 'a'"),
        ('1,2\n"3,4\n', "d.csv, line 2: no line of a CSV file"),
        ("1;2\n3;4\n", "d.csv, line 2, column 1: want a number, got '3;4'"),
    ],
)
def test_faults(text, message):
    with pytest.raises(TableError, match=message):
        read_csv(text, "d.csv")

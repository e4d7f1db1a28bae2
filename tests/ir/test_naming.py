"""Which names a pattern selects."""

import pytest

from bplint.ir.naming import selects


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("w", "w", True),
        ("w", "w[0]", False),
        ("w*", "w[0]", True),
        ("x[2]", "x[2]", True),
        ("x[2]", "x2", False),
        ("x[2]", "x[12]", False),
        ("x[0:4]", "x[0]", True),
        ("x[0:4]", "x[4]", True),
        ("x[0:4]", "x[5]", False),
        ("x[0:4]", "y[1]", False),
        ("*[0:1]", "y[1]", True),
        ("x[4:0]", "x[2]", False),
        ("[xy]", "y", True),
    ],
)
def test_names_elements_ranges_and_globs(pattern, name, expected):
    assert selects(pattern, name) is expected

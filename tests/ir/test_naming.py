"""Which names a pattern selects, and how names are listed."""

import pytest

from bplint.ir.naming import listed, patterns, selects


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
        ("w[1,2]", "w[1,2]", True),
        ("w[1,2]", "w[2,1]", False),
        ("w[1,2]", "w[1]", False),
        ("w[1]", "w[1,2]", False),
        ("w[0:1,2:3]", "w[1,3]", True),
        ("w[0:1,2:3]", "w[2,3]", False),
        ("w[*", "w[1,2]", True),
    ],
)
def test_names_elements_ranges_and_globs(pattern, name, expected):
    assert selects(pattern, name) is expected


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["w[1]", "w[4]", "w[2]", "w[5]"], "w[1], w[2], w[4], w[5]"),
        (["w[3]", "w[1]", "w[2]"], "w[1] to w[3]"),
        (["w[9]", "w[10]", "w[11]", "x[12]"], "w[9] to w[11], x[12]"),
        (["b", "a"], "b, a"),
        (["t[0][0]", "t[0][1]", "t[0][2]", "t[1][3]"], "t[0][0] to t[0][2], t[1][3]"),
        (["w[0]", "w[2]", "w[4]", "w[6]", "w[8]"], "w[0], w[2], w[4] and 2 more"),
        ([f"w[{i}]" for i in range(3000) if i % 1000], "w[1] to w[999], w[1001] to w[1999], w[2001] to w[2999]"),
        (["w[0,2]", "w[0,3]", "w[0,1]", "w[1,0]", "v"], "w[0,1] to w[0,3], w[1,0], v"),
        (["ry@7:1[0]", "ry@7:1[1]"], "ry@7:1[0], ry@7:1[1]"),
    ],
)
def test_a_list_has_ranges_without_gaps_only(names, text):
    assert listed(names) == text


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["w[3]", "w[1]", "w[2]", "v", "w[7]"], ["w[1:3]", "w[7]", "v"]),
        (["w[1,2]", "w[1,3]", "w[2,4]"], ["w[1,2:3]", "w[2,4]"]),
        (["ry@5:1", "ry@6:1"], ["ry@5:1", "ry@6:1"]),
        ([], []),
    ],
)
def test_patterns_select_the_names_and_nothing_else(names, expected):
    assert patterns(names) == expected
    others = [*names, "w", "w[0]", "w[4]", "w[6]", "w[8]", "w[1,1]", "w[1,4]", "w[2,3]", "ry@7:1"]
    assert {name for name in others if any(selects(pattern, name) for pattern in expected)} == set(names)

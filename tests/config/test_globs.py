"""Patterns of paths: which they match."""

import pytest

from bplint.config.globs import Glob, fault


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("*.qasm", ["x.qasm", "a/b/x.qasm"], ["x.qasm3", "y"]),
        ("vqe", ["vqe/x.qasm", "a/vqe/x.qasm"], ["vqe.qasm"]),
        ("vqe/", ["vqe/x.qasm", "a/vqe/x.qasm"], ["vqe.qasm"]),
        ("a/*.qasm", ["a/x.qasm"], ["x.qasm", "b/a/x.qasm", "a/b/x.qasm"]),
        ("a/**/x.qasm", ["a/x.qasm", "a/b/x.qasm", "a/b/c/x.qasm"], ["x.qasm", "b/x.qasm", "a/b/y.qasm"]),
        ("**", ["x.qasm", "a/b/x.qasm"], []),
        ("**/**", ["x.qasm", "a/b/x.qasm"], []),
        ("a/**", ["a/x.qasm", "a/b/x.qasm"], ["ab/x.qasm"]),
        ("**/b/*", ["b/x.qasm", "a/b/x.qasm"], ["a/x.qasm"]),
        ("h?a_[0-9].qasm", ["hea_4.qasm"], ["hea_44.qasm", "ha_4.qasm"]),
        ("X.qasm", [], ["x.qasm"]),
        ("*" + "a*" * 40 + "b", [], ["a" * 200]),
    ],
)
def test_globs(pattern, yes, no):
    glob = Glob(pattern, "/top")
    assert fault(pattern) is None
    assert [path for path in (*yes, *no) if glob.matches(f"/top/{path}")] == yes
    assert not glob.matches("/other/x.qasm")
    assert not glob.matches("/topmost/x.qasm")

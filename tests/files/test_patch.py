"""The diff of a file; that git applies it is tested with ``bplint fix``."""

import pytest

from bplint.files.patch import diff


def test_lines_are_told_by_newlines_alone():
    assert diff("x", b"a\r\nb\rc\n", b"a\r\nb\rd\n") == b"--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\r\n-b\rc\n+b\rd\n"


def test_no_change_is_no_diff():
    assert diff("x", b"a\n", b"a\n") == b""


def test_a_last_line_without_an_end_says_so():
    assert diff("x", b"a", b"b\n").splitlines()[3:] == [b"-a", b"\\ No newline at end of file", b"+b"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a b", b"a/a b\t"), ('say "hi"', rb'"a/say \042hi\042"'), ("tab\t", rb'"a/tab\011"'), ("ü", "a/ü".encode())],
)
def test_names_are_quoted_as_git_does(name, shown):
    assert diff(name, b"a\n", b"b\n").splitlines()[0] == b"--- " + shown

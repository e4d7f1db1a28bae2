"""Lines that are written when they are asked for."""

import pytest

from bplint.importers.lazy_lines import LazyLines


class Numbers(LazyLines):
    def __init__(self):
        self.written = []

    def __len__(self):
        return 1_000_000

    def line(self, index):
        self.written.append(index)
        return f"line {index}"


def test_no_line_is_written_but_those_asked_for():
    lines = Numbers()
    assert (lines[7], lines[2:4], lines[-2:][0]) == ("line 7", ["line 2", "line 3"], "line 999998")
    assert lines.written == [7, 2, 3, 999_998, 999_999]


def test_lines_are_written_by_whoever_has_them():
    with pytest.raises(TypeError):
        LazyLines()

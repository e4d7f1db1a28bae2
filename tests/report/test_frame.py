"""The head line and the source frame of a finding."""

import click
import pytest

from bplint.errors import Span
from bplint.finding import Hit, Severity, sign
from bplint.report.frame import excerpt, head, place
from bplint.terminal.cells import cells


def finding(span=None, path="a.qasm"):
    return sign(Hit("So.", span=span), code="EX1", name="so", severity=Severity.ERROR, path=path, case_id="")


def frame(line, column, end, width=80):
    found = finding(Span(1, column, 1, end))
    return [click.unstyle(text) for text in excerpt(found, [line], width)]


def test_the_head_can_be_clicked_and_names_the_circuit_of_a_file_with_several():
    assert click.unstyle(head(finding(Span(3, 5, 3, 9)))) == "a.qasm:3:5: error EX1 so"
    assert click.unstyle(head(finding(path="a.py"), "sub/a.py::hea[n=8]")) == "a.py: error EX1 so · hea[n=8]"
    assert place(finding()) == "a.qasm"


def test_carets_stand_below_what_is_meant():
    assert frame("ry(a) q[0];", 4, 5) == ["  1 │ ry(a) q[0];", "    │    ^"]


def test_carets_count_cells():
    """Two wide characters before, one within."""
    line = "/* 量子 */ ry(量) q;"
    _, carets = frame(line, line.index("ry") + 1, line.index(" q;") + 1)
    assert carets == "    │ " + " " * cells("/* 量子 */ ") + "^" * cells("ry(量)")


@pytest.mark.parametrize("column", [1, 50, 400])
@pytest.mark.parametrize("unit", ["x", "量", "e\u0301"])
def test_a_long_line_is_cut_around_the_place(unit, column):
    line = unit * 500
    code, carets = frame(line, column, column + 3, 60)
    assert cells(code) <= 60
    assert cells(carets) <= 60
    assert "^" in carets


def test_in_an_encoding_without_bars_the_frame_is_ascii(monkeypatch):
    class Screen:
        encoding = "ascii"

    monkeypatch.setattr("sys.stdout", Screen())
    assert frame("ry(π) q;", 1, 3) == ["  1 | ry(pi) q;", "    | ^^"]
    code, carets = frame("ry(量π) q; x", 11, 12)
    assert code.index("x") == carets.index("^")

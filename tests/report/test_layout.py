"""Labels and columns at every width; what is to be typed stays in one piece."""

import pytest

from bplint.report.layout import advice, columns, in_columns, prose, width, with_code
from bplint.terminal.cells import cells

ROWS = [
    ("measure one qubit at a time", "signal 5.3e-4 → 0.064", "bplint fix guess.qasm --prior local"),
    ("start near zero", "", "bplint fix guess.qasm --prior small-angles"),
]


@pytest.mark.parametrize(("said", "known"), [("60", 60), ("7", 60), ("100000", 400), ("", None), ("many", None)])
def test_the_width_is_the_screens_within_bounds(monkeypatch, said, known):
    monkeypatch.setenv("COLUMNS", said)
    assert columns() == known  # tests have no terminal
    assert width() == min(known or 100, 100)


@pytest.mark.parametrize("wide", [60, 80, 100, 200])
def test_rows_fit_and_commands_are_whole(monkeypatch, wide):
    monkeypatch.setenv("COLUMNS", str(wide))
    lines = list(in_columns("try", ROWS))
    assert all(cells(line) <= wide for line in lines)
    for do, effect, command in ROWS:
        assert all(any(text in line for line in lines) for text in (do, effect, command))
    assert len(lines) == (2 if wide > 100 else 4 if wide > 60 else 5)


def test_in_a_pipe_a_row_is_a_line(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    first, second = in_columns("try", [(ROWS[0][0] * 5, *ROWS[0][1:]), ROWS[1]])
    assert first.startswith("  try       measure one")
    assert first.index("bplint fix") == second.index("bplint fix")


def test_what_is_to_be_typed_is_never_broken(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    code = "// bplint: observable = Z0 Z1"
    lines = list(advice("try", f"say what you measure, for instance in a comment:  {code}"))
    assert [line.strip() for line in lines][-1].endswith(code)
    assert all(len(line) <= 60 for line in lines)
    assert list(advice("try", f"say:  {code}")) == [f"  try       say:  {code}"]


def test_controls_do_not_get_through():
    assert "\x1b" not in "".join(prose("a \x1b[31m b"))


def test_what_is_to_be_typed_stays_in_one_piece_behind_prose(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    assert list(with_code("say it:  // bplint: observable = Z0")) == ["say it:  // bplint: observable = Z0"]
    code = "// bplint: observable = Z0 Z1 + Z1 Z2 + Z2 Z3"
    assert list(with_code(f"the loss is not known, say it:  {code}")) == ["the loss is not known, say it:", f"  {code}"]
    assert list(with_code("nothing to type")) == ["nothing to type"]

"""Which figure a report gets: its families, the circuit that is named, or all of few."""

from dataclasses import replace

import pytest

from bplint.config import Settings
from bplint.errors import UsageError
from bplint.run import lint_text
from html_pages import GUESS, PRODUCT

QUIET = Settings(suggest=False, select=("BP003",))


@pytest.fixture(scope="module")
def several():
    made = [lint_text(GUESS, QUIET, name=f"{k}.qasm") for k in range(13)]
    return replace(made[0], entries=tuple(report.entries[0] for report in made))


def titles(figure):
    return [axis.get_title("left").partition(":")[0] for axis in figure.axes if axis.get_title("left")]


def test_circuits_one_below_the_other(several):
    few = replace(several, entries=several.entries[:3])
    assert titles(few.plot()) == ["0.qasm", "1.qasm", "2.qasm"]
    assert titles(several.plot("7.qasm")) == ["7.qasm"]


def test_too_many_and_unknown_ones_are_refused(several):
    with pytest.raises(UsageError, match=r"13 circuits, at most 12 .* name one, such as 0\.qasm"):
        several.plot()
    with pytest.raises(UsageError, match=r"no circuit with gates is called 'x': want one of 0\.qasm"):
        several.plot("x")
    with pytest.raises(UsageError, match="nothing to draw"):
        replace(several, entries=()).plot()


def test_families_come_first():
    report = lint_text(PRODUCT, QUIET, sizes=(3, 4))
    for figure in (report.plot(), report.families[0].plot()):
        assert [axis.get_xlabel() for axis in figure.axes] == ["size n", "size n"]
    assert titles(report.plot(report.circuits[0].case.id))[0] == "circuit.qasm"

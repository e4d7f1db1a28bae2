"""What an importer hands over is looked at before anything trusts it."""

import numpy as np
import pytest

from bplint.importers.program import Program, malformed
from samples import circuit, with_angles

GOOD = circuit(2, [("rx", [0], ["a", 0.3]), ("rzz", [0, 1], "b")])


def test_a_circuit_with_finite_angles_is_well_formed():
    assert malformed(Program(GOOD)) == ""


@pytest.mark.parametrize("program", [None, GOOD, "OPENQASM 3.0;", (GOOD, (), (), {})])
def test_something_else_than_a_program(program):
    assert malformed(program) == f"want a Program from an importer, got {type(program).__name__}"


def test_a_program_without_a_circuit():
    assert malformed(Program("rx")) == "want a Circuit in the Program of an importer, got str"


@pytest.mark.parametrize("column", ["constant", "coefficient"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_angles_that_are_no_numbers(column, value):
    values = getattr(GOOD.angles, column).tolist()
    broken = with_angles(GOOD, **{column: [*values[:-1], value]})
    assert malformed(Program(broken)) == "want finite angles in the circuit of an importer"

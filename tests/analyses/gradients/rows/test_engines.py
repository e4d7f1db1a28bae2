"""Which engine answers, and the exact values of the table."""

import numpy as np
import pytest

from bplint.analyses.gradients.answer import Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.problem import Problem
from bplint.analyses.gradients.rows.engines import row_moments
from bplint.bounds import Status
from bplint.ir.circuit import Role
from bplint.ir.loss_function import parse_loss_function
from bplint.ir.observable import Observable, parse
from bplint.ir.rows import Rows
from data_table import case_of, entries
from samples import circuit

GATES = [("ry", [0], "x"), ("ry", [0], "t")]
KINDS = {"sample": "row", "linear": "linear"}
GIVEN = [r for r in entries(*(f"gradient_second_moment.{kind}" for kind in KINDS)) if "rows" in r["context"]]


def asked(gates, rows=((0.3,),), observable="Z0", n=1, loss="linear", work=1 << 33, threshold=1e-4, labels=None):
    c = circuit(n, gates, roles={"x": Role.DATA})
    problem = Problem.of(c, parse(observable, n) if isinstance(observable, str) else observable)
    y = None if labels is None else np.array(labels)
    return row_moments(problem, Rows(np.array(rows), y), Effort(work, threshold=threshold), parse_loss_function(loss))


@pytest.mark.parametrize("row", GIVEN, ids=[row["id"] for row in GIVEN])
def test_the_table_is_met(row):
    case, rows = case_of(row)
    found = row_moments(Problem.of(case.circuit, case.context.observable), rows, Effort())
    names = [p.name for p in case.circuit.parameters]
    slope = found.slopes[names.index(row["parameter"])]
    assert found.status is Status.EXACT
    assert getattr(slope, KINDS[row["quantity"].split(".")[1]]).value == pytest.approx(
        row["value"], abs=row["tolerance"]
    )


def test_a_half_for_every_row_of_a_product_embedding():
    found = asked(GATES, rows=((0.3,), (1.0,)))
    assert [round(float(g), 12) for g in found.slopes[1].each] == [0.5, 0.5]


def test_a_loss_without_terms_is_declined():
    assert isinstance(asked(GATES, observable=Observable(1, constant=1.0)), Declined)


def test_shared_angles_are_drawn():
    found = asked([*GATES, ("rx", [0], "t")], threshold=0.01)
    assert found.method == "states of rows"
    assert found.status is Status.ESTIMATED


def test_what_takes_too_much_exactly_is_sampled():
    gates = [
        ("ry", [0], "x"),
        ("rx", [1], "x"),
        *(("ry", [q], f"t{q}") for q in range(2)),
        ("cx", [0, 1]),
        ("ry", [0], "t2"),
    ]
    exact, drawn = (asked(gates, n=2, work=work, labels=[1.0]) for work in (1 << 33, 1 << 10))
    assert exact.method == "border"
    assert drawn.method == "sampled strings"
    for parameter, slope in exact.slopes.items():
        assert drawn.slopes[parameter].row.lower <= slope.row.value <= drawn.slopes[parameter].row.upper


def test_a_bent_loss_is_measured_beside():
    found = asked(GATES, loss="mse", labels=[1.0])
    assert found.method == "border"
    assert found.slopes[1].loss.lower <= 5 / 2 <= found.slopes[1].loss.upper
    assert asked(GATES, labels=[1.0]).slopes[1].loss is None


def test_every_reason_is_told():
    many = [("ry", [0], "x"), *(("ry", [q], "t") for q in range(20)), *(("cx", [q, q + 1]) for q in range(19))]
    many += [("rx", [q], "t") for q in range(20)]
    found = asked(many, n=20, observable="Z0")
    assert "t drives several rotations" in found.reason
    assert "states" in found.reason

"""Which column is which parameter, products of features row by row, labels, and how many rows are looked at."""

import math

import numpy as np
import pytest

from bplint.dataset.matching import MOST, column_of, features, matched
from bplint.dataset.table import DataTable, TableError
from bplint.importers.qasm import read
from bplint.ir.circuit import Role
from bplint.ir.loss_function import LINEAR, parse_loss_function
from bplint.ir.rows import data_columns
from bplint.ir.trainable import select

TEXT = """OPENQASM 3.0; include "stdgates.inc"; input array[float[64], 2] x; input angle w; qubit[2] q;
ry(x[1]) q[0]; rz(2*(pi-x[0])*(pi-x[1])) q[1]; ry(w) q[0]; rx(sin(x[0])/2) q[1];"""


def rows_of(table, text=TEXT, loss="linear", data=("x*",)):
    program = read(text)
    circuit, _ = select(program.circuit, data=data)
    return circuit, matched(table, circuit, program.formulas, parse_loss_function(loss), 0)


def test_columns_by_name_in_any_order():
    table = DataTable(
        np.array([[5.0, 0.2, 0.1, 1.0], [6.0, 0.4, 0.3, -1.0]]), ("id", "x_1", "x0", "label"), file="d.csv"
    )
    circuit, found = rows_of(table)
    columns = data_columns(circuit)
    by_name = {circuit.parameters[index].name: found.rows.values[:, at] for index, at in columns.items()}
    assert by_name.pop("x[0]").tolist() == [0.1, 0.3]
    assert by_name.pop("x[1]").tolist() == [0.2, 0.4]
    product, sine = by_name.values()
    assert product == pytest.approx([2 * (math.pi - a) * (math.pi - b) for a, b in ((0.1, 0.2), (0.3, 0.4))])
    assert sine == pytest.approx(np.sin([0.1, 0.3]))
    assert found.rows.labels.tolist() == [1.0, -1.0]
    assert found.notes == ("columns of d.csv that no parameter has: id",)


def test_columns_by_order_and_a_column_more_for_the_labels():
    _, found = rows_of(DataTable(np.array([[0.1, 0.2, 1.0], [0.3, 0.4, 0.0]]), file="d.csv"))
    assert found.rows.values[:, :2].tolist() == [[0.1, 0.2], [0.3, 0.4]]
    assert found.rows.labels.tolist() == [1.0, -1.0]
    assert found.notes == (
        "the last column of d.csv is taken as the labels",
        "labels 0 and 1 are taken as -1 and +1",
    )
    _, plain = rows_of(DataTable(np.array([[0.1, 0.2]]), ("sepal", "petal")))
    assert (plain.rows.labels, plain.notes) == (None, ())


def test_a_squared_loss_has_any_targets_and_others_two_classes():
    table = DataTable(np.zeros((3, 2)), labels=np.array([0.5, -1.0, 2.0]))
    assert rows_of(table, loss="mse")[1].rows.labels.tolist() == [0.5, -1.0, 2.0]
    with pytest.raises(TableError, match=r"row 1: want labels -1 and \+1, or 0 and 1, got 0.5"):
        rows_of(table, loss="hinge")


@pytest.mark.parametrize(
    ("table", "loss", "message"),
    [
        (DataTable(np.zeros((1, 1)), ("x0",)), LINEAR, r"no column for x\[1\]; there is x0"),
        (DataTable(np.zeros((1, 4))), LINEAR, r"want 2 columns, for x\[0\], x\[1\], got 4"),
        (DataTable(np.zeros((1, 2))), "sigmoid:1", "sigmoid compares with labels, and there is no column y or label"),
        (DataTable(np.zeros((1, 3)), ("x0", "x1", "y"), np.ones(1)), LINEAR, "labels are given twice"),
    ],
)
def test_what_does_not_fit_is_refused(table, loss, message):
    with pytest.raises(TableError, match=message):
        rows_of(table, loss=str(loss))


def test_an_expression_without_a_value_names_the_row():
    text = 'OPENQASM 3.0; include "stdgates.inc"; input angle x; qubit q; ry(sqrt(x)) q;'
    with pytest.raises(TableError, match=r"row 2: sqrt\(x\) is not a finite real number"):
        rows_of(DataTable(np.array([[1.0], [-1.0]])), text, data=("x",))


def test_of_many_rows_some_are_drawn_by_seed():
    values = np.arange(2.0 * 1000).reshape(1000, 2)
    found = rows_of(DataTable(values, labels=np.ones(1000), file="d.csv"))[1]
    assert (len(found.rows), found.rows.values[0, 1] - found.rows.values[0, 0]) == (MOST, 1.0)
    assert found.notes == (f"of 1,000 rows {MOST} are looked at, drawn with seed 0",)
    again = rows_of(DataTable(values))[1]
    assert (again.rows.values == found.rows.values).all()
    assert (np.diff(again.rows.values[:, 0]) > 0).all(), "they stay in order"


def test_weights_times_data_are_no_data():
    circuit, _ = select(
        read('OPENQASM 3.0; include "stdgates.inc"; input angle x; input angle w; qubit q; ry(w * x) q;').circuit,
        data=("x",),
    )
    assert [p.role for p in circuit.parameters] == [Role.DATA, Role.TRAINABLE, Role.TRAINABLE]
    assert features(circuit) == ("x",)


def test_a_name_that_two_columns_could_mean_is_none():
    table = DataTable(np.zeros((1, 2)), ("x_0", "x[0]"))
    assert column_of(table, "x[0]") == 1
    assert column_of(table, "x0") is None

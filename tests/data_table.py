"""The exact values of ``fixtures/data_table.json``: what each says of itself is how it was computed, without bplint."""

import json
import math

import numpy as np

from bplint.ir.rows import Rows, data_columns
from paths import ROOT
from repair_texts import read

TABLE = json.loads((ROOT / "fixtures" / "data_table.json").read_text(encoding="utf-8"))["rows"]


def entries(*quantities):
    """Those of some quantities."""
    return [row for row in TABLE if row["quantity"] in quantities]


def case_of(row, **settings):
    """The case of a row of the table, and its data."""
    case = read(row["qasm"], **settings)
    points = row["context"].get("rows")
    return case, None if points is None else rows_of(case.circuit, points, row["context"].get("labels"))


def rows_of(circuit, points, labels=None):
    """The data parameters at points of the array x; products are evaluated as Python has them."""
    values = np.zeros((len(points), len(data_columns(circuit))))
    for index, column in data_columns(circuit).items():
        text = circuit.parameters[index].name.replace("π", "pi")
        values[:, column] = [eval(text, {"pi": math.pi, "x": point}) for point in points]
    return Rows(values, None if labels is None else np.array(labels, dtype=float))

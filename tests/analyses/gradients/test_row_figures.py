"""What is reported of a data set: plain data with the contract's names, in words, and the certain zero of blind labels."""

import math

import pytest

from bplint.analyses import gradient
from bplint.analyses.ask import Ask
from bplint.analyses.gradients.over_rows import over_rows
from bplint.analyses.gradients.row_figures import figures
from bplint.failure import not_plain
from repair_texts import read

HEAD = 'OPENQASM 3.0; include "stdgates.inc";\n// bplint: observable = Z0\n// bplint: data = x*\n'
XOR = "// bplint: dataset = 0.9,0.9,1; 0.9,-0.9,-1; -0.9,0.9,-1; -0.9,-0.9,1\n"
BODY = "input array[float[64], 2] x; input array[float[64], 3] w; qubit[2] q; ry(x[0]) q[0]; ry(x[1]) q[1]; ry(w[0]) q[0]; "


def data_of(text):
    return Ask(read(HEAD + text))(gradient).data


def test_xor_corners_are_label_blind():
    data = data_of(XOR + BODY)
    assert data.label_blind
    assert (data.alignment, data.weak_rows, data.rows) == (0.0, 0.0, 4)
    assert data.row == pytest.approx((0.5, 0.5))
    assert not data_of(XOR + BODY + "ry(w[1]) q[1]; cz q[0], q[1]; ry(w[2]) q[0];").label_blind
    assert not data_of(XOR.replace(",1;", ";").replace(",-1", "").replace("-0.9,1", "-0.9") + BODY).label_blind, (
        "no labels"
    )


def test_what_machines_read():
    found = Ask(read(HEAD + "// bplint: loss = mse\n" + XOR + BODY))(gradient)
    written = found.as_json()
    assert not_plain(written, "gradient") == ""
    assert {key: written["data"][key] for key in ("rows", "drawn", "alignment", "weak_rows")} == {
        "rows": 4,
        "drawn": False,
        "alignment": 0.0,
        "weak_rows": 0.0,
    }
    (parameter,) = written["parameters"]
    assert (parameter["row"], parameter["linear"]) == (pytest.approx(0.5), 0.0)
    assert 0 == parameter["loss"]["lower"] <= parameter["loss"]["estimate"] <= parameter["loss"]["upper"]


def test_a_logarithm_that_is_not_clipped_has_a_tail_and_no_moment():
    """P(|∂L| >= δ) <= 4 Σ E[l²] + 4 E[(∂l)²]/δ²: near one for one qubit, and never above."""
    case = read(HEAD + "// bplint: loss = cross-entropy\n" + XOR + BODY)
    found = Ask(case)(over_rows, init=case.context.init, noise=case.context.noise)
    (figure,) = figures(case, found, [2], {2: 1.0}).parameters
    assert figure.as_json()["loss"] is None
    assert figure.as_json()["tail"] == {"probability": 1.0, "threshold": pytest.approx(math.sqrt(1 / 4 / 10_000))}


def test_units_count_squared():
    case = read(HEAD + XOR + BODY.replace("ry(w[0])", "ry(3 * w[0])"))
    found = Ask(case)(over_rows, init=case.context.init, noise=case.context.noise)
    one, three = (figures(case, found, [2], {2: unit}).parameters[0].row.value for unit in (1.0, 3.0))
    assert three == pytest.approx(9 * one)


def test_in_words():
    said = dict(data_of(XOR + BODY).sentences())
    assert "4 rows: largest signal of one row 0.5 on average" in said["rows"]
    assert "alignment 0" in said["labels"]

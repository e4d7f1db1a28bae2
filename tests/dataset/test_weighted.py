"""Weights times data: which angles are multiples of a weight in each row, and gradients by weights against dense states."""

import functools
import itertools
import math

import numpy as np
import pytest

import bplint
from bplint.analyses.ask import Ask
from bplint.analyses.gradients.asked import effort_of, problem_of
from bplint.analyses.gradients.gradient import gradient, loss
from bplint.analyses.gradients.rows.states import drawn_moments
from bplint.dataset.weighted import weighted_features
from bplint.importers.qasm import read as read_qasm
from bplint.ir.trainable import select
from bplint.repairs.changes import scaled_by
from repair_texts import read

HEAD = 'OPENQASM 3.0; include "stdgates.inc";\n'
ROWS = np.array([[0.5, 1.0], [1.5, -0.5], [-0.5, 1.0], [0.0, 2.0]])
LABELS = np.array([1.0, -1.0, 1.0, 1.0])
BODY = "input array[float[64], 2] x; input array[float[64], 3] w; qubit[2] q; "
CLASSIFIER = (
    "ry(0.4) q[1]; ry(w[0] * x[0] + x[1]) q[0]; cz q[0], q[1]; rx(w[1] * x[1]) q[1]; ry(w[2]) q[0]; cx q[1], q[0]; "
)


def program(expression):
    """A rotation by an expression of weights w and data x."""
    own = read_qasm(HEAD + BODY + f"ry({expression}) q[0];")
    return select(own.circuit, data=("x*",))[0], own.formulas


@pytest.mark.parametrize(
    ("expression", "factor", "shift"),
    [
        ("w[0] * x[0]", lambda a, b: a, lambda a, b: 0 * a),
        ("w[0] * sin(x[0]) * x[1]", lambda a, b: np.sin(a) * b, lambda a, b: 0 * a),
        ("(w[0] + x[1]) * (x[0] - 2)", lambda a, b: a - 2, lambda a, b: b * (a - 2)),
    ],
)
def test_what_is_on_a_line_in_the_weight_is_told_row_by_row(expression, factor, shift):
    circuit, formulas = program(expression)
    (found,) = weighted_features(ROWS, ("x[0]", "x[1]"), circuit, formulas).values()
    assert found.weight == "w[0]"
    assert found.factor == pytest.approx(factor(*ROWS.T), abs=1e-12)
    assert found.shift == pytest.approx(shift(*ROWS.T), abs=1e-12)


@pytest.mark.parametrize(
    "expression",
    ["sin(w[0]) * x[0]", "w[0] * w[0] * x[0]", "w[0] * w[1] * x[0]", "x[0] / w[0]", "x[0] * x[1]", "sqrt(w[0] * x[0])"],
)
def test_what_bends_or_has_two_weights_or_none_is_not(expression):
    assert weighted_features(ROWS, ("x[0]", "x[1]"), *program(expression)) == {}


def test_the_size_of_a_feature_is_that_of_its_factors():
    (found,) = weighted_features(ROWS, ("x[0]", "x[1]"), *program("w[0] * x[0]")).values()
    assert found.size == pytest.approx(math.sqrt((ROWS[:, 0] ** 2).mean()))
    (found,) = weighted_features(0 * ROWS, ("x[0]", "x[1]"), *program("w[0] * x[0]")).values()
    assert found.size == 1


def case_of(body, init="uniform", loss="linear", observable="Z0", rows=ROWS, labels=LABELS):
    written = "; ".join(
        ",".join(f"{value:g}" for value in [*row, label]) for row, label in zip(rows, labels, strict=True)
    )
    keys = {"observable": observable, "data": "x*", "init": init, "loss": loss, "dataset": written}
    return read(HEAD + "".join(f"// bplint: {key} = {value}\n" for key, value in keys.items()) + BODY + body)


def turn(state, letter, qubit, angle):
    """exp(-i angle P / 2) on one of two qubits; the index of a basis state is bit of qubit 0 first."""
    matrix = {"x": [[0, 1], [1, 0]], "y": [[0, -1j], [1j, 0]]}[letter]
    one = math.cos(angle / 2) * np.eye(2) - 1j * math.sin(angle / 2) * np.array(matrix)
    return np.einsum("ab,bc->ac" if qubit == 0 else "ab,cb->ca", one, state)


def expectation(angles):
    """<Z0> of the classifier with these angles of its four rotations."""
    state = np.zeros((2, 2), dtype=complex)
    state[0, 0] = 1
    state = turn(turn(state, "y", 1, angles[0]), "y", 0, angles[1])
    state[1, 1] *= -1
    state = turn(turn(state, "x", 1, angles[2]), "y", 0, angles[3])
    state[:, 1] = state[::-1, 1]  # CX from qubit 1 to qubit 0
    return (abs(state[0]) ** 2 - abs(state[1]) ** 2).sum()


def slopes(weights, x):
    """The derivatives by the weights, by the chain rule from shifts of the rotations by a quarter turn."""
    angles = np.array([0.4, weights[0] * x[0] + x[1], weights[1] * x[1], weights[2]])
    inner = [x[0], x[1], 1.0]
    found = []
    for k in range(3):
        step = np.zeros(4)
        step[k + 1] = math.pi / 2
        found.append(inner[k] * (expectation(angles + step) - expectation(angles - step)) / 2)
    return np.array(found)


def grids(init):
    """Points and their probabilities, of one weight: over the period that the rows share, or over a range."""
    if init == "uniform":
        return np.arange(17) * 4 * math.pi / 17, np.full(17, 1 / 17)
    points, chances = np.polynomial.legendre.leggauss(9)
    return float(init.partition(":")[2]) * points, chances / 2


@functools.cache
def dense(init):
    """By weight the mean over rows of E[(∂l)²], and E[(∂L)²] of the linear and the squared loss."""
    row, linear, squared = np.zeros(3), np.zeros(3), np.zeros(3)
    points, chances = grids(init)
    last = (np.arange(5) * 2 * math.pi / 5, np.full(5, 0.2)) if init == "uniform" else (points, chances)
    places = itertools.product(
        zip(points, chances, strict=True), zip(points, chances, strict=True), zip(*last, strict=True)
    )
    for (a, p), (b, r), (c, s) in places:
        each = np.array([slopes((a, b, c), x) for x in ROWS])
        values = np.array([expectation(np.array([0.4, a * x[0] + x[1], b * x[1], c])) for x in ROWS])
        row += p * r * s * (each**2).mean(axis=0)
        linear += p * r * s * (LABELS @ each / len(ROWS)) ** 2
        squared += p * r * s * (2 * (values - LABELS) @ each / len(ROWS)) ** 2
    return row, linear, squared


@pytest.mark.parametrize("init", ["uniform", "range:0.8"])
def test_rows_and_labels_are_those_of_dense_states(init):
    """The row and linear moments exactly; the squared loss within its bracket. Units are the rms of x by each weight."""
    found = Ask(case_of(CLASSIFIER, init, "mse"))(gradient)
    row, linear, squared = dense(init)
    units = np.append(np.sqrt((ROWS**2).mean(axis=0)), 1.0)
    assert [c.coordinate.scale for c in found.components] == pytest.approx(units)
    assert [p.row.value for p in found.data.parameters] == pytest.approx(row / units**2, abs=1e-10)
    assert [p.linear.value for p in found.data.parameters] == pytest.approx(linear / units**2, abs=1e-10)
    for figure, truth in zip(found.data.parameters, squared / units**2, strict=True):
        assert figure.loss.lower - 1e-12 <= truth <= figure.loss.upper + 1e-12


@pytest.mark.parametrize("init", ["uniform", "range:0.8"])
def test_states_that_are_drawn_say_the_same(init):
    case = case_of(CLASSIFIER, init)
    ask = Ask(case)
    problem = problem_of(case, ask, case.context.init, case.context.noise)
    found = drawn_moments(problem, case.context.rows, effort_of(case, ask)._replace(threshold=1e-3))
    row, linear, _ = dense(init)
    units = np.append(np.sqrt((ROWS**2).mean(axis=0)), 1.0)
    for k, slope in enumerate(found.slopes.values()):
        assert slope.row.value == pytest.approx(row[k] / units[k] ** 2, rel=0.2)
        assert slope.linear.value == pytest.approx(linear[k] / units[k] ** 2, rel=0.35, abs=1e-3)
    low, high = found.largest_row
    assert low <= (row / units**2).max() <= high


def inconclusive(case):
    return Ask(case)(gradient).unknown


@pytest.mark.parametrize(
    ("body", "loss", "labels", "reason"),
    [
        (
            "ry(w[0] * x[0]) q[0]; cz q[0], q[1]; ry(w[0] * x[1]) q[0];",
            "linear",
            LABELS,
            "w[0] multiplies data in one angle",
        ),
        ("ry(w[0] * x[0]) q[0]; rx(w[0]) q[0];", "linear", LABELS, "w[0] multiplies data in one angle"),
        ("ry(w[0] * w[1] * x[0]) q[0];", "linear", LABELS, "has 2 weights in one expression with data"),
        ("ry(sin(w[0]) * x[0]) q[0];", "linear", LABELS, "not affine"),
        ("ry(w[0] * x[0]) q[0];", "mse", LABELS / 2, "labels are not all -1 or +1"),
    ],
    ids=["twice with data", "with data and without", "two weights", "a weight that bends", "labels of any size"],
)
def test_what_is_not_measured_says_why(body, loss, labels, reason):
    assert reason in inconclusive(case_of(body, loss=loss, labels=labels))


def test_a_weight_of_a_feature_that_is_zero_in_all_rows_has_no_gradient():
    found = Ask(case_of("ry(w[0] * x[0]) q[0]; ry(w[1]) q[0];", rows=ROWS * [0, 1]))(gradient)
    assert [p.row.value for p in found.data.parameters] == pytest.approx([0, 0.5])


def test_rows_are_drawn_where_weights_multiply_data_of_a_law():
    text = HEAD + "// bplint: observable = Z0\n// bplint: data = x*\n// bplint: data-law = range:1\n" + BODY
    found = Ask(read(text + "ry(w[0] * x[0]) q[0];"))(gradient)
    assert found.data.drawn
    assert found.signal == pytest.approx(0.5)  # E[sin²] of a uniform angle in every row


def test_qiskit_products_of_weights_and_data_are_told_apart():
    qiskit = pytest.importorskip("qiskit")
    x, w = qiskit.circuit.ParameterVector("x", 2), qiskit.circuit.ParameterVector("w", 2)
    circuit = qiskit.QuantumCircuit(1)
    circuit.ry(w[0] * x[0], 0)
    circuit.rx(w[1] * x[1] + x[0], 0)
    report = bplint.lint(circuit, data="x*", rows=ROWS, labels=LABELS, observable="Z0")
    (entry,) = report.circuits
    found = entry.analyses["gradient"]
    # l = cos(w0 x0) cos(w1 x1 + x0): E[(∂l/∂w0)²] = x0²/4, by w1 x1²/2 where x0 is 0
    still = ROWS[:, 0] == 0
    by_w = [ROWS[:, 0] ** 2 / 4, ROWS[:, 1] ** 2 / 4 * (1 + still)]
    sizes = (ROWS**2).mean(axis=0)
    assert [p.row.value for p in found.data.parameters] == pytest.approx(
        [b.mean() / s for b, s in zip(by_w, sizes, strict=True)]
    )


def test_labels_of_rows_without_a_common_factor_share_what_no_weight_turns():
    """Where all |x| differ, a weight that starts anywhere keeps rows apart: G_ij = 0 for i ≠ j, but for what it does not turn."""
    rows, labels = np.array([[0.3, 0.7], [1.1, -0.4], [-0.8, 0.2]]), np.array([1.0, -1.0, 1.0])
    body = "ry(x[1]) q[1]; ry(w[1]) q[1]; ry(x[0]) q[0]; rx(0.3) q[0]; ry(w[0] * x[0]) q[0]; ry(w[2]) q[0]; "
    found = Ask(case_of(body, rows=rows, labels=labels, observable="Z0 + Z1"))(gradient)
    linear = {name: figure.linear.value for name, figure in zip(found.names, found.data.parameters, strict=True)}
    z, x = np.cos(rows[:, 0]) * math.cos(0.3), np.sin(rows[:, 0])
    by_row = (z**2 + x**2) / 2
    assert linear["w[0]*x[0]"] == pytest.approx((rows[:, 0] ** 2 * by_row).sum() / 9 / (rows[:, 0] ** 2).mean())
    apart = np.cos(np.subtract.outer(rows[:, 1], rows[:, 1])) / 2
    assert linear["w[1]"] == pytest.approx(labels @ apart @ labels / 9)
    assert linear["w[2]"] == pytest.approx(by_row.sum() / 9)


def test_the_loss_varies_by_no_less_than_its_steepest_row_allows():
    """l = cos(w x): its variance over a uniform weight is 1/2 in every row with x ≠ 0, and 0 in the other."""
    found = Ask(case_of("ry(w[0] * x[0]) q[0];"))(loss)
    assert found.interval[0] == pytest.approx(0.5 / (1.5**2 / (ROWS[:, 0] ** 2).mean()))
    assert found.interval[0] <= 0.5 * 3 / 4


def test_data_that_multiplies_weights_is_not_scaled():
    assert scaled_by(case_of("ry(x[0]) q[0]; ry(w[0]) q[0];"), 0.5) is not None
    assert scaled_by(case_of("ry(x[0]) q[0]; ry(w[0] * x[1]) q[0];"), 0.5) is None

"""Gradients of declared losses over rows, end to end: the exact values of ``fixtures/data_table.json`` through comments and through
Python, random small models on a grid of angles, and what is said where a bracket is open."""

import math
import re

import numpy as np
import pytest

import bplint
from bplint.analyses import gradient, loss
from bplint.analyses.ask import Ask
from bplint.bounds import Status
from bplint.config import Settings
from bplint.ir.rows import Rows
from bplint.run import lint_text
from data_table import TABLE
from dense_rows import gram, grid, jets, losses, spaced
from repair_texts import read

DATA = "// bplint: data = x*\n"
HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
OF_ROWS = re.compile(r"gradient_second_moment\.(sample|linear|mse|sigmoid)|(mse|sigmoid)\.(lower|upper)")
ENTRIES = [row for row in TABLE if "rows" in row["context"] and OF_ROWS.fullmatch(row["quantity"])]


def said(row):
    """The data and the loss of an entry, as comments."""
    context = row["context"]
    labels = context.get("labels")
    points = [point if labels is None else [*point, labels[i]] for i, point in enumerate(context["rows"])]
    written = "; ".join(",".join(map(repr, point)) for point in points)
    return f"// bplint: dataset = {written}\n" + (f"// bplint: loss = {loss_of(row)}\n" if labels else "")


def loss_of(row):
    """What is trained."""
    kind = row["quantity"].removeprefix("gradient_second_moment.").partition(".")[0]
    return {"mse": "mse", "sigmoid": f"sigmoid:{row.get('T')}"}.get(kind, "linear")


def check(row, found):
    """The JSON of a gradient against an entry."""
    (parameter,) = (p for p in found["parameters"] if p["name"] == row["parameter"])
    quantity, value, bounds = row["quantity"], row["value"], parameter["loss"]
    if quantity.endswith(".sample"):
        assert parameter["row"] == pytest.approx(value, abs=row["tolerance"])
    elif quantity.endswith(".linear"):
        assert parameter["linear"] == pytest.approx(value, abs=row["tolerance"])
        assert bounds["lower"] == bounds["upper"] == parameter["second_moment"] == parameter["linear"]
    elif quantity.startswith("gradient"):
        assert bounds["lower"] - 1e-12 <= value <= bounds["upper"] + 1e-12
        assert found["status"] == "bounded"
    else:
        assert bounds[quantity.partition(".")[2]] == pytest.approx(value, abs=row["tolerance"])


def test_the_table_is_not_empty():
    assert len(ENTRIES) >= 24


@pytest.mark.parametrize("row", ENTRIES, ids=lambda row: row["id"])
def test_the_table_through_comments(row):
    (report,) = lint_text(row["qasm"].replace(HEAD, HEAD + said(row), 1), Settings(select=("BP301",))).circuits
    check(row, report.analyses["gradient"].as_json())


def qiskit_circuit(text):
    """The circuit of an entry in Qiskit."""
    from qiskit import QuantumCircuit
    from qiskit.circuit import ParameterVector

    sizes = re.findall(r"input array\[float\[64\], (\d+)\] (\w)", text)
    scope = {name: ParameterVector(name, int(size)) for size, name in sizes} | {"pi": math.pi}
    circuit = QuantumCircuit(int(re.search(r"qubit\[(\d+)\]", text)[1]))
    for name, angle, wires in re.findall(
        r"^\s*(\w+)(?:\((.*)\))? (q\[.*)$", text.replace(";", ";\n").replace(";", ""), re.M
    ):
        qubits = [int(q) for q in re.findall(r"q\[(\d+)\]", wires)]
        getattr(circuit, name)(*([eval(angle, dict(scope))] if angle else []), *qubits)
    return circuit


@pytest.mark.parametrize("row", [row for row in ENTRIES if "30" not in row["id"]], ids=lambda row: row["id"])
def test_the_table_through_python(row):
    pytest.importorskip("qiskit")
    context = row["context"]
    report = bplint.lint(
        qiskit_circuit(row["qasm"]),
        observable=re.search("observable = (.*)", row["qasm"])[1],
        data="x*",
        rows={f"x[{k}]": column for k, column in enumerate(zip(*context["rows"], strict=True))},
        labels=context.get("labels"),
        loss=loss_of(row) if "labels" in context else None,
        select="BP301",
    )
    check(row, report.circuits[0].analyses["gradient"].as_json())


LOSSES = {
    "mse": lambda e, y: 2 * (e - y),
    "hinge": lambda e, y: np.where(y * e < 1 + 1e-12, -y, 0.0),
    "sigmoid:2.5": lambda e, y: -2.5 * y / (1 + np.exp(2.5 * y * e)),
    "linear": lambda e, y: y + 0 * e,
}


@pytest.mark.parametrize("seed", range(24))
def test_random_models_are_between_the_bounds_of_their_loss(seed):
    rng = np.random.default_rng(seed)
    name, slope_of = list(LOSSES.items())[seed % 4]
    n, count = 2, 4
    gates = [f"{rng.choice(['rx', 'ry', 'rz'])}(x[{k % 2}]) q[{k % 2}];" for k in range(3)]
    for k in range(4):
        gates.append(f"{rng.choice(['rx', 'ry', 'rz'])}(w[{k}]) q[{rng.integers(2)}];")
        if rng.random() < 0.5:
            gates.append("cx q[0], q[1];")
        if rng.random() < 0.4:  # uploaded again
            gates.append(f"ry({rng.choice(['', '2*'])}x[{rng.integers(2)}]) q[{rng.integers(2)}];")
    points, labels = rng.uniform(-2, 2, (count, n)), rng.choice([-1.0, 1.0], count)
    written = "; ".join(
        ",".join(map(repr, [*map(float, point), float(y)])) for point, y in zip(points, labels, strict=True)
    )
    observable = rng.choice(["Z0", "Z0 Z1", "0.5*Z0 + 0.5*X1"])
    case = read(
        HEAD
        + f"// bplint: observable = {observable}\n// bplint: data = x*\n// bplint: dataset = {written}\n// bplint: loss = {name}\n"
        f"input array[float[64], 2] x;\ninput array[float[64], 4] w;\nqubit[{n}] q;\n" + "\n".join(gates)
    )
    found = Ask(case)(gradient)
    if not found.components or found.method == "parity":
        return
    rule = spaced(9 if name.startswith("sigmoid") else 5)
    starts, weights = grid(case.circuit, rule)
    values = losses(case.circuit, case.context.observable, case.context.rows, starts)
    _, slopes, _ = jets(case.circuit, case.context.observable, case.context.rows, rule)
    bent = slope_of(values, case.context.rows.labels)
    for component, figure, parameter in zip(found.components, found.data.parameters, found.names, strict=True):
        truth = float(weights @ ((bent * slopes[parameter]).mean(axis=1) ** 2))
        own = gram(slopes[parameter], weights)
        assert figure.row.value == pytest.approx(np.trace(own) / count, abs=1e-9)
        assert figure.linear.value == pytest.approx(labels @ own @ labels / count**2, abs=1e-9)
        assert figure.loss.lower - 1e-6 <= truth <= figure.loss.upper + 1e-6
        assert component.interval[0] - 1e-6 <= truth <= component.interval[1] + 1e-6
        noise = case.context.observable.scale * float(weights @ (bent**2).mean(axis=1)) / count
        assert found.lower <= max(s for s in [_signal(found, slopes, bent, weights, noise)]) + 1e-6
        assert _signal(found, slopes, bent, weights, noise) <= found.upper + 1e-6


def _signal(found, slopes, bent, weights, noise):
    """The largest signal of the loss, with the noise that its rows have on average."""
    return max(float(weights @ ((bent * s).mean(axis=1) ** 2)) for s in slopes.values()) / noise


BODY = "input array[float[64], 2] x;\ninput array[float[64], 2] w;\nqubit[2] q;\nry(x[0]) q[0];\nry(w[0]) q[0];\n"


def test_without_labels_it_is_the_gradient_of_one_row():
    case = read(HEAD + "// bplint: observable = Z0\n// bplint: data = x*\n// bplint: dataset = 0.3,1; 0.9,2\n" + BODY)
    found = Ask(case)(gradient)
    assert (found.status, found.scale) == (Status.EXACT, 1.0)
    assert found.signal == pytest.approx(0.5)
    assert found.data.alignment is None
    whole = Ask(case)(loss)
    assert (whole.status, whole.mean, whole.variance) == (Status.BOUNDED, None, None)
    assert whole.interval == pytest.approx((0.5, 1.0)), "Var l is no less than E[(∂l)²]"
    assert whole.mean_interval == (-1.0, 1.0)


def test_a_law_with_features_that_return_is_measured_exactly_or_on_rows_drawn_from_it():
    text = (
        HEAD
        + "// bplint: observable = Z0\n// bplint: data = x*\n"
        + BODY.replace("ry(w", "rx(x[0]) q[0];\nrz(x[0] * x[0]) q[0];\nry(w")
    )
    case = read(text)
    found = Ask(case)(gradient)
    assert found.data.drawn
    assert found.data.rows == len(case.context.rows) == 200
    plain = read(text.replace("rz(x[0] * x[0]) q[0];\n", ""))
    exact = Ask(plain)(gradient)
    assert (exact.status, exact.data) == (Status.EXACT, None), "rows are not needed"


def test_rows_of_another_circuit_are_refused():
    case = read(HEAD + "// bplint: observable = Z0\n// bplint: data = x*\n// bplint: dataset = 0.3,1; 0.9,2\n" + BODY)
    other = case.context._replace(rows=Rows(np.zeros((2, 1))))
    found = Ask(case._replace(context=other))(gradient)
    assert (found.status, found.reason) == (Status.INCONCLUSIVE, "the rows are those of another circuit")


def test_an_open_bracket_decides_nothing_and_says_so():
    rows = "0.9,0.9,1; 0.9,-0.9,-1; -0.9,0.9,-1; -0.9,-0.9,1"
    declared = f"// bplint: observable = Z0\n// bplint: shots = 50\n// bplint: loss = sigmoid:0.3\n// bplint: dataset = {rows}\n"
    text = HEAD + DATA + declared + BODY
    found = Ask(read(text))(gradient)
    assert found.status is Status.BOUNDED
    assert found.lower < 1 / 50 < found.upper or found.upper < 1 / 50
    unclipped = Ask(read(text.replace("sigmoid:0.3", "cross-entropy")))(gradient)
    assert unclipped.status is Status.INCONCLUSIVE
    assert "unless it is clipped" in unclipped.reason

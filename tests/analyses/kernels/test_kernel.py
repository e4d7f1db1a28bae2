"""Kernels over rows and over laws: the table, closed forms, and what is skipped."""

import math

import numpy as np
import pytest

from bplint.analyses import kernel
from bplint.analyses.ask import Ask
from bplint.analyses.kernels import kernel as module
from bplint.analyses.kernels.kernel import Overlaps, kernel_signal, spread_in_shots
from bplint.bounds import Status
from bplint.ir.law import Init, parse_init
from bplint.ir.loss_function import LINEAR, parse_loss_function
from bplint.ir.noise import parse_noise
from bplint.ir.rows import Rows
from cases import case
from data_table import case_of, entries
from samples import circuit

FIELDS = {
    "kernel.mean": "mean",
    "kernel.second_moment": "second_moment",
    "kernel.min": "smallest",
    "kernel.max": "largest",
    "projected.mean_distance": "distance",
}
ROWS = entries(*FIELDS)
KERNEL = parse_loss_function("kernel")


def asked(c, law="uniform", rows=None, loss="kernel", data=("x*",), **more):
    found = case(c, "Z0", data=data)
    context = found.context._replace(loss=parse_loss_function(loss), rows=rows, init=Init(data=parse_init(law)), **more)
    return Ask(found._replace(context=context))


def product(n, gate="ry"):
    return circuit(n, [(gate, [q], f"x{q}") for q in range(n)])


def hardware_efficient(n, layers):
    gates = []
    for layer in range(layers):
        gates += [("ry", [q], f"x{layer}_{q}") for q in range(n)] + [("cz", [q, (q + 1) % n]) for q in range(n)]
    return circuit(n, gates)


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_the_table_is_met(row):
    found, rows = case_of(row)
    law = row["context"].get("data_law", "uniform")
    context = found.context._replace(loss=KERNEL, rows=rows, init=Init(data=parse_init(law)))
    answer = Ask(found._replace(context=context))(kernel)
    assert answer.status is Status.EXACT
    assert getattr(answer, FIELDS[row["quantity"]]) == pytest.approx(row["value"], abs=row["tolerance"])


@pytest.mark.parametrize("layers", [1, 3])
def test_mean_kernel_is_two_to_minus_n(layers):
    """At any depth; E[k²] falls towards Haar's 2/(4^n + 2^n) = 3.04e-5 on 8 qubits: 3.9e-4 with one layer."""
    found = asked(hardware_efficient(8, layers))(kernel)
    assert found.mean == pytest.approx(2**-8)
    assert found.second_interval[0] <= {1: 3.9e-4, 3: 1.6e-4}[layers] * 1.1
    assert found.second_interval[1] >= 3e-5


def test_rxx_kernel_has_two_classes():
    found = asked(circuit(2, [("rxx", [0, 1], "x")]))(kernel)
    assert (found.mean, found.second_moment) == (pytest.approx(1 / 2), pytest.approx(3 / 8))


@pytest.mark.parametrize("width", [0.3, 1.5])
def test_bandwidth_has_a_closed_form(width):
    phi = [math.sin(j * width) / (j * width) for j in (1, 2)]
    found = asked(product(6), law=f"range:{width}")(kernel)
    assert found.mean == pytest.approx(((1 + phi[0] ** 2) / 2) ** 6)
    assert found.second_moment == pytest.approx(((1 + 2 * phi[0] ** 2 + (1 + phi[1] ** 2) / 2) / 4) ** 6)


def test_counts_over_rows_are_exact_and_over_a_law_bounded():
    x = np.array([[0.0] * 20, [math.pi / 2] * 20])
    found = asked(product(20), rows=Rows(x))(kernel)
    k = 2.0**-20
    assert found.mean == pytest.approx(k)
    assert found.counted == pytest.approx(1 - (1 - k) ** 10_000)
    assert found.counted_exactly
    law = asked(product(20))(kernel)
    assert law.counted == pytest.approx(10_000 * k)
    assert not law.counted_exactly
    assert law.smallest is None


def test_where_a_law_is_not_measured_points_are_drawn(monkeypatch):
    by_law = asked(hardware_efficient(4, 2), law="range:0.8")(kernel)
    monkeypatch.setattr(module, "_of_law", lambda case, ask: Overlaps(Status.INCONCLUSIVE, "too much work"))
    found = asked(hardware_efficient(4, 2), law="range:0.8")(kernel)
    assert found.drawn
    assert found.compared == module.POINTS
    assert found.mean == pytest.approx(by_law.mean, rel=0.1)


def test_distances_over_a_law_are_estimated_from_points():
    """Σ_q (Var X + Var Z) = n for RY over a whole period, and nothing for RZ on |0>."""
    assert asked(product(30))(kernel).distance == pytest.approx(30, rel=0.05)
    assert asked(product(3, "rz"))(kernel).distance == pytest.approx(0, abs=1e-12)
    assert asked(product(3), law="normal:0.001")(kernel).distance == pytest.approx(3e-6, rel=0.3)


def test_rows_that_look_alike_differ_by_less_than_the_noise():
    alike = asked(product(6), law="range:0.001")(kernel)
    assert spread_in_shots(alike) < 1
    assert spread_in_shots(asked(product(6))(kernel)) > 1


def test_the_signal_is_that_of_the_loss():
    signal = kernel_signal(asked(product(6)).case, asked(product(6)))
    assert signal == (pytest.approx(2**-6),) * 3
    of_qubits = asked(product(6), loss="kernel:projected")
    assert kernel_signal(of_qubits.case, of_qubits).value == pytest.approx(1 / 3, rel=0.05)
    one = asked(product(6), rows=Rows(np.zeros((1, 6))))
    assert "one row" in kernel_signal(one.case, one)


@pytest.mark.parametrize(
    ("ask", "word"),
    [
        (lambda: asked(product(2), loss="mse"), "not a kernel"),
        (lambda: asked(circuit(1, [("ry", [0], "x"), ("ry", [0], "t")])), "trained"),
        (lambda: asked(circuit(1, [("h", [0])]), data=()), "no data"),
        (lambda: asked(product(2), noise=parse_noise("depolarizing:0.01")), "noise"),
        (lambda: asked(product(2), rows=Rows(np.zeros((1, 2)))), "one row"),
    ],
)
def test_what_is_no_kernel_says_why(ask, word):
    found = ask()(kernel)
    assert not found.status.told
    assert word in found.reason
    assert found.as_json() == {"status": found.status, "reason": found.reason}
    assert list(found.sentences()) == []


def test_json_and_sentences_say_over_what():
    law, rows = asked(product(3))(kernel), asked(product(3), rows=Rows(np.eye(3), drawn=True))(kernel)
    assert "over the law of the data (exact)" in next(law.sentences())[1]
    assert "3 rows drawn" in next(rows.sentences())[1]
    assert {"mean", "second_moment", "min", "max", "counted_share", "projected_distance"} <= rows.as_json().keys()
    assert kernel.belongs(asked(product(2)).case)
    assert not kernel.belongs(asked(product(2), loss=str(LINEAR)).case)

"""Kernels over rows and over laws: the table, closed forms, and what is skipped."""

import math

import numpy as np
import pytest

from bplint.analyses import kernel
from bplint.analyses.ask import Ask
from bplint.analyses.kernels.kernel import kernel_signal
from bplint.bounds import Status
from bplint.ir.law import Init, parse_init
from bplint.ir.loss_function import parse_loss_function
from bplint.ir.noise import parse_noise
from bplint.ir.rows import Rows
from data_table import case_of, entries
from kernel_questions import asked, hardware_efficient, product
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

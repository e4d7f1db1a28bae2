"""The discrepancy of a case: the table, and what is skipped."""

import numpy as np
import pytest

from bplint.analyses import mmd
from bplint.analyses.ask import Ask
from bplint.bounds import Status
from bplint.ir.loss_function import parse_loss_function
from bplint.ir.noise import parse_noise
from cases import case
from data_table import case_of, entries
from samples import circuit

FIELDS = ("mmd.gradient_second_moment", "mmd.loss_mean", "mmd.loss_variance")
ROWS = entries(*FIELDS)


def asked(c, sigma=1.0, bits=None, loss=None, data=(), **more):
    found = case(c, "Z0", data=data)
    samples = np.zeros((1, c.n_qubits), dtype=np.uint8) if bits is None else np.array(bits, dtype=np.uint8)
    function = parse_loss_function(loss or f"mmd:{sigma}")
    return Ask(found._replace(context=found.context._replace(loss=function, **({"samples": samples} | more))))


def product(n):
    return circuit(n, [("ry", [q], f"t{q}") for q in range(n)])


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_the_table_is_met(row):
    found, _ = case_of(row)
    bits = np.array([[int(b) for b in sample] for sample in row["context"]["target"]], dtype=np.uint8)
    context = found.context._replace(loss=parse_loss_function(row["context"]["loss"]), samples=bits)
    answer = Ask(found._replace(context=context))(mmd)
    assert answer.status is Status.EXACT
    by_name = {slope.name: slope.value for slope in answer.slopes}
    variance = None if answer.variance is None else answer.variance.value
    values = dict(zip(FIELDS, (by_name.get(row.get("parameter")), answer.mean.value, variance), strict=True))
    assert values[row["quantity"]] == pytest.approx(row["value"], abs=row["tolerance"])


def test_the_unit_is_a_quarter_of_the_squared_range_of_the_kernel():
    assert asked(product(4), 0.01)(mmd).scale == pytest.approx(1 / 4)
    found = asked(product(4), 8.0)(mmd)
    assert found.scale == pytest.approx((1 - np.exp(-1 / 4)) ** 2 / 4)
    assert found.signal_ends[0] == pytest.approx(found.lower / found.scale)


def test_width_in_proportion_to_n_shows_and_a_constant_one_does_not():
    assert asked(product(64), 1.0)(mmd).signal_ends[1] == pytest.approx(6.06e-8 / 0.25, rel=0.01)
    assert asked(product(64), 16.0)(mmd).signal_ends[0] > 1e-4


def test_bounds_of_entangled_circuits_are_bounds():
    gates = [("ry", [q], f"a{q}") for q in range(10)] + [("cz", [q, q + 1]) for q in range(9)]
    gates += [("ry", [q], f"b{q}") for q in range(10)]
    found = asked(circuit(10, gates), 2.0)(mmd)
    assert found.status is Status.ESTIMATED
    assert 0 < found.lower < found.upper < np.inf
    assert found.level > 0
    assert found.variance is None


@pytest.mark.parametrize(
    ("ask", "word"),
    [
        (lambda: asked(product(2), loss="linear"), "no maximum mean discrepancy"),
        (lambda: asked(product(2), samples=None), "target"),
        (lambda: asked(product(2), noise=parse_noise("depolarizing:0.1")), "noise"),
        (lambda: asked(circuit(1, [("ry", [0], "x"), ("rx", [0], "t")]), data=("x",)), "data"),
        (lambda: asked(circuit(1, [("h", [0])])), "no trainable"),
        (lambda: asked(circuit(9, [("ry", [q], "t") for q in range(9)])), "several rotations"),
    ],
)
def test_what_is_not_measured_says_why(ask, word):
    found = ask()(mmd)
    assert not found.status.told
    assert word in found.reason
    assert found.as_json() == {"status": found.status, "reason": found.reason}
    assert list(found.sentences()) == []


def test_json_and_sentences():
    found = asked(product(3))(mmd)
    signal, _ = found.sentences()
    assert signal[0] == "mmd"
    assert "(exact)" in signal[1]
    assert {"mean", "variance", "noise_scale", "signal_lower", "signal_upper", "parameters"} <= found.as_json().keys()
    assert mmd.belongs(asked(product(2)).case)
    assert not mmd.belongs(asked(product(2), loss="linear").case)

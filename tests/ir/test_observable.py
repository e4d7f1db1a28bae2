"""How people write a loss, and what is said of what they should not write."""

import json
from pathlib import Path

import numpy as np
import pytest

from bplint.ir.observable import ObservableError, in_range, parse, pauli_sum, sum_text
from bplint.ir.pauli import to_label
from dense import observable_vector


def test_more_qubits_leave_an_observable_as_it_is():
    for text in ("0.5*X0 Y1 + Z2 - 2", "projector(0, 2)"):
        wide = parse(text, 3).widened(5)
        assert wide == parse(text, 5)


def terms(text, n=5):
    return {to_label(s, n): c for s, c in parse(text, n).terms}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Z0 Z1", {"ZZIII": 1.0}),
        ("0.5*Z0 Z1 + X2", {"ZZIII": 0.5, "IIXII": 1.0}),
        ("ZZIII", {"ZZIII": 1.0}),
        ("0.5*ZZIII - 1.0*IXXII", {"ZZIII": 0.5, "IXXII": -1.0}),
        ("-Z0*Z1", {"ZZIII": -1.0}),
        ("Z0 @ X1", {"ZXIII": 1.0}),
        ("2e-1 Y4", {"IIIIY": 0.2}),
        ("mean(Z)", dict.fromkeys(("ZIIII", "IZIII", "IIZII", "IIIZI", "IIIIZ"), 0.2)),
        ("Z0 + Z0", {"ZIIII": 2.0}),
    ],
)
def test_forms(text, expected):
    assert terms(text) == pytest.approx(expected)


def test_the_scale_is_the_sum_of_squares_without_the_identity():
    assert parse("3 + 0.5*Z0 + 2*X1", 2).scale == pytest.approx(4.25)
    assert parse("3 + 0.5*Z0", 2).constant == 3
    assert parse("mean(Z)", 10).scale == pytest.approx(0.1)
    assert parse("projector(0..n-1)", 10).scale == 0.25


def test_projectors():
    assert parse("projector(0..n-1)", 4).projector == (0, 1, 2, 3)
    assert parse("projector(0, 2..3)", 4).projector == (0, 2, 3)
    assert parse("projector(n-1)", 4).support == 0b1000


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("Q0", "want a letter and a qubit"),
        ("ZZQ", "want letters I, X, Y, Z"),
        ("ZZ", "has 2 letters, the circuit 5 qubits"),
        ("1j*Z0", "imaginary"),
        ("Z9", "outside the circuit: qubits are 0..4"),
        ("Z0 Z0", "appears twice"),
        ("1e400*Z0", "too large"),
        ("1e-200*Z0", "too small"),
        ("Z0 +", "cannot read the observable"),
        ("Z0; X1", "cannot read the observable"),
        ("projector(0..9)", "qubit 5; qubits are 0..4"),
        ("projector()", "want a qubit number"),
        ("mean()", r"want mean\(X\), mean\(Y\) or mean\(Z\), got 'mean\(\)'"),
        ("Z0 - 0.5*mean( )", r"got 'mean\( \)'"),
        ("mean(Q) + Z0", r"got 'mean\(Q\) \+ Z0'"),
        ("mean(XY)", r"got 'mean\(XY\)'"),
        ("mean", "got 'mean'"),
        ("mean(Z", "got 'mean\\(Z'"),
        ("projector(0) + Z0", "stands alone"),
        ("Z0 + projector(0)", "stands alone"),
    ],
)
def test_refusals_say_what_would_be_right(text, message):
    with pytest.raises(ObservableError, match=message):
        parse(text, 5)


HOSTILE = Path(__file__).parents[2] / "fixtures" / "hostile" / "obs"
ROWS = [row for row in json.loads((HOSTILE / "index.json").read_text()) if "exp_terms" not in row["file"]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_hostile_texts_react_as_listed(row):
    text = (HOSTILE / Path(row["file"]).name).read_text()
    if row["expect"] == "refuse":
        with pytest.raises(ObservableError):
            parse(text, 2)
        return
    assert parse(text, 3 if text.startswith("III") else 2).terms == ()  # constant, and dead-loss says so


def test_a_projector_on_60_qubits_is_not_expanded():
    """2^60 Pauli terms: kept as the qubits it names."""
    parsed = parse("projector(0..59)", 60)
    assert (parsed.terms, len(parsed.projector)) == ((), 60)


def test_a_sum_that_does_not_fit_is_refused_at_once():
    with pytest.raises(ObservableError, match="a sum over 100,000 of 100,000 qubits is too large"):
        parse("mean(Z)", 100_000)


@pytest.mark.parametrize("text", ["projector(0..n-1)", "projector(0, 2)", "projector(1)", "0.5*Z0 X2 - Y1 + 2", "3"])
def test_written_out_it_is_the_same_operator(text):
    found = parse(text, 3)
    written = found.written_out()
    assert not written.projector
    np.testing.assert_allclose(observable_vector(written), observable_vector(found), atol=1e-12)


def test_generators_multiply_to_the_terms():
    found = parse("projector(0, 2)", 3)
    assert [to_label(s, 3) for s in found.generators] == ["ZII", "IIZ"]
    products = {0, found.generators[0], found.generators[1], found.generators[0] ^ found.generators[1]}
    assert products == set(np.flatnonzero(observable_vector(found)).tolist())
    assert {to_label(s, 3) for s in parse("X0 - Y1 + 2", 3).generators} == {"XII", "IYI"}
    assert parse("2", 3).generators == ()


@pytest.mark.parametrize("coefficient", [1e200, -1e101, 1e-150, float("inf"), float("nan")])
def test_an_operator_whose_square_is_no_number_is_refused(coefficient):
    with pytest.raises(ObservableError, match=r"coefficient .* (is not finite|is too large|is too small)"):
        in_range(pauli_sum({1: 1.0, 2: coefficient}, 1))
    with pytest.raises(ObservableError):
        in_range(pauli_sum({1: 1.0}, 1, constant=coefficient))
    assert in_range(parse("1e100*X0 + 1e-100*Z0", 1)).scale == pytest.approx(1e200)


@pytest.mark.parametrize(
    ("terms", "text"),
    [
        ({}, "0"),
        ({0: 2.5}, "2.5"),
        ({0b1100: 1.0, 0b0100: -1.0, 0b0001: -0.25}, "Z0 Z1 - Z0 - 0.25*X0"),
        ({0b0100: -1.0, 0: 1.0}, "-Z0 + 1.0"),
    ],
)
def test_sums_are_written_as_they_are_read(terms, text):
    assert sum_text(terms, 2) == text
    found = parse(text, 2)
    assert dict(found.terms) | ({0: found.constant} if found.constant else {}) == terms


def test_a_long_sum_is_cut_short():
    assert sum_text(dict.fromkeys(range(1, 30), 1.0), 5).endswith(" + … (29 terms)")

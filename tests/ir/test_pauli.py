"""Strings against their matrices, and the linear algebra over GF(2)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bplint.ir.pauli import (
    Anticommutation,
    LinearSpan,
    anticommute,
    flipped,
    from_label,
    multiply,
    ones,
    qubits,
    support,
    to_label,
    to_sparse,
    weight,
    x_part,
)
from matrices import pauli_matrix

labels = st.text("IXYZ", min_size=3, max_size=3)


@given(labels)
def test_labels_survive_a_round_trip(label):
    assert to_label(from_label(label), 3) == label


@given(labels, labels)
def test_products_and_phases_are_those_of_the_matrices(left, right):
    product, k = multiply(from_label(left), from_label(right), 3)
    expected = pauli_matrix(left) @ pauli_matrix(right)
    np.testing.assert_allclose(1j**k * pauli_matrix(to_label(product, 3)), expected, atol=1e-12)


@given(labels, labels)
def test_anticommutation_is_that_of_the_matrices(left, right):
    a, b = pauli_matrix(left), pauli_matrix(right)
    assert anticommute(from_label(left), from_label(right), 3) == (not np.allclose(a @ b, b @ a))


@pytest.mark.parametrize("n", [63, 64, 65, 130])
def test_nothing_changes_at_word_boundaries(n):
    label = "XYZI" * (n // 4) + "Y" * (n % 4)
    string = from_label(label)
    assert to_label(string, n) == label
    assert weight(string, n) == n - n // 4
    assert list(qubits(string, n)) == [q for q, letter in enumerate(label) if letter != "I"]
    assert flipped(flipped(string, n), n) == string


def test_names_and_parts():
    string = from_label("IXZY")
    assert to_sparse(string, 4) == "X1 Z2 Y3"
    assert to_sparse(string, 4, 2) == "X1 Za0 Ya1"
    assert to_sparse(0, 4) == "I"
    assert x_part(string, 4) == 0b1010
    assert support(string, 4) == 0b1110
    assert list(ones(0b1010)) == [1, 3]


def test_a_wrong_letter_is_named():
    with pytest.raises(ValueError, match="got 'Q'"):
        from_label("XQ")


@given(st.lists(st.integers(0, 255), max_size=12), st.integers(0, 255))
def test_span_membership_is_that_of_all_sums(vectors, probe):
    sums = {0}
    for v in vectors:
        sums |= {s ^ v for s in sums}
    span = LinearSpan(vectors)
    assert 1 << len(span) == len(sums)
    assert (probe in span) == (probe in sums)
    assert span.reduce(probe) ^ probe in sums


@given(st.lists(labels, max_size=8), labels)
def test_anticommutation_rows_are_pairwise_tests(many, one):
    strings = [from_label(label) for label in many]
    row = Anticommutation(3, strings).row(from_label(one))
    assert [row >> i & 1 == 1 for i in range(len(strings))] == [anticommute(s, from_label(one), 3) for s in strings]

"""The classification of Pauli algebras against brute-force closures at small widths, and its outside."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bplint.analyses.dla.pauli import classify as pauli
from bplint.analyses.dla.pauli.classify import classify
from bplint.ir.pauli import anticommute, from_label
from dense import pauli_closure
from pauli_generators import (
    X,
    Y,
    Z,
    bonds,
    ising,
    letters,
    locals_,
    names,
    one_copy,
    products,
    strings_algebra,
    without_radical,
)


def test_every_set_of_two_qubit_strings():
    for mask in range(1, 1 << 15):
        axes = [v for v in range(1, 16) if mask >> (v - 1) & 1]
        algebra = classify(axes, 2)
        assert algebra.dimension == len(pauli_closure(axes, 2)), axes


@st.composite
def string_sets(draw, max_qubits):
    """Sets of strings, sparse or dense, connected or not; often with twins, dependent and contained strings."""
    n = draw(st.integers(1, max_qubits))
    rng = random.Random(draw(st.integers(0, 2**32)))
    dense = [rng.randrange(4**n) for _ in range(rng.randint(0, 2 * n))]
    local = [letters(n, {q: rng.randint(1, 3) for q in rng.sample(range(n), min(n, 2))}) for _ in range(2 * n)]
    majoranas = [from_label("Z" * q + letter + "I" * (n - q - 1)) for q in range(n) for letter in "XY"]
    pairs = [a ^ b for a, b in (rng.sample(majoranas, 2) for _ in range(2 * n))]
    axes = draw(st.sampled_from([dense, local, pairs, dense[:1] + local, dense[:1] + pairs]))
    axes = axes[: draw(st.integers(1, 12))]
    central = rng.randrange(4**n)
    axes += [v ^ central for v in axes if rng.random() < 0.2]
    if draw(st.booleans()):
        inside = sorted(pauli_closure(axes, n))
        axes += rng.sample(inside, min(len(inside), rng.choice([2, 60])))
    rng.shuffle(axes)
    return axes, n


@settings(max_examples=1500, deadline=None)
@given(string_sets(5))
def test_components_are_those_of_the_closure(case):
    axes, n = case
    algebra = classify(axes, n)
    parts = connected_parts(axes, n)
    expected = {frozenset(part): (len(pauli_closure(part, n)), without_radical(part, n)[1]) for part in parts}
    found = {frozenset(algebra.axes[i] for i in c.generators): (c.dimension, c.pairs) for c in algebra.components}
    assert found == expected
    assert algebra.dimension == len(pauli_closure(axes, n))
    assert algebra.center == sum(len(part) == 1 for part in expected)
    for component in algebra.components:
        assert component.dimension == component.copies * one_copy(component)
        assert component.copies.bit_count() == 1


@settings(max_examples=300, deadline=None)
@given(string_sets(4))
def test_members_are_those_of_the_closure(case):
    axes, n = case
    algebra = classify(axes, n)
    closure = pauli_closure(axes, n)
    assert [v for v in range(4**n) if algebra.contains(v)] == sorted(closure)
    for component in algebra.components:
        part = pauli_closure([algebra.axes[i] for i in component.generators], n)
        assert [v for v in range(4**n) if component.contains(v)] == sorted(part)


@settings(max_examples=300, deadline=None)
@given(string_sets(5))
def test_the_core_generates_the_algebra(case):
    axes, n = case
    algebra = classify(axes, n)
    assert set(algebra.core) <= set(algebra.axes)
    assert pauli_closure(algebra.core, n) == pauli_closure(axes, n)


@settings(max_examples=200, deadline=None)
@given(string_sets(5), st.integers(0, 4**5 - 1))
def test_component_touching_anticommutes_with_a_generator(case, string):
    axes, n = case
    string %= 4**n
    algebra = classify(axes, n)
    touched = [c for c in algebra.components if any(anticommute(string, algebra.axes[i], n) for i in c.generators)]
    assert sorted(c.generators for c in algebra.component_touching(string)) == sorted(c.generators for c in touched)


@settings(max_examples=200, deadline=None)
@given(string_sets(5), st.randoms(use_true_random=False))
def test_order_does_not_matter(case, rng):
    axes, n = case
    expected = summary(classify(axes, n))
    for _ in range(10):
        rng.shuffle(axes)
        assert summary(classify(axes, n)) == expected


def test_order_does_not_matter_at_130_qubits():
    n, rng = 130, random.Random(1)
    sets = [ising(n), bonds(n, (X, X), (Y, Y), (Z, Z)), [*locals_(n, Z), *bonds(n, (X, X)), letters(n, {70: X})]]
    for axes in sets:
        expected = summary(classify(axes, n))
        for _ in range(10):
            rng.shuffle(axes)
            assert summary(classify(axes, n)) == expected


@pytest.mark.parametrize("idle", [0, 1, 3])
def test_many_long_strings_are_members_or_add_to_the_algebra(idle):
    n, rng = 40, random.Random(idle)
    used = n - idle
    odd = [v for v in (rng.randrange(4**used) for _ in range(3000)) if y_count(v, used) % 2]
    wide = [(v & (1 << used) - 1) | v >> used << n for v in odd]
    assert names(classify(wide, n)) == [f"so(2^{used})" if used >= 20 else f"so({2**used})"]
    assert names(classify([*wide, letters(n, {0: X})], n)) == [f"su(2^{used})" if used >= 20 else f"su({2**used})"]
    alone = [letters(n, {n - 1: X}), letters(n, {n - 1: Z})] if idle else []
    assert len(classify([*wide[:2000], *alone, *wide[2000:]], n).components) == 1 + bool(alone)


def test_a_late_string_of_the_radical_is_its_own_component():
    n = 12
    axes = [*locals_(n - 1, X, Y, width=n), *bonds(n - 1, (Z, Z), width=n), *products(bonds(n - 1, (X, Y), width=n))]
    algebra = classify([*axes, letters(n, {n - 1: Z})], n)
    assert names(algebra) == [f"su({2 ** (n - 1)})", "u(1)"]


def test_short_cuts_change_nothing(monkeypatch):
    cases = [(random.Random(seed).choices(range(1, 4**n), k=40), n) for seed in range(300) for n in (2, 3, 4)]
    cases += [([v & (1 << 7) - 1 | v >> 8 << 8 for v in axes], 4) for axes, n in cases if n == 4]
    expected = [summary(classify(axes, n)) for axes, n in cases]
    monkeypatch.setattr(pauli, "_FEW", 3)
    assert [summary(classify(axes, n)) for axes, n in cases] == expected


def test_repeats_and_the_identity_are_dropped():
    algebra = classify([0, 1, 4, 1, 0], 2)
    assert algebra.axes == (1, 4)
    assert [c.generators for c in algebra.components] == [(0, 1)]


def test_no_axes_generate_nothing():
    algebra = classify([0], 3)
    assert (algebra.dimension, algebra.center, algebra.components, algebra.contains(0)) == (0, 0, (), False)


def test_components_come_by_their_first_generator():
    algebra = strings_algebra("IIZ", "XII", "IXI", "ZII", "IYI")
    assert [c.generators for c in algebra.components] == [(0,), (1, 3), (2, 4)]
    assert [c.family for c in algebra.components] == ["u(1)", "so", "so"]


@pytest.mark.parametrize("string", [1 << 4, -1])
def test_a_string_beyond_the_qubits_is_refused(string):
    with pytest.raises(ValueError, match="want strings on 2 qubits"):
        classify([1, string], 2)


@pytest.mark.parametrize(("n", "name"), [(18, "su(262144)"), (19, "su(524288)"), (20, "su(2^20)"), (53, "su(2^53)")])
def test_large_sizes_are_named_as_powers(n, name):
    algebra = classify([*locals_(n, X, Y), *bonds(n, (Z, Z))], n)
    assert names(algebra) == [name]


def y_count(string, n):
    return (string & string >> n).bit_count()


def connected_parts(strings, n):
    left, parts = set(strings) - {0}, []
    while left:
        part = [left.pop()]
        for string in part:
            near = {v for v in left if anticommute(string, v, n)}
            left -= near
            part += near
        parts.append(part)
    return parts


def summary(algebra):
    return Counter(
        (c.algebra, c.copies, c.dimension, c.pairs, c.free_fermion, frozenset(algebra.axes[i] for i in c.generators))
        for c in algebra.components
    )

"""The classification of Pauli algebras: theorems at every width, and brute-force closures at small ones."""

import json
import random
from collections import Counter
from itertools import combinations
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bplint.analyses.dla.pauli import classify as pauli
from bplint.analyses.dla.pauli.classify import classify
from bplint.ir.pauli import anticommute, from_label, from_letters
from dense import pauli_closure
from paths import FIXTURES

X, Z, Y = 1, 2, 3
WIDTHS = [63, 64, 65, 130, 1000]
TABLE = [row for row in json.loads((FIXTURES / "dla_table.json").read_text()) if row["kind"] == "pauli"]


# Theorems on anticommutation graphs.


@pytest.mark.parametrize("m", range(1, 24))
def test_path_of_m_strings_is_so_m_plus_1(m):
    algebra = classify(*graph_strings(tree(m - 1)))
    assert algebra.dimension == m * (m + 1) // 2
    assert names(algebra) == [{1: "u(1)", 3: "2 so(3)"}.get(m, f"so({m + 1})")]  # so(4) = 2 so(3)


@pytest.mark.parametrize("leaves", [2, 3, 4, 5, 30, 200])
def test_star_is_copies_of_so_3(leaves):
    (star,) = classify(*graph_strings(tree(*[1] * leaves))).components
    assert (star.algebra, star.copies, star.dimension) == ("so(3)", 2 ** (leaves - 1), 3 * 2 ** (leaves - 1))


def test_twins_on_a_star_make_copies():
    assert strings_algebra("XIII", "ZZII", "ZIZI", "ZIIZ").dimension == 12


TREES = {  # legs: the algebra, and where radicals are divided out
    (2, 2, 1): ("sp(4)", 1, 36, 36),  # E6
    (3, 2, 1): ("su(8)", 1, 63, 63),  # E7
    (4, 2, 1): ("so(16)", 1, 120, 120),  # E8
    (2, 2, 2): ("sp(4)", 2, 72, 36),  # affine E6
    (3, 3, 1): ("su(8)", 2, 126, 63),  # affine E7
    (5, 2, 1): ("so(16)", 2, 240, 120),  # affine E8
    (6, 2, 1): ("so(32)", 1, 496, 496),  # E10
}


@pytest.mark.parametrize(("legs", "expected"), TREES.items())
def test_trees_beyond_free_fermions(legs, expected):
    strings, n = graph_strings(tree(*legs))
    (component,) = classify(strings, n).components
    assert (component.algebra, component.copies, component.dimension) == expected[:3]
    assert not component.free_fermion
    assert classify(*without_radical(strings, n)).dimension == expected[3]


@pytest.mark.parametrize("m", range(5, 12))
def test_line_graph_of_the_complete_graph_is_so_m(m):
    pairs = list(combinations(range(m), 2))
    adjacent = [(i, j) for (i, a), (j, b) in combinations(enumerate(pairs), 2) if len({*a, *b}) == 3]
    strings, n = graph_strings(adjacent)
    (component,) = classify(strings, n).components
    assert (component.algebra, component.copies) == (f"so({m})", 2 ** comb(m - 1, 2))
    assert classify(*without_radical(strings, n)).dimension == comb(m, 2)


def test_triangle_is_so_3_and_not_a_claw():
    assert names(strings_algebra("X", "Y", "Z")) == ["so(3)"]
    assert names(strings_algebra("XI", "YI", "ZZ")) == ["2 so(3)"]


def test_coincidences_are_named_as_free_fermions():
    assert names(strings_algebra("XI", "ZI", "IX", "IZ", "ZZ")) == ["so(6)"]
    assert names(strings_algebra("XI", "ZZ", "IX", "IZ")) == ["so(5)"]
    assert names(strings_algebra("XI", "ZI")) == ["so(3)"]


# Theorems on circuits, with exact integers across the 64-bit boundary.


@pytest.mark.parametrize("n", WIDTHS)
def test_open_ising_chain_is_so_2n(n):
    assert classify(ising(n), n).dimension == n * (2 * n - 1)


@pytest.mark.parametrize("n", WIDTHS)
def test_ising_ring_is_two_so_2n(n):
    assert names(classify([*ising(n), letters(n, {n - 1: Z, 0: Z})], n)) == [f"2 so({2 * n})"]


@pytest.mark.parametrize("n", WIDTHS)
def test_xy_path_is_two_so_n(n):
    assert names(classify(bonds(n, (X, X), (Y, Y)), n)) == [f"so({n})"] * 2


@pytest.mark.parametrize("n", WIDTHS)
def test_heisenberg_path(n):
    name = f"su(2^{n - 1})" if n % 2 else f"4 su(2^{n - 2})"
    assert names(classify(bonds(n, (X, X), (Y, Y), (Z, Z)), n)) == [name]


@pytest.mark.parametrize("n", WIDTHS)
def test_hardware_efficient_ansatz_is_su(n):
    algebra = classify([*locals_(n, X, Y), *bonds(n, (Z, Z))], n)
    assert algebra.dimension == 4**n - 1
    assert algebra.is_full


@pytest.mark.parametrize("n", WIDTHS)
def test_matchgates_with_boundary_fields(n):
    matchgates = [*locals_(n, Z), *bonds(n, (X, X))]
    first, last = letters(n, {0: X}), letters(n, {n - 1: X})
    assert names(classify(matchgates, n)) == [f"so({2 * n})"]
    assert names(classify([*matchgates, first], n)) == [f"so({2 * n + 1})"]
    assert names(classify([*matchgates, first, last], n)) == [f"so({2 * n + 2})"]


@pytest.mark.parametrize("n", [3, 4, 5, 6, *WIDTHS])
def test_one_bulk_field_makes_matchgates_exponential(n):
    algebra = classify([*locals_(n, Z), *bonds(n, (X, X)), letters(n, {1: X})], n)
    assert algebra.components[0].pairs == n
    assert not algebra.components[0].free_fermion
    assert algebra.dimension == {3: 36, 4: 120, 5: 496, 6: 2080}.get(n, algebra.dimension) > 2 ** (2 * n - 2)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, *WIDTHS])
def test_real_pair_rotations_are_so_of_the_whole_space(n):
    algebra = classify([*locals_(n, Y), *bonds(n, (Y, Z), (Z, Y))], n)
    assert algebra.dimension == 2 ** (n - 1) * (2**n - 1)


@pytest.mark.parametrize("n", [6, 8, 20, 65])
def test_split_qaoa_on_the_complete_graph_is_two_su_of_half_the_space(n):
    cost = products(locals_(n, Z))  # far more commuting strings than qubits, before the mixers connect them
    (component,) = classify([*cost, *locals_(n, X)], n).components
    assert (component.copies, component.dimension) == (2, 2 * (4 ** (n - 1) - 1))


CZ_LAYERS = {  # edges of the CZ layer: dimensions for n = 3, 4, 5, 6
    "path": [12, 20, 30, 42],
    "ring": [15, 24, 45, 60],
    "all": [15, 120, 255, 2016],
}


@pytest.mark.parametrize("graph", CZ_LAYERS)
def test_ry_and_cz_layers(graph):
    for n, dimension in enumerate(CZ_LAYERS[graph], start=3):
        assert classify(cz_orbit(locals_(n, Y), n, graph), n).dimension == dimension


@pytest.mark.parametrize("n", WIDTHS)
def test_ry_and_cz_path_is_n_times_n_plus_1(n):
    algebra = classify(cz_orbit(locals_(n, Y), n, "path"), n)
    assert algebra.dimension == n * (n + 1)


@pytest.mark.parametrize("n", [3, 4, 5, 6, *WIDTHS])
def test_all_rotations_and_cz(n):
    rotations = locals_(n, X, Y, Z)
    assert classify(cz_orbit(rotations, n, "ring"), n).dimension == (4**n - (-2) ** n) // 2
    assert classify(cz_orbit(rotations, n, "path"), n).is_full


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row['name']}-{row['n']}")
def test_table(row):
    algebra = classify([from_label(label) for sum_ in row["generators"] for label in sum_], row["n"])
    assert algebra.dimension == row["dimension"]
    assert sorted(map(table_name, algebra.components)) == sorted(row["structure"])


# The other road: closures by brute force.


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


# Very many long strings take the short cuts.


@pytest.mark.parametrize("idle", [0, 1, 3])
def test_many_long_strings_are_members_or_add_to_the_algebra(idle):
    n, rng = 40, random.Random(idle)
    used = n - idle
    odd = [v for v in (rng.randrange(4**used) for _ in range(3000)) if y_count(v, used) % 2]
    wide = [(v & (1 << used) - 1) | v >> used << n for v in odd]
    assert names(classify(wide, n)) == [f"so(2^{used})" if 2**used >= 2**53 else f"so({2**used})"]
    assert names(classify([*wide, letters(n, {0: X})], n)) == [f"su({2**used})"]
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


# The outside.


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


@pytest.mark.parametrize(("n", "name"), [(18, "su(262144)"), (52, "su(4503599627370496)"), (53, "su(2^53)")])
def test_large_sizes_are_named_as_powers(n, name):
    algebra = classify([*locals_(n, X, Y), *bonds(n, (Z, Z))], n)
    assert names(algebra) == [name]


# Strings.


def letters(n, codes):
    return from_letters(codes.items(), n)


def locals_(n, *codes, width=None):
    return [letters(width or n, {q: code}) for q in range(n) for code in codes]


def bonds(n, *pairs, width=None):
    return [letters(width or n, {q: a, q + 1: b}) for q in range(n - 1) for a, b in pairs]


def ising(n):
    return [*locals_(n, X), *bonds(n, (Z, Z))]


def products(strings):
    return [a ^ b for a, b in combinations(strings, 2)]


def y_count(string, n):
    return (string & string >> n).bit_count()


def cz_orbit(axes, n, graph):
    """The axes of whole layers with a CZ layer between: the layer has order 2."""
    edges = {
        "path": [(q, q + 1) for q in range(n - 1)],
        "ring": [(q, (q + 1) % n) for q in range(n)],
        "all": list(combinations(range(n), 2)),
    }[graph]
    neighbours = [0] * n
    for a, b in edges:
        neighbours[a] ^= 1 << b
        neighbours[b] ^= 1 << a
    images = list(axes)
    for q in range(n):
        images = [v ^ (neighbours[q] << n if v >> q & 1 else 0) for v in images]
    return [*axes, *images]


# Strings with a given anticommutation graph.


def tree(*legs):
    """Edges of the tree with a center 0 and legs of these lengths; one leg is a path."""
    edges, size = [], 1
    for length in legs:
        edges += [(0 if step == 0 else size + step - 1, size + step) for step in range(length)]
        size += length
    return edges


def graph_strings(edges):
    """Independent strings: Z on a qubit of one's own, X on those of earlier neighbours."""
    n = 1 + max((max(edge) for edge in edges), default=0)
    strings = [1 << n + node for node in range(n)]
    for a, b in edges:
        strings[max(a, b)] ^= 1 << min(a, b)
    return strings, n


def without_radical(strings, n):
    """The images modulo all strings of the span that commute with it: their products with symplectic pairs."""
    pairs, rest = [], list(strings)
    while rest:
        left = rest.pop()
        right = next((v for v in rest if anticommute(left, v, n)), None)
        if right is None:
            continue
        pairs.append((left, right))
        rest = [v ^ left * anticommute(v, right, n) ^ right * anticommute(v, left, n) for v in rest if v != right]
    k = len(pairs)
    bits = [bit for pair in zip(*pairs, strict=True) for bit in pair]
    return [sum(anticommute(v, b, n) << i for i, b in enumerate(bits)) for v in strings], k


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


# Names.


def strings_algebra(*labels):
    return classify([from_label(label) for label in labels], len(labels[0]))


def names(algebra):
    return [c.algebra if c.copies == 1 else f"{c.copies} {c.algebra}" for c in algebra.components]


def summary(algebra):
    return Counter(
        (c.algebra, c.copies, c.dimension, c.pairs, c.free_fermion, frozenset(algebra.axes[i] for i in c.generators))
        for c in algebra.components
    )


def one_copy(component):
    n = component.size
    return {"u(1)": 1, "so": n * (n - 1) // 2, "sp": n * (2 * n + 1), "su": n * n - 1}[component.family]


def table_name(component):
    """The table's notation: free fermions by their dimension."""
    if component.family == "u(1)":
        return "u(1)"
    copies = f"x 2^{component.copies.bit_length() - 1}"
    if component.free_fermion:
        return f"small/free-fermion type: {one_copy(component)} {copies}"
    return f"{component.family}(2^{component.size.bit_length() - 1}) {copies}"

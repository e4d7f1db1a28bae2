"""The classification of Pauli algebras against theorems, at every width."""

import json
from itertools import combinations
from math import comb

import pytest

from bplint.analyses.dla.pauli.classify import classify
from bplint.ir.pauli import from_label
from paths import FIXTURES
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

WIDTHS = [63, 64, 65, 130, 1000]


TABLE = [row for row in json.loads((FIXTURES / "dla_table.json").read_text()) if row["kind"] == "pauli"]


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


def table_name(component):
    """The table's notation: free fermions by their dimension."""
    if component.family == "u(1)":
        return "u(1)"
    copies = f"x 2^{component.copies.bit_length() - 1}"
    if component.free_fermion:
        return f"small/free-fermion type: {one_copy(component)} {copies}"
    return f"{component.family}(2^{component.size.bit_length() - 1}) {copies}"

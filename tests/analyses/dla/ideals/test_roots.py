"""Ideals of sums of strings: theorems by name, the table, and dense matrices on random sums."""

import json
from collections import Counter
from itertools import combinations
from math import comb

import numpy as np
import pytest

from bplint.analyses.dla.ideals.basis import orthonormal
from bplint.analyses.dla.ideals.roots import ideals
from bplint.analyses.dla.pauli.classify import classify
from bplint.ir.pauli import from_label, from_letters, to_label
from paths import FIXTURES
from samples import label_matrix

X, Z, Y = 1, 2, 3
ROWS = json.loads((FIXTURES / "dla_table.json").read_text(encoding="utf-8"))
LARGEST = 130


def names(generators, n, dimension):
    """The algebra in words; the dimension is given, as the linear closure would."""
    algebra = orthonormal(generators, n, dimension)
    found = ideals(algebra)
    assert sum(ideal.dimension for ideal in found.simple) + found.center.shape[1] == dimension
    everything = np.hstack((found.center, *(ideal.basis for ideal in found.simple)))
    assert np.allclose(everything.T @ everything, np.eye(dimension), atol=1e-7)
    counts = Counter(ideal.algebra for ideal in found.simple)
    center = [f"{found.center.shape[1]} u(1)"] if found.center.shape[1] else []
    return " + ".join([f"{count} {name}" for name, count in counts.items()] + center)


def total(n, *strings):
    return {from_letters(letters, n): 1.0 for letters in strings}


def fields(n, letter):
    return total(n, *[[(q, letter)] for q in range(n)])


def bonds(n, pairs, *letters):
    """One generator a pair: the sum of the two-letter strings on it."""
    return [total(n, *[[(a, s), (b, t)] for s, t in letters]) for a, b in pairs]


def path(n):
    return [(q, q + 1) for q in range(n - 1)]


def ring(n):
    return [(q, (q + 1) % n) for q in range(n)]


def qaoa(n, pairs):
    return [fields(n, X), total(n, *[[(a, Z), (b, Z)] for a, b in pairs])]


def joined(counts):
    return " + ".join(f"{count} {name}" for name, count in counts if count)


@pytest.mark.parametrize("n", range(3, 13))
def test_qaoa_on_a_ring_is_one_su2_a_momentum(n):
    assert names(qaoa(n, ring(n)), n, 3 * n - 1) == f"{n - 1} su(2) + 2 u(1)"


@pytest.mark.parametrize("n", range(5, 10))
def test_qaoa_on_an_open_path_is_u_n(n):
    assert names(qaoa(n, path(n)), n, n * n) == f"1 su({n}) + 1 u(1)"


@pytest.mark.parametrize("n", range(5, 10))
def test_xy_bonds_on_a_path_are_so_n(n):
    assert names(bonds(n, path(n), (X, X), (Y, Y)), n, n * (n - 1) // 2) == f"1 so({n})"


@pytest.mark.parametrize("n", range(5, 9))
def test_xy_bonds_and_z_on_a_path_are_u_n(n):
    generators = [*bonds(n, path(n), (X, X), (Y, Y)), *(total(n, [(q, Z)]) for q in range(n))]
    assert names(generators, n, n * n) == f"1 su({n}) + 1 u(1)"


@pytest.mark.parametrize("n", range(3, 9))
def test_xy_bonds_on_a_ring_depend_on_the_parity(n):
    odd, even = f"1 su({n})", {4: "4 su(2)"}.get(n, f"2 so({n})")
    dimension = n * n - 1 if n % 2 else n * (n - 1)
    assert names(bonds(n, ring(n), (X, X), (Y, Y)), n, dimension) == (odd if n % 2 else even)


@pytest.mark.parametrize("n", range(2, 9))
def test_permutation_equivariant_circuits_follow_schur_and_weyl(n):
    """One su(m) for each total spin (m - 1)/2, and one generator that is a multiple of 1 on each (arXiv:2210.08566)."""
    sizes = range(n + 1, 1, -2)
    generators = [fields(n, X), fields(n, Y), total(n, *[[(a, Z), (b, Z)] for a, b in combinations(range(n), 2)])]
    simple = [(("so(6)" if m == 4 else f"su({m})"), 1) for m in sizes]
    assert names(generators, n, comb(n + 3, 3) - n // 2) == joined([*simple, ("u(1)", 1)])


def test_conserved_particle_number_gives_an_su_a_sector():
    n = 5
    pairs = list(combinations(range(n), 2))
    generators = [*bonds(n, pairs, (X, X), (Y, Y)), *(total(n, [(q, Z)]) for q in range(n))]
    assert names(generators, n, comb(2 * n, n) - n) == "2 su(10) + 2 su(5) + 1 u(1)"


@pytest.mark.parametrize(
    ("n", "boundary", "name"), [(3, [0], "so(7)"), (3, [0, 2], "so(8)"), (3, [1], "sp(4)"), (4, [0], "so(9)")]
)
def test_equal_dimension_and_rank_are_told_apart_by_the_lengths_of_roots(n, boundary, name):
    """so(9) and sp(4) both have dimension 36 and rank 4."""
    fermions = [*(total(n, [(q, Z)]) for q in range(n)), *bonds(n, path(n), (X, X))]
    generators = [*fermions, *(total(n, [(q, X)]) for q in boundary)]
    assert names(generators, n, {"so(7)": 21, "so(8)": 28, "sp(4)": 36, "so(9)": 36}[name]) == f"1 {name}"


def test_g2_is_found_inside_so_7():
    """Seven gamma matrices: 14 of the 21 rotations fix a spinor's products; two random ones generate G2."""
    n = 3
    strings = [from_label(s) for s in ("XII", "YII", "ZXI", "ZYI", "ZZX", "ZZY", "ZZZ")]
    triples = [(0, 1, 2), (0, 3, 4), (0, 6, 5), (1, 3, 5), (1, 4, 6), (2, 3, 6), (2, 5, 4)]
    three = np.zeros((7, 7, 7))
    for a, b, c in triples:
        for p, sign in (
            ((a, b, c), 1),
            ((b, c, a), 1),
            ((c, a, b), 1),
            ((b, a, c), -1),
            ((a, c, b), -1),
            ((c, b, a), -1),
        ):
            three[p] = sign
    pairs = list(combinations(range(7), 2))
    rows = []
    for a, b in pairs:  # what the rotation of a and b does to the three-form
        turn = np.zeros((7, 7))
        turn[a, b], turn[b, a] = 1, -1
        moved = [
            np.tensordot(turn, three, (1, 0)),
            np.einsum("jb,abc->ajc", turn, three),
            np.einsum("kc,abc->abk", turn, three),
        ]
        rows.append(sum(moved).ravel())
    kept = np.linalg.svd(np.array(rows).T)[2][7:]
    matrices = [label_matrix(s, n) for s in strings]
    rng = np.random.default_rng(0)
    generators = []
    for _ in range(2):
        weights = rng.normal(size=14) @ kept
        whole = sum(w * 1j * matrices[a] @ matrices[b] for w, (a, b) in zip(weights, pairs, strict=True))
        generators.append({s: np.trace(label_matrix(s, n) @ whole).real / 8 for s in range(1, 64)})
    assert names([{s: c for s, c in g.items() if abs(c) > 1e-12} for g in generators], n, 14) == "1 g(2)"


@pytest.mark.parametrize(
    "row",
    [r for r in ROWS if r["kind"] == "pauli" and r["dimension"] <= LARGEST][::3],
    ids=lambda r: f"{r['name']}-{r['n']}",
)
def test_strings_have_the_ideals_of_their_classification(row):
    n, generators = row["n"], [{from_label(s): float(c) for s, c in g.items()} for g in row["generators"]]
    algebra = classify([s for g in generators for s in g], n)
    expected = Counter()
    for c in algebra.components:
        expected["su(2)" if c.algebra == "so(3)" else c.algebra] += c.copies
    found = names(generators, n, row["dimension"])
    assert dict(reversed(part.split(" ")) for part in found.split(" + ")) == {k: str(v) for k, v in expected.items()}


def random_sums(rng, n):
    """Up to four sums of up to three strings, of few letters or of any, with coefficients of all sizes."""
    pool = [int(s) for s in rng.integers(1, 4**n, int(rng.integers(2, 7)))]
    return [
        {int(s): float(rng.choice([1, 1, -1, 2, 0.37])) for s in rng.choice(pool, int(rng.integers(1, 4)))}
        for _ in range(int(rng.integers(1, 5)))
    ]


def dense_basis(matrices):
    """An orthonormal basis of the real Lie algebra of these Hermitian matrices, as rows (d, size²)."""
    size = len(matrices[0])
    rows, elements = np.zeros((0, 2 * size * size)), []
    waiting = list(matrices)
    while waiting:
        matrix = waiting.pop(0)
        vector = np.concatenate([matrix.real.ravel(), matrix.imag.ravel()])
        norm = np.linalg.norm(vector)
        if norm < 1e-9:
            continue
        rest = vector / norm
        for _ in range(2):
            rest = rest - rows.T @ (rows @ rest)
        if np.linalg.norm(rest) > 1e-6:
            rest = rest / np.linalg.norm(rest)
            rows = np.vstack((rows, rest))
            new = (rest[: size * size] + 1j * rest[size * size :]).reshape(size, size)
            elements.append(new)
            waiting += [1j * (g @ new - new @ g) for g in matrices]
    return rows, elements


def span(vectors, tolerance=1e-7):
    left, lengths, _ = np.linalg.svd(vectors, full_matrices=False)
    return left[:, lengths > tolerance * max(lengths[0], 1e-300)]


def dense_ideals(matrices, rng):
    """(dimension of the centre, sorted (dimension, rank) of the ideals), by spinning eigenvectors of the enveloping algebra.

    The ideals are modules of different kinds, so an eigenvector of a random symmetric element of the enveloping algebra lies
    in one, and its images span it.
    """
    rows, elements = dense_basis(matrices)
    d = len(elements)
    brackets = np.array([[1j * (a @ b - b @ a) for b in elements] for a in elements]).reshape(d, d, -1)
    ad = (np.concatenate((brackets.real, brackets.imag), axis=2) @ rows.T).transpose(0, 2, 1)
    lengths, right = np.linalg.svd(ad.reshape(d * d, d))[1:]
    center = int((lengths < 1e-8).sum())
    rest = right[: d - center].T
    if center == d:
        return d, []
    words = [np.tensordot(rng.normal(size=d), ad, 1) for _ in range(4)]
    element = (
        words[0] @ words[1] @ words[1].T @ words[0].T
        + words[2] @ words[2] @ words[3] @ words[3].T @ words[2].T @ words[2].T
    )
    vectors = rest @ np.linalg.eigh(rest.T @ element @ rest)[1]
    found, covered = [], np.zeros((d, 0))
    for v in vectors.T:
        if np.linalg.norm(covered.T @ v) > 0.5:
            continue
        ideal = v[:, None]
        while (grown := span(np.hstack((ideal, *(a @ ideal for a in ad))))).shape[1] > ideal.shape[1]:
            ideal = grown
        regular = ideal.T @ np.tensordot(ideal @ rng.normal(size=ideal.shape[1]), ad, 1) @ ideal
        sizes = np.linalg.svd(regular)[1]
        found.append((ideal.shape[1], int((sizes < 1e-8 * sizes[0]).sum())))
        covered = np.hstack((covered, ideal))
    return center, sorted(found)


@pytest.mark.parametrize("seed", range(60))
def test_random_sums_against_dense_matrices(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    generators = random_sums(rng, n)
    matrices = [sum(c * label_matrix(s, n) for s, c in g.items()) for g in generators]
    center, simple = dense_ideals(matrices, rng)
    found = ideals(orthonormal(generators, n, center + sum(d for d, _ in simple)))
    assert (found.center.shape[1], sorted((i.dimension, i.rank) for i in found.simple)) == (center, simple), [
        {to_label(s, n): c for s, c in g.items()} for g in generators
    ]


def test_a_wrong_dimension_is_refused():
    generators = qaoa(5, ring(5))
    assert orthonormal(generators, 5, 13) is None
    assert orthonormal(generators, 5, 15) is None


def test_nearly_equal_generators_are_refused_and_not_merged():
    """Z0 and Z0 + 1e-9 X0 generate su(2), which floating point does not see."""
    assert orthonormal([{from_label("Z"): 1.0}, {from_label("Z"): 1.0, from_label("X"): 1e-9}], 1, 3) is None

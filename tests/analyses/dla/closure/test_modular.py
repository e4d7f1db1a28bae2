"""Linear closure of sums: the table, theorems, and dense matrices on random sums."""

import json
import math
from functools import partial

import numpy as np
import pytest

from bplint.analyses.ask import BudgetError, Clock
from bplint.analyses.dla.closure.echelon import Independence
from bplint.analyses.dla.closure.modular import PRIMES, close
from bplint.ir.pauli import from_label, from_letters
from matrices import pauli_matrix
from paths import FIXTURES

X, Z, Y = 1, 2, 3
ROWS = json.loads((FIXTURES / "dla_table.json").read_text(encoding="utf-8"))
WHOLE = [r for r in ROWS if all(float(c) == int(c) for g in r["generators"] for c in g.values())]
IDENTITY_COUNTED = "identity included"
"""The row whose published figure counts a generator's identity part, which is dropped here: 63, not 64."""


def terms(n, *strings):
    return {from_letters(letters, n): 1 for letters in strings}


def qaoa(n, pairs):
    return [terms(n, *[[(q, X)] for q in range(n)]), terms(n, *[[(a, Z), (b, Z)] for a, b in pairs])]


def ring(n):
    return [(q, (q + 1) % n) for q in range(n)]


def complete(n):
    return [(a, b) for b in range(n) for a in range(b)]


def dense_dimension(generators, n):
    """Brackets of matrices and singular values: no residues, no strings."""
    matrices = [sum(c * pauli_matrix(label) for label, c in g.items()) for g in generators]
    matrices = [m - np.trace(m) / 2**n * np.eye(2**n) for m in matrices]
    basis: list[np.ndarray] = []

    def add(matrix):
        vector = np.concatenate((matrix.real.ravel(), matrix.imag.ravel()))
        for _ in range(2):
            for other in basis:
                vector = vector - (other @ vector) * other
        norm = np.linalg.norm(vector)
        if norm < 1e-8:
            return False
        basis.append(vector / norm)
        return True

    fresh = [m / np.linalg.norm(m) for m in matrices if np.linalg.norm(m) > 0]
    fresh = [m for m in fresh if add(m)]
    while fresh:
        brackets = [(g @ m - m @ g) / 2j for g in matrices for m in fresh]
        fresh = [b / np.linalg.norm(b) for b in brackets if np.linalg.norm(b) > 1e-9 and add(b / np.linalg.norm(b))]
    return len(basis)


@pytest.mark.parametrize(
    "row", [r for r in WHOLE if (r["dimension"] or 999) < 300], ids=lambda r: f"{r['name']} n={r['n']}"
)
def test_the_table(row):
    generators = [{from_label(label): int(c) for label, c in g.items()} for g in row["generators"]]
    found = close(generators, row["n"])
    assert found.complete
    assert found.dimension == row["dimension"] - (IDENTITY_COUNTED in row["name"])


@pytest.mark.parametrize("seed", range(60))
def test_random_sums_against_matrices(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    generators = []
    for _ in range(int(rng.integers(1, 4))):
        labels = {"".join(rng.choice(list("IXYZ"), n)) for _ in range(int(rng.integers(1, 4)))}
        generators.append({label: int(rng.integers(1, 4)) * (-1) ** int(rng.integers(2)) for label in labels})
    found = close([{from_label(label): c for label, c in g.items()} for g in generators], n)
    assert found.dimension == dense_dimension(generators, n)


@pytest.mark.parametrize("n", [3, 4, 5, 8, 13, 40])
def test_qaoa_on_a_ring_is_3n_minus_1(n):
    assert close(qaoa(n, ring(n)), n).dimension == 3 * n - 1


@pytest.mark.parametrize("n", [2, 3, 4, 5, 8])
def test_qaoa_on_an_open_path_is_n_squared(n):
    assert close(qaoa(n, [(q, q + 1) for q in range(n - 1)]), n).dimension == n**2


@pytest.mark.parametrize("n", [4, 5, 6, 7, 8, 11, 16])
def test_qaoa_on_a_complete_graph_is_a_polynomial_by_parity(n):
    odd = (n**3 + 6 * n**2 - n + 18) // 12
    assert close(qaoa(n, complete(n)), n).dimension == ((n**3 + 6 * n**2 + 2 * n + 12) // 12 if n % 2 == 0 else odd)


@pytest.mark.parametrize("n", [3, 4, 7, 10, 20])
def test_permutation_equivariant_is_binomial(n):
    generators = [terms(n, *[[(q, letter)] for q in range(n)]) for letter in (X, Y)]
    generators.append(terms(n, *[[(a, Z), (b, Z)] for a, b in complete(n)]))
    found = close(generators, n)
    assert found.dimension == (n + 3) * (n + 2) * (n + 1) // 6 - n // 2
    assert found.symmetry == f"S_{n}"


@pytest.mark.parametrize("n", [4, 5, 8, 16])
def test_exchange_with_fields_on_a_ring_is_2n2_minus_1(n):
    generators = [terms(n, [(a, X), (b, X)], [(a, Y), (b, Y)]) for a, b in ring(n)]
    assert close([*generators, *[terms(n, [(q, Z)]) for q in range(n)]], n).dimension == 2 * n**2 - 1


@pytest.mark.parametrize(("n", "catalan"), [(3, 5), (4, 14), (5, 42), (6, 132)])
def test_heisenberg_bonds_are_catalan(n, catalan):
    bonds = [terms(n, *[[(q, letter), (q + 1, letter)] for letter in (X, Y, Z)]) for q in range(n - 1)]
    assert close(bonds, n).dimension == catalan - n // 2


@pytest.mark.parametrize("n", [4, 5, 6])
def test_exchange_with_fields_and_zz_on_a_path_is_all_that_conserves_magnetisation_up_to_phases(n):
    generators = [terms(n, [(q, X), (q + 1, X)], [(q, Y), (q + 1, Y)]) for q in range(n - 1)]
    generators += [terms(n, [(q, Z)]) for q in range(n)] + [terms(n, [(q, Z), (q + 1, Z)]) for q in range(n - 1)]
    assert close(generators, n).dimension == math.comb(2 * n, n) - n + 1


def test_badly_scaled_coefficients_do_not_matter():
    """The transverse-field Ising chain with terms 10^i and 10^2i: floating-point rank decisions lose dimensions here."""
    n = 5
    for power in (1, 2):
        scaled = [{from_letters([(q, X)], n): 10 ** (power * q)} for q in range(n)]
        scaled += [{from_letters([(q, Z), (q + 1, Z)], n): 10 ** (power * (n - q))} for q in range(n - 1)]
        assert close(scaled, n).dimension == n * (2 * n - 1)
    fields = {from_letters([(q, X)], n): 10**q for q in range(n)}
    couplings = {from_letters([(q, Z), (q + 1, Z)], n): 100**q for q in range(n - 1)}
    assert close([fields, couplings], n, primes=PRIMES).dimension == n * (2 * n - 1)


def test_two_primes_agree():
    assert len({close(qaoa(9, complete(9)), 9, primes=[prime]).dimension for prime in PRIMES}) == 1
    assert close(qaoa(5, complete(5)), 5, primes=PRIMES) == (24, True, "S_5", PRIMES)
    assert all(pow(2, prime - 1, prime) == 1 for prime in PRIMES)


def test_limits_leave_a_lower_bound():
    generators = qaoa(9, complete(9))
    cut = close(generators, 9, limit=20)
    assert not cut.complete
    assert 20 < cut.dimension <= close(generators, 9).dimension
    with pytest.raises(BudgetError, match="stopped by the clock"):
        close(generators, 9, clock=Clock(-1.0))


def test_wide_elements_are_compared_by_sketches(monkeypatch):
    from bplint.analyses.dla.closure import modular as linear

    n = 5
    bonds = [terms(n, *[[(q, letter), (q + 1, letter)] for letter in (X, Y, Z)]) for q in range(n - 1)]
    monkeypatch.setattr(linear, "Independence", partial(Independence, exact=20))
    assert close(bonds, n).dimension == 40


def test_a_prime_that_divides_coefficients_makes_the_rank_too_low_and_the_larger_of_two_counts():
    generators = [{from_label("XI"): 1, from_label("IX"): PRIMES[0] + 1}, {from_label("ZI"): 1, from_label("IZ"): 1}]
    assert close(generators, 2).dimension == 3
    assert close(generators, 2, primes=PRIMES).dimension == 6


def test_generators_without_strings_generate_nothing():
    assert close([{0: 1}, {}], 2).dimension == 0
    assert close([], 3).complete

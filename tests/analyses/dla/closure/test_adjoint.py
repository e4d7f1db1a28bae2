"""Brackets with a sum of strings against matrices, with and without permutation symmetry."""

import numpy as np
import pytest

from bplint.analyses.dla.closure.adjoint import Adjoint, Strings
from bplint.analyses.dla.closure.echelon import joined
from bplint.analyses.dla.closure.modular import PRIMES
from bplint.analyses.dla.closure.qubit_permutations import symmetry
from bplint.ir.pauli import from_letters
from lie_closure import operator_matrix

PRIME = PRIMES[0]
X, Z, Y = 1, 2, 3


def signed(residue):
    return residue if residue < PRIME // 2 else residue - PRIME


def as_sums(rows, strings):
    """The rows as coefficients by string."""
    return [
        {strings.strings[int(i)]: signed(int(v)) for i, v in zip(rows.columns[a:b], rows.values[a:b], strict=True)}
        for a, b in zip(rows.start[:-1], rows.start[1:], strict=True)
    ]


@pytest.mark.parametrize("seed", range(20))
def test_brackets_are_commutators(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    generators = [{int(s): int(rng.integers(1, 9)) for s in rng.integers(1, 4**n, 3)} for _ in range(2)]
    strings = Strings(generators, None)
    vectors = [{int(s): int(rng.integers(-9, 9)) or 1 for s in rng.integers(1, 4**n, 3)} for _ in range(3)]
    for generator in generators:
        adjoint = Adjoint(generator, n, strings, None, PRIME)
        g = operator_matrix(generator, n)
        for vector in vectors:
            for string, coefficient in vector.items():
                row = strings.vector({string: coefficient}, PRIME)
                ((place, image),) = adjoint(row)
                p = operator_matrix({string: coefficient}, n)
                want = (g @ p - p @ g) / 2j
                assert place.tolist() == [0]
                assert np.allclose(operator_matrix(as_sums(image, strings)[0], n), want)


def test_many_rows_at_once_are_the_rows_one_by_one():
    n, generator = 3, {from_letters([(0, X)], 3): 2, from_letters([(1, Z), (2, Z)], 3): 3}
    strings = Strings([generator], None)
    adjoint = Adjoint(generator, n, strings, None, PRIME)
    numbers = {s: strings.number(s) for s in range(1, 4**n)}
    same_grade = [s for s, number in numbers.items() if strings.grade.array[number] == 0]
    rows = joined([strings.vector({s: 1}, PRIME) for s in same_grade])
    together = [sums for _, image in adjoint(rows) for sums in as_sums(image, strings)]
    apart = [as_sums(image, strings)[0] for s in same_grade for _, image in adjoint(strings.vector({s: 1}, PRIME))]
    assert len(same_grade) > 1
    assert together == apart


def test_invariant_elements_are_written_on_orbits():
    """Σ X, Σ ZZ of three equal qubits: brackets of orbit sums are those of the matrices."""
    n = 3
    field = {from_letters([(q, X)], n): 1 for q in range(n)}
    bonds = {from_letters([(a, Z), (b, Z)], n): 1 for a, b in ((0, 1), (0, 2), (1, 2))}
    group = symmetry([field, bonds], n)
    assert group is not None
    strings = Strings([field, bonds], group)
    row = strings.vector(bonds, PRIME)
    ((_, image),) = Adjoint(field, n, strings, group, PRIME)(row)
    assert len(strings) < 4**n
    # The coefficient of an orbit is the sum over it: spread it evenly to compare.
    orbits = {}
    for s in range(1, 4**n):
        orbits.setdefault(group.representative(s), []).append(s)
    (sums,) = as_sums(image, strings)
    spread = {s: total / len(orbits[r]) for r, total in sums.items() for s in orbits[r]}
    f, b = operator_matrix(field, n), operator_matrix(bonds, n)
    assert np.allclose(operator_matrix(spread, n), (f @ b - b @ f) / 2j)


def test_grades_are_cosets_of_the_differences():
    """Of X + Z on one qubit the difference is Y: X and Z have one grade, Y another, that of the identity."""
    strings = Strings([{X: 1, Z: 1}], None)
    numbers = [strings.number(from_letters([(0, k)], 1)) for k in (X, Z, Y)]
    x, z, y = strings.grade.array[numbers].tolist()
    assert x == z != y
    assert strings.width == [2, 1]
    assert strings.vector({1: 3, 2: PRIME}, PRIME).values.tolist() == [3], "multiples of the prime vanish"

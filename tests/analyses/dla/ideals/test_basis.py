"""The orthonormal basis of a small algebra against matrices: brackets, coordinates, the start."""

import numpy as np
import pytest

from bplint.analyses.dla.ideals import basis
from bplint.analyses.dla.ideals.basis import orthonormal
from bplint.ir.pauli import from_letters
from lie_closure import lie_dimension, operator_matrix

X, Z, Y = 1, 2, 3


def elements_of(algebra, n):
    """The basis as matrices of Tr A²/2^n = 1; an orbit's coordinate is spread over its strings."""
    orbits = {}
    for s in range(1, 4**n):
        orbits.setdefault(algebra.representative(s), []).append(s)
    result = []
    for column in algebra.basis.T:
        terms = {}
        for string, i in algebra.position.items():
            assert len(orbits[string]) == algebra.size[i]
            for other in orbits[string]:
                terms[other] = column[i] / np.sqrt(algebra.size[i])
        result.append(operator_matrix(terms, n))
    return result


def ising(n):
    """Σ X and Σ ZZ on a ring: the strings are written on orbits."""
    return [
        {from_letters([(q, X)], n): 1.0 for q in range(n)},
        {from_letters([(q, Z), ((q + 1) % n, Z)], n): 1.0 for q in range(n)},
    ]


def random_sums(seed):
    rng = np.random.default_rng(seed)
    return [{int(s): float(rng.normal()) for s in rng.integers(1, 16, 2)} for _ in range(2)]


@pytest.mark.parametrize(("generators", "n"), [(ising(3), 3), (ising(4), 4), *((random_sums(s), 2) for s in range(8))])
def test_basis_and_brackets_are_those_of_the_matrices(generators, n):
    dimension = lie_dimension([operator_matrix(g, n) for g in generators])
    algebra = orthonormal(generators, n, dimension)
    elements = elements_of(algebra, n)
    gram = [[np.trace(a @ b).real / 2**n for b in elements] for a in elements]
    assert np.allclose(gram, np.eye(dimension))
    for element, action in zip(algebra.elements, algebra.actions, strict=True):
        k = sum(c * b for c, b in zip(element, elements, strict=True))
        for j, b in enumerate(elements):
            bracket = (k @ b - b @ k) / 2j
            assert np.allclose(bracket, sum(action[i, j] * elements[i] for i in range(dimension)))
        assert np.allclose(action, -action.T)
    for j, b in enumerate(elements):
        commutes = all(np.allclose(operator_matrix(g, n) @ b, b @ operator_matrix(g, n)) for g in generators)
        assert commutes == bool(np.abs(algebra.square[:, j]).max() < 1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_coordinates_are_inner_products(seed):
    rng = np.random.default_rng(seed)
    n = 3
    algebra = orthonormal(ising(n), n, lie_dimension([operator_matrix(g, n) for g in ising(n)]))
    elements = elements_of(algebra, n)
    operator = {int(s): float(rng.normal()) for s in rng.integers(0, 4**n, 5)}
    dense = operator_matrix(operator, n)
    assert np.allclose(algebra.coordinates(operator), [np.trace(dense @ b).real / 2**n for b in elements])
    state = np.zeros(2**n)
    state[0] = 1
    assert np.allclose(algebra.start(n), [(state @ b @ state).real for b in elements])


@pytest.mark.parametrize("wrong", [-1, 1])
def test_another_dimension_than_that_of_the_algebra_is_refused(wrong):
    generators = ising(4)
    dimension = lie_dimension([operator_matrix(g, 4) for g in generators])
    assert orthonormal(generators, 4, dimension + wrong) is None


def test_identity_parts_and_scales_do_not_matter():
    plain = orthonormal([{X: 1.0}, {Z: 1.0}], 1, 3)
    other = orthonormal([{0: 4.0, X: -2.0}, {Z: 1e6}, {X: 3.0}], 1, 3)
    assert plain.position.keys() == other.position.keys() == {1, 2, 3}
    assert len(other.elements) == len(plain.elements)


def test_too_many_strings_are_refused(monkeypatch):
    monkeypatch.setattr(basis, "_STRINGS", 2)
    assert orthonormal([{X: 1.0}, {Z: 1.0}], 1, 3) is None

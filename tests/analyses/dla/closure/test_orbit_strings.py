"""Coordinates on orbits of strings against matrices: generators, brackets, and where they stop."""

import math

import numpy as np
import pytest

from bplint.analyses.dla.closure.orbit_strings import OrbitStrings, directions
from bplint.ir.pauli import from_label
from lie_closure import operator_matrix


def spread(strings, coordinates, n):
    """The matrix of an element given by coordinates."""
    terms = {}
    for string in range(1, 4**n):
        place = strings.position.get(strings.representative(string))
        if place is not None:
            terms[string] = coordinates[place] / math.sqrt(strings.size[place])
    return operator_matrix(terms, n)


RING = [{"XII": 1.0, "IXI": 1.0, "IIX": 1.0}, {"ZZI": 0.3, "IZZ": 0.3, "ZIZ": 0.3}]
LINE = [{"XI": 1.0, "IZ": math.sqrt(2)}, {"ZZ": 1.0}]


@pytest.mark.parametrize(("labels", "n", "orbits"), [(RING, 3, True), (LINE, 2, False)])
def test_generators_and_brackets_are_those_of_matrices(labels, n, orbits):
    generators = directions([{from_label(label): c for label, c in g.items()} for g in labels])
    strings = OrbitStrings(generators, n)
    assert strings.reach(4**n)
    assert (max(strings.size) > 1) == orbits
    dense = [operator_matrix(g, n) for g in generators]
    vectors = strings.vectors()
    assert np.allclose(np.linalg.norm(vectors, axis=0), 1)
    for column, matrix in zip(vectors.T, dense, strict=True):
        assert np.allclose(spread(strings, column, n), matrix)
    unit = np.eye(len(strings.size))
    for bracket, g in zip(strings.brackets(), dense, strict=True):
        images = bracket(unit)
        assert bracket.entries == np.count_nonzero(images)
        assert np.allclose(images, -images.T)
        for one, image in zip(unit, images.T, strict=True):
            v = spread(strings, one, n)
            assert np.allclose(spread(strings, image, n), (g @ v - v @ g) / 2j)


def test_directions_have_norm_one_and_stand_once():
    x, z = from_label("X"), from_label("Z")
    assert directions([{0: 2.0, x: 3.0}, {x: -1.0}, {0: 1.0}, {z: 0.0}, {}]) == [{x: 1.0}]
    assert directions([{x: 3.0, z: 4.0}]) == [{x: pytest.approx(0.6), z: pytest.approx(0.8)}]


def test_too_many_strings_are_not_reached():
    generators = [{from_label("X"): 1.0}, {from_label("Z"): 1.0}]
    assert OrbitStrings(generators, 1).reach(3)
    assert not OrbitStrings(generators, 1).reach(2)


def test_where_rounding_decides_on_a_string_nothing_is_said():
    """From X on all qubits 20 strings add up to what counts; back from one of them it does not."""
    n = 20
    every = {(1 << n) - 1: 1.0}
    assert OrbitStrings([every, {1 << (q + n): 1e-11 for q in range(n)}], n).reach(100)
    assert not OrbitStrings([every, {1 << (q + n): 1e-14 for q in range(n)}], n).reach(100)
    assert OrbitStrings([every, {1 << (q + n): 1e-16 for q in range(n)}], n).reach(100)

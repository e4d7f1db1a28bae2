"""Losses on some of the basis states, against the blocks of their matrices."""

import numpy as np
import pytest

from bplint.analyses.gradients.bit_rows import Keys, Table
from bplint.analyses.gradients.reachable_states.coordinates import Coordinates
from bplint.analyses.gradients.reachable_states.seen import projector, string_sum
from bplint.ir.pauli import LinearSpan, anticommute, from_label, x_part
from generator_groups import basis, in_coordinates, sum_matrix

N = 4


def some_states(rng, coordinates, parts):
    """A table of some states in reach, |0…0> first, and their vectors in columns."""
    states = in_coordinates(coordinates, parts)
    rows = [0, *(row for row in rng.permutation(len(states)).tolist() if row and rng.random() < 0.7)]
    return Table(rows, Keys(coordinates.rank)), basis([states[row] for row in rows], N)


def is_block_of(seen, matrix, vectors, rng):
    """The operator, also with other phases of the states, is the block of the matrix, and what it says of itself holds."""
    block, one = vectors.conj().T @ matrix @ vectors, np.eye(vectors.shape[1])
    phases = np.exp(1j * rng.uniform(-3, 3, len(one)))
    assert seen(one.astype(complex)) + seen.offset * one == pytest.approx(block, abs=1e-13)
    gauged = seen.gauged(phases)(one.astype(complex)) + seen.offset * one
    assert gauged == pytest.approx(phases.conj()[:, None] * block * phases, abs=1e-13)
    value = block[0, 0].real
    if np.allclose(block, value * one, atol=1e-13):
        assert seen.constant == pytest.approx(value, abs=1e-13)
    else:
        assert seen.constant is None


def independent(rng, count):
    """Commuting strings, none a product of others, with signs."""
    found, span = [], LinearSpan()
    for string in rng.integers(1, 4**N, 40).tolist():
        if len(found) < count and not any(anticommute(string, other, N) for other, _ in found) and span.add(string):
            found.append((string, bool(rng.integers(2))))
    return found


@pytest.mark.parametrize("seed", range(25))
def test_sums_of_strings(seed):
    rng = np.random.default_rng(seed)
    axes = rng.integers(1, 4**N, 3).tolist()
    terms = {
        int(s): float(rng.choice([1, -1, 0.5])) for s in [*(rng.integers(0, 16, 2) << N), *rng.integers(0, 256, 4)]
    }
    coordinates = Coordinates(axes, N)
    table, vectors = some_states(rng, coordinates, [x_part(axis, N) for axis in axes])
    seen, matrix = string_sum(tuple(terms.items()), table, coordinates), sum_matrix(terms, N)
    is_block_of(seen, matrix, vectors, rng)
    rest = vectors.conj().T @ matrix @ vectors - seen.offset * np.eye(len(table))
    assert np.linalg.norm(rest, 2) <= seen.size + 1e-13
    real = rng.normal(size=(len(table), 1))
    assert real.T @ seen.real()(real) == pytest.approx((real.T @ rest @ real).real)


@pytest.mark.parametrize("seed", range(25))
def test_projectors(seed):
    rng = np.random.default_rng(seed)
    strings = independent(rng, int(rng.integers(1, 4)))
    axes = [*rng.integers(1, 4**N, 2).tolist(), *(string for string, _ in strings)]
    coordinates = Coordinates(axes, N)
    table, vectors = some_states(rng, coordinates, [x_part(axis, N) for axis in axes])
    matrix = np.eye(2**N, dtype=complex)
    for string, negative in strings:
        matrix = matrix @ sum_matrix({0: 0.5, string: -0.5 if negative else 0.5}, N)
    seen = projector(strings, table, coordinates, N)
    is_block_of(seen, matrix, vectors, rng)
    if (real := seen.real()) is not None:
        assert real(np.eye(len(table))) == pytest.approx(vectors.conj().T @ matrix @ vectors, abs=1e-13)


def test_a_sum_that_sees_nothing_of_these_states_is_its_constant_part():
    """On |00>, |11>: ZZ is 1, Z0 - Z1 is 0, XX - YY flips but XX + YY does not."""
    words = {"ZZ": 3.0, "ZI": 0.5, "IZ": -0.5, "XX": 1.0, "YY": 1.0}
    coordinates = Coordinates([from_label("XX")], 2)
    table = Table([0, 1], Keys(1))
    terms = {from_label(word): c for word, c in words.items()}
    assert string_sum(tuple(terms.items()), table, coordinates).constant == 3.0
    terms[from_label("YY")] = -1.0
    assert string_sum(tuple(terms.items()), table, coordinates).constant is None


def test_a_forbidden_state_is_projected_to_zero():
    coordinates = Coordinates([from_label("XX")], 2)
    seen = projector([(from_label("ZZ"), True)], Table([0, 1], Keys(1)), coordinates, 2)
    assert seen.constant == 0.0
    assert not seen(np.ones((2, 3), dtype=complex)).any()

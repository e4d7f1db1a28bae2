"""Modules by enumeration against nested commutators of matrices."""

import numpy as np
import pytest

from bplint.analyses.dla.pauli.classify import classify
from bplint.analyses.dla.pauli.enumerated_module import module
from bplint.ir.pauli import from_letters
from samples import label_matrix


def reached(start, axes, n):
    """The strings in the span of all nested commutators of the axes with one string, from matrices."""
    matrices = {a: label_matrix(a, n) for a in axes}
    found, waiting = set(), [label_matrix(start, n)]
    while waiting:
        matrix = waiting.pop()
        string = next(s for s in range(4**n) if abs(np.trace(label_matrix(s, n) @ matrix)) > 1e-9)
        if string in found:
            continue
        found.add(string)
        for axis in matrices.values():
            commutator = 0.5j * (axis @ matrix - matrix @ axis)
            if np.abs(commutator).max() > 1e-9:
                waiting.append(commutator)
    return found


@pytest.mark.parametrize("seed", range(40))
def test_it_is_what_commutators_reach(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    axes = [int(s) for s in rng.integers(1, 4**n, int(rng.integers(1, 6)))]
    starts = [int(s) for s in rng.integers(1, 4**n, 2)]
    expected = reached(starts[0], axes, n) | reached(starts[1], axes, n)
    assert module(starts, axes, n, limit=4**n) == expected
    assert module(starts, classify(axes, n).core, n, limit=4**n) == expected  # any generators of the algebra do


def test_the_limit_is_what_it_may_have():
    n = 6
    matchgates = [from_letters([(i, 2)], n) for i in range(n)]
    matchgates += [from_letters([(i, 1), (i + 1, 1)], n) for i in range(n - 1)]
    z0 = [from_letters([(0, 2)], n)]
    assert len(module(z0, matchgates, n, limit=66)) == 66  # C(12, 2)
    assert module(z0, matchgates, n, limit=65) is None

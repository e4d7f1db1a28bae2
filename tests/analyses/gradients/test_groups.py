"""Generator groups, against the product of all rotations."""

import numpy as np
import pytest

from bplint.analyses.gradients.groups import groups
from bplint.analyses.gradients.problem import Rotation
from bplint.ir.pauli import anticommute, from_label
from samples import label_matrix


def turned(n, axes):
    """Product of exp(-iφP/2) over (axis, φ), the first first."""
    total = np.eye(2**n, dtype=complex)
    for axis, phi in axes:
        total = (np.cos(phi / 2) * np.eye(2**n) - 1j * np.sin(phi / 2) * label_matrix(axis, n)) @ total
    return total


@pytest.mark.parametrize("seed", range(80))
def test_groups_in_time_order_are_the_circuit(seed):
    rng = np.random.default_rng(seed)
    n, values = 3, rng.uniform(-3, 3, 2)
    rotations = []
    for _ in range(int(rng.integers(1, 15))):
        terms = tuple((int(p), float(rng.choice([1, -1, 0.3, 2]))) for p in rng.permutation(2)[: rng.integers(0, 3)])
        offset = float(rng.choice([0, 0, 0.7]))
        rotations.append(Rotation(int(rng.integers(0, 4**n)), terms, offset))
    found = groups(rotations, n)
    whole = turned(n, [(r.axis, r.offset + sum(c * values[p] for p, c in r.terms)) for r in rotations if r.axis])
    steps = []
    for group in found:
        psi = group.offset + sum(c * values[p] for p, c in group.terms)
        assert not any(anticommute(a, b, n) for a in group.generator for b in group.generator)
        steps += [(axis, a * psi) for axis, a in group.generator.items()]
    assert turned(n, steps) == pytest.approx(whole, abs=1e-12)


def rotation(word, *terms, offset=0.0):
    return Rotation(from_label(word), terms, offset)


def test_a_rotation_is_moved_back_to_its_like():
    apart = groups([rotation("XI", (0, 1.0)), rotation("ZX", (1, 1.0)), rotation("XX", (0, -2.0))], 2)
    assert [list(group.generator) for group in apart] == [[from_label("XI")], [from_label("ZX")], [from_label("XX")]]
    (first, _) = groups([rotation("XI", (0, 1.0)), rotation("IZ", (1, 1.0)), rotation("XZ", (0, -2.0))], 2)
    assert first.generator == {from_label("XI"): 1.0, from_label("XZ"): -2.0}


def test_an_earlier_rotation_is_moved_on_to_its_like():
    """ZX cannot pass XI, but what stands before XI and commutes with it can."""
    found = groups([rotation("IX", (0, 1.0)), rotation("XI", (1, 1.0)), rotation("ZX", (0, 1.0))], 2)
    assert [group.generator for group in found] == [
        {from_label("XI"): 1.0},
        {from_label("IX"): 1.0, from_label("ZX"): 1.0},
    ]


def test_what_cancels_is_gone_and_fixed_ones_keep_their_angles():
    assert groups([rotation("X", (0, 1.0)), rotation("X", (0, -1.0))], 1) == []
    (fixed,) = groups([rotation("Z", offset=0.3), rotation("Z", offset=0.4)], 1)
    assert fixed.terms == ()
    assert fixed.offset * fixed.generator[from_label("Z")] == pytest.approx(0.7)
    assert groups([rotation("Z"), rotation("I", (0, 1.0))], 1) == []


def test_of_very_many_rotations_each_is_compared_with_few(monkeypatch):
    """So the work grows with their number and not with its square; the product is the same, in more groups."""
    between = [rotation("IX", (k, 1.0)) for k in range(1, 41)]
    far = [rotation("ZI", (0, 1.0)), *between, rotation("ZI", (0, 1.0))]
    assert len(groups(far, 2)) == 41
    monkeypatch.setattr("bplint.analyses.gradients.groups._COMPARED", 0)
    assert len(groups(far, 2)) == 42

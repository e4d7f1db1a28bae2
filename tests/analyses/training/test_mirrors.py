"""Blocks that undo themselves: what is found is the identity, by matrices, whatever the angles of its first half."""

import numpy as np
import pytest

from bplint.analyses.training.mirrors import mirrored
from bplint.ir.pauli import from_label
from matrices import exponential


def turned(labels, angles):
    """The product of the rotations, the first of them first."""
    n = len(labels[0])
    out = np.eye(2**n, dtype=complex)
    for label, angle in zip(labels, angles, strict=True):
        out = exponential(angle / 2, {label: 1.0}) @ out
    return out


def angles_of(found, count, rng):
    angles = np.zeros(count)
    for pairs in found:
        for first, second in pairs:
            angles[first] = rng.uniform(0.5, 2.5)
            angles[second] = -angles[first]
    return angles


def layers(n, count):
    """RY and RZ on each qubit and CZ along a chain, seen from the start: every second layer has Z on the neighbours of Y."""
    out = []
    for layer in range(count):
        for q in range(n):
            label = ["I"] * n
            label[q] = "Y"
            if layer % 2:
                for other in (q - 1, q + 1):
                    if 0 <= other < n:
                        label[other] = "Z"
            out += ["".join(label), "I" * q + "Z" + "I" * (n - q - 1)]
    return out


@pytest.mark.parametrize("reach", [1, 2, 4, 8])
def test_layers_of_a_hardware_efficient_circuit(reach):
    labels = layers(3, 7)
    found = mirrored([from_label(label) for label in labels], 3, reach)
    assert sum(map(len, found)) >= 9
    angles = angles_of(found, len(labels), np.random.default_rng(reach))
    assert np.count_nonzero(angles) >= 18
    assert np.allclose(turned(labels, angles), np.eye(8))
    for first, second in (pair for pairs in found for pair in pairs):
        assert labels[first] == labels[second]


@pytest.mark.parametrize("seed", range(40))
def test_random_rotations(seed):
    rng = np.random.default_rng(seed)
    half = ["".join(rng.choice(list("IXYZ"), 2)) for _ in range(6)]
    labels = [label for label in [*half, *reversed(half[:-1]), *half] if label != "II"]
    found = mirrored([from_label(label) for label in labels], 2, 5)
    assert np.allclose(turned(labels, angles_of(found, len(labels), rng)), np.eye(4))


def test_one_block_begins_where_the_one_before_ends():
    axes = [from_label(letter) for letter in "XYXZYZ"]
    assert mirrored(axes, 1, 4) == (((0, 2),), ((3, 5),))


def test_the_longest_within_reach():
    axes = [from_label(letter) for letter in "XYZYX"]
    assert mirrored(axes, 1, 2) == (((0, 4),), ((1, 3),))
    assert mirrored(axes, 1, 1) == (((1, 3),),)


def test_what_commutes_stands_side_by_side_in_any_order():
    axes = [from_label(label) for label in ("XI", "IX", "ZI", "IZ", "IX", "XI")]
    assert mirrored(axes, 2, 1) == (((0, 5), (1, 4)),)


def test_no_blocks():
    assert mirrored([from_label(letter) for letter in "XYZXYZ"], 1, 3) == ()
    assert mirrored([], 1, 3) == ()

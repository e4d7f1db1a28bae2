"""Rotations that stand between trained ones: moved past their neighbours, one swap at a time, they tell which have to stay."""

import math

import numpy as np
import pytest

from bplint.analyses.dla.untrained import fixed_between, offsets, trained, untrained_between
from bplint.ir.circuit import Role
from bplint.ir.frame import frame
from bplint.ir.pauli import anticommute, from_label
from cases import case
from samples import circuit, random_gates


def moved_out(rotations, n):
    """What is left of the untrained after each that commutes with all before it has been moved to the front."""
    left = list(rotations)
    changed = True
    while changed:
        changed = False
        for i, (_, axis, moving) in enumerate(left):
            if not moving and not any(anticommute(axis, other, n) for _, other, _ in left[:i]):
                del left[i]
                changed = True
                break
    return left


@pytest.mark.parametrize("seed", range(60))
def test_those_that_no_exchange_brings_to_either_end(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    known = case(circuit(n, random_gates(rng, n, 12, fixed=0.5)), "Z0")
    f = frame(known.circuit)
    moving = trained(known, f)
    rotations = [(k, axis, m) for k, (axis, m) in enumerate(zip(f.axes, moving, strict=True))]
    left = moved_out(moved_out(rotations, n)[::-1], n)
    assert untrained_between(known, f) == sorted(k for k, _, m in left if not m)


def test_data_and_fixed_angles_are_not_trained():
    c = circuit(1, [("rx", [0], "a"), ("rz", [0], "x"), ("rz", [0], 0.3), ("rx", [0], "b")])
    known = case(c, "Z0", data=("x",))
    assert known.circuit.parameters[1].role is Role.DATA
    f = frame(known.circuit)
    assert trained(known, f) == [True, False, False, True]
    assert untrained_between(known, f) == [1, 2]
    assert fixed_between(known, f) is None, "the angle of data is not known"


def test_fixed_angles_and_left_over_constants_in_order():
    gates = [("rx", [0], "a"), ("rx", [1], ["a", 0.3]), ("rz", [0], 0.2), ("ry", [1], "b"), ("rx", [0], "b")]
    known = case(circuit(2, gates), "Z0")
    turns = fixed_between(known, frame(known.circuit))
    assert [(t.place, t.axis, t.angle) for t in turns] == [
        (1, from_label("IX"), 0.3),
        (2, from_label("ZI"), 0.2),
    ]


@pytest.mark.parametrize(("constant", "count"), [(0.0, 0), (2 * math.pi, 0), (0.3, 1)])
def test_constants_that_no_shift_absorbs(constant, count):
    gates = [("rx", [0], "a"), ("rx", [1], ["a", constant]), ("ry", [1], "b")]
    known = case(circuit(2, gates), "Z0")
    assert len(offsets(known, frame(known.circuit))) == count

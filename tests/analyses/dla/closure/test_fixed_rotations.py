"""Fixed rotations between generators: their angles, and generators seen through them, against matrices."""

import math
from itertools import product

import numpy as np
import pytest

from bplint.analyses.dla.closure.fixed_rotations import FixedTurn, fixed_turns, offset_turns, seen_through, turned
from bplint.ir.circuit import Role, Spelling
from bplint.ir.frame import frame
from bplint.ir.pauli import from_label
from lie_closure import operator_matrix
from matrices import exponential
from samples import circuit, random_gates, unitary_of, with_angles


def sides(angle):
    return math.cos(angle), math.sin(angle)


def spelled(c, spelling):
    """The circuit with every constant written that way."""
    return with_angles(c, spelling=[spelling] * len(c.angles))


def only_angle(angle, spelling):
    c = spelled(circuit(1, [("rx", [0], angle)]), spelling)
    (turn,) = fixed_turns(c, frame(c), [0])
    return turn.angle


@pytest.mark.parametrize("places", [4, 5, 6, 8])
def test_decimals_within_a_hundred_thousandth_are_fractions_of_pi(places):
    """Exporters print six digits: the error of five is up to 5e-6, of four up to 5e-5, which is another angle."""
    for k in (k for k in range(1, 64) if k != 32):  # a quarter turn is a Clifford
        exact = k * math.pi / 64
        written = round(exact, places)
        read = only_angle(written, Spelling.DECIMAL)
        assert read == (exact if abs(written - exact) <= 1e-5 else written)
    assert any(abs(round(k * math.pi / 64, 4) - k * math.pi / 64) > 1e-5 for k in range(1, 64))


@pytest.mark.parametrize("error", [0.99e-5, -0.99e-5, 1.01e-5, -1.01e-5])
def test_the_tolerance_has_two_sides(error):
    near = math.pi / 4 + error
    assert only_angle(near, Spelling.DECIMAL) == (math.pi / 4 if abs(error) <= 1e-5 else near)


@pytest.mark.parametrize("spelling", [Spelling.PRECISE, Spelling.BUILTIN])
def test_what_is_written_precisely_is_meant(spelling):
    assert only_angle(math.pi / 4 + 1e-6, spelling) == math.pi / 4 + 1e-6


def test_a_turn_has_the_frames_sign_and_axis():
    """H takes Z to X, and X before takes Z to -Z."""
    c = circuit(1, [("x", [0]), ("rz", [0], 0.3), ("h", [0]), ("rz", [0], 0.2)])
    f = frame(c)
    assert fixed_turns(c, f, [0, 1]) == [FixedTurn(0, from_label("Z"), -0.3), FixedTurn(1, from_label("X"), 0.2)]


def test_an_angle_that_a_parameter_moves_is_not_known():
    c = circuit(1, [("rz", [0], "a"), ("rz", [0], 0.3)])
    assert fixed_turns(c, frame(c), [0, 1]) is None
    assert [turn.angle for turn in fixed_turns(c, frame(c), [1])] == [0.3]


@pytest.mark.parametrize("seed", range(20))
def test_generators_seen_through_rotations(seed):
    """R_1† … R_k† G R_k … R_1 as matrices."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    terms = {int(s): float(rng.normal()) for s in rng.integers(1, 4**n, 2)}
    turns = [
        FixedTurn(i, int(s), float(rng.uniform(-4, 4)))
        for i, s in enumerate(rng.integers(1, 4**n, int(rng.integers(4))))
    ]
    product_of_all = np.eye(2**n)
    for turn in turns:
        label = "".join("IXZY"[(turn.axis >> q & 1) | (turn.axis >> q + n & 1) << 1] for q in range(n))
        product_of_all = exponential(turn.angle / 2, {label: 1.0}) @ product_of_all
    want = product_of_all.conj().T @ operator_matrix(terms, n) @ product_of_all
    assert np.allclose(operator_matrix(seen_through(terms, turns, sides, n, limit=64), n), want)


def test_a_generator_that_grows_too_long_is_given_up():
    turns = [FixedTurn(0, from_label("XI"), 0.3), FixedTurn(1, from_label("IX"), 0.4)]
    terms = {from_label("ZZ"): 1.0}
    assert len(seen_through(terms, turns, sides, 2, limit=4)) == 4
    assert seen_through(terms, turns, sides, 2, limit=3) is None


LAYERS = [("ry", [0], "b"), ("ry", [1], "b")]


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        ("a", ["a", 0.3], 0.3),
        (["a", 0.3], "a", -0.3),
        (["a", 0.3], ["a", 0.3], None),
        ([(2, "a"), 0.4], ["a", 0.5], 0.3),  # a is shifted by 0.2
        ([(2, "a"), 0.4], ["a", 0.2], None),
        ("a", ["a", 2 * math.pi], None),
    ],
)
def test_constants_are_fixed_rotations_where_no_shift_absorbs_them(first, second, left):
    c = circuit(2, [("rx", [0], first), ("rx", [1], second), *LAYERS])
    turns = offset_turns(c, frame(c))
    want = [] if left is None else [(1, from_label("IX"), left)]
    assert [(t.place, t.axis, round(t.angle, 12)) for t in turns] == want


def test_a_constant_that_commutes_with_all_that_follows_only_turns_the_end():
    c = circuit(2, [("rx", [0], "a"), ("rx", [1], ["a", 0.3]), ("rx", [1], "b")])
    assert offset_turns(c, frame(c)) == []


@pytest.mark.parametrize("seed", range(12))
def test_a_random_point_is_a_point(seed):
    """For some multiples of π/2 the turns, and then the Cliffords, are the circuit; the fixed turns are among them."""
    rng = np.random.default_rng(seed)
    c = circuit(2, [*random_gates(rng, 2, 4), ("rx", [0], "a"), ("t", [0]), ("rzz", [0, 1], "b"), ("ry", [1], "a")])
    f = frame(c)
    fixed = fixed_turns(c, f, [k for k in range(len(f.axes)) if not c.angles.terms(int(c.angle[f.operations[k]]))])
    here = turned(c, f, fixed, seed)
    assert set(fixed) <= set(here)
    assert [t.place for t in here] == sorted(t.place for t in here)
    total = np.eye(4)
    for turn in here:
        total = exponential(turn.angle / 2, {label(turn.axis): 1.0}) @ total
    # The Cliffords alone: every rotation at zero, fixed ones taken back.
    whole = np.eye(4)
    for turn in fixed:
        whole = exponential(turn.angle / 2, {label(turn.axis): 1.0}) @ whole
    names = [p.name for p in c.parameters]
    cliffords = unitary_of(c, dict.fromkeys(names, 0.0)) @ whole.conj().T
    assert any(
        abs(np.trace((cliffords @ total).conj().T @ unitary_of(c, dict(zip(names, point, strict=True))))) > 4 - 1e-6
        for point in product(np.arange(4) * math.pi / 2, repeat=len(names))
    )


def label(axis, n=2):
    return "".join("IXZY"[(axis >> q & 1) | (axis >> q + n & 1) << 1] for q in range(n))


def test_data_does_not_turn_at_a_random_point():
    """What data turns is the same wherever the parameters are."""
    c = circuit(1, [("ry", [0], "x"), ("rz", [0], "a"), ("rx", [0], [(1.0, "a"), (2.0, "x")])], roles={"x": Role.DATA})
    for seed in range(8):
        here = turned(c, frame(c), [], seed)
        assert {t.place for t in here} <= {1, 2}
        assert len({round(t.angle, 9) for t in here}) <= 1

"""Events of rotations, and the strings that a loss becomes, against matrices."""

import numpy as np
import pytest

from bplint.analyses.gradients.operator_module.events import FIXED, events_of, laws_of, merged, reach, terms_of
from bplint.analyses.gradients.problem import Problem, rotations
from bplint.ir.frame import frame
from bplint.ir.law import UNIFORM, Law, Shape, parse_init
from bplint.ir.observable import parse
from bplint.ir.pauli import from_label
from grid import matrix_of
from samples import circuit, label_matrix, unitary_of


def test_rotations_join_the_event_that_they_can_be_moved_to():
    x, z, y = (from_label(s) for s in ("XI", "IZ", "YI"))
    a, b = (0, 0), (1, 0)
    assert merged([(a, x, 1.0), (b, z, 1.0), (a, z, 0.5), (a, x, 1.0)], 2) == [(a, {x: 2.0, z: 0.5}), (b, {z: 1.0})]
    assert merged([(a, x, 1.0), (b, y, 1.0), (a, x, 1.0)], 2) == [(a, {x: 1.0}), (b, {y: 1.0}), (a, {x: 1.0})]
    assert merged([(a, x, 1.0), (a, y, 1.0)], 2) == [(a, {x: 1.0}), (a, {y: 1.0})]
    assert merged([(a, x, 1.0), (a, x, -1.0)], 2) == []


def test_reach_goes_backwards_and_tells_what_does_nothing():
    x, y, z = (from_label(s) for s in "XYZ")
    strings = [z]
    assert reach(strings, [[y], [x], [z]], 1, 3) == [True, True, False]
    assert sorted(strings) == [x, z, y]
    assert reach([z], [[y], [x]], 1, 2) is None


@pytest.mark.parametrize("observable", ["Z0 X1 - 0.5*Y1 + 0.3", "projector(0, 1)"])
def test_terms_are_those_of_the_observable_pulled_to_the_start(observable):
    c = circuit(2, [("h", [0]), ("cx", [0, 1]), ("s", [1]), ("x", [0])])
    loss = parse(observable, 2)
    terms, constant = terms_of(frame(c), loss)
    total = constant * np.eye(4) + sum(w * label_matrix(s, 2) for s, w in terms.items())
    unitary = unitary_of(c, {})
    assert total == pytest.approx(unitary.conj().T @ matrix_of(loss) @ unitary, abs=1e-14)


def test_offsets_are_events_of_their_own_unless_a_uniform_angle_hides_them():
    c = circuit(2, [("rx", [0], [0.5, "a"]), ("rz", [0], [0.25, "b"]), ("rz", [1], [0.25, "b"])])
    problem = Problem.of(c, parse("Z0", 2))
    x, z, other = (from_label(s) for s in ("XI", "ZI", "IZ"))
    a, b = (0, 0), (1, 0)
    found = events_of(problem, rotations(problem))
    assert found == [(a, {x: 1.0}), (FIXED, {z: 0.25, other: 0.25}), (b, {z: 1.0, other: 1.0})]
    assert laws_of(problem, found) == {a: UNIFORM, FIXED: Law(Shape.NORMAL, 0.0, 1.0), b: UNIFORM}
    narrow = problem._replace(laws=parse_init("normal:0.1"))
    assert events_of(narrow, rotations(narrow))[0] == (FIXED, {x: 0.5})


def test_scales_of_two_classes_without_a_ratio_are_two_phases_under_the_uniform_law():
    c = circuit(1, [("rx", [0], "a"), ("rz", [0], (2**0.5, "a"))])
    problem = Problem.of(c, parse("Z0", 1))
    assert [e.phase for e in events_of(problem, rotations(problem))] == [(0, 0), (0, 1)]
    narrow = problem._replace(laws=parse_init("normal:0.1"))
    assert [e.phase for e in events_of(narrow, rotations(narrow))] == [(0, 0), (0, 0)]

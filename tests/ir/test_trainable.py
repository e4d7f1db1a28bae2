"""The policy for trainable angles (contract section 4)."""

import math
from array import array
from dataclasses import replace

import numpy as np
import pytest

from bplint.ir.circuit import GateOrigin, Role, Spelling
from bplint.ir.trainable import count_trainable, looks_trained, select
from samples import circuit, with_angles


def values(c):
    return {p.name: p.role for p in c.parameters}


def decimal(c):
    """The same circuit as if its numbers had been written with few digits."""
    return with_angles(c, spelling=[Spelling.DECIMAL] * len(c.angles))


@pytest.mark.parametrize(
    ("angle", "trained"),
    [
        (0.0, False),
        (1.570796, False),
        (0.785398, False),
        (0.049087, False),
        (0.3, True),
        (2.098262, True),
        (math.pi / 128, True),
    ],
)
def test_decimals_are_trained_unless_dyadic_to_six_digits(angle, trained):
    assert looks_trained(angle, Spelling.DECIMAL) is trained


def test_spelled_with_pi_finer_fractions_are_fixed():
    angles = (math.pi / 4096, math.pi / 3, 0.785398)
    assert [looks_trained(angle, Spelling.PRECISE) for angle in angles] == [False, True, True]


def test_symbols_are_trained_and_generic_literals_beside_them_are_counted():
    c, selection = select(circuit(2, [("ry", [0], "a"), ("ry", [1], 0.3), ("rz", [1], math.pi / 2)]))
    assert values(c) == {"a": Role.TRAINABLE}
    assert (selection.policy, selection.guessed, selection.left_out) == ("symbols", False, 1)


def test_literals_are_trained_when_there_is_no_symbol():
    c, selection = select(circuit(2, [("ry", [0], 0.3), ("ry", [1], 0.4), ("rz", [1], math.pi / 2)]))
    assert [(p.value, p.role) for p in c.parameters] == [(0.3, Role.TRAINABLE), (0.4, Role.TRAINABLE)]
    assert [c.angles.terms(i) for i in range(3)] == [[(0, 1.0)], [(1, 1.0)], []]
    assert c.angles.constant.tolist() == [0.0, 0.0, math.pi / 2]
    assert (selection.guessed, selection.taken, selection.literals, selection.tied) == (True, 2, 3, False)


def test_repeated_sizes_are_one_parameter_with_signs():
    gates = [("rzz", [0, 1], 0.3), ("rzz", [1, 2], 0.3), ("rzz", [0, 2], -0.3), ("rx", [0], 0.7), ("rx", [1], 0.7)]
    c, selection = select(circuit(3, gates))
    assert selection.tied
    assert [p.value for p in c.parameters] == [0.3, 0.7]
    assert [c.angles.terms(i) for i in range(5)] == [[(0, 1.0)], [(0, 1.0)], [(0, -1.0)], [(1, 1.0)], [(1, 1.0)]]


def test_declared_literals_are_each_on_their_own():
    c, selection = select(circuit(1, [("rx", [0], 0.7)] * 3), "literals")
    assert len(c.parameters) == 3
    assert not selection.tied
    assert not selection.guessed


@pytest.mark.parametrize(
    ("policy", "count"), [("none", 0), ("symbols", 1), ("literals", 1), ("all", 2), ("rotations", 3)]
)
def test_policies(policy, count):
    c, _ = select(circuit(1, [("rx", [0], "a"), ("rx", [0], 0.7), ("rx", [0], 0.0), ("t", [0])]), policy)
    assert count_trainable(c) == count


def test_names_decide_roles():
    base = circuit(1, [("rx", [0], "w0"), ("rx", [0], "x0"), ("rx", [0], "y0")])
    c, _ = select(base, "symbols", trainable=["w*"], data=["x*"])
    assert values(c) == {"w0": Role.TRAINABLE, "x0": Role.DATA, "y0": Role.FIXED}


def test_statements_win_over_the_policy():
    base = circuit(1, [("rx", [0], "a"), ("rx", [0], 0.7), ("rx", [0], 0.0)])
    c, selection = select(base, roles={0: Role.DATA, 2: Role.TRAINABLE})
    assert [p.role for p in c.parameters] == [Role.DATA, Role.TRAINABLE]
    assert c.parameters[1].value == 0.0
    assert selection.left_out == 1


def test_a_fixed_statement_keeps_its_literal():
    c, _ = select(circuit(1, [("rx", [0], 0.7), ("rx", [0], 0.8)]), roles={0: Role.FIXED})
    assert [p.value for p in c.parameters] == [0.8]


def test_literal_names_say_where_they_stand_and_differ():
    c, _ = select(circuit(1, [("u", [0], 0.3, 0.4, 0.5), ("rx", [0], 0.6)]))
    names = [p.name for p in c.parameters]
    assert names[3] == "rx@2:1"
    assert len(set(names)) == 4


def test_one_number_given_to_a_defined_gate_is_one_parameter():
    """`gate g(p) { ry(-p/2) … ry(-p/2) … rz(p) }` called twice, g(0.9) and g(0.9): a parameter for each call."""
    c = circuit(2, [("ry", [0], -0.45), ("ry", [1], -0.45), ("rz", [1], 0.9)] * 2)
    statement, kind = array("i", [0, 0, 0, 1, 1, 1]), array("B", [GateOrigin.BODY] * 6)
    columns = c.gates.columns._replace(statement=statement, kind=kind)
    found, selection = select(replace(c, gates=replace(c.gates, columns=columns)), "literals")
    assert selection.taken == 6
    assert len(found.parameters) == 2
    assert [found.angles.terms(i) for i in range(3)] == [[(0, 1.0)], [(0, 1.0)], [(0, -2.0)]]


def test_one_random_angle_in_hundreds_may_lie_on_a_fine_fraction_of_pi():
    rng = np.random.default_rng(0)
    trained = [("ry", [0], float(v)) for v in rng.uniform(0, 6, 300)]
    few, many = (
        decimal(circuit(1, [*trained, ("ry", [0], 3 * math.pi / 64)])),
        decimal(circuit(1, [("ry", [0], 3 * math.pi / 64)] * 2)),
    )
    assert select(few)[1].taken == 301
    assert select(many)[1].taken == 0
    quarter = decimal(circuit(1, [*trained, ("ry", [0], math.pi / 4)]))
    assert select(quarter)[1].taken == 300


def test_a_zero_that_is_tied_to_a_tiny_angle_is_that_angle():
    c, _ = select(
        circuit(2, [("rx", [0], 1e-9), ("rx", [1], 0.0)]), "tied-literals", roles={0: Role.TRAINABLE, 1: Role.DATA}
    )
    assert [operation.terms for operation in c.operations] == [((0, 1.0),), ((0, 1.0),)]

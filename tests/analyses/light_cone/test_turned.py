"""How much of a term is turned at once, where it is first met."""

import pytest

from bplint.analyses.ask import Ask
from bplint.analyses.light_cone.alive import passage
from bplint.analyses.light_cone.turned import turned_together
from bplint.analyses.views import framed
from bplint.ir.pauli import from_label
from cases import case
from samples import circuit


def turned(gates, label):
    n = len(label)
    one = case(circuit(n, gates), label)
    ask = Ask(one)
    return turned_together(one.circuit, ask(passage), ask(framed).operations, [from_label(label)])


def chain(n):
    return [("cx", [q, q + 1]) for q in range(n - 1)]


def test_a_layer_before_a_chain_turns_all_that_the_chain_makes_of_one_letter():
    n = 7
    assert turned([("ry", [q], f"t{q}") for q in range(n)] + chain(n), "I" * (n - 1) + "Z") == [n]


def test_only_qubits_with_a_rotation_count_and_a_gate_that_changes_the_term_stands_before_them():
    n = 8
    turns = [("ry", [q], f"t{q}") for q in range(0, n, 2)]
    assert turned(turns + chain(n), "I" * (n - 1) + "Z") == [4]
    assert turned([*turns, ("ry", [n - 1], "last"), *chain(n)], "I" * (n - 1) + "Z") == [5]
    assert turned([*turns, ("cx", [2, 4]), ("ry", [n - 1], "last"), *chain(n)], "I" * (n - 1) + "Z") == [3]
    assert turned([*turns, ("cz", [2, 4]), ("ry", [n - 1], "last"), *chain(n)], "I" * (n - 1) + "Z") == [5]


def test_a_ladder_around_one_rotation_turns_one_qubit():
    n = 8
    first = [("ry", [q], f"t{q}") for q in range(n)]
    ladder = [*chain(n), ("ry", [n - 1], "a"), *reversed(chain(n))]
    assert turned([*first, *ladder], "I" * (n - 1) + "Z") == [1]


def test_a_rotation_that_commutes_is_passed_by():
    n = 6
    first = [("ry", [q], f"t{q}") for q in range(n)] + [("rz", [q], f"s{q}") for q in range(n)]
    assert turned([*first, *chain(n)], "I" * (n - 1) + "Z") == [n]


@pytest.mark.parametrize("label", ["ZZZZ", "XXXX", "IIII"])
def test_what_no_rotation_meets_is_not_turned(label):
    assert turned(chain(4), label) == [0]

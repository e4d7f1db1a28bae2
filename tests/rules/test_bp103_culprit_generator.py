"""BP103: who is named, what it says, and where it keeps quiet."""

import pytest

from bplint.analyses import gradient
from bplint.analyses.ask import Ask
from bplint.analyses.views import framed
from bplint.ir.circuit import Role
from bplint.rule import Undecided
from bplint_rules.bp103_culprit_generator import check
from cases import case
from dense import pauli_closure
from samples import circuit


def hits(n, gates, observable="Z0 Z1", *, shots=10_000, **arguments):
    k = case(circuit(n, gates, **arguments), observable, data=list(arguments.get("roles", ())), shots=shots)
    return list(check.check(k, Ask(k)))


def matchgates(n, layers=1, *, names=("rz", "rxx"), start=0):
    """Bonds in descending order, so that Z0 sees every qubit."""
    gates, k = [], start
    for _ in range(layers):
        for q in range(n):
            gates.append((names[0], [q], f"t{(k := k + 1)}"))
        for q in range(n - 2, -1, -1):
            gates.append((names[1], [q, q + 1], f"t{(k := k + 1)}"))
    return gates


def again(gates):
    """The same with fresh parameters."""
    return [(name, qubits, f"{angle}'") for name, qubits, angle in gates]


def axes(n, gates):
    return Ask(case(circuit(n, gates), "Z0"))(framed).axes


@pytest.mark.parametrize("n", [6, 7])
@pytest.mark.parametrize("where", [1, 2, 4])
def test_the_bulk_x_is_named_with_the_dimensions_of_brute_force(n, where):
    gates = matchgates(n)
    with_x = [*gates, ("rx", [where], "b"), *matchgates(n, start=100)]
    without = [*gates, *matchgates(n, start=100)]
    (hit,) = hits(n, with_x)
    assert hit.evidence["lines"] == [len(gates) + 1]
    assert hit.span.line == len(gates) + 1
    assert f"Without rx in line {len(gates) + 1} the rotations would generate so({2 * n})" in hit.message
    assert f"(dimension {len(pauli_closure(axes(n, with_x), n)):,})." in hit.message
    assert hit.evidence["dimension_without"] == len(pauli_closure(axes(n, without), n)) == n * (2 * n - 1)
    assert hit.proof == (
        "exact (Pauli classification with and without); repeating the circuit without does not enlarge its algebra"
    )


def test_without_it_there_is_nothing_to_name():
    assert not hits(8, matchgates(8, 3))
    assert not hits(8, [*matchgates(8, 3), ("rx", [0], "b"), ("rx", [7], "c")])  # the ends are free fermions too


@pytest.mark.parametrize("n", [65, 130])
def test_it_is_found_at_any_width(n):
    (hit,) = hits(n, [*matchgates(n, 2), ("rx", [n // 2], "b")])
    assert hit.evidence["lines"] == [2 * (2 * n - 1) + 1]
    assert hit.evidence["dimension_without"] == n * (2 * n - 1)


def test_five_qubits_are_too_few():
    assert not hits(5, [*matchgates(5, 2), ("rx", [2], "b")])


def test_every_use_of_the_generator_goes():
    x = [("rx", [3], "b"), ("rx", [3], "c"), ("rx", [3], "d")]
    (hit,) = hits(8, [x[0], *matchgates(8), x[1], *matchgates(8, start=50), x[2]])
    assert hit.evidence["lines"] == [1, 17, 33]
    assert "the 3 rx gates in lines 1, 17 and 33" in hit.message
    assert hit.help[0].endswith("leave them out, if the solution can be reached without")


@pytest.mark.parametrize("shots", [10, 3_000, 100_000])
def test_where_the_signal_is_healthy_it_speaks_of_depth(shots):
    k = case(circuit(8, [*matchgates(8, 2), ("rx", [4], "b")]), "Z0 Z1", shots=shots)
    ask = Ask(k)
    (hit,) = check.check(k, ask)
    healthy = ask(gradient).lower * shots >= 100
    assert healthy == (shots > 10)
    assert ("At this depth the largest signal is at least" in hit.message) == healthy
    assert hit.help[0].startswith("nothing to mend at this depth" if healthy else "leave it out")


def test_several_bulk_x_are_a_kind():
    x = [("rx", [q], f"b{q}") for q in (2, 3, 4, 5, 6)]
    (hit,) = hits(8, [*matchgates(8), *x, *matchgates(8, start=50)])
    assert "the 5 rx gates in lines 16 to 20" in hit.message
    assert hit.structure == "rx"


def test_alternatives_of_equal_merit_are_named():
    gates = [(name, [q], f"{name}{q}") for name in ("rx", "ry") for q in range(6)]
    gates += [("rzz", [q, q + 1], f"z{q}") for q in range(5)]
    (hit,) = hits(6, gates + again(gates))
    assert "Without the 12 rx gates" in hit.message
    assert hit.help[1:] == ("or the 12 ry gates in lines 7 to 29 instead",)


def test_taking_out_all_entanglers_is_no_advice():
    """RX, RY, RZ on each: only without RZZ would it be free, qubit by qubit."""
    gates = [(name, [q], f"{name}{q}") for name in ("rx", "ry", "rz") for q in range(6)]
    gates += [("rzz", [a, b], f"z{a}{b}") for a in range(6) for b in range(a)]
    assert not hits(6, gates)
    path = [row for row in gates if row[0] in ("rx", "ry") or (row[0] == "rzz" and row[1][0] == row[1][1] + 1)]
    assert hits(6, path + again(path))


def test_a_letter_of_a_u_gate_is_a_kind():
    """Z and Y of U with ZZ bonds: without Z the transverse-field Ising path about Y."""
    gates = []
    for layer in range(2):
        gates += [("u", [q], f"a{layer}{q}", f"b{layer}{q}", f"c{layer}{q}") for q in range(6)]
        gates += [("rzz", [q, q + 1], f"z{layer}{q}") for q in range(4, -1, -1)]
    (hit,) = hits(6, gates)
    assert hit.message.startswith("Without the Z turns of the 12 u gates in lines 1 to 17 ")


def test_in_a_shallow_circuit_only_a_single_generator_is_named():
    kind = [("ry", [q], f"y{q}") for q in range(8)] + [("rx", [q], f"x{q}") for q in range(8)]
    kind += [("rzz", [q, q + 1], f"z{q}") for q in range(7)]
    assert not hits(8, kind, "Z0")  # one layer: Z0 sees one qubit
    assert hits(8, kind + again(kind), "Y0 Y3 Y6")
    ascending = [("rz", [q], f"t{q}") for q in range(8)] + [("rxx", [q, q + 1], f"x{q}") for q in range(7)]
    assert hits(8, [*ascending, ("rx", [4], "b")], "Z0")


@pytest.mark.parametrize("other", ["x", 0.3, None])
def test_neither_data_nor_fixed_gates_are_to_be_removed(other):
    """A trained X in the bulk beside one that is not trained: leaving out the first does not help. A Z beside them would."""
    fixed = [] if other is None else [("rx", [3], other)]
    gates = [*matchgates(8), ("rx", [3], "b"), *matchgates(8, start=50), *fixed, *matchgates(8, start=100)]
    (hit,) = hits(8, gates, roles={"x": Role.DATA})
    assert hit.structure == ("rx" if other is None else "rz")


def test_an_angle_that_carries_data_as_well_is_not_to_be_removed():
    gates = [*matchgates(8), ("rx", [3], ["b", (1.0, "x")]), *matchgates(8, start=50)]
    (hit,) = hits(8, gates, roles={"x": Role.DATA})
    assert hit.structure == "rz"


@pytest.mark.parametrize("n", [12, 13])
def test_half_of_the_qubits_must_be_in_it(n):
    assert bool(hits(n, [*matchgates(6, 3), ("rx", [3], "b")])) == (n == 12)


def test_five_qubits_of_eight_are_too_few():
    assert not hits(8, [*matchgates(5, 3), ("rx", [2], "b")])


def test_free_fermions_as_large_do_not_hide_it():
    """Beside an exponential block on 8 qubits one of free fermions with as many pairs, so(18)."""
    free = [*matchgates(8, 2), ("rx", [0], "c"), ("rx", [7], "d")]
    moved = [(name, [q + 8 for q in qubits], f"{angle}'") for name, qubits, angle in matchgates(8, 2)]
    assert hits(16, [*free, *moved, ("rx", [11], "b")], "Z0 + Z8")


@pytest.mark.parametrize("ancillas", [3, 4])
def test_few_copies_are_at_most_as_many_as_qubits(ancillas):
    """Z0 times the Z of each ancilla doubles the copies: 8 with 9 qubits, 16 with 10."""
    copies = [("rzz", [0, 6 + a], f"c{a}") for a in range(ancillas)]
    gates = [*matchgates(6, 2), *copies, ("rx", [3], "b"), *matchgates(6, start=50)]
    assert bool(hits(6 + ancillas, gates)) == (ancillas == 3)


def test_a_culprit_that_is_not_trained_is_not_named():
    gates = [*matchgates(8), ("rx", [3], 0.3), *matchgates(8, start=50)]
    for shots, minor in ((10, False), (1_000_000, True)):  # with so many there is nothing to mend
        with pytest.raises(Undecided, match="dimension of its algebra is not known") as found:
            hits(8, gates, shots=shots)
        assert found.value.minor is minor


def test_bounds_are_called_bounds():
    """A Z on each of 40 qubits, tied, and 22 of them alone, leave a lower bound with the X and an upper one without."""
    gates = [(name, qubits, "s" if name == "rz" else angle) for name, qubits, angle in matchgates(40)]
    (hit,) = hits(40, [*gates, *(("rz", [q], f"u{q}") for q in range(22)), ("rx", [3], "b")])
    assert "so(80) (dimension at most 3,160)" in hit.message
    assert "(dimension at least " in hit.message
    assert hit.proof.startswith("bounds (")


def test_what_the_loss_does_not_touch_does_not_count():
    """Ten qubits of matchgates with an X among them; beside them, unseen, everything that three qubits can do."""
    beside = [(name, [q], f"{name}{q}") for name in ("rx", "rz") for q in (8, 9, 10)]
    beside += [("rzz", [8, 9], "u"), ("rzz", [9, 10], "v"), ("rzz", [8, 10], "w")]
    (hit,) = hits(11, [*matchgates(8, 2), ("rx", [3], "b"), *beside])
    assert "would generate so(16) (dimension 120), free fermions," in hit.message
    assert not hits(11, [*matchgates(8, 2), *beside])


def test_what_repeating_makes_exponential_is_no_advice():
    """A layer of H at the end: the next round would have X and ZZ beside Z and XX."""
    gates = [*matchgates(8, 2), ("rx", [3], "b")]
    assert hits(8, gates, "X0 X1")
    assert not hits(8, [*gates, *(("h", [q]) for q in range(8))], "Z0 Z1")

"""BP951: its limits and its words; the methods are tested with the analysis."""

from bplint.analyses.ask import Ask
from bplint.ir.circuit import Role
from bplint_rules.bp951_classically_simulable import check
from cases import case
from samples import circuit


def hits(n, gates, observable="Z0", **arguments):
    k = case(circuit(n, gates, **arguments), observable, data=list(arguments.get("roles", ())))
    return list(check.check(k, Ask(k)))


def test_twenty_qubits_need_no_method():
    gates = [("ry", [0], "a"), ("ry", [1], "b"), ("cx", [1, 0])]
    assert not hits(20, gates)
    (hit,) = hits(21, gates)
    assert hit.message == (
        "A classical computer can evaluate this loss exactly: no term of it depends on more than 2 of 21 qubits."
    )
    assert hit.proof == "exact: light cones; a state vector of 2 qubits for each term"
    assert hit.evidence == {"method": "light cone", "size": 2}


def test_nothing_is_trained():
    assert not hits(21, [("ry", [0], "a")], roles={"a": Role.DATA})
    assert not hits(21, [("rz", [0], "a")])


def test_free_fermions_and_their_modules():
    gates = []
    for k in range(22):
        gates += [("rz", [q], f"z{k}.{q}") for q in range(22)] + [("rxx", [q, q + 1], f"x{k}.{q}") for q in range(21)]
    (hit,) = hits(22, gates)
    assert "all that moves it is free fermions, and it is quadratic in their 44 Majorana modes." in hit.message
    assert "44 x 44 matrices" in hit.proof
    (hit,) = hits(22, gates, "X0")
    assert "the rotations can only make 44 Pauli strings of it." in hit.message
    assert "dimension 44 (Lie-algebraic simulation, g-sim)" in hit.proof
    assert not hits(22, [*gates, ("rx", [10], "b"), *gates])

"""BP104: a loss whose rotations share parameters, where the variance has to be exactly zero."""

from dataclasses import replace

import pytest

from bplint.analyses.ask import Ask
from bplint.config import Settings
from bplint.run import lint_text
from bplint_rules.bp104_dead_loss import check
from cases import case
from samples import circuit


def hits(gates, observable):
    k = case(circuit(1, gates), observable)
    return list(check.check(k, Ask(k)))


@pytest.mark.parametrize(("observable", "value"), [("Z0", "1"), ("X0", "0"), ("3 - 2*Z0", "1")])
def test_turns_that_undo_each_other_are_told_with_the_value(observable, value):
    (hit,) = hits([("ry", [0], "a"), ("ry", [0], (-1, "a"))], observable)
    assert f"⟩ is {value} for all angles: what the rotations make of it cancels" in hit.message
    assert hit.evidence == {"parameters": 1, "dead": 0}


def test_turns_that_add_up_move_the_loss():
    assert not hits([("ry", [0], "a"), ("ry", [0], "a")], "Z0")


def test_what_rounding_leaves_of_a_variance_is_nothing():
    """Hopping moves no particle where there is none: the exact variance comes out at 1e-16."""
    hops = [("xx_plus_yy", [q, q + 1], f"t{q}", 0.0) for q in range(3)]
    k = case(circuit(4, hops), "Z0 Z1 + 0.5*Z2")
    (hit,) = check.check(k, Ask(k))
    assert "is 1.5 for all angles" in hit.message


def told(n, gates, observable, **more):
    k = case(circuit(n, gates), observable, **more)
    (hit,) = check.check(k, Ask(k))
    return hit.message, hit.help[0]


START = "the start is an eigenstate of every rotation"
LOSS = "every rotation commutes with all that the measurement sees"
BOTH = "or meets only eigenstates of its own"


@pytest.mark.parametrize(
    ("gates", "observable", "reason", "advice"),
    [
        ([("h", [0]), ("rx", [0], "t")], "Z0", START, "about another axis"),
        ([("rz", [0], "t"), ("rz", [1], "u")], "X0 X1", START, "about another axis"),
        ([("h", [0]), ("cx", [0, 1]), ("rxx", [0, 1], "t"), ("rzz", [0, 1], "u")], "Z0", START, "about another axis"),
        ([("h", [0]), ("rz", [0], "t")], "Z0", LOSS, "measure qubits that the rotations reach"),
        ([("ry", [0], "t")], "Z1", LOSS, "measure qubits that the rotations reach"),
        ([("ry", [0], "t"), ("rz", [1], "u")], "X1", BOTH, "change what is measured, and the start"),
    ],
)
def test_the_side_that_stops_the_rotations_is_the_one_told(gates, observable, reason, advice):
    message, help_ = told(2, gates, observable)
    assert reason in message
    assert advice in help_


@pytest.mark.parametrize(
    ("gates", "observable", "example"),
    [
        ([("h", [0]), ("h", [1]), ("rzz", [0, 1], "g"), ("rx", [0], "b"), ("rx", [1], "b")], "mean(Z)", "Z0 Z1"),
        ([("h", [0]), ("rx", [0], "t")], "mean(Z)", "Z0 Z1"),
        ([("ry", [0], "t"), ("ry", [0], (-1, "t"))], "mean(Z)", "Z0 Z1"),
        ([("ry", [0], "t"), ("h", [0]), ("h", [1])], "0.5*Z1", "Z0 Z1"),
    ],
)
def test_an_assumed_loss_is_what_is_constant(gates, observable, example):
    """Nobody said what is trained: that is left open, and no fault of the circuit."""
    k = case(circuit(2, gates), observable)
    k = k._replace(context=k.context._replace(observable_source="assumed"))
    (hit,) = check.check(k, Ask(k))
    assert f"assumed loss ⟨{observable}⟩" in hit.message
    assert (hit.undecided, hit.wants_loss) == (True, True)
    assert hit.help == (f"declare the one that you train, for instance:  // bplint: observable = {example}",)


@pytest.mark.parametrize(
    ("n", "gates", "example"),
    [
        (2, [("ry", [0], "t"), ("ry", [0], (-1, "t"))], "X0"),
        (4, [("h", [q]) for q in range(4)] + [("rzz", p, "g") for p in ([0, 1], [1, 2], [2, 3])], "Z0 Z1 + Z1 Z2"),
    ],
)
def test_the_example_of_a_loss_names_no_ancilla(n, gates, example):
    k = case(replace(circuit(n, gates), ancillas=1), "Z0")
    k = k._replace(context=k.context._replace(observable_source="assumed"))
    (hit,) = check.check(k, Ask(k))
    assert hit.help[0].endswith(f"// bplint: observable = {example}")


def test_what_is_kept_is_not_named_by_ancillas():
    one = case(circuit(2, [("ry", [0], "t"), ("cx", [0, 1])]), "X0")
    (hit,) = check.check(one, Ask(one))
    assert hit.evidence["keeps"] == "Z0 Z1"
    one = one._replace(circuit=replace(one.circuit, ancillas=1))
    (hit,) = check.check(one, Ask(one))
    assert hit.evidence["keeps"] is None
    assert "Z1" not in hit.message + "".join(hit.help)


def test_the_example_of_a_loss_is_the_cost_that_the_rotations_turn_about():
    """QAOA on a triangle with a tail and a field, its qubits exchanged by a SWAP at the end."""
    edges = [(0, 1), (1, 2), (0, 2), (2, 3)]
    gates = [("h", [q]) for q in range(4)]
    for a, b in edges:
        gates += [("cx", [a, b]), ("rz", [b], "g"), ("cx", [a, b])]
    gates += [("rx", [q], "b") for q in range(4)] + [("swap", [0, 3])]
    k = case(circuit(4, gates), "mean(Z)")
    k = k._replace(context=k.context._replace(observable_source="assumed"))
    (hit,) = check.check(k, Ask(k))
    assert hit.help[0].partition("  ")[2] == "// bplint: observable = Z1 Z3 + Z1 Z2 + Z2 Z3 + Z0 Z2"


def test_zero_has_no_sign():
    message, _ = told(1, [("rx", [0], "t"), ("rx", [0], (-1, "t"))], "-1*Y0")
    assert "is 0 for all angles" in message


W_STATE = """OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = mean(Z)
input array[float, 6] t;
qubit[7] q;
for int i in [0:5] ry(-t[i]) q[i];
x q[6];
for int i in [0:5] {
  cz q[6 - i], q[5 - i];
  ry(t[5 - i]) q[5 - i];
}
for int i in [0:5] cx q[5 - i], q[6 - i];
"""

FIXED = """OPENQASM 3.0;
include "stdgates.inc";
// bplint: observable = mean(Z)
input float t;
qubit[3] q;
ry(t) q[0];
ch q[0], q[1];
ccx q[0], q[1], q[2];
x q[0];
x q[1];
cx q[0], q[1];
"""


def test_one_excitation_of_seven_is_told_as_what_can_be_reached():
    """Angles used twice, with both signs; mean(Z) is (6 - 1)/7."""
    (entry,) = lint_text(W_STATE, Settings(suggest=False)).circuits
    (hit,) = [f.hit for f in entry.findings if f.code == "BP104"]
    assert hit.message.startswith("⟨mean(Z)⟩ is 0.714286 for all angles: it has this value in all states")
    assert hit.structure == "sector"


def test_rounding_is_no_signal():
    """mean(Z) is 1/3 for all angles; what fixed rotations cancel leaves 1e-17."""
    (entry,) = lint_text(FIXED, Settings(suggest=False)).circuits
    assert [f.code for f in entry.findings if f.code in ("BP104", "BP301")] == ["BP104"]
    assert entry.analyses["gradient"].signal == 0


def test_no_excitation_stays_none():
    hops = "".join(
        f"cx q[{q}], q[{q + 1}];\ncrx(t{q}) q[{q + 1}], q[{q}];\ncx q[{q}], q[{q + 1}];\n" for q in range(79)
    )
    inputs = "".join(f"input float t{q};\n" for q in range(79))
    text = (
        f'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = X2 X3 + Y2 Y3\n{inputs}qubit[80] q;\n{hops}'
    )
    (entry,) = lint_text(text, Settings(suggest=False)).circuits
    (hit,) = [f.hit for f in entry.findings if f.code == "BP104"]
    assert "is 0 for all angles" in hit.message

"""What a circuit exponentiates: tied sums, offsets and gates that are not trained."""

from bplint.analyses.ask import Ask
from bplint.analyses.symmetry.generator_sums import driven_sums
from bplint.ir.pauli import to_sparse
from cases import case
from samples import circuit


def sums(gates, n=2, **more):
    asked = Ask(case(circuit(n, gates), "Z0", trainable="symbols", **more))
    return [{to_sparse(s, n): c for s, c in terms} for terms in asked(driven_sums)]


def test_rotations_of_one_parameter_are_one_sum():
    assert sums([("rxx", [0, 1], "a"), ("ryy", [0, 1], "a"), ("rz", [0], "b")]) == [{"X0 X1": 1, "Y0 Y1": 1}, {"Z0": 1}]


def test_offsets_are_a_sum_of_their_own():
    assert sums([("rxx", [0, 1], ["a", 0.3]), ("ryy", [0, 1], "a")]) == [{"X0 X1": 1, "Y0 Y1": 1}, {"X0 X1": 0.3}]


def test_fixed_gates_are_sums_gate_by_gate():
    assert sums([("xx_plus_yy", [0, 1], 0.7, 0.0), ("rz", [0], "a")]) == [{"Z0": 1}, {"X0 X1": 0.5, "Y0 Y1": 0.5}]


def test_data_gates_count_as_well():
    assert sums([("rx", [0], "x"), ("rz", [0], "a")], data=["x"]) == [{"Z0": 1}, {"X0": 1}]

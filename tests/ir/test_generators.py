"""What one parameter generates."""

import bplint.ir.generators
from bplint.ir.circuit import Role
from bplint.ir.frame import frame
from bplint.ir.generators import generators
from bplint.ir.pauli import to_label
from samples import circuit


def groups(c):
    found = generators(c, frame(c))
    return [(c.parameters[g.parameter].name, {to_label(s, c.n_qubits): w for s, w in g.terms}) for g in found.groups], [
        c.parameters[p].name for p in found.shared
    ]


def ring(n, layers=1):
    return [
        g
        for layer in range(layers)
        for g in (
            [("rzz", [i, (i + 1) % n], (2.0, f"g{layer}")) for i in range(n)]
            + [("rx", [i], (2.0, f"b{layer}")) for i in range(n)]
        )
    ]


def test_qaoa_has_two_generators_a_layer():
    found, shared = groups(circuit(4, ring(4, 2)))
    assert [name for name, _ in found] == ["g0", "b0", "g1", "b1"]
    assert found[0][1] == {"ZZII": 2.0, "IZZI": 2.0, "IIZZ": 2.0, "ZIIZ": 2.0}
    assert shared == []


def test_a_controlled_rotation_is_one_generator_of_two_strings():
    found, shared = groups(circuit(2, [("crx", [0, 1], "a")]))
    assert found == [("a", {"IX": 0.5, "ZX": -0.5})]
    assert shared == []


def test_a_parameter_that_returns_is_shared():
    found, shared = groups(circuit(1, [("rx", [0], "a"), ("rz", [0], "b"), ("rx", [0], "a")]))
    assert [name for name, _ in found] == ["a", "b", "a"]
    assert shared == ["a"]


def test_interleaved_layers_are_put_together_where_they_commute():
    gates = [("rzz", [0, 1], "g"), ("rx", [3], "b"), ("rzz", [1, 2], "g"), ("rx", [0], "b")]
    found, shared = groups(circuit(4, gates))
    assert found == [("g", {"ZZII": 1.0, "IZZI": 1.0}), ("b", {"IIIX": 1.0, "XIII": 1.0})]
    assert shared == []


def test_what_stands_between_separates():
    gates = [("rzz", [0, 1], "g"), ("rx", [1], "b"), ("rzz", [1, 2], "g")]
    assert groups(circuit(3, gates))[1] == ["g"]


def test_cliffords_change_the_axes_and_their_signs():
    found, _ = groups(circuit(2, [("cx", [0, 1]), ("rz", [1], "a"), ("cx", [0, 1]), ("x", [1]), ("rz", [1], "a")]))
    assert found == [("a", {"ZZ": 1.0, "IZ": -1.0})]


def test_opposite_angles_on_one_string_cancel():
    assert groups(circuit(1, [("rz", [0], "a"), ("rz", [0], (-1.0, "a"))])) == ([], [])


def test_fixed_and_data_parameters_generate_nothing():
    c = circuit(1, [("rx", [0], "x"), ("rz", [0], "y"), ("ry", [0], "w")], roles={"x": Role.DATA, "y": Role.FIXED})
    assert [name for name, _ in groups(c)[0]] == ["w"]


def test_an_angle_in_two_parameters_belongs_to_both():
    found, shared = groups(circuit(1, [("rx", [0], [(1.0, "a"), (-1.0, "b")])]))
    assert found == [("a", {"X": 1.0}), ("b", {"X": -1.0})]
    assert shared == []


def test_tied_rotations_written_qubit_by_qubit_are_one_generator_a_letter():
    """RY, RZ on one qubit after the other: no RZ can be moved next to the first, but all RY can stand before all RZ."""
    by_qubit = [(name, [q], symbol) for q in range(3) for name, symbol in (("ry", "a"), ("rz", "b"))]
    by_letter = [(name, [q], symbol) for name, symbol in (("ry", "a"), ("rz", "b")) for q in range(3)]
    entangle = [("rzz", [0, 1], "c"), ("rzz", [1, 2], "c")]
    assert groups(circuit(3, by_qubit + entangle)) == groups(circuit(3, by_letter + entangle))
    assert groups(circuit(3, by_qubit))[1] == []


def test_what_is_fixed_between_keeps_the_order_of_the_circuit():
    gates = [("ry", [0], "a"), ("rz", [0], "b"), ("ry", [1], "a"), ("rx", [1], 0.3), ("rz", [1], "b")]
    assert groups(circuit(2, gates))[1] == ["b"]


def test_axes_without_a_common_qubit_are_not_compared_one_by_one(monkeypatch):
    """Six layers of forty RX or RZ: a look at each rotation is enough, where pairs would be 4,680."""
    gates = [(name, [q], name) for name in ("rx", "rz") * 3 for q in range(40)]
    c = circuit(40, gates)
    whole = generators(c, frame(c))
    assert len(whole.groups) == 6
    monkeypatch.setattr(bplint.ir.generators, "CHECK_LIMIT", 1_000)
    assert generators(c, frame(c)) == whole

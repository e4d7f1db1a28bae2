"""What a circuit answers about its rows, and that its columns fit together."""

from dataclasses import replace

import numpy as np
import pytest

from bplint.ir.circuit import Role
from samples import circuit

C = circuit(
    2,
    [("ry", [0], "a"), ("cx", [0, 1]), ("crz", [0, 1], [(0.5, "b"), (1.0, "x")]), ("rx", [1], "f"), ("rx", [1], 0.3)],
    roles={"x": Role.DATA, "f": Role.FIXED},
)


def test_rotations_are_driven_by_the_roles_of_their_parameters():
    assert C.trained == C.driven_by(Role.TRAINABLE) == (True, False, True, True, False, False)
    assert C.driven_by(Role.DATA) == (False, False, True, True, False, False)
    assert C.driven_by(*Role) == (True, False, True, True, True, False)
    assert not any(C.driven_by())


def test_equal_circuits_are_one_to_what_remembers_them():
    equal, other = replace(C, columns=C.columns), replace(C, measured=(1,))
    assert equal == C
    assert other != C
    assert {C: 0, equal: 1, other: 2} == {C: 1, other: 2}


def test_a_coefficient_of_zero_drives_nothing():
    assert circuit(1, [("rx", [0], (0.0, "a"))]).trained == (False,)


def test_arrays_are_those_that_are_kept_and_locked():
    for table in (C, C.angles, C.gates):
        for name, kept in table.columns._asdict().items():
            seen = getattr(table, name)
            assert (seen.dtype, seen.tolist()) == (np.dtype(kept.typecode), [*kept])
            with pytest.raises(ValueError, match="read-only"):
                seen[0] = 1


def test_another_table_of_parameters_is_asked_anew():
    assert any(C.trained)
    fixed = replace(C, parameters=tuple(p._replace(role=Role.FIXED) for p in C.parameters))
    assert not any(fixed.trained)
    assert [operation.quarter for operation in fixed.operations] == [-2, 0, -2, -2, -2, -2]


def test_a_place_is_the_gate_and_its_line():
    assert [C.place(k) for k in range(len(C))] == [
        "ry in line 1",
        "cx in line 2",
        "crz in line 3",
        "crz in line 3",
        "rx in line 4",
        "rx in line 5",
    ]


def test_columns_of_other_lengths_are_refused():
    with pytest.raises(ValueError, match="want 7 offsets"):
        replace(C, columns=C.columns._replace(start=C.columns.start[:-1]))
    with pytest.raises(ValueError, match=r"want qubits in 0\.\.0"):
        replace(C, n_qubits=1)


def test_ancillas_are_counted_behind_the_qubits_of_the_source():
    one = replace(circuit(4, [("h", [0])]), ancillas=3)
    assert one.n_declared == 1
    assert [*map(one.wire_name, range(4))] == ["q0", "a0", "a1", "a2"]

"""Operations of gates of the table, written out by hand, and the layers they fit in, found one qubit at a time."""

import numpy as np
import pytest

from bplint.ir.circuit import ROTATION
from bplint.ir.clifford import CODES
from bplint.ir.expansion import expanded, moments
from bplint.ir.gates import gate

X, Z, Y = 1, 2, 3


def ints(*values):
    return np.array(values, dtype=np.int32)


def operations(parts):
    """(code, factor, row, gate, qubits, letters) of each operation."""
    for k, (begin, end) in enumerate(zip(parts.start[:-1], parts.start[1:], strict=True)):
        wires, letters = parts.qubits[begin:end].tolist(), parts.letters[begin:end].tolist()
        yield int(parts.code[k]), float(parts.factor[k]), int(parts.angle[k]), int(parts.gate[k]), wires, letters


def test_gates_by_hand():
    """crx(t) is t: (X - ZX)/4 on control and target, u2 has a constant between its angles, id nothing, cx is itself."""
    catalogue = [gate(name) for name in ("crx", "cx", "id", "rzz")]
    parts = expanded(catalogue, [1, 0, 0, 1], ints(3, 1, 2, 0), ints(5, 6, 2, 0, 1, 4, 3), ints(7, 8), 20)
    turned, kept, *controlled = operations(parts)
    assert turned == (ROTATION, 1.0, 7, 0, [5, 6], [Z, Z])
    assert kept == (CODES["cx"], 0.0, -1, 1, [2, 0], [0, 0])
    assert sorted(controlled) == sorted([(ROTATION, 0.5, 8, 3, [3], [X]), (ROTATION, -0.5, 8, 3, [4, 3], [Z, X])])
    assert parts.constants == ()


def test_constants_get_rows_behind_the_others_and_equal_ones_the_same():
    catalogue = [gate("t"), gate("u2"), gate("ch")]
    parts = expanded(catalogue, [0, 2, 0], ints(0, 1, 0, 2), ints(0, 0, 1, 1, 0), ints(4, 5), 10)
    rows = {}
    for code, _, row, number, _, _ in operations(parts):
        if code == ROTATION:
            rows.setdefault(number, []).append(row)
    assert rows[0] == rows[2]
    assert all(row >= 10 for row in rows[0])
    assert rows[1][0] == 5
    assert rows[1][-1] == 4
    assert parts.constants[rows[1][1] - 10] == pytest.approx(np.pi / 2)
    assert len(parts.constants) == len(set(parts.constants))


def test_no_gates_are_no_operations():
    parts = expanded([], [], ints(), ints(), ints(), 0)
    assert (len(parts.code), parts.start.tolist(), len(parts.qubits), parts.constants) == (0, [0], 0, ())
    assert moments(3, ints(), np.zeros(1, dtype=np.int64)).tolist() == []


@pytest.mark.parametrize("seed", range(10))
def test_operations_stand_in_the_earliest_layer_that_is_free(seed):
    """In layer 0, or just behind one that shares a qubit, and behind all of those."""
    rng = np.random.default_rng(seed)
    wires = [rng.permutation(5)[: rng.integers(1, 4)].tolist() for _ in range(20)]
    start = np.cumsum([0, *map(len, wires)])
    layer = moments(5, ints(*(q for own in wires for q in own)), start).tolist()
    for k, own in enumerate(wires):
        before = [layer[j] for j in range(k) if set(own) & set(wires[j])]
        assert layer[k] == max(before, default=-1) + 1

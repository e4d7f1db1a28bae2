"""Operations of gates of the table, written out by hand, and the layers they fit in, found one qubit at a time."""

import math
import random

import pytest

from bplint.ir.circuit import ROTATION
from bplint.ir.clifford import CODES
from bplint.ir.expansion import constants, expanded
from bplint.ir.gates import gate

X, Z, Y = 1, 2, 3


def operations(parts):
    """(code, factor, row, gate, qubits, letters) of each operation."""
    for k, (begin, end) in enumerate(zip(parts.start[:-1], parts.start[1:], strict=True)):
        wires, letters = parts.qubits[begin:end].tolist(), parts.letters[begin:end].tolist()
        yield int(parts.code[k]), float(parts.factor[k]), int(parts.angle[k]), int(parts.gate[k]), wires, letters


def test_gates_by_hand():
    """crx(t) is t: (X - ZX)/4 on control and target, u2 has a constant between its angles, id nothing, cx is itself."""
    catalogue = [gate(name) for name in ("crx", "cx", "id", "rzz")]
    parts = expanded(7, catalogue, [3, 1, 2, 0], [5, 6, 2, 0, 1, 4, 3], [7, 8], {})
    turned, kept, *controlled = operations(parts)
    assert turned == (ROTATION, 1.0, 7, 0, [5, 6], [Z, Z])
    assert kept == (CODES["cx"], 0.0, -1, 1, [2, 0], [0, 0])
    assert sorted(controlled) == sorted([(ROTATION, 0.5, 8, 3, [3], [X]), (ROTATION, -0.5, 8, 3, [4, 3], [Z, X])])
    assert constants(catalogue) == ()


def test_constants_of_gates_have_the_rows_they_are_given():
    catalogue = [gate("t"), gate("u2"), gate("ch")]
    own = constants(catalogue)
    assert len(own) == len(set(own))
    parts = expanded(
        2, catalogue, [0, 1, 0, 2], [0, 0, 1, 1, 0], [4, 5], {value: 10 + k for k, value in enumerate(own)}
    )
    rows = {}
    for code, _, row, number, _, _ in operations(parts):
        if code == ROTATION:
            rows.setdefault(number, []).append(row)
    assert rows[0] == rows[2]
    assert all(row >= 10 for row in rows[0])
    assert rows[1][0] == 5
    assert rows[1][-1] == 4
    assert own[rows[1][1] - 10] == pytest.approx(math.pi / 2)


def test_no_gates_are_no_operations():
    parts = expanded(3, [], [], [], [], {})
    assert (len(parts.code), parts.start.tolist(), len(parts.qubits), len(parts.moment)) == (0, [0], 0, 0)


@pytest.mark.parametrize("seed", range(10))
def test_operations_stand_in_the_earliest_layer_that_is_free(seed):
    """In layer 0, or just behind one that shares a qubit, and behind all of those."""
    rng = random.Random(seed)
    catalogue = [gate("h"), gate("cx")]
    shapes = [rng.randrange(2) for _ in range(20)]
    wires = [rng.sample(range(5), catalogue[shape].n_qubits) for shape in shapes]
    layer = expanded(5, catalogue, shapes, [q for own in wires for q in own], [], {}).moment
    for k, own in enumerate(wires):
        before = [layer[j] for j in range(k) if set(own) & set(wires[j])]
        assert layer[k] == max(before, default=-1) + 1

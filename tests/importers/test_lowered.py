"""Controls, inverses and powers of lists of gates, against their matrices."""

import numpy as np
import pytest

from bplint.importers.lowered import Angle, Leaf, to_power, total_cost, under_controls, undone
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.gates import GLOBAL_PHASE, Fixed, gate

ANGLE = 0.7
ONE, X, Z = np.eye(2), np.array([[0, 1], [1, 0]]), np.diag([1, -1])
MATRICES = {
    "rx": np.cos(ANGLE / 2) * ONE - 1j * np.sin(ANGLE / 2) * X,
    "rz": np.cos(ANGLE / 2) * ONE - 1j * np.sin(ANGLE / 2) * Z,
    "h": (X + Z) / np.sqrt(2),
    "s": np.diag([1, 1j]),
    "gphase": np.exp(1j * ANGLE) * ONE,
}


def leaf(name):
    row = GLOBAL_PHASE if name == "gphase" else gate(name)
    return Leaf(row, name, (0,) * row.n_qubits, tuple([Angle(ANGLE)] * row.n_parameters))


def product(names):
    total = ONE
    for name in names:
        total = MATRICES[name] @ total
    return total


def dense(leaves, n):
    """The matrix of gates with their global phases; bit k of an index is qubit k."""
    total = np.eye(2**n, dtype=complex)
    for item in leaves:
        angles = [angle.constant for angle in item.angles]
        phase = sum(c * a for c, a in zip(item.gate.phase, (*angles, 1.0), strict=True))
        total = np.exp(1j * phase) * total
        for step in item.gate.steps:
            total = _step(step, item.qubits, angles, n) @ total
    return total


def _step(step, qubits, angles, n):
    if isinstance(step, Fixed):
        return _clifford(CLIFFORDS[step.code - 1], [qubits[a] for a in step.arguments], n)
    total = np.eye(2**n, dtype=complex)
    angle = angles[step.parameter] if step.parameter >= 0 else step.constant
    for factor, letters in step.strings:
        string = _string({qubits[a]: "IXZY"[code] for a, code in letters}, n)
        total = (np.cos(factor * angle / 2) * np.eye(2**n) - 1j * np.sin(factor * angle / 2) * string) @ total
    return total


def _string(letters, n):
    found = np.eye(1)
    for qubit in reversed(range(n)):
        found = np.kron(found, {"I": ONE, "X": X, "Y": 1j * X @ Z, "Z": Z}[letters.get(qubit, "I")])
    return found


def _clifford(name, qubits, n):
    one = {"h": MATRICES["h"], "s": MATRICES["s"], "sdg": MATRICES["s"].conj(), "x": X, "z": Z, "y": 1j * X @ Z}
    target = one[name.removeprefix("c") if name in ("cx", "cy", "cz") else name]
    if len(qubits) == 2:
        on = (np.eye(4) - _string({qubits[0]: "Z"}, 2)) / 2
        return np.eye(4) - on + on @ _alone(target, qubits[1], 2)
    return _alone(target, qubits[0], n)


def _alone(matrix, qubit, n):
    return matrix if n == 1 else np.kron(matrix, ONE) if qubit == 1 else np.kron(ONE, matrix)


LISTS = [["rx"], ["h"], ["rx", "s"], ["h", "rz", "gphase"], ["gphase"], ["s", "h", "rx", "rz"]]


@pytest.mark.parametrize("names", LISTS)
@pytest.mark.parametrize("on", [True, False])
def test_control(names, on):
    found = under_controls([leaf(name) for name in names], [1], [on])
    projector = _string({1: "Z"}, 2)
    acts = (np.eye(4) + (-1 if on else 1) * projector) / 2
    want = np.eye(4) - acts + acts @ np.kron(ONE, product(names))
    assert np.allclose(dense(found, 2), want)
    assert [item.name for item in found] == [f"{'ctrl' if on else 'negctrl'} @ {name}" for name in names]
    assert all(item.qubits[0] == 1 for item in found)


@pytest.mark.parametrize("names", LISTS)
def test_inverse(names):
    found = undone([leaf(name) for name in names])
    assert np.allclose(dense(found, 1), product(names).conj().T)
    assert [item.name for item in found] == [f"inv @ {name}" for name in reversed(names)]


@pytest.mark.parametrize("names", LISTS)
@pytest.mark.parametrize("exponent", [-3, -1, 0, 1, 2, 5])
def test_whole_power(names, exponent):
    found = to_power([leaf(name) for name in names], exponent)
    assert np.allclose(dense(found, 1), np.linalg.matrix_power(product(names), exponent))


def test_fraction_of_a_power():
    (half,) = to_power([leaf("rx")], 0.5)
    assert np.allclose(dense([half], 1) @ dense([half], 1), MATRICES["rx"])
    assert half.name == "pow(0.5) @ rx"
    assert to_power([leaf("rx"), leaf("s")], 0.5) is None
    assert to_power([leaf("ch")], 0.5) is not None
    assert to_power([leaf("u")], 0.5) is None


def test_labels_are_of_the_source():
    leaves = [leaf("rx"), leaf("s")]
    assert [x.name for x in under_controls(leaves, [1, 2], [True, True], "ctrl(2) @")] == [
        "ctrl(2) @ rx",
        "ctrl(2) @ s",
    ]
    assert [x.name for x in under_controls(leaves[:1], [1, 2], [True, False])] == ["ctrl @ negctrl @ rx"]
    assert to_power(leaves[:1], 2, "pow(n) @")[0].name == "pow(n) @ rx"


def test_what_does_nothing_is_not_free():
    assert total_cost([leaf("gphase"), leaf("s"), Leaf(gate("id"), "id", (0,))]) == 3

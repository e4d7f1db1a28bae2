"""Controls, inverses and powers of the gates of the table against their matrices, global phase included."""

import numpy as np
import pytest

from bplint.ir.gates import GLOBAL_PHASE, Fixed, controlled, gate, gate_names, inverse, power
from gate_matrices import VALUES, matrix_of
from matrices import CLIFFORD_MATRICES

UNITARY_NAMES = [n for n in gate_names() if gate(n).name == n]


def projected(matrix, on):
    """The matrix where the control, argument 0, is 1 (or 0), the identity elsewhere."""
    size = len(matrix)
    blocks = [np.eye(size), matrix] if on else [matrix, np.eye(size)]
    return np.block([[blocks[0], np.zeros((size, size))], [np.zeros((size, size)), blocks[1]]])


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("name", [n for n in UNITARY_NAMES if gate(n).n_qubits <= 3])
def test_controlled_form_has_the_matrix_of_a_control(name, on):
    want = projected(matrix_of(gate(name), VALUES), on)
    np.testing.assert_allclose(matrix_of(controlled(gate(name), on), VALUES), want, atol=1e-12)


@pytest.mark.parametrize("name", ["x", "s", "h", "rx", "U", "swap", "r"])
def test_controls_may_be_stacked_and_mixed(name):
    row = controlled(controlled(gate(name), False))
    want = projected(projected(matrix_of(gate(name), VALUES), False), True)
    np.testing.assert_allclose(matrix_of(row, VALUES), want, atol=1e-12)


@pytest.mark.parametrize("name", UNITARY_NAMES)
def test_inverse_form_undoes_the_gate(name):
    product = matrix_of(inverse(gate(name)), VALUES) @ matrix_of(gate(name), VALUES)
    np.testing.assert_allclose(product, np.eye(len(product)), atol=1e-12)


@pytest.mark.parametrize("exponent", [-3, -1, 0, 1, 2, 5, 14])
@pytest.mark.parametrize("name", [n for n in UNITARY_NAMES if gate(n).n_qubits <= 3])
def test_whole_power_repeats_the_gate(name, exponent):
    row = power(gate(name), exponent)
    want = np.linalg.matrix_power(matrix_of(gate(name), VALUES), exponent)
    np.testing.assert_allclose(matrix_of(row, VALUES), want, atol=1e-11)


@pytest.mark.parametrize(
    "name", ["x", "y", "z", "h", "s", "t", "sx", "cx", "ch", "swap", "iswap", "rx", "r", "gpi", "cp"]
)
def test_third_of_a_rotation_gives_it_back_when_repeated(name):
    third = matrix_of(power(gate(name), 1 / 3), VALUES)
    np.testing.assert_allclose(np.linalg.matrix_power(third, 3), matrix_of(gate(name), VALUES), atol=1e-12)


@pytest.mark.parametrize("name", ["u", "U", "dcx", "ecr", "rc3x"])
def test_fraction_of_several_rotations_has_no_form(name):
    assert power(gate(name), 0.5) is None


def test_half_of_x_is_sx_and_controls_of_cliffords_stay_cliffords():
    np.testing.assert_allclose(matrix_of(power(gate("x"), 0.5), ()), CLIFFORD_MATRICES["sx"], atol=1e-12)
    assert controlled(gate("x")).steps == gate("cx").steps
    assert controlled(gate("h")).steps == gate("ch").steps
    assert all(isinstance(step, Fixed) for step in controlled(gate("z"), False).steps)


def test_global_phase_becomes_a_phase_gate_when_controlled():
    row = controlled(GLOBAL_PHASE)
    np.testing.assert_allclose(matrix_of(row, VALUES), np.diag([1, np.exp(1j * VALUES[0])]), atol=1e-12)
    np.testing.assert_allclose(matrix_of(controlled(row), VALUES), matrix_of(gate("cp"), VALUES), atol=1e-12)


@pytest.mark.parametrize("name", ["rx", "crz", "U", "cx", "h", "rxx"])
def test_the_power_zero_turns_nothing(name):
    nothing = power(gate(name), 0)
    assert (nothing.steps, set(nothing.phase)) == ((), {0.0})
    assert (nothing.n_parameters, nothing.n_qubits) == (gate(name).n_parameters, gate(name).n_qubits)

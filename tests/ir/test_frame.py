"""The frame against matrices: W† G W for every axis, W† O W for the observable, signs included."""

import numpy as np
import pytest

from bplint.ir.circuit import Role
from bplint.ir.frame import FrameTooLarge, Turning, frame
from bplint.ir.pauli import from_label
from matrices import exponential
from samples import axis_label, circuit, label_matrix, operation_matrices, pick, random_gates


@pytest.mark.parametrize("seed", range(120))
def test_axes_and_observable_are_conjugated_by_the_cliffords_before(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    c = circuit(n, random_gates(rng, n, 20, fixed=0.3))
    found = frame(c)
    quarters = c.quarters
    prefix = np.eye(2**n, dtype=complex)  # the Cliffords so far
    position = 0
    for k, matrix in enumerate(operation_matrices(c, {p.name: 0.0 for p in c.parameters})):
        if quarters[k] < 0:
            assert found.operations[position] == k
            assert found.turning[position] == (Turning.FREE if quarters[k] == -1 else Turning.FIXED)
            axis = label_matrix(from_label(axis_label(c, k)), n)
            sign = -1 if found.negative[position] else 1
            np.testing.assert_allclose(
                sign * label_matrix(found.axes[position], n), prefix.conj().T @ axis @ prefix, atol=1e-9
            )
            position += 1
            continue
        prefix = matrix @ prefix
    assert position == len(found.axes)
    string = int(rng.integers(1, 4**n))
    pulled, negative = found.pull(string)
    expected = prefix.conj().T @ label_matrix(string, n) @ prefix
    np.testing.assert_allclose((-1 if negative else 1) * label_matrix(pulled, n), expected, atol=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_a_sum_is_conjugated_by_all_cliffords(seed):
    rng = np.random.default_rng(seed)
    c = circuit(3, [g for g in random_gates(rng, 3, 20) if not isinstance(g[-1], str)])
    terms = [(int(s), float(rng.normal())) for s in rng.choice(np.arange(1, 64), 5, replace=False)]
    whole = np.eye(8, dtype=complex)
    for matrix in operation_matrices(c, {}):
        whole = matrix @ whole
    expected = whole.conj().T @ sum(w * label_matrix(s, 3) for s, w in terms) @ whole
    found = frame(c).pull_sum(terms)
    np.testing.assert_allclose(sum(w * label_matrix(s, 3) for s, w in found), expected, atol=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_the_frame_reproduces_the_loss(seed):
    """l = <0| U† O U |0> from rotations about the frame's axes and the pulled observable alone."""
    rng = np.random.default_rng(seed)
    n = 3
    c = circuit(n, random_gates(rng, n, 25))
    found = frame(c)
    values = {p.name: rng.uniform(0, 6) for p in c.parameters}
    state = np.zeros(2**n, dtype=complex)
    state[0] = 1
    for axis, negative, operation in zip(found.axes, found.negative, found.operations, strict=True):
        row = int(c.angle[operation])
        angle = c.factor[operation] * sum(w * values[c.parameters[p].name] for p, w in c.angles.terms(row))
        from bplint.ir.pauli import to_label

        state = exponential((-1 if negative else 1) * angle / 2, {to_label(axis, n): 1.0}) @ state
    string = from_label("ZXY")
    pulled, negative = found.pull(string)
    ours = (-1 if negative else 1) * (state.conj() @ label_matrix(pulled, n) @ state).real
    full = np.zeros(2**n, dtype=complex)
    full[0] = 1
    for matrix in operation_matrices(c, values):
        full = matrix @ full
    np.testing.assert_allclose(ours, (full.conj() @ label_matrix(string, n) @ full).real, atol=1e-9)


def test_quarter_turns_know_how_a_number_was_spelled():
    c = circuit(1, [("rx", [0], 1.570796), ("rx", [0], np.pi), ("rx", [0], 0.3), ("t", [0]), ("rx", [0], "a")])
    assert c.quarters == (-2, 2, -2, -2, -1)  # 1.570796 as a precise number is not π/2


def test_half_a_controlled_rotation_by_pi_is_a_clifford():
    assert circuit(2, [("crx", [0, 1], np.pi)]).quarters == (1, 3)
    assert circuit(2, [("crx", [0, 1], np.pi / 2)]).quarters == (-2, -2)


def test_fixed_symbols_turn_by_an_unknown_angle():
    c = circuit(1, [("rx", [0], "a")], roles={"a": Role.FIXED})
    assert c.quarters == (-2,)


def test_the_memory_limit_is_named():
    rng = np.random.default_rng(0)
    gates = [
        g for layer in range(6) for q in range(30) for g in [("ry", [q], f"t{layer}_{q}"), ("cx", pick(rng, 30, 2))]
    ]
    with pytest.raises(FrameTooLarge, match="30 qubits"):
        frame(circuit(30, gates), memory_limit=3_000)


def test_one_axis_kept_for_equal_rotations():
    c = circuit(2, [("rx", [0], "a"), ("rz", [1], "b"), ("rx", [0], "c")])
    found = frame(c)
    assert found.axes[0] is found.axes[2]
    assert found.free_axes == list(found.axes)


def test_a_frame_that_cannot_fit_is_refused_before_it_is_built():
    with pytest.raises(FrameTooLarge, match="100,000 qubits exceeds 1,024 MB"):
        frame(circuit(100_000, [("rx", [0], "a")]))


@pytest.mark.parametrize("seed", range(5))
def test_pushing_undoes_pulling(seed):
    rng = np.random.default_rng(seed)
    gates = [(str(rng.choice(["cx", "cz"])), rng.choice(5, 2, replace=False).tolist()) for _ in range(20)]
    gates += [(str(rng.choice(["h", "s"])), [int(rng.integers(5))]) for _ in range(10)]
    rng.shuffle(gates)
    found = frame(circuit(5, gates))
    for string in rng.integers(1 << 10, size=30).tolist():
        assert found.push(found.pull(string)[0]) == string

"""Gates of a state against the state, by dense matrices."""

import numpy as np
import pytest

from bplint.importers.rotated_states import RotationCall, rotations_to

TURNED = {"ry": np.array([[0, -1j], [1j, 0]]), "rz": np.diag([1.0 + 0j, -1])}


def made(calls, n):
    """The state vector, qubit k in bit k."""
    state = np.zeros(1 << n, dtype=complex)
    state[0] = 1
    v = np.arange(1 << n)
    for name, places, angle in calls:
        if name == "cx":
            control, target = places
            state = state[np.where(v >> control & 1, v ^ 1 << target, v)]
            continue
        (q,) = places
        letter = TURNED[name]
        bit = v >> q & 1
        turned = letter[bit, bit] * state + letter[bit, 1 - bit] * state[v ^ 1 << q]
        state = np.cos(angle / 2) * state - 1j * np.sin(angle / 2) * turned
    return state


@pytest.mark.parametrize("n", [1, 2, 3, 5])
@pytest.mark.parametrize("kind", ["real", "complex", "sparse"])
def test_the_gates_make_the_state(n, kind):
    rng = np.random.default_rng(n)
    vector = rng.normal(size=1 << n) + (kind != "real") * 1j * rng.normal(size=1 << n)
    if kind == "sparse":
        vector[rng.random(1 << n) < 0.7] = 0
        vector[-1] = -1j
    vector = vector / np.linalg.norm(vector)
    calls = rotations_to(vector)
    assert abs(np.vdot(made(calls, n), vector)) == pytest.approx(1, abs=1e-12)
    assert (kind == "real") == all(call.name != "rz" for call in calls)


def test_real_states_of_one_size_have_the_same_gates():
    """Signs and zeros too: which gates there are must not depend on the data."""
    shapes = {
        tuple((name, places) for name, places, _ in rotations_to(np.array(vector, dtype=complex)))
        for vector in ([1, 0, 0, 0], [0.5, -0.5, 0.5, -0.5], [0.6, 0, 0, -0.8], [0.1, 0.2, 0.3, 0.4])
    }
    assert len(shapes) == 1


def test_one_qubit_is_one_rotation():
    assert rotations_to(np.array([0.6, 0.8 + 0j])) == [
        RotationCall("ry", (0,), pytest.approx(2 * np.arctan2(0.8, 0.6)))
    ]

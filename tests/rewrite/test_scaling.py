import numpy as np
import pytest

from bplint.ir.circuit import Role
from bplint.rewrite import Refused, rewritten, scaled_data
from dense_rows import states
from samples import circuit


def embedded(gates, n=2):
    return circuit(n, gates, roles={"x": Role.DATA, "y": Role.DATA})


def test_data_is_scaled_and_nothing_else():
    gates = [
        ("ry", [0], [(2.0, "x"), 0.3]),
        ("cx", [0, 1]),
        ("rzz", [0, 1], "y"),
        ("ry", [1], "t"),
        ("cp", [0, 1], "x"),
    ]
    c = embedded(gates)
    found = rewritten(c, scaled_data(c, 0.25))
    point = {"x": np.array([0.8]), "y": np.array([-0.4]), "t": np.array([0.7])}
    small = point | {"x": 0.25 * point["x"], "y": 0.25 * point["y"]}
    assert np.allclose(np.abs(states(found, point).conj() @ states(c, small).T), 1)


def test_what_cannot_be_scaled_is_refused():
    assert isinstance(scaled_data(embedded([("ry", [0], "t")]), 0.5), Refused)
    c = embedded([("ry", [0], "x")])
    from dataclasses import replace

    opaque = replace(c, parameters=(c.parameters[0]._replace(sources=("x", "y")),))
    assert "expression" in scaled_data(opaque, 0.5).reason


@pytest.mark.parametrize("name", ["crx", "rxx", "u3"])
def test_gates_of_several_rotations_stay_one(name):
    qubits = [0] if name == "u3" else [0, 1]
    angles = ["x", 0.2, "y"] if name == "u3" else ["x"]
    c = embedded([("h", [0]), (name, qubits, *angles)])
    found = rewritten(c, scaled_data(c, 0.5))
    point = {"x": np.array([0.8]), "y": np.array([-0.4])}
    half = {name: value / 2 for name, value in point.items()}
    assert np.allclose(np.abs(states(found, point).conj() @ states(c, half).T), 1)

"""QNodes and tapes: which argument drives which angle, what is data, what is measured, and what is refused."""

import math

import numpy as np
import pytest

from bplint.ir.circuit import ROTATION

qml = pytest.importorskip("pennylane")

from pennylane_circuits import numbered, read  # noqa: E402


def angles(found):
    """Of each rotation in order: constant and terms by name, in the circuit's own coordinates."""
    circuit = found.program.circuit
    names = [p.name for p in circuit.parameters]
    rows = []
    for operation in circuit.operations:
        if operation.code == ROTATION:
            terms = {names[p]: c for p, c in operation.terms}
            rows.append((operation.constant, terms))
    return rows


def test_names_shapes_scales_and_shifts():
    def circuit(weights, theta, layers, more):
        qml.RX(weights[1, 2], 0)
        qml.RY(2 * theta + 0.3, 1)
        qml.RZ(-theta / 3 + np.pi / 2, 1)
        qml.RX(np.pi * more["a"][0], 0)
        for _ in range(layers):
            qml.RX(weights[0, 0] + theta - 2 * weights[1, 0], 0)
        qml.RX(0.25, 1)
        return qml.expval(qml.Z(0))

    found = read(circuit, np.ones((2, 3)), 0.1, 2, {"a": [0.5, 0.7]})
    assert numbered(found) == [f"weights[{i},{j}]" for i in range(2) for j in range(3)] + [
        "theta",
        "more.a[0]",
        "more.a[1]",
    ]
    tied = (0.0, {"weights[0,0]": 1.0, "theta": 1.0, "weights[1,0]": -2.0})
    assert angles(found) == [
        (0.0, {"weights[1,2]": 1.0}),
        (0.3, {"theta": 2.0}),
        (math.pi / 2, {"theta": -1 / 3}),
        (0.0, {"more.a[0]": math.pi}),
        tied,
        tied,
        (0.25, {}),
    ]

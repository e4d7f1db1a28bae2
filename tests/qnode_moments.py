"""Second moments of gradients that PennyLane computes at random starts, beside bplint's."""

import math

import numpy as np
import pennylane as qml

from bplint.analyses import gradient
from bplint.analyses.ask import Ask
from bplint.config import Settings
from bplint.importers.call import Call
from bplint.importers.from_pennylane import from_pennylane
from bplint.prepare import prepare
from bplint.runs.jobs import lint_job

PERIODS = 2 * math.pi * 840
"""Of every rotation whose speed is a fraction with a denominator up to eight; of others, long enough for their mean."""


def ours(twin):
    """Of each weight, E[(∂C/∂w)²] and its standard error, by name; None where bplint does not say."""
    node = qml.QNode(twin.function, qml.device("default.qubit"))
    program = from_pennylane(node, "Z0", Call((np.full(twin.count, 0.1),))).program
    force = lint_job(Settings(isolated=True, seed=3)).configurations.of(None)
    data = tuple(f"w[{k}]" for k in range(twin.data))
    case = prepare(program, force._replace(asked=force.asked._replace(observable=twin.observable, data=data)), path="-")
    found = Ask(case)(gradient)
    if not found.status.told:
        return None
    moments = {}
    for component in found.components:
        unit = component.coordinate.scale**2
        low, high = component.interval
        name = case.circuit.parameters[component.parameter].name
        moments[name] = component.second_moment * unit, (high - low) / 3.92 * unit
    return moments


def theirs(twin, starts, seed=0):
    """The same by PennyLane's own gradients at random starts."""
    points = np.random.default_rng(seed).uniform(0, PERIODS, (twin.count, starts))
    loss, device = operator(twin), qml.device("default.qubit", wires=twin.qubits)
    node = qml.QNode(lambda w: (twin.function(w), qml.expval(loss))[1], device, diff_method=twin.method)
    try:  # all starts at once: the derivative of the sum by each is its own
        slopes = qml.grad(lambda w: qml.numpy.sum(node(w)), argnums=0)(qml.numpy.array(points)).T
    except Exception:  # what a circuit raises that takes no arrays for numbers
        slopes = np.array([qml.grad(node, argnums=0)(qml.numpy.array(point)) for point in points.T])
    squares = np.real(slopes) ** 2
    means, errors = squares.mean(0), squares.std(0, ddof=1) / math.sqrt(starts)
    return {f"w[{k}]": (float(means[k]), float(errors[k])) for k in range(twin.data, twin.count)}


def operator(twin):
    """The loss of a twin as PennyLane writes it."""
    if twin.observable == "mean(Z)":
        return qml.dot([1 / twin.qubits] * twin.qubits, [qml.Z(k) for k in range(twin.qubits)])
    letters = {"X": qml.X, "Y": qml.Y, "Z": qml.Z}
    words = [[letters[f[0]](int(f[1:])) for f in word.split()] for word in twin.observable.split(" + ")]
    return qml.dot([1.0] * len(words), [qml.prod(*word) if len(word) > 1 else word[0] for word in words])


def deviations(twin, starts, seed=0):
    """Of each weight the difference in standard errors; None where bplint does not say."""
    mine = ours(twin)
    if mine is None:
        return None
    found = {}
    for name, (mean, error) in theirs(twin, starts, seed).items():
        expected, own = mine.get(name, (0.0, 0.0))
        scale = math.hypot(error, own)
        found[name] = (
            abs(mean - expected) / scale if scale > 1e-12 else (0.0 if abs(mean - expected) < 1e-9 else math.inf)
        )
    return found

"""The other road to gradients over rows: state vectors on a grid of the trained angles, on which averages are exact."""

from array import array
from dataclasses import replace
from itertools import product

import numpy as np

from bplint.ir.circuit import ROTATION, Role
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.rows import Rows, data_columns
from dense import random_circuit
from matrices import CLIFFORD_MATRICES, pauli_matrix
from samples import axis_label, label_matrix, on


def states(circuit, values):
    """State vectors, complex128 (samples, 2^n), at values (samples,) by parameter name; fixed parameters have their own."""
    n = circuit.n_qubits
    values = {p.name: p.value for p in circuit.parameters if p.role is Role.FIXED} | values
    samples = max((np.size(v) for v in values.values()), default=1)
    state = np.zeros((samples, 2**n), dtype=complex)
    state[:, 0] = 1
    for k in range(len(circuit)):
        if circuit.code[k] != ROTATION:
            state = state @ on(CLIFFORD_MATRICES[CLIFFORDS[circuit.code[k] - 1]], list(circuit.operands(k)), n).T
            continue
        row = int(circuit.angle[k])
        terms = circuit.angles.terms(row)
        angle = circuit.angles.constant[row] + sum(c * np.asarray(values[circuit.parameters[p].name]) for p, c in terms)
        half = np.broadcast_to(circuit.factor[k] * angle / 2, (samples,))[:, None]
        state = np.cos(half) * state - 1j * np.sin(half) * (state @ pauli_matrix(axis_label(circuit, k)).T)
    return state


def losses(circuit, observable, rows, values):
    """<O>, float64 (starts, rows), at values (starts,) of the trained parameters by name."""
    columns, matrix = data_columns(circuit), dense(observable)
    starts = max((np.size(v) for v in values.values()), default=1)
    given = {name: np.repeat(v, len(rows)) for name, v in values.items()}
    given |= {circuit.parameters[p].name: np.tile(rows.values[:, k], starts) for p, k in columns.items()}
    state = states(circuit, given)
    found = np.einsum("sb,bc,sc->s", state.conj(), matrix, state).real
    return np.broadcast_to(found, (starts * len(rows),)).reshape(starts, len(rows))


def grid(circuit, rule):
    """Values of the trained parameters by name, (starts,) each, and the weights: all combinations of a rule (angles, weights)."""
    names = [p.name for p in circuit.parameters if p.role is Role.TRAINABLE]
    chosen = np.array(list(product(rule[0], repeat=len(names)))).reshape(len(rule[0]) ** len(names), len(names))
    weights = np.array([np.prod(some) for some in product(rule[1], repeat=len(names))])
    return dict(zip(names, chosen.T, strict=True)), weights


def spaced(points):
    """Equally spaced angles with equal weights, exact up to this degree less one under the uniform law."""
    return 0.3 + 2 * np.pi * np.arange(points) / points, np.full(points, 1 / points)


def jets(circuit, observable, rows, rule=None):
    """<O> and its derivatives on a grid: float64 (starts, rows), and by name (starts, rows), and the weights (starts,).

    Each trained angle has coefficient 1; without a rule averages of squares over uniform angles are exact.
    """
    (starts, weights), slopes = grid(circuit, rule or spaced(3)), {}
    for name, values in starts.items():
        up, down = (losses(circuit, observable, rows, starts | {name: values + s}) for s in (np.pi / 2, -np.pi / 2))
        slopes[name] = (up - down) / 2
    return losses(circuit, observable, rows, starts), slopes, weights


def gram(slopes, weights):
    """E[∂l_i ∂l_j], (rows, rows)."""
    return slopes.T @ (weights[:, None] * slopes)


def dense(observable):
    """The matrix of an observable."""
    n = observable.n_qubits
    return observable.constant * np.eye(2**n) + sum(c * label_matrix(s, n) for s, c in observable.terms)


def random_model(rng, n, length, *, trained=3, rows=4, labels=True):
    """A circuit with up to ``trained`` trained angles, each in one place, and others that turn by data, some by the same; rows."""
    circuit = random_circuit(rng, n, length, free=0.6, fixed=0.15)
    free = [k for k, p in enumerate(circuit.parameters) if p.role is Role.TRAINABLE]
    chosen = {int(k) for k in rng.permutation(free)[:trained]}
    data = [k for k in free if k not in chosen]
    columns = circuit.angles.columns
    parameter = columns.parameter[:]
    coefficient = columns.coefficient[:]
    for place, k in enumerate(parameter):
        if k in chosen:
            coefficient[place] = 1.0
        elif k in data and rng.random() < 0.4:
            parameter[place] = int(rng.choice(data))
    parameters = tuple(p._replace(role=Role.DATA) if k in data else p for k, p in enumerate(circuit.parameters))
    angles = replace(circuit.angles, columns=columns._replace(parameter=parameter, coefficient=coefficient))
    turning = circuit.columns._replace(factor=array("d", [1.0 if f > 0 else -1.0 for f in circuit.columns.factor]))
    values = rng.normal(size=(rows, len(data))) * rng.choice([0.3, 2.0])
    y = rng.choice([-1.0, 1.0], size=rows) if labels else None
    return replace(circuit, columns=turning, angles=angles, parameters=parameters), Rows(values, y)

"""The other road to gradients over rows: state vectors on a grid of the trained angles, on which averages are exact."""

from array import array
from dataclasses import replace
from itertools import product

import numpy as np

from bplint.ir.circuit import Role
from bplint.ir.rows import Rows, data_columns
from dense import random_circuit, unitary
from samples import label_matrix


def losses(circuit, observable, rows, values):
    """<O> in every row at values of the trained parameters by name, float64 (rows,)."""
    columns, matrix = data_columns(circuit), dense(observable)
    fixed = {p.name: p.value for p in circuit.parameters if p.role is Role.FIXED}
    result = []
    for row in rows.values:
        given = fixed | values | {circuit.parameters[p].name: row[column] for p, column in columns.items()}
        state = unitary(circuit, given)[:, 0]
        result.append((state.conj() @ matrix @ state).real)
    return np.array(result)


def grid(circuit, points=3):
    """Values of the trained parameters by name, on equally spaced angles."""
    names = [p.name for p in circuit.parameters if p.role is Role.TRAINABLE]
    angles = 0.3 + 2 * np.pi * np.arange(points) / points
    for chosen in product(angles, repeat=len(names)):
        yield dict(zip(names, chosen, strict=True))


def jets(circuit, observable, rows, points=3):
    """<O> and its derivatives on the grid: float64 (starts, rows), and by name (starts, rows). Each angle has coefficient 1."""
    values, slopes = [], {}
    for start in grid(circuit, points):
        values.append(losses(circuit, observable, rows, start))
        for name in start:
            up, down = (
                losses(circuit, observable, rows, start | {name: start[name] + s}) for s in (np.pi / 2, -np.pi / 2)
            )
            slopes.setdefault(name, []).append((up - down) / 2)
    return np.array(values), {name: np.array(found) for name, found in slopes.items()}


def gram(slopes):
    """E[∂l_i ∂l_j], (rows, rows)."""
    return slopes.T @ slopes / len(slopes)


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
    turning = circuit.columns._replace(factor=array("d", [1.0 if f > 0 else -1.0 for f in circuit.columns.factor]))
    angles = replace(circuit.angles, columns=columns._replace(parameter=parameter, coefficient=coefficient))
    values = rng.normal(size=(rows, len(data))) * rng.choice([0.3, 2.0])
    y = rng.choice([-1.0, 1.0], size=rows) if labels else None
    return replace(circuit, columns=turning, angles=angles, parameters=parameters), Rows(values, y)

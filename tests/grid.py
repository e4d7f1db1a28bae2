"""Moments of the loss by simulating states at every point of a grid of angles: the other road where parameters are shared.

Derivatives are carried along the gates by the product rule.
"""

import numpy as np

from bplint.ir.circuit import ROTATION, Role
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.law import UNIFORM, Law, Shape
from bplint.ir.observable import Observable, pauli_sum
from matrices import CLIFFORD_MATRICES, pauli_matrix
from samples import axis_label, label_matrix, on, pick


def grid_moments(c, observable, law, *, unit=0.25):
    """(E[l], E[l²], {parameter: (E[∂l], E[(∂l)²])}) with normalised derivatives; ``law`` by parameter name.

    Exact if all scales are multiples of ``unit``.
    """
    free = [p for p, parameter in enumerate(c.parameters) if parameter.role is not Role.FIXED]
    axes = [_points(law[c.parameters[p].name], _degree(c, p, unit), unit) for p in free]
    theta = dict(zip(free, np.meshgrid(*(points for points, _ in axes), indexing="ij"), strict=True))
    weight = np.ones(1)
    for _, weights in axes:
        weight = np.multiply.outer(weight, weights)
    values = [theta[p].ravel() if p in theta else parameter.value for p, parameter in enumerate(c.parameters)]
    loss, slopes = simulate(c, observable, values, weight.size)
    w = weight.ravel()
    return w @ loss, w @ loss**2, {p: (w @ slope, w @ slope**2) for p, slope in slopes.items()}


def simulate(c, observable, values, points):
    """l and its normalised derivatives by each trained parameter, arrays over points; ``values`` by parameter."""
    n = c.n_qubits
    state = np.zeros((points, 2**n), dtype=complex)
    state[:, 0] = 1
    tangents = {p: np.zeros_like(state) for p, x in enumerate(c.parameters) if x.role is Role.TRAINABLE}
    scale = dict.fromkeys(tangents, 0.0)
    for k in range(len(c)):
        if c.code[k] != ROTATION:
            matrix = on(CLIFFORD_MATRICES[CLIFFORDS[c.code[k] - 1]], c.operands(k), n)
            state, tangents = state @ matrix.T, {p: t @ matrix.T for p, t in tangents.items()}
            continue
        row, factor, pauli = int(c.angle[k]), c.factor[k], pauli_matrix(axis_label(c, k))
        terms = c.angles.terms(row)
        angle = factor * (c.angles.constant[row] + sum(w * values[p] for p, w in terms)) * np.ones((1, points))
        turn = _turn(pauli, angle)
        state, tangents = turn(state), {p: turn(t) for p, t in tangents.items()}
        for p, w in terms:
            if p in tangents:
                tangents[p] = tangents[p] - 0.5j * factor * w * state @ pauli.T
                scale[p] = max(scale[p], abs(factor * w))
    image = state.conj() @ matrix_of(observable)
    loss = np.einsum("ps,ps->p", image, state).real
    return loss, {p: 2 * np.einsum("ps,ps->p", image, tangents[p]).real / scale[p] for p in tangents if scale[p]}


def matrix_of(observable):
    n = observable.n_qubits
    if not observable.projector:
        return observable.constant * np.eye(2**n) + sum(c * label_matrix(s, n) for s, c in observable.terms)
    matrix = np.eye(2**n)
    for q in observable.projector:
        matrix = matrix @ on(np.diag([1, 0]), [q], n)
    return matrix


def grid_size(c, law, *, unit=0.25):
    """Points of the grid."""
    return np.prod([len(_points(law[p.name], _degree(c, i, unit), unit)[0]) for i, p in enumerate(c.parameters)])


def random_tied(rng, n, length, symbols, scales=(1.0, -1.0, 0.5, 2.0)):
    """Gates for :func:`samples.circuit` whose parameters are tied, controlled, shared or summed, some with offsets."""
    gates = [("h", [q]) for q in range(n) if rng.random() < 0.5]
    for _ in range(length):
        a = [(float(rng.choice(scales)), f"t{rng.integers(symbols)}")]
        if rng.random() < 0.15:
            a.append((float(rng.choice(scales)), f"t{rng.integers(symbols)}"))
        if rng.random() < 0.2:
            a.append(float(rng.choice([0.5, np.pi / 2, -np.pi, 1.3])))
        opposite = [(-x[0], x[1]) if isinstance(x, tuple) else -x for x in a]
        i, j = pick(rng, n, 2)
        kinds = [
            [(str(rng.choice(["crx", "cry", "crz"])), [i, j], a)],
            [("rxx", [i, j], a), ("ryy", [i, j], a)],
            [("cx", [i, j]), ("ry", [i], a), ("ry", [j], opposite), ("cx", [i, j])],
            [("rzz", [q, r], a) for q in range(n) for r in range(q)],
            [("rx", [q], a) for q in range(n)],
            [(str(rng.choice(["rx", "ry", "rz"])), [i], a)],
            [(str(rng.choice(["rxx", "rzx"])), [i, j], a)],
            [("ry", [i], float(rng.choice([0.4, 1.1, np.pi / 4])))],
            [(str(rng.choice(["h", "s", "sx"])), [i]), (str(rng.choice(["cx", "cz"])), [i, j])],
        ]
        gates += kinds[rng.integers(len(kinds))]
    return gates


def random_law(rng):
    """Any law, with a mean or without."""
    laws = (
        UNIFORM,
        Law(Shape.NORMAL, float(rng.choice([0.1, 0.7])), float(rng.choice([0, 0.6]))),
        Law(Shape.RANGE, float(rng.choice([0.2, 1.5])), float(rng.choice([0, -0.4]))),
    )
    return laws[rng.integers(3)]


def random_loss(rng, n):
    """A projector, or a few strings."""
    if rng.random() < 0.25:
        return Observable(n, projector=tuple(sorted(pick(rng, n, int(rng.integers(1, n + 1))))))
    terms = {int(s): float(rng.choice([1, -1, 0.5, 2])) for s in rng.integers(1, 4**n, rng.integers(1, 4))}
    return pauli_sum(terms, n, constant=float(rng.choice([0, 0.7])))


def _turn(pauli, angle):
    cos, sin = np.cos(angle / 2).T, 1j * np.sin(angle / 2).T
    return lambda state: cos * state - sin * (state @ pauli.T)


def _degree(c, parameter, unit):
    """Of l² as a trigonometric polynomial in units of ``unit``."""
    entries = [
        (k, w) for k in np.flatnonzero(c.code == ROTATION) for p, w in c.angles.terms(c.angle[k]) if p == parameter
    ]
    return round(sum(2 * abs(w * c.factor[k]) for k, w in entries) / unit)


def _points(law, degree, unit):
    if law.is_uniform:
        m = degree + 1
        return 0.17 + np.arange(m) * 2 * np.pi / (unit * m), np.full(m, 1 / m)
    top = degree * unit  # the largest frequency
    if law.shape is Shape.RANGE:
        x, w = np.polynomial.legendre.leggauss(40 + int(top * law.width))
    else:  # the trapezoidal rule: waves beyond 2π/step - top are damped by exp(-10²/2)
        step = 2 * np.pi / (top * law.width + 10)
        x = step * np.arange(-int(10 / step), int(10 / step) + 1)
        w = np.exp(-(x**2) / 2)
    return law.mean + law.width * x, w / w.sum()

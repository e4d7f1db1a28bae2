"""Dense averages under any law and noise: pairs of operators as 4^n x 4^n matrices, quadrature over every angle."""

from functools import cache
from itertools import product

import numpy as np

from bplint.ir.circuit import ROTATION, Role
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.law import Shape
from bplint.ir.noise import NoiseKind
from dense import _clifford, _initial, _rotation, observable_vector
from samples import axis_label, label_matrix, on

NODES = 40


def averages(c, observable, init, noise):
    """Exact (mean, E[l²], E[∂_k l], E[(∂_k l)²]), the last two for each free rotation by its own angle."""
    n = c.n_qubits
    operator = observable_vector(observable)
    if noise is not None:
        for string in range(4**n):
            operator[string] *= noise.readout_factor(((string | string >> n) & (2**n - 1)).bit_count())
    steps = []
    for k in range(len(c)):
        steps.append((k, turns(c, k, init)))
        if noise is not None and (k + 1 == len(c) or c.gate[k + 1] != c.gate[k]):
            qubits = sorted({q for j in range(len(c)) if c.gate[j] == c.gate[k] for q in c.operands(j)})
            steps.append((None, [(1.0, channel(noise, tuple(qubits), n), None)]))
    state = _initial(n)
    before, pairs = [state], [np.outer(state, state)]
    for _, nodes in steps:
        before.append(sum(w * t.T for w, t, _ in nodes) @ before[-1])
        pairs.append(sum(w * (t.T @ pairs[-1] @ t) for w, t, _ in nodes))
    mean, pair, slopes, squares = operator, np.outer(operator, operator), [], []
    for i in reversed(range(len(steps))):
        k, nodes = steps[i]
        if k is not None and free(c, k):
            slopes.append(sum(w * (before[i] @ s @ mean) for w, _, s in nodes))
            squares.append(sum(w * np.sum(pairs[i] * (s @ pair @ s.T)) for w, _, s in nodes))
        pair = sum(w * (t @ pair @ t.T) for w, t, _ in nodes)
        mean = sum(w * t for w, t, _ in nodes) @ mean
    return state @ mean, state @ pair @ state, np.array(slopes[::-1]), np.array(squares[::-1])


def turns(c, k, init):
    """(weight, transfer matrix, its derivative) over the angles of one operation."""
    if c.code[k] != ROTATION:
        return [(1.0, _clifford(CLIFFORDS[c.code[k] - 1], tuple(c.operands(k)), c.n_qubits), None)]
    row, factor, label = int(c.angle[k]), float(c.factor[k]), axis_label(c, k)
    angles = [(1.0, factor * c.angles.constant[row])]
    for p, a in c.angles.terms(row):
        parameter = c.parameters[p]
        fixed = parameter.role is Role.FIXED
        nodes = [(1.0, parameter.value)] if fixed else law_nodes(init.law(parameter), factor * a)
        angles = [(w * v, phi + factor * a * x) for w, phi in angles for v, x in nodes]
    still, cosine, sine = harmonics(label)
    cs = [(w, np.cos(phi), np.sin(phi)) for w, phi in angles]
    return [(w, still + x * cosine + y * sine, x * sine - y * cosine) for w, x, y in cs]


@cache
def harmonics(label):
    """A, B, C of the transfer matrix A + B cos φ + C sin φ of a rotation."""
    here, quarter, half = (_rotation(label, turn * np.pi / 2) for turn in (0, 1, 2))
    still = (here + half) / 2
    return still, here - still, quarter - still


def law_nodes(law, scale):
    if law.shape is Shape.UNIFORM:
        return [(1 / 5, law.mean + 2 * np.pi * j / 5 / scale) for j in range(5)]
    if law.shape is Shape.RANGE:
        x, w = np.polynomial.legendre.leggauss(NODES)
        return list(zip(w / 2, law.mean + law.width * x, strict=True))
    x, w = np.polynomial.hermite.hermgauss(NODES)
    return list(zip(w / np.sqrt(np.pi), law.mean + np.sqrt(2) * law.width * x, strict=True))


def free(c, k):
    if c.code[k] != ROTATION:
        return False
    return any(c.parameters[p].role is not Role.FIXED and a for p, a in c.angles.terms(int(c.angle[k])))


@cache
def channel(noise, qubits, n):
    """The transfer matrix of the noise behind a gate, from Kraus operators."""
    paulis = [label_matrix(string, n) for string in range(4**n)]
    images = paulis
    for one in reversed(noise.channels):
        if one.acts(len(qubits)):
            images = [sum(k.conj().T @ m @ k for k in kraus(one, qubits, n)) for m in images]
    return np.array([[np.trace(p @ m).real for m in images] for p in paulis]) / 2**n


@cache
def kraus(one, qubits, n):
    letters = [np.eye(2), np.array([[0, 1], [1, 0]]), np.diag([1, -1]), np.array([[0, -1j], [1j, 0]])]
    p, arity = one.rates[0], len(qubits)
    if one.kind is NoiseKind.DEPOLARIZING:
        found = []
        for word in product(range(4), repeat=arity):
            weight = p / 4**arity + (1 - p) * (not any(word))
            matrix = np.eye(1)
            for letter in word:
                matrix = np.kron(matrix, letters[letter])
            found.append(np.sqrt(weight) * on(matrix, list(qubits), n))
        return found
    rates = {"bitflip": (p, 0, 0), "phaseflip": (0, p, 0), "pauli": (p, *one.rates[:0:-1])}.get(one.kind)
    if rates is None:
        single = [np.diag([1, np.sqrt(1 - p)]), np.array([[0, np.sqrt(p)], [0, 0]])]
    else:
        single = [np.sqrt(w) * m for w, m in zip((1 - sum(rates), *rates), letters, strict=True)]
    found = [np.eye(2**n)]
    for q in qubits:
        found = [on(m, [q], n) @ k for k in found for m in single]
    return found

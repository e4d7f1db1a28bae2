"""Dense averages up to five qubits: pairs of operators as 4^n x 4^n arrays, every law by its moments.

In Pauli coordinates a Clifford is a permutation with signs, Pauli noise a diagonal and a rotation A + B cos φ + C sin φ,
A and B diagonal and C a permutation with signs. So a step is a few gathers. All of them are read off dense matrices.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from averages import channel, free, harmonics, law_nodes
from bplint.ir.circuit import ROTATION, Role
from bplint.ir.clifford import CLIFFORDS
from dense import _clifford, _initial, observable_vector
from samples import axis_label


class Step(NamedTuple):
    """Σ f_i X_i with signed permutations X_i; ``moments`` E[f_i f_j], ``slopes`` those of the derivatives, if it turns."""

    parts: list
    moments: np.ndarray
    slopes: np.ndarray | None = None


def pair_averages(c, observable, init, noise=None):
    """Exact (mean, E[l²], E[(∂_k l)²] of each free rotation by its own angle)."""
    n = c.n_qubits
    operator, state = observable_vector(observable), _initial(n)
    if noise is not None:
        weights = [((s | s >> n) & (2**n - 1)).bit_count() for s in range(4**n)]
        operator = operator * [noise.readout_factor(w) for w in weights]
    steps = list(_steps(c, init, noise))
    before = [np.outer(state, state)]
    for step in steps:
        before.append(_through(before[-1], [_transposed(*x) for x in step.parts], step.moments))
    mean, pair, squares = operator, np.outer(operator, operator), []
    for step, forward in zip(reversed(steps), before[-2::-1], strict=True):
        if step.slopes is not None:
            squares.append(np.sum(forward * _through(pair, step.parts, step.slopes)))
        pair = _through(pair, step.parts, step.moments)
        mean = sum(m * x * mean[at] for m, (at, x) in zip(step.moments[0], step.parts, strict=True))  # f_0 is 1
    return state @ mean, state @ pair @ state, np.array(squares[::-1])


def _steps(c, init, noise):
    gates = [set() for _ in range(c.gate.max() + 1)] if len(c) else []
    for k in range(len(c)):
        gates[c.gate[k]].update(c.operands(k))
        yield _operation(c, k, init)
        if noise is not None and (k + 1 == len(c) or c.gate[k + 1] != c.gate[k]):
            qubits = tuple(sorted(gates[c.gate[k]]))
            yield Step([_on(_noise_part(noise, len(qubits)), qubits, c.n_qubits)], np.ones((1, 1)))


def _operation(c, k, init):
    if c.code[k] != ROTATION:
        part = _clifford_part(CLIFFORDS[c.code[k] - 1], len(c.operands(k)))
        return Step([_on(part, c.operands(k), c.n_qubits)], np.ones((1, 1)))
    row, factor = int(c.angle[k]), float(c.factor[k])
    nodes = [(1.0, factor * c.angles.constant[row])]
    for p, a in c.angles.terms(row):
        parameter = c.parameters[p]
        fixed = parameter.role is Role.FIXED
        law = [(1.0, parameter.value)] if fixed else law_nodes(init.law(parameter), factor * a)
        nodes = [(w * v, phi + factor * a * x) for w, phi in nodes for v, x in law]
    weight, angle = np.array(nodes).T
    values = np.array([np.ones_like(angle), np.cos(angle), np.sin(angle)])
    slopes = np.array([np.zeros_like(angle), -np.sin(angle), np.cos(angle)])
    label = "".join(axis_label(c, k)[q] for q in c.operands(k))
    return Step(
        [_on(part, c.operands(k), c.n_qubits) for part in _rotation_parts(label)],
        (values * weight) @ values.T,
        (slopes * weight) @ slopes.T if free(c, k) else None,
    )


@cache
def _rotation_parts(label):
    return [_signed(part) for part in harmonics(label)]


@cache
def _clifford_part(name, k):
    return _signed(_clifford(name, tuple(range(k)), k))


@cache
def _noise_part(noise, k):
    return _signed(channel(noise, tuple(range(k)), k))


def _on(part, qubits, n):
    """A signed permutation of the strings on some qubits as one of all strings."""
    (column, value), strings = part, np.arange(4**n)
    places = [*qubits, *(q + n for q in qubits)]
    local = sum((strings >> place & 1) << i for i, place in enumerate(places))
    rest = strings & ~sum(1 << place for place in places)
    return rest | sum((column[local] >> i & 1) << place for i, place in enumerate(places)), value[local]


def _signed(matrix):
    """(column, value) of the one entry of each row."""
    column = np.abs(matrix).argmax(axis=1)
    value = matrix[np.arange(len(matrix)), column]
    assert np.allclose(np.abs(matrix).sum(axis=1), np.abs(value))
    return column, np.where(np.abs(value) < 1e-12, 0.0, value)


def _transposed(column, value):
    seen = np.flatnonzero(value)
    back, entry = np.arange(len(column)), np.zeros(len(column))
    back[column[seen]], entry[column[seen]] = seen, value[seen]
    return back, entry


def _through(pair, parts, moments):
    """Σ m_ij X_i pair X_jᵀ."""
    result = np.zeros_like(pair)
    for i, (rows, left) in enumerate(parts):
        for j, (columns, right) in enumerate(parts):
            if abs(moments[i, j]) > 1e-15:
                result += (moments[i, j] * left)[:, None] * right * pair[np.ix_(rows, columns)]
    return result

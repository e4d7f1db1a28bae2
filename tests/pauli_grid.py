"""Moments of a loss at every point of a grid of angles, by Pauli coordinates: tied angles, any law, data and any noise.

Coordinates of a state are v_Q = tr(ρ Q), index Q in base 4 (I, X, Y, Z), qubit 0 first. A rotation about P takes v_Q to
cos φ v_Q + sin φ s_Q v_{iPQ} where P and Q anticommute, a Clifford permutes with signs, Pauli noise is a factor each, and
amplitude damping feeds v_I into v_Z. Derivatives are carried along by the product rule.
"""

import math
from fractions import Fraction
from functools import cache
from typing import NamedTuple

import numpy as np

from bplint.ir.circuit import ROTATION, Role
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.law import Shape
from bplint.ir.noise import NoiseKind
from matrices import CLIFFORD_MATRICES

ORDER = "IXYZ"
PAULIS = {
    "I": np.eye(2),
    "X": np.array([[0, 1], [1, 0]]),
    "Y": np.array([[0, -1j], [1j, 0]]),
    "Z": np.diag([1.0, -1.0]),
}
_DENOMINATOR = 16


class Truth(NamedTuple):
    """E[l], Var[l], and E[∂l], E[(∂l)²] of each trainable parameter by its own angle, by name."""

    mean: float
    variance: float
    slopes: dict


class TooMany(Exception):
    """The grid would have more points than were allowed, or there is none."""


def grid_truth(circuit, observable, init, noise, *, most=3000):
    """The truth up to rounding. ``TooMany`` where the grid takes more than ``most`` numbers, in thousands."""
    used = [p for p, here in enumerate(circuit.used()) if here and circuit.parameters[p].role is not Role.FIXED]
    rules = [_rule(init.law(circuit.parameters[p]), _frequencies(circuit, p)) for p in used]
    points = math.prod(len(x) for x, _ in rules)
    if points * 4**circuit.n_qubits * (1 + len(used)) > most * 1000:
        raise TooMany
    grid = np.meshgrid(*(x for x, _ in rules), indexing="ij")
    values = dict(zip(used, (axis.ravel() for axis in grid), strict=True))
    weight = np.ones(1)
    for _, w in rules:
        weight = np.multiply.outer(weight, w)
    weight = weight.ravel()
    loss, slopes = _losses(circuit, observable, noise, values, points)
    mean = float(weight @ loss)
    return Truth(
        mean,
        float(weight @ (loss - mean) ** 2),
        {circuit.parameters[p].name: (float(weight @ s), float(weight @ s**2)) for p, s in slopes.items()},
    )


def _losses(circuit, observable, noise, values, points):
    n = circuit.n_qubits
    state = np.zeros((4**n, points))
    state[[_index("".join(x)) for x in _words(n)]] = 1.0
    tangents = {p: np.zeros_like(state) for p in values if circuit.parameters[p].role is Role.TRAINABLE}
    every = circuit.operations
    for k, operation in enumerate(every):
        if operation.code == ROTATION:
            label = _label(operation, n)
            angle = operation.constant + sum(c * _value(circuit, p, values) for p, c in operation.terms)
            state = _turned(state, label, angle)
            tangents = {p: _turned(t, label, angle) for p, t in tangents.items()}
            for p, c in operation.terms:
                if p in tangents:
                    tangents[p] = tangents[p] + c * _slope(state, label)
        else:
            to, sign = _clifford(CLIFFORDS[operation.code - 1], operation.qubits, n)
            state, tangents = _permuted(state, to, sign), {p: _permuted(t, to, sign) for p, t in tangents.items()}
        if operation.ends_gate:
            qubits = sorted({q for other in every[: k + 1] if other.gate == operation.gate for q in other.qubits})
            arity = int(circuit.gates.arity[operation.gate])
            for channel in noise.channels:
                if channel.acts(arity):
                    state = _noisy(state, channel, qubits, n)
                    tangents = {p: _noisy(t, channel, qubits, n) for p, t in tangents.items()}
    seen = _observable(observable, noise)
    return seen @ state, {p: seen @ t for p, t in tangents.items()}


def _value(circuit, parameter, values):
    return values[parameter] if parameter in values else circuit.parameters[parameter].value


def _words(n):
    words = [""]
    for _ in range(n):
        words = [word + letter for word in words for letter in "IZ"]
    return words


def _index(label):
    return sum(ORDER.index(letter) * 4**place for place, letter in enumerate(reversed(label)))


def _label(operation, n):
    label = ["I"] * n
    for q, code in zip(operation.qubits, operation.letters, strict=True):
        label[q] = "IXZY"[code]
    return "".join(label)


def _turned(v, label, angle):
    to, sign = _meeting(label)
    met = sign != 0
    new = v.copy()
    new[met] = np.cos(angle) * v[met] + np.sin(angle) * sign[met, None] * v[to[met]]
    return new


def _slope(v, label):
    to, sign = _meeting(label)
    return sign[:, None] * v[to]


@cache
def _meeting(label):
    """Of each string Q that anticommutes with P: the place and the sign of iPQ; the sign is 0 for others."""
    n = len(label)
    to, sign = np.zeros(4**n, dtype=int), np.zeros(4**n)
    for place in range(4**n):
        letters = [ORDER[place // 4 ** (n - 1 - q) % 4] for q in range(n)]
        products = [_product(a, b) for a, b in zip(label, letters, strict=True)]
        phase = 1j * math.prod(p for _, p in products)
        if abs(phase.imag) < 0.5:  # real: they anticommute
            to[place], sign[place] = _index("".join(letter for letter, _ in products)), phase.real
    return to, sign


@cache
def _product(a, b):
    matrix = PAULIS[a] @ PAULIS[b]
    for letter, pauli in PAULIS.items():
        share = np.trace(pauli.conj().T @ matrix) / 2
        if abs(share) > 0.5:
            return letter, complex(share)
    raise AssertionError


@cache
def _clifford(name, qubits, n):
    """(to, sign): v'_Q = sign_Q v_{to_Q}, from U† Q U = sign · P."""
    matrix, k = CLIFFORD_MATRICES[name], len(qubits)
    local = {}
    for word in np.ndindex(*(4,) * k):
        letters = "".join(ORDER[x] for x in word)
        image = matrix.conj().T @ _dense(letters) @ matrix
        for other in np.ndindex(*(4,) * k):
            share = np.trace(_dense("".join(ORDER[x] for x in other)) @ image).real / 2**k
            if abs(share) > 0.5:
                local[word] = other, round(share)
    to, sign = np.zeros(4**n, dtype=int), np.zeros(4**n)
    for place in range(4**n):
        letters = [place // 4 ** (n - 1 - q) % 4 for q in range(n)]
        image, sign[place] = local[tuple(letters[q] for q in qubits)]
        for q, x in zip(qubits, image, strict=True):
            letters[q] = x
        to[place] = sum(x * 4 ** (n - 1 - q) for q, x in enumerate(letters))
    return to, sign


def _dense(label):
    matrix = np.eye(1)
    for letter in label:
        matrix = np.kron(matrix, PAULIS[letter])
    return matrix


def _permuted(v, to, sign):
    return sign[:, None] * v[to]


def _noisy(v, channel, qubits, n):
    letters = [np.arange(4**n) // 4 ** (n - 1 - q) % 4 for q in range(n)]
    p = channel.rates[0]
    if channel.kind is NoiseKind.DEPOLARIZING:
        touched = np.any([letters[q] != 0 for q in qubits], axis=0)
        return np.where(touched, 1 - p, 1.0)[:, None] * v
    for q in qubits:
        if channel.kind is NoiseKind.DAMPING:
            z = np.flatnonzero(letters[q] == 3)
            new = np.array([1, math.sqrt(1 - p), math.sqrt(1 - p), 1 - p])[letters[q]][:, None] * v
            new[z] += p * v[z - 3 * 4 ** (n - 1 - q)]
            v = new
            continue
        x, y, z = {NoiseKind.BITFLIP: (p, 0, 0), NoiseKind.PHASEFLIP: (0, 0, p)}.get(channel.kind, channel.rates)
        factors = np.array([1, 1 - 2 * (y + z), 1 - 2 * (x + z), 1 - 2 * (x + y)])
        v = factors[letters[q]][:, None] * v
    return v


def _observable(observable, noise):
    n = observable.n_qubits
    flips = math.prod(1 - 2 * c.rates[0] for c in noise.channels if c.kind is NoiseKind.READOUT)
    found = np.zeros(4**n)
    if observable.projector:
        for word in _words(n):
            weight = sum(letter != "I" for letter in word)
            if all(letter == "I" or q in observable.projector for q, letter in enumerate(word)):
                found[_index(word)] = flips**weight / 2 ** len(observable.projector)
        return found
    found[0] = observable.constant
    for string, coefficient in observable.terms:
        letters = ["IXZY"[(string >> q & 1) + 2 * (string >> (q + n) & 1)] for q in range(n)]
        found[_index("".join(letters))] += coefficient * flips ** sum(letter != "I" for letter in letters)
    return found


def _frequencies(circuit, parameter):
    """|coefficient| of each rotation that the parameter turns."""
    return [abs(c) for operation in circuit.operations for p, c in operation.terms if p == parameter]


def _rule(law, frequencies):
    """Angles and weights that average l² and (∂l)² over one parameter."""
    top = 2 * sum(frequencies)
    if law.is_uniform:
        ratios = [Fraction(f / frequencies[0]).limit_denominator(_DENOMINATOR) for f in frequencies]
        if any(abs(float(r) - f / frequencies[0]) > 1e-9 for r, f in zip(ratios, frequencies, strict=True)):
            raise TooMany
        unit = frequencies[0] / math.lcm(*(r.denominator for r in ratios))
        count = round(top / unit) + 1
        return 0.17 + np.arange(count) * 2 * np.pi / (unit * count), np.full(count, 1 / count)
    if not law.width:
        return np.array([law.mean]), np.ones(1)
    count = _gauss(law.shape, top * law.width)
    rule = np.polynomial.hermite_e.hermegauss if law.shape is Shape.NORMAL else np.polynomial.legendre.leggauss
    x, w = rule(count)
    return law.mean + law.width * x, w / w.sum()


def _gauss(shape, z):
    """Points of Gauss's rule whose remainder on a wave e^{izx} is below 1e-13 (Abramowitz and Stegun 25.4.30, 25.4.46)."""
    for m in range(2, 60):
        if shape is Shape.NORMAL:
            error = 2 * m * math.log(z) + math.lgamma(m + 1) - math.lgamma(2 * m + 1)
        else:
            error = (
                (2 * m + 1) * math.log(2) + 4 * math.lgamma(m + 1) - 3 * math.lgamma(2 * m + 1) + 2 * m * math.log(z)
            )
        if error < math.log(1e-13):
            return m
    raise TooMany

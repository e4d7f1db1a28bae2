"""Density matrices through noisy gates, by Kraus operators: what a loss is at given angles."""

import math

import numpy as np

from samples import label_matrix, on, operation_matrices


def noisy_loss(c, observable, noise, values):
    """The loss at these values by parameter name, without the readout's error."""
    n = c.n_qubits
    state = np.zeros((2**n, 2**n), dtype=complex)
    state[0, 0] = 1
    gates = c.gate.tolist()
    for k, matrix in enumerate(operation_matrices(c, values)):
        state = matrix @ state @ matrix.conj().T
        if k + 1 == len(c) or gates[k + 1] != gates[k]:
            qubits = sorted({q for j, g in enumerate(gates) if g == gates[k] for q in c.operands(j)})
            for channel in noise.channels:
                if channel.kind != "readout" and channel.arity in (None, min(int(c.gates.arity[gates[k]]), 2)):
                    state = _through(channel, state, qubits, n)
    return np.trace(_matrix(observable) @ state).real


def noisy_slopes(c, observable, noise, values):
    """∂loss by each parameter, numerically."""
    return {
        name: (
            noisy_loss(c, observable, noise, values | {name: value + 1e-5})
            - noisy_loss(c, observable, noise, values | {name: value - 1e-5})
        )
        / 2e-5
        for name, value in values.items()
    }


def _through(channel, state, qubits, n):
    if channel.kind == "depolarizing":
        inside = [s for s in range(4**n) if all(q in qubits for q in range(n) if s >> q & 1 or s >> (q + n) & 1)]
        mixed = sum(label_matrix(s, n) @ state @ label_matrix(s, n) for s in inside) / len(inside)
        return (1 - channel.rates[0]) * state + channel.rates[0] * mixed
    for q in qubits:
        parts = [on(m, [q], n) for m in kraus(channel)]
        state = sum(m @ state @ m.conj().T for m in parts)
    return state


def kraus(channel):
    p = channel.rates[0]
    if channel.kind == "damping":
        return [np.diag([1, math.sqrt(1 - p)]), np.array([[0, math.sqrt(p)], [0, 0]])]
    rates = {"bitflip": (p, 0, 0), "phaseflip": (0, 0, p)}.get(channel.kind, channel.rates)
    x, y, z = np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])
    return [math.sqrt(max(r, 0)) * m for r, m in zip((1 - sum(rates), *rates), (np.eye(2), x, y, z), strict=True)]


def _matrix(observable):
    n = observable.n_qubits
    if observable.projector:
        return np.diag([float(not any(x >> (n - 1 - q) & 1 for q in observable.projector)) for x in range(2**n)])
    return observable.constant * np.eye(2**n) + sum(w * label_matrix(s, n) for s, w in observable.terms)

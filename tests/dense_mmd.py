"""The other road to the maximum mean discrepancy: probabilities of all outcomes on a grid of angles."""

import numpy as np

from dense_rows import grid, spaced, states


def discrepancy(circuit, bits, sigma, values):
    """L at values (starts,) of the parameters by name."""
    n = circuit.n_qubits
    outcomes = np.array([[b >> (n - 1 - q) & 1 for q in range(n)] for b in range(2**n)])
    kernel = np.exp(-np.abs(outcomes[:, None] - outcomes[None]).sum(axis=2) / (2 * sigma))
    target = np.zeros(2**n)
    for sample in np.asarray(bits, dtype=int):
        target += (outcomes == sample).all(axis=1) / len(bits)
    apart = np.abs(states(circuit, values)) ** 2 - target
    return np.einsum("sa,ab,sb->s", apart, kernel, apart)


def moments(circuit, bits, sigma, points=5):
    """(E[L], Var[L], E[(∂L)²] by name) over uniform angles of coefficient 1; derivatives, of degree 2, by four shifts."""
    starts, weights = grid(circuit, spaced(points))
    loss = discrepancy(circuit, bits, sigma, starts)
    slopes = {}
    for name, angles in starts.items():
        at = {s: discrepancy(circuit, bits, sigma, starts | {name: angles + s * np.pi / 4}) for s in (-3, -1, 1, 3)}
        near, far = (np.sqrt(2) + 1) / (2 * np.sqrt(2)), (np.sqrt(2) - 1) / (2 * np.sqrt(2))
        slopes[name] = near * (at[1] - at[-1]) - far * (at[3] - at[-3])
    mean = weights @ loss
    return mean, weights @ loss**2 - mean**2, {name: weights @ slope**2 for name, slope in slopes.items()}

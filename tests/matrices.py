"""Matrices written down by hand, for checking tables against. Argument 0 is the leftmost tensor factor."""

from functools import reduce

import numpy as np

PAULI = {
    "I": np.eye(2),
    "X": np.array([[0, 1], [1, 0]]),
    "Y": np.array([[0, -1j], [1j, 0]]),
    "Z": np.diag([1, -1]),
}


def pauli_matrix(label):
    return reduce(np.kron, (PAULI[letter] for letter in label))


def exponential(angle, terms):
    """exp(-i angle Σ c P) of a dict label -> c, through the eigenvectors of the Hermitian sum."""
    values, vectors = np.linalg.eigh(sum(c * pauli_matrix(label) for label, c in terms.items()))
    return vectors @ np.diag(np.exp(-1j * angle * values)) @ vectors.conj().T


def controlled(matrix):
    size = len(matrix)
    return np.block([[np.eye(size), np.zeros((size, size))], [np.zeros((size, size)), matrix]])


X, Y, Z = PAULI["X"], PAULI["Y"], PAULI["Z"]
H = (X + Z) / np.sqrt(2)
S = np.diag([1, 1j])
SX = np.array([[1 + 1j, 1 - 1j], [1 - 1j, 1 + 1j]]) / 2
T = np.diag([1, np.exp(1j * np.pi / 4)])
SWAP = np.eye(4)[[0, 2, 1, 3]]
ISWAP = np.array([[1, 0, 0, 0], [0, 0, 1j, 0], [0, 1j, 0, 0], [0, 0, 0, 1]])
CX = controlled(X)
ECR = np.kron(X, np.eye(2)) @ exponential(np.pi / 4, {"ZX": 1})

CLIFFORD_MATRICES = {
    "x": X,
    "y": Y,
    "z": Z,
    "h": H,
    "s": S,
    "sdg": S.conj(),
    "sx": SX,
    "sxdg": SX.conj().T,
    "cx": CX,
    "cy": controlled(Y),
    "cz": controlled(Z),
    "swap": SWAP,
    "iswap": ISWAP,
    "iswapdg": ISWAP.conj().T,
    "dcx": SWAP @ CX @ SWAP @ CX,
    "ecr": ECR,
}

FIXED_MATRICES = {
    "id": np.eye(2),
    "t": T,
    "tdg": T.conj(),
    "ch": controlled(H),
    "cs": controlled(S),
    "csdg": controlled(S.conj()),
    "csx": controlled(SX),
    "ccx": controlled(CX),
    "ccz": controlled(controlled(Z)),
    "cswap": controlled(SWAP),
    "c3x": controlled(controlled(CX)),
    "c3sx": controlled(controlled(controlled(SX))),
    "c4x": controlled(controlled(controlled(CX))),
}

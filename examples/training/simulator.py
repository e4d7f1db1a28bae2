"""A small state-vector simulator with exact gradients, so that training does not rest on the code it is to confirm."""

from __future__ import annotations

import numpy as np

from bplint.ir.circuit import ROTATION, Circuit
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.observable import Observable

I = np.eye(2)  # noqa: E741  # the field's name
X, Y, Z = np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])
LETTERS = (I, X, Z, Y)
MATRICES = {
    "x": X, "y": Y, "z": Z, "h": (X + Z) / np.sqrt(2), "s": np.diag([1, 1j]), "sdg": np.diag([1, -1j]),
    "cx": np.kron((I + Z) / 2, I) + np.kron((I - Z) / 2, X), "cz": np.diag([1, 1, 1, -1]),
}  # fmt: skip


class Simulator:
    """One circuit and one observable. Angles are an array (parameters, samples), in the order of ``circuit.parameters``."""

    def __init__(self, circuit: Circuit, observable: Observable) -> None:
        self.n = circuit.n_qubits
        self.parameters = len(circuit.parameters)
        self.operations = [self._operation(circuit, k) for k in range(len(circuit))]
        self.observable = observable
        driven = [(p, abs(c)) for _, _, terms, _ in self.operations for p, c in terms]
        self.scales = np.array([max([c for q, c in driven if q == p], default=1.0) for p in range(self.parameters)])
        """d(angle of a rotation)/d(parameter), of the rotation that the parameter turns most."""

    def loss_and_gradient(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """⟨O⟩ (samples,) and its gradient (parameters, samples), by the adjoint method."""
        samples = theta.shape[1]
        state = np.zeros((2,) * self.n + (samples,), dtype=complex)
        state[(0,) * self.n] = 1
        for operation in self.operations:
            state = self._apply(operation, state, theta)
        bra = self._observed(state)
        loss = self._inner(state, bra)
        gradient = np.zeros((self.parameters, samples))
        for operation in reversed(self.operations):
            qubits, matrix, terms, _ = operation
            if terms:  # the derivative of exp(-iφP/2) is -iP/2 times it
                slope = self._inner(bra, -1j * self._act(matrix, qubits, state))
                for parameter, coefficient in terms:
                    gradient[parameter] += coefficient * slope
            state = self._apply(operation, state, theta, back=True)
            bra = self._apply(operation, bra, theta, back=True)
        return loss, gradient

    def spectrum(self) -> tuple[float, float]:
        """The least and the largest eigenvalue of the observable."""
        size = 2**self.n
        matrix = self._observed(np.eye(size, dtype=complex).reshape((2,) * self.n + (size,))).reshape(size, size)
        values = np.linalg.eigvalsh(matrix)
        return float(values[0]), float(values[-1])

    def _operation(self, circuit, k):
        qubits = circuit.operands(k)
        if circuit.code[k] != ROTATION:
            return qubits, MATRICES[CLIFFORDS[circuit.code[k] - 1]], (), None
        matrix = np.eye(1)
        for letter in circuit.letters[circuit.start[k] : circuit.start[k + 1]]:
            matrix = np.kron(matrix, LETTERS[letter])
        row, factor = int(circuit.angle[k]), float(circuit.factor[k])
        terms = tuple((p, factor * c) for p, c in circuit.angles.terms(row))
        return qubits, matrix, terms, factor * float(circuit.angles.constant[row])

    def _apply(self, operation, state, theta, back=False):
        qubits, matrix, terms, constant = operation
        if constant is None:
            return self._act(matrix.conj().T if back else matrix, qubits, state)
        angle = constant + sum(c * theta[p] for p, c in terms)
        sign = -1 if back else 1
        return np.cos(angle / 2) * state - 1j * sign * np.sin(angle / 2) * self._act(matrix, qubits, state)

    def _act(self, matrix, qubits, state):
        k = len(qubits)
        moved = np.tensordot(matrix.reshape((2,) * 2 * k), state, axes=(range(k, 2 * k), qubits))
        return np.moveaxis(moved, range(k), qubits)

    def _observed(self, state):
        result = self.observable.constant * state
        for string, coefficient in self.observable.terms:
            part = state
            for q in range(self.n):
                letter = (string >> q & 1) | (string >> (q + self.n) & 1) << 1
                if letter:
                    part = self._act(LETTERS[letter], [q], part)
            result = result + coefficient * part
        return result

    def _inner(self, left, right):
        return np.sum(left.conj() * right, axis=tuple(range(self.n))).real

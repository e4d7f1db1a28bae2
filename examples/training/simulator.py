"""A small state-vector simulator with exact gradients, so that training does not rest on the code it is to confirm.

States are arrays (2^n, samples), with qubit q in bit q of the basis state. All gates but H are monomial: they move amplitudes
and turn their phases.
"""

from __future__ import annotations

import numpy as np

from bplint.ir.circuit import ROTATION, Circuit
from bplint.ir.clifford import CLIFFORDS
from bplint.ir.observable import Observable


class Simulator:
    """One circuit and one observable. Angles are an array (parameters, samples), in the order of ``circuit.parameters``."""

    def __init__(self, circuit: Circuit, observable: Observable) -> None:
        self.n = circuit.n_qubits
        self.basis = np.arange(2**self.n)
        self.parameters = len(circuit.parameters)
        self.operations = [self._operation(circuit, k) for k in range(len(circuit))]
        self.observable = observable
        self.terms = [(c, *self._string(*self._masks(s))) for s, c in observable.terms]
        driven = [(p, abs(c)) for _, _, terms, _ in self.operations for p, c in terms]
        self.scales = np.array([max([c for q, c in driven if q == p], default=1.0) for p in range(self.parameters)])
        """d(angle of a rotation)/d(parameter), of the rotation that the parameter turns most."""

    def loss_and_gradient(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """⟨O⟩ (samples,) and its gradient (parameters, samples), by the adjoint method."""
        samples = theta.shape[1]
        state = np.zeros((2**self.n, samples), dtype=complex)
        state[0] = 1
        for operation in self.operations:
            state = self._apply(operation, state, theta)
        bra = self._observed(state)
        loss = self._inner(state, bra)
        gradient = np.zeros((self.parameters, samples))
        both = np.concatenate([state, bra], axis=1)
        twice = np.concatenate([theta, theta], axis=1)
        for operation in reversed(self.operations):
            source, phase, terms, _ = operation
            if terms:  # the derivative of exp(-iφP/2) is -iP/2 times it
                slope = self._inner(both[:, samples:], -1j * phase * both[source, :samples])
                for parameter, coefficient in terms:
                    gradient[parameter] += coefficient * slope
            both = self._apply(operation, both, twice, back=True)
        return loss, gradient

    def spectrum(self) -> tuple[float, float]:
        """The least and the largest eigenvalue of the observable."""
        values = np.linalg.eigvalsh(self._observed(np.eye(2**self.n, dtype=complex)))
        return float(values[0]), float(values[-1])

    def _operation(self, circuit, k):
        """(source, phase, terms, constant): ψ[b] becomes phase[b] ψ[source[b]]; of a rotation that is its axis.

        An H has None for a source, and its qubit.
        """
        qubits = circuit.operands(k)
        if circuit.code[k] != ROTATION:
            return (*self._clifford(CLIFFORDS[circuit.code[k] - 1], qubits), (), None)
        x = z = 0
        for qubit, letter in zip(qubits, circuit.letters[circuit.start[k] : circuit.start[k + 1]], strict=True):
            x |= int(letter & 1) << qubit
            z |= int(letter >> 1) << qubit
        row, factor = int(circuit.angle[k]), float(circuit.factor[k])
        terms = tuple((p, factor * c) for p, c in circuit.angles.terms(row))
        return (*self._string(x, z), terms, factor * float(circuit.angles.constant[row]))

    def _clifford(self, name, qubits):
        a, b = qubits[0], qubits[-1]
        bit = self.basis >> a & 1
        if name in ("x", "y", "z"):
            return self._string((name != "z") << a, (name != "x") << a)
        if name in ("s", "sdg"):
            return self.basis, np.where(bit, 1j if name == "s" else -1j, 1)[:, None]
        if name == "cx":
            return self.basis ^ bit << b, np.ones((2**self.n, 1))
        if name == "cz":
            return self.basis, np.where(bit & self.basis >> b, -1.0, 1.0)[:, None]
        assert name == "h", name
        return None, a

    def _string(self, x, z):
        """A Pauli string: X where x has a bit, Z where z has one, Y = iXZ where both have."""
        source = self.basis ^ x
        sign = 1 - 2.0 * (np.bitwise_count(source & z) & 1)
        return source, (1j ** (x & z).bit_count() * sign)[:, None]

    def _masks(self, string):
        return string & 2**self.n - 1, string >> self.n

    def _apply(self, operation, state, theta, back=False):
        source, phase, terms, constant = operation
        if source is None:
            pairs = state.reshape(-1, 2, 2**phase, state.shape[1])
            return (
                np.stack([pairs[:, 0] + pairs[:, 1], pairs[:, 0] - pairs[:, 1]], axis=1).reshape(state.shape) / 2**0.5
            )
        if constant is None:
            # Back is the same move, as each undoes itself, with the opposite phase.
            return (phase.conj() if back else phase) * state[source]
        angle = constant + sum(c * theta[p] for p, c in terms)
        sign = -1 if back else 1
        return np.cos(angle / 2) * state - 1j * sign * np.sin(angle / 2) * (phase * state[source])

    def _observed(self, state):
        result = self.observable.constant * state
        for coefficient, source, phase in self.terms:
            result = result + coefficient * phase * state[source]
        return result

    def _inner(self, left, right):
        return np.sum(left.conj() * right, axis=0).real

"""Exact state vectors of many rows and starts at once, and exact gradients backwards through the gates.

Shares nothing with bplint. Qubit 0 is the leftmost bit. Arrays of states are complex (starts, rows, 2^n).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from circuits import Gate, Model, layers_of
from numpy.typing import NDArray

States = NDArray[Any]
Floats = NDArray[np.float64]


class Turn(NamedTuple):
    """A rotation about Y of one qubit, or about XX of two."""

    qubits: tuple[int, ...]
    parameter: int


class Diagonal(NamedTuple):
    """Gates that are diagonal, as one: exp(-i/2 Σ θ_k D_k) times fixed signs; ``rows`` are the D_k, (parameters, 2^n)."""

    parameters: NDArray[np.intp]
    rows: Floats
    signs: Floats


class Simulator:
    """One circuit; ``single`` works in single precision."""

    def __init__(self, model: Model, *, single: bool = True) -> None:
        self.n = model.n
        self.single = single
        layers = layers_of(model)
        self.parameters = 1 + max(gate.parameter or 0 for gates in layers for gate in gates)
        steps = [list(_steps(gates, model.n)) for gates in layers]
        self._parts = steps if model.again else [[step for layer in steps for step in layer]]
        bits = _bits(model.n)
        self.observable = (1 - 2 * bits).mean(axis=0)
        self.ranges = _ranges(layers, self.parameters, model.n)

    def values(self, theta: Floats, x: Floats) -> Floats:
        """⟨O⟩ of every start, float64 (starts, parameters), in every row, (starts, rows, 2): (starts, rows)."""
        return self._expectation(self._forward(theta, x))

    def values_and_gradient(self, theta: Floats, x: Floats, outer: Any) -> tuple[Floats, Floats]:
        """⟨O⟩, and the gradient of a loss by θ, (starts, parameters), whose derivatives by ⟨O⟩ are ``outer(⟨O⟩)``."""
        psi = self._forward(theta, x)
        values = self._expectation(psi)
        bra = psi * (outer(values)[:, :, None] * self.observable).astype(psi.real.dtype)
        gradient = np.zeros_like(theta)
        for part in reversed(self._parts):
            for step in reversed(part):
                if isinstance(step, Turn):
                    _turned(psi, bra, step, theta, gradient)
                else:
                    along = np.imag(np.conj(bra) * psi).sum(axis=1)
                    gradient[:, step.parameters] += along @ step.rows.T
                    phase = _phase(step, theta, self.single).conj()[:, None, :]
                    psi, bra = psi * phase, bra * phase
            if part is not self._parts[0]:
                psi, bra = self._embed(psi, -x), self._embed(bra, -x)
        return values, gradient

    def _expectation(self, psi: States) -> Floats:
        return np.asarray((np.abs(psi) ** 2) @ self.observable, dtype=np.float64)

    def _forward(self, theta: Floats, x: Floats) -> States:
        psi = np.zeros((*x.shape[:2], 1 << self.n), dtype=np.complex64 if self.single else np.complex128)
        psi[:, :, 0] = 1
        for part in self._parts:
            psi = self._embed(psi, x)
            for step in part:
                if isinstance(step, Turn):
                    _turn(psi, step.qubits, theta[:, step.parameter, None, None, None])
                else:
                    psi = psi * _phase(step, theta, self.single)[:, None, :]
        return psi

    def _embed(self, psi: States, x: Floats) -> States:
        for q in range(self.n):
            _turn(psi, (q,), x[:, :, q % 2, None, None])
        return psi


def _turn(psi: States, qubits: tuple[int, ...], angle: Floats) -> None:
    """In place. ``angle`` is (starts, rows or 1, 1, 1)."""
    real = psi.real.dtype
    c, s = np.cos(angle / 2).astype(real), np.sin(angle / 2).astype(real)
    if len(qubits) == 2:
        flipped = _flipped(psi, qubits)
        psi *= c[..., 0]
        psi -= 1j * s[..., 0] * flipped
        return
    view = psi.reshape(*psi.shape[:2], 1 << qubits[0], 2, -1)
    zero, one = view[:, :, :, 0], view[:, :, :, 1]
    turned = c * zero - s * one
    view[:, :, :, 1] = s * zero + c * one
    view[:, :, :, 0] = turned


def _turned(psi: States, bra: States, step: Turn, theta: Floats, gradient: Floats) -> None:
    """Add the derivative by the angle of a rotation, and undo it."""
    if len(step.qubits) == 2:
        along = np.imag(np.conj(bra) * _flipped(psi, step.qubits))
    else:
        a, b = (each.reshape(*each.shape[:2], 1 << step.qubits[0], 2, -1) for each in (psi, bra))
        along = np.real(np.conj(b[:, :, :, 1]) * a[:, :, :, 0] - np.conj(b[:, :, :, 0]) * a[:, :, :, 1])
    gradient[:, step.parameter] += along.reshape(len(theta), -1).sum(axis=1)
    angle = -theta[:, step.parameter, None, None, None]
    _turn(psi, step.qubits, angle)
    _turn(bra, step.qubits, angle)


def _flipped(psi: States, qubits: tuple[int, ...]) -> States:
    first, second = qubits
    view = psi.reshape(*psi.shape[:2], 1 << first, 2, 1 << (second - first - 1), 2, -1)
    return view[:, :, :, ::-1, :, ::-1].copy().reshape(psi.shape)  # else a view of what is about to change


def _phase(step: Diagonal, theta: Floats, single: bool) -> States:
    phase = step.signs * np.exp(-0.5j * (theta[:, step.parameters] @ step.rows))
    return phase.astype(np.complex64) if single else phase


def _bits(n: int) -> Floats:
    every = np.arange(1 << n)
    return np.array([(every >> (n - 1 - q)) & 1 for q in range(n)], dtype=float)


def _steps(gates: list[Gate], n: int) -> Iterator[Turn | Diagonal]:
    """The gates of a layer, those next to each other that are diagonal put together."""
    signs_of = 1 - 2 * _bits(n)
    rows: dict[int, Floats] = {}
    signs = np.ones(1 << n)
    for gate in gates:
        if gate.parameter is None:
            signs = signs * np.where(signs_of[list(gate.qubits)].sum(axis=0) == -2, -1.0, 1.0)
        elif gate.name in ("rz", "rzz"):
            rows[gate.parameter] = rows.get(gate.parameter, 0.0) + signs_of[list(gate.qubits)].prod(axis=0)
        else:
            if rows or (signs < 0).any():
                yield _diagonal(rows, signs)
            rows, signs = {}, np.ones(1 << n)
            yield Turn(gate.qubits, gate.parameter)
    if rows or (signs < 0).any():
        yield _diagonal(rows, signs)


def _diagonal(rows: dict[int, Floats], signs: Floats) -> Diagonal:
    return Diagonal(np.array(list(rows), dtype=np.intp), np.array(list(rows.values())).reshape(len(rows), -1), signs)


def _ranges(layers: list[list[Gate]], parameters: int, n: int) -> Floats:
    """R of every parameter: the spread of the eigenvalues of its generator, half the sum of strings that commute."""
    signs_of, sums = 1 - 2 * _bits(n), np.zeros((parameters, 1 << n))
    for gates in layers:
        for gate in gates:
            if gate.parameter is not None:  # the axes of one parameter are alike: as diagonal as Z
                sums[gate.parameter] += signs_of[list(gate.qubits)].prod(axis=0) / 2
    return np.asarray(np.ptp(sums, axis=1))

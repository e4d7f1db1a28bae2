"""``PauliEvolutionGate``, exp(-i · time · H): one generator if the terms of H commute, else the product its synthesis makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from bplint.errors import Unsupported
from bplint.ir.gates import Gate, Turn
from bplint.ir.pauli import LETTERS, LinearSpan, anticommute, from_letters

Letters = tuple[tuple[int, int], ...]
"""Pairs (qubit, code), by qubit."""


def exact(evolution: Any) -> Gate | None:
    """The gate as one generator of its time; None if its terms do not commute."""
    n = evolution.num_qubits
    operators = evolution.operator if isinstance(evolution.operator, list) else [evolution.operator]
    terms = collected(entry for operator in operators for entry in operator.to_sparse_list())
    if not _commuting([from_letters(letters, n) for letters in terms], n):
        return None
    return _gate(n, [(terms, 1.0)])


def product(evolution: Any) -> Gate | None:
    """The gate as the product formula of its synthesis; None if that is something else, or is drawn at random."""
    from qiskit.circuit.library import PauliEvolutionGate  # type: ignore[import-untyped]
    from qiskit.synthesis import ProductFormula, QDrift  # type: ignore[import-untyped]

    synthesis = evolution.synthesis
    if not isinstance(synthesis, ProductFormula) or isinstance(synthesis, QDrift) or not hasattr(synthesis, "expand"):
        return None
    if getattr(synthesis, "_atomic_evolution", None) is not None:
        return None
    at_one = PauliEvolutionGate(evolution.operator, 1.0, synthesis=synthesis)
    return _gate(evolution.num_qubits, [(collected([entry]), 0.5) for entry in synthesis.expand(at_one)])


def collected(entries: Iterable[tuple[str, Iterable[int], Any]]) -> dict[Letters, float]:
    """A sum of Pauli strings from Qiskit's sparse lists: letters, qubits, coefficient.

    Letters may be projectors. ``Unsupported`` for a coefficient that is not real or is a parameter.
    """
    total: dict[Letters, float] = defaultdict(float)
    for word, qubits, coefficient in entries:
        value = _real(coefficient)
        for letters, share in _expanded(word, [int(q) for q in qubits]):
            total[letters] += value * share
    return {letters: c for letters, c in total.items() if c}


def _gate(n_qubits: int, factors: Iterable[tuple[dict[Letters, float], float]]) -> Gate:
    """The product of exp(-i · time · scale · Σ c P), the first pair (terms, scale) first."""
    steps, phase = [], 0.0
    for terms, scale in factors:
        phase -= scale * terms.get((), 0.0)
        strings = tuple([(2 * scale * c, letters) for letters, c in terms.items() if letters])
        if strings:
            steps.append(Turn(0, 0.0, strings))
    return Gate("PauliEvolution", 1, n_qubits, tuple(steps), (phase, 0.0))


def _commuting(strings: Iterable[int], n: int) -> bool:
    """Whether all commute; a basis of what they span decides."""
    span = LinearSpan()
    basis: list[int] = []
    for string in strings:
        if span.add(string):
            if any(anticommute(string, other, n) for other in basis):
                return False
            basis.append(string)
    return True


def _expanded(word: str, qubits: list[int]) -> Iterator[tuple[Letters, float]]:
    products: list[tuple[Letters, float]] = [((), 1.0)]
    for letter, qubit in sorted(zip(word, qubits, strict=True), key=lambda pair: pair[1]):
        options = _PROJECTORS.get(letter) or ((LETTERS.index(letter), 1.0),)
        products = [
            ((*letters, (qubit, code)) if code else letters, c * share)
            for letters, c in products
            for code, share in options
        ]
    yield from products


_PROJECTORS = {
    symbol: ((0, 0.5), (LETTERS.index(letter), sign / 2))
    for symbol, letter, sign in (("0", "Z", 1), ("1", "Z", -1), ("+", "X", 1), ("-", "X", -1), ("r", "Y", 1), ("l", "Y", -1))
}  # fmt: skip


def _real(coefficient: Any) -> float:
    if getattr(coefficient, "parameters", None):
        raise Unsupported(f"the coefficient {coefficient} of the operator is a parameter", hint="bind it to a number")
    value = complex(coefficient)
    if value.imag:
        raise Unsupported(f"the coefficient {coefficient} of the operator is not real")
    return value.real

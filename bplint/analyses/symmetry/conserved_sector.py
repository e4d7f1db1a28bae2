"""The sector that all states of a circuit lie in, whatever its angles, of quantities that the observable has too.

With W all Cliffords of the circuit, U(θ) = W V(θ) with V a product of rotations in the frame of the start. A string A of
Z that commutes with every axis has the eigenvalue 1 in V|0…0>, so S = W A W† has it in U|0…0>. Likewise Σ m_q Z_q where it
commutes with the sums that drive the circuit: Σ m_q W Z_q W† has the value Σ m_q. What prepares the start belongs to W:
behind H on every qubit, Z0 Z1 is the parity X0 X1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bplint.analyses.ask import Ask
from bplint.analyses.symmetry.charges import conserved_weights
from bplint.analyses.symmetry.check_prior import conserves
from bplint.analyses.symmetry.commutant import kernel
from bplint.analyses.symmetry.generator_sums import driven_sums
from bplint.analyses.symmetry.optimum import Sector
from bplint.analyses.symmetry.prior import Prior
from bplint.analyses.views import framed
from bplint.ir.context import Case
from bplint.ir.frame import Frame
from bplint.ir.observable import Observable, pauli_sum
from bplint.ir.pauli import Anticommutation, LinearSpan, PauliTerms, from_letters, ones, support, x_part

_CHARGES = 8
"""So many independent charges are looked at. With fewer the sector is larger, and what it excludes is excluded."""


class Reached(NamedTuple):
    """The sector, and the observable as its states see it: the letters of qubits that never move have become numbers.

    ``is_prepared``: fixed gates gave something that is kept another sign than |0…0> and |+…+> have, as an X gate does.
    """

    sector: Sector
    observable: Observable
    is_prepared: bool


def reached(case: Case, ask: Ask) -> Reached | None:
    """The sector that the circuit stays in; None if it keeps nothing that the observable, a sum of strings, has too,
    or that is constant.

    A qubit that is in one state for all angles is no symmetry: it is left out of the sector and of the observable.
    """
    frame = ask(framed)
    n = frame.n_qubits
    moved = LinearSpan(x_part(axis, n) for axis in frame.axes)
    masks = [mask for q in range(n) if (mask := moved.dual(q))]
    if not masks:
        return None
    still = dict(_still(frame, moved))
    observable = _seen(case.context.observable, still)
    if not observable.terms:
        return None
    left = ~sum(1 << q | 1 << q + n for q in still)
    ends = _ends(frame)
    kept: list[tuple[PauliTerms, float]] = []
    used = 0
    for weights in conserved_weights(ask(driven_sums), n).basis(_CHARGES):
        charge, value = _charge(weights, ends, frame, still)
        # Of one string alone it is among the strings.
        if len(charge) > 1 and conserves(Prior("", "", "", "", (charge,)), [observable.terms], n):
            kept.append((charge, value))
            used |= sum(1 << q for q, m in enumerate(weights) if m and ends[q] & left)
    for string in _shared([_product(ends, mask) & left for mask in masks], observable):
        start, negative = frame.pull(string)
        kept.append((((string, 1.0),), -1.0 if negative else 1.0))
        used |= start >> n
    if not kept:
        return None
    prepared = any(frame.pull(ends[q])[1] for q in ones(used))
    return Reached(Sector(n, tuple(kept)), observable, prepared)


def _still(frame: Frame, moved: LinearSpan) -> Iterator[tuple[int, tuple[int, float]]]:
    """The qubits that end in an eigenstate of a letter for all angles, with the letter and its value."""
    n = frame.n_qubits
    for q in range(n):
        for code in (1, 2, 3):
            letter = from_letters([(q, code)], n)
            start, negative = frame.pull(letter)
            if not x_part(start, n) and not any((start >> n & flips).bit_count() & 1 for flips in moved):
                yield q, (letter, -1.0 if negative else 1.0)


def _seen(observable: Observable, still: Mapping[int, tuple[int, float]]) -> Observable:
    """The observable with numbers in place of the letters of qubits that never move: 0 for letters of no definite value."""
    n = observable.n_qubits
    if not any(observable.support >> q & 1 for q in still):
        return observable
    terms: dict[int, float] = defaultdict(float)
    for string, coefficient in observable.terms:
        for q in ones(support(string, n)):
            if q not in still:
                continue
            letter, value = still[q]
            coefficient *= value if string & (1 << q | 1 << q + n) == letter else 0.0
            string &= ~letter
        terms[string] += coefficient
    return pauli_sum(terms, n, constant=observable.constant, text=observable.text)


def _ends(frame: Frame) -> list[int]:
    """W Z_q W† for every qubit, without signs.

    It anticommutes with a letter of a qubit iff Z_q does with the letter's image W† P W.
    """
    n = frame.n_qubits
    ends = [0] * n
    for row, (image, _) in enumerate(frame.rows):
        bit = 1 << row // 2 + (0 if row & 1 else n)  # what anticommutes with Z is X
        for q in ones(x_part(image, n)):
            ends[q] |= bit
    return ends


def _product(ends: Sequence[int], mask: int) -> int:
    total = 0
    for q in ones(mask):
        total ^= ends[q]
    return total


def _shared(strings: Sequence[int], observable: Observable) -> list[int]:
    """Independent products of the strings that commute with every term."""
    basis = LinearSpan()
    independent = [string for string in strings if basis.add(string)]
    near = Anticommutation(observable.n_qubits, (string for string, _ in observable.terms))
    return kernel([near.row(string) for string in independent], independent)


def _charge(
    weights: Sequence[int], ends: Sequence[int], frame: Frame, still: Mapping[int, tuple[int, float]]
) -> tuple[PauliTerms, float]:
    """±Σ m_q W Z_q W† and its value, the first weight positive and qubits that never move left out."""
    signed = {ends[q]: -m if frame.pull(ends[q])[1] else m for q, m in enumerate(weights) if m}
    seen = _seen(pauli_sum(signed, frame.n_qubits), still)
    sign = -1.0 if seen.terms and seen.terms[0][1] < 0 else 1.0
    return tuple((string, sign * m) for string, m in seen.terms), sign * (sum(weights) - seen.constant)

"""A symmetry prior: what an ansatz could keep, and the start that lets it."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from bplint.ir.pauli import PauliTerms

Permutation: TypeAlias = tuple[int, ...]
"""Qubit q moves to place ``permutation[q]``."""
Preparation: TypeAlias = tuple[tuple[str, tuple[int, ...]], ...]
"""Cliffords of the gate table by name with their qubits, applied to |0…0> in this order."""


class Prior(NamedTuple):
    """A group that the observable has and the ansatz breaks, with the sector that training would stay in.

    An equivariant generator commutes with every one of ``charges`` and is invariant under ``permutations`` of the qubits.
    Where ``strings`` are given, generators are real combinations of the Lie algebra that these strings span instead: a
    restriction (free fermions) that is no symmetry group of qubits. ``start`` is put before the circuit; its state is an
    eigenstate of the charges (of their Casimir operator for SU(2)) and invariant under the permutations.
    """

    name: str
    """As ``--prior`` takes it: ``z2``, ``u1``, ``su2``, ``sn``, ``cn``, ``dn``, ``fermions``; a second of a kind ``z2-2``."""
    group: str
    """As people write it: ``U(1)``, ``S_8``."""
    words: str
    """What is kept, after "keep": ``the particle number``."""
    sector: str
    """Where the start lies: ``4 of 8 qubits set``; empty if there is nothing to say."""
    charges: tuple[PauliTerms, ...] = ()
    permutations: tuple[Permutation, ...] = ()
    strings: tuple[int, ...] = ()
    start: Preparation = ()
    room: float | None = None
    """log2 of the dimension of the space of operators that it leaves, of 2n; None if it was not counted."""

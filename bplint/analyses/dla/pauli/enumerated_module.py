"""The module of a Pauli string: all strings that the generators can make of it, by enumeration."""

from __future__ import annotations

from collections.abc import Iterable

from bplint.ir.pauli import Anticommutation, ones


def module(strings: Iterable[int], core: Iterable[int], n_qubits: int, *, limit: int) -> frozenset[int] | None:
    """The closure of the strings under P -> GP for G in ``core`` that anticommute with P; None beyond ``limit`` strings.

    Its span is the smallest space with the strings that commutators with the algebra do not leave (Diaz et al.,
    arXiv:2310.11505), so any generators of the algebra do as ``core``. Time: limit times the generators that a string meets.
    """
    near = Anticommutation(n_qubits, core)
    members = list(dict.fromkeys(strings))
    known = set(members)
    for string in members:
        for position in ones(near.row(string)):
            image = string ^ near.strings[position]
            if image not in known:
                known.add(image)
                members.append(image)
        if len(members) > limit:
            return None
    return frozenset(members)

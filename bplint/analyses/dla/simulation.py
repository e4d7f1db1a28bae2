"""Whether a classical computer can follow the loss exactly, and by which method; nothing here simulates.

Three named ways are looked for: each term sees few qubits; all that moves the loss is free fermions and the loss is
quadratic in them; or the strings that the loss can become are few. In all three the start state is |0…0> behind Cliffords,
whose Pauli expectations are known.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from bplint.analyses.ask import Ask
from bplint.analyses.dla.dla import components_seen, dla
from bplint.analyses.dla.pauli.classify import PauliAlgebra, classify
from bplint.analyses.dla.pauli.enumerated_module import module
from bplint.analyses.light_cone.locality import locality
from bplint.analyses.views import framed
from bplint.ir.context import Case

CONE_LIMIT = 20
"""Qubits that a state vector takes without effort."""

MODULE_LIMIT = 10_000
"""Strings, or the dimension of a Lie algebra, that a matrix takes."""


class Method(StrEnum):
    """A classical method, by the name it has in the literature."""

    LIGHT_CONE = "light cone"
    FREE_FERMIONS = "free fermions"
    LIE_ALGEBRA = "Lie-algebraic simulation"


class Simulation(NamedTuple):
    """``size`` is the widest light cone in qubits, the number of Majorana modes, or the dimension of the module."""

    method: Method
    size: int


def simulation(case: Case, ask: Ask) -> Simulation | None:
    """The first method that takes in every term of the loss; None where none of them does, as far as is known.

    A projector is a sum of too many terms for any of them.
    """
    if case.context.observable.projector:
        return None
    cones = [term.light_cone for term in ask(locality).terms if term.first_met is not None]
    if cones and max(cones) <= CONE_LIMIT:
        return Simulation(Method.LIGHT_CONE, max(cones))
    frame = ask(framed)
    algebra = _whole(case, ask)
    touched = components_seen(case, ask, algebra)
    strings = [frame.pull(string)[0] for string, _ in case.context.observable.terms]
    moved = [string for string in strings if algebra.component_touching(string)]
    if all(c.free_fermion and c.copies <= frame.n_qubits for c in touched) and all(map(algebra.contains, moved)):
        return Simulation(Method.FREE_FERMIONS, max((c.size for c in touched), default=0))
    core = [string for component in touched for string in component.core]
    members = module(moved, core, frame.n_qubits, limit=MODULE_LIMIT)
    return None if members is None else Simulation(Method.LIE_ALGEBRA, len(members))


def _whole(case: Case, ask: Ask) -> PauliAlgebra:
    """The algebra of all rotations, those of data and at fixed angles too: an upper bound for the circuit's."""
    trained, axes = ask(dla).algebra, ask(framed).axes
    return trained if set(trained.axes) >= set(axes) - {0} else classify(axes, case.circuit.n_qubits)

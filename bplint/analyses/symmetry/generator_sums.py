"""What a circuit is driven by: the sums of commuting strings that its rotations exponentiate, in one frame.

A symmetry of all these sums and of the Cliffords is one of the circuit. XX and YY of one angle are one sum, which keeps
more than each string alone.
"""

from __future__ import annotations

import math
from collections import defaultdict

from bplint.analyses.ask import Ask
from bplint.analyses.views import framed, generator_groups
from bplint.ir.circuit import Role
from bplint.ir.context import Case
from bplint.ir.pauli import PauliSum, PauliTerms


def driven_sums(case: Case, ask: Ask) -> tuple[PauliTerms, ...]:
    """The sums, each once: those of the trainable parameters, their constant offsets, and those of all other gates."""
    circuit, frame, groups = case.circuit, ask(framed), ask(generator_groups).groups
    operations = [circuit.operations[number] for number in frame.operations]
    signs = [-1.0 if negative else 1.0 for negative in frame.negative]
    sums: dict[PauliTerms, None] = {}
    for group in groups:
        sums[group.terms] = None
        offset: dict[int, float] = defaultdict(float)
        for i in group.rotations:
            offset[frame.axes[i]] += math.remainder(signs[i] * operations[i].constant, 2 * math.pi)
        sums[_terms(offset)] = None
    angle, factor = circuit.columns.angle, circuit.columns.factor
    others = circuit.driven_by(Role.DATA, Role.FIXED)
    rest: dict[tuple[int, int], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for i, operation in enumerate(operations):
        k = operation.number
        if others[k] or not circuit.trained[k]:
            rest[operation.gate, angle[k]][frame.axes[i]] += signs[i] * factor[k]
    sums |= dict.fromkeys(_terms(terms) for terms in rest.values())
    return tuple(terms for terms in sums if terms)


def _terms(sums: PauliSum[float]) -> PauliTerms:
    return tuple((string, coefficient) for string, coefficient in sums.items() if string and abs(coefficient) > 1e-12)

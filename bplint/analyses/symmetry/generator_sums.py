"""What a circuit is driven by: the sums of commuting strings that its rotations exponentiate, in one frame.

A symmetry of all these sums and of the Cliffords is one of the circuit. XX and YY of one angle are one sum, which keeps
more than each string alone.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TypeAlias

from bplint.analyses.ask import Ask
from bplint.analyses.views import framed, generator_groups
from bplint.ir.circuit import Role
from bplint.ir.context import Case

Sum: TypeAlias = tuple[tuple[int, float], ...]
"""An operator Σ coefficient · P_string."""


def driven_sums(case: Case, ask: Ask) -> tuple[Sum, ...]:
    """The sums, each once: those of the trainable parameters, their constant offsets, and those of all other gates."""
    circuit, frame, groups = case.circuit, ask(framed), ask(generator_groups).groups
    angle, gate, constant = circuit.angle.tolist(), circuit.gate.tolist(), circuit.angles.constant.tolist()
    factor = [
        -circuit.factor[op] if negative else circuit.factor[op]
        for op, negative in zip(frame.operations, frame.negative, strict=True)
    ]
    found: dict[Sum, None] = {}
    for group in groups:
        found[group.terms] = None
        offset: dict[int, float] = defaultdict(float)
        for i in group.rotations:
            turn = factor[i] * constant[angle[frame.operations[i]]]
            offset[frame.axes[i]] += math.remainder(turn, 2 * math.pi)
        found[_terms(offset)] = None
    trained = circuit.driven([p.role is Role.TRAINABLE for p in circuit.parameters]).tolist()
    others = circuit.driven([p.role is not Role.TRAINABLE for p in circuit.parameters]).tolist()
    rest: dict[tuple[int, int], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for i, operation in enumerate(frame.operations):
        if others[operation] or not trained[operation]:
            rest[gate[operation], angle[operation]][frame.axes[i]] += factor[i]
    found |= dict.fromkeys(_terms(terms) for terms in rest.values())
    return tuple(terms for terms in found if terms)


def _terms(sums: dict[int, float]) -> Sum:
    return tuple((string, coefficient) for string, coefficient in sums.items() if string and abs(coefficient) > 1e-12)

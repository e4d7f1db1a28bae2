"""The generator groups of a case as integer vectors for the linear closure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from bplint.analyses.dla.linear import Closure, close
from bplint.ir.generators import Group

WORK = 1e5
"""Work spent on a closure by default: well below a second."""

_DENOMINATOR = 10_000
_TOLERANCE = 1e-12


def close_groups(
    groups: Sequence[Group], n_qubits: int, *, work: float = WORK, deadline: float | None = None
) -> Closure | None:
    """The algebra of sums of strings; None if the coefficients of some sum have no common measure.

    A generator's own scale does not matter, so coefficients are compared within each: ratios within 1e-12 of a fraction with
    a denominator up to 10,000 are taken for it.
    """
    vectors = [_integers(group) for group in groups]
    known = [vector for vector in vectors if vector is not None]
    return close(known, n_qubits, work=work, deadline=deadline) if len(known) == len(vectors) else None


def _integers(group: Group) -> dict[int, int] | None:
    largest = max(abs(coefficient) for _, coefficient in group.terms)
    ratios = [Fraction(coefficient / largest).limit_denominator(_DENOMINATOR) for _, coefficient in group.terms]
    if any(abs(float(r) - c / largest) > _TOLERANCE for r, (_, c) in zip(ratios, group.terms, strict=True)):
        return None
    scale = math.lcm(*(ratio.denominator for ratio in ratios))
    return {string: int(ratio * scale) for ratio, (string, _) in zip(ratios, group.terms, strict=True)}

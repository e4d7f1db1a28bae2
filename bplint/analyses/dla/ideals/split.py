"""The algebra of a circuit told apart into its ideals, where it is small."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from bplint.analyses.ask import Ask
from bplint.analyses.dla.result import Parts
from bplint.analyses.dla.untrained import fixed_between
from bplint.analyses.views import framed, generator_groups
from bplint.ir.context import Case

if TYPE_CHECKING:
    from bplint.analyses.dla.ideals.basis import Orthonormal
    from bplint.analyses.dla.ideals.roots import Ideals

LIMIT = 600
"""Dimensions of which the ideals are told apart: a few seconds."""

QUICK = 64
"""The same where time is short: some hundredths of a second."""


class Split(NamedTuple):
    """An algebra on an orthonormal basis, and its ideals there."""

    algebra: Orthonormal
    ideals: Ideals

    @property
    def parts(self) -> Parts:
        """The ideals by name, equal ones together."""
        counts = Counter((ideal.algebra, ideal.dimension) for ideal in self.ideals.simple)
        simple = tuple((name, dimension, copies) for (name, dimension), copies in counts.items())
        center = self.ideals.center.shape[1]
        return (*simple, ("u(1)", 1, center)) if center else simple


def split(case: Case, ask: Ask, dimension: int) -> Split | None:
    """The ideals of the algebra of the generator groups, which is known to have this dimension; None if they are not told."""
    from bplint.analyses.dla.closure.generators import operators
    from bplint.analyses.dla.ideals.basis import orthonormal  # here, for the runs that need no linear algebra
    from bplint.analyses.dla.ideals.roots import ideals

    turns = fixed_between(case, ask(framed))
    generators = None if turns is None else operators(ask(generator_groups).groups, case.circuit.n_qubits, turns)
    algebra = None if generators is None else orthonormal(generators, case.circuit.n_qubits, dimension)
    told_apart = ideals(algebra) if algebra else None
    return Split(algebra, told_apart) if algebra and told_apart else None

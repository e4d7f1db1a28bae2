"""What the algebra is made of, how the loss and the start lie in it, and the variance that follows for deep circuits.

A dynamical Lie algebra g is the direct sum of its centre and simple ideals g_j. If the loss O or the state ρ is in g (up
to the identity), deep circuits of g have, for H_j the part of H in g_j,

    Var ⟨O⟩ = Σ_j P_j(ρ) P_j(O) / dim g_j,    P_j(H) = Tr H_j²

(Ragone et al., arXiv:2309.09342, theorem 1, and Fontana et al., arXiv:2309.07902). What lies in the centre moves the mean alone.
This is the circuit without noise; where some is declared, the answer says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from bplint.analyses.ask import Ask, analysis
from bplint.analyses.dla.dla import dla
from bplint.analyses.dla.ideals.split import LIMIT, Split, split
from bplint.analyses.dla.result import Dla, Parts, sum_of
from bplint.analyses.dla.untrained import fixed_between, trained
from bplint.analyses.views import framed
from bplint.bounds import Status
from bplint.ir.context import Case
from bplint.number_format import integer, number

_LIMIT = "ever more layers of its generators bring the variance of the loss to"

_PROJECTOR = 12
"""Qubits of a projector whose strings are written out, at most."""

_INSIDE = 1e-9
"""What of an operator may be outside, beside its square, where it is taken to be in the algebra."""


class Part(NamedTuple):
    """A simple ideal, and the squares of the parts of loss and state in it.

    ``observable`` is Tr O_j²/2^n and ``state`` 2^n Tr ρ_j², so that their product is that of the purities.
    """

    algebra: str
    dimension: int
    observable: float
    state: float


class Structure(NamedTuple):
    """The ideals with what is in each; ``parts`` is None where only their names are known, see :attr:`Dla.parts`."""

    status: Status
    reason: str = ""
    names: Parts = ()
    parts: tuple[Part, ...] | None = None
    observable_inside: bool = False
    state_inside: bool = False
    variance: float | None = None
    """Of the loss of deep circuits; None where neither loss nor state is in the algebra, or rotations are not trained."""
    mean: float | None = None
    """Of the loss of deep circuits, from the centre and the identity; None where the variance is."""
    without_noise: bool = False
    """Whether noise is declared, which the variance leaves out."""

    def as_json(self) -> dict[str, object]:
        if self.status is not Status.EXACT:
            return {"status": self.status, "reason": self.reason}
        known = self.parts is not None
        return {
            "status": self.status,
            "components": [
                {"algebra": name, "dimension": integer(copies * dimension), "copies": integer(copies)}
                for name, dimension, copies in self.names
                if name != "u(1)"
            ],
            "center": sum(copies for name, _, copies in self.names if name == "u(1)"),
            "ideals": [part._asdict() for part in self.parts or ()] if known else None,
            "observable_inside": self.observable_inside if known else None,
            "state_inside": self.state_inside if known else None,
            "deep_variance": self.variance,
            **({"without_noise": True} if self.without_noise else {}),
            "method": "root-system" if known else "pauli-classification",
        }

    def sentences(self) -> Iterator[tuple[str, str]]:
        if not self.status.told:
            return
        names = f"{sum_of(self.names)} (exact)"
        if self.parts is None:
            yield "structure", names
            return
        here = (("loss", self.observable_inside), ("start", self.state_inside))
        inside = " and ".join(what for what, is_inside in here if is_inside) or "neither loss nor start"
        how = "exact, without the declared noise" if self.without_noise else "exact"
        deep = "" if self.variance is None else f": {_LIMIT} {number(self.variance)} ({how})"
        yield "structure", f"{names}, {inside} in it{deep}"


@analysis("structure", in_profile=True)
def structure(case: Case, ask: Ask) -> Structure:
    """The ideals of the algebra, and the deep limit that they give (the module's docstring has the theorem)."""
    algebra = ask(dla)
    if not algebra.upper:
        return Structure(Status.SKIPPED, "no trainable parameter was found")
    if algebra.status is not Status.EXACT:
        return Structure(Status.INCONCLUSIVE, f"the algebra is not known exactly: {algebra.reason}")
    if algebra.parts is None:
        return Structure(Status.INCONCLUSIVE, untold(algebra))
    inside = ask(split, dimension=algebra.upper) if algebra.upper <= LIMIT else None
    if inside is None or len(case.context.observable.projector) > _PROJECTOR:
        return Structure(Status.EXACT, names=algebra.parts)
    return _measured(case, ask, algebra, inside)


def untold(algebra: Dla) -> str:
    """Why the ideals of an algebra of known dimension are not."""
    if algebra.upper > LIMIT:
        return f"of algebras with more than {LIMIT:,} dimensions the ideals are not told apart; this one has {algebra.upper:,}"
    return "telling its ideals apart takes more work than is allowed, or more digits than floating point has"


def _measured(case: Case, ask: Ask, algebra: Dla, inside: Split) -> Structure:
    from bplint.analyses.gradients.operator_module.events import terms_of

    frame, n = ask(framed), case.circuit.n_qubits
    terms, constant = terms_of(frame, case.context.observable)
    loss, start = inside.algebra.coordinates(terms), inside.algebra.start(n)
    squares = [
        (float(sum((i.basis.T @ loss) ** 2)), float(sum((i.basis.T @ start) ** 2))) for i in inside.ideals.simple
    ]
    whole = math.fsum(c * c for c in terms.values())
    observable_inside = abs(whole - float(loss @ loss)) <= _INSIDE * whole
    # All 2^n - 1 strings of I and Z but the identity.
    state_inside = abs(math.log2(1 + float(start @ start)) - n) <= _INSIDE
    moving = all(trained(case, frame)) and not fixed_between(case, frame)
    applies = moving and (observable_inside or state_inside)
    simple = inside.ideals.simple
    turning = math.fsum(float((i.basis.T @ loss) @ (i.basis.T @ start)) for i in simple)
    return Structure(
        Status.EXACT,
        names=algebra.parts or (),
        parts=tuple(
            Part(i.algebra, i.dimension, _tidy(o), _tidy(s)) for i, (o, s) in zip(simple, squares, strict=True)
        ),
        observable_inside=observable_inside,
        state_inside=state_inside,
        variance=_tidy(math.fsum(o * s / i.dimension for i, (o, s) in zip(simple, squares, strict=True)))
        if applies
        else None,
        mean=constant + float(loss @ start) - turning if applies else None,
        without_noise=not case.context.noise.is_trivial,
    )


def _tidy(value: float) -> float:
    """Ten digits, and zero for what rounding leaves: the same on every machine."""
    return float(f"{value:.10g}") if value > 1e-12 else 0.0

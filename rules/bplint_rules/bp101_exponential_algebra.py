"""The rotations generate an algebra of exponential dimension.

## What it does

Classifies the dynamical Lie algebra (DLA) of the rotations, exactly at any width, and reports a component that the loss
touches and whose dimension grows like 4^k with k at least half the qubits. In a family it also reports growth that is
proved: a closed form with 4^n or 2^n that gives the dimension of that component exactly at every size.

## Why it matters

The algebra says where training can take the state. When it is everything (su(2^n)), a deep circuit behaves like a random
unitary and gradients shrink like 1/2^n: Ragone et al. and Fontana et al. prove that for the loss's variance in the deep
limit. A circuit that keeps a symmetry has a smaller algebra, and only free-fermion (matchgate-like) sets of Pauli strings
have a polynomial one.

## When it is fine

A shallow circuit is far from that limit: where every term of the loss sees less than half of the qubits, or the largest
signal is at least 100 times the noise of the shots, as for trees, bricks and few layers, this is a note that speaks of
depth. So it is where a small-angle start or amplitude damping is declared. BP301 measures the circuit you have; this rule
tells where more layers lead.

## Conditions

At least 6 qubits; k >= max(6, n/2); the dimension is exact or a lower bound. An exponential *upper* bound (tied or shared
parameters, as in QAOA) never fires; alone it leaves the rule undecided, unless it could only be a note or the loss is dead.
A family: exact dimensions of separate strings, different numbers of qubits, the largest at least 6, and two sizes more than
determine the form (four for 4^n - 1).

## References

Aguilar et al., arXiv:2408.00081 (classification). Ragone et al., arXiv:2309.09342, theorem 1, and Fontana et al.,
arXiv:2309.07902 (variance). Larocca et al., arXiv:2105.14377.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from bplint.analyses import Ask, dla, locality
from bplint.analyses.dla import Dla, components_seen, is_exponential
from bplint.analyses.dla.pauli.classify import Component
from bplint.analyses.gradients.margin import HEALTHY, leaves_little, margin
from bplint.bounds import Status
from bplint.finding import Hit, Kind, Severity
from bplint.ir.circuit import Role
from bplint.ir.context import Case
from bplint.number_format import number, whole
from bplint.repairs import symmetry_priors
from bplint.rule import Example, Undecided, rule

if TYPE_CHECKING:
    from bplint.analyses.family import AskOf, Family


def growth(family: Family, ask: AskOf) -> Iterator[Hit]:
    """The check of a family."""
    from bplint.analyses.closed_form import closed_form  # for families alone, as above

    last = family.members[-1]
    if last.case.circuit.n_declared < 6:
        return
    if any(ask(dla, of=member).status is not Status.EXACT for member in family.members):
        raise Undecided("the dimension of the algebra is not known at every size")
    seen = {member.case.circuit.n_declared: _largest(member.case, ask.about(member)) for member in family.members}
    dimensions = {n: c.dimension // c.copies for n, c in seen.items() if c}
    forms = closed_form(dimensions)
    if len(dimensions) < len(family.members) or forms is None or any(form.is_polynomial for form in forms):
        return  # a size with sums of strings or that the loss does not see, no family in n, or no exponential growth
    limits = _limits(last.case, ask.about(last))
    yield Hit(
        f"The rotations generate an algebra that grows exponentially with the qubits: what the loss sees of it has dimension "
        f"{', '.join(map(str, forms))}.",
        proof=f"exact (Pauli classification) on {family.sizes}, all of which the form fits",
        help=(_help(last.case, limits),),
        severity=Severity.NOTE if limits.aside else None,
        evidence={
            "form": [str(form) for form in forms],
            "qubits": list(dimensions),
            "log2_dimensions": [math.log2(dimension) for dimension in dimensions.values()],
        },
        structure="growth",
        brief=f"the algebra grows as {', '.join(map(str, forms))}",
    )


def _largest(case: Case, ask: Ask) -> Component | None:
    """The largest component that the loss sees, where the strings are the generators; None where it sees none."""
    algebra = ask(dla)
    touched = components_seen(case, ask, algebra.algebra) if algebra.separate else ()
    return max(touched, key=lambda c: c.dimension // c.copies, default=None)


@rule(
    "BP101",
    "exponential-algebra",
    Severity.WARNING,
    kind=Kind.EXACT,
    since="0.1",
    family=growth,
    repairs=(symmetry_priors,),
    explains=("BP301", "BP303"),
)
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    n = case.circuit.n_qubits
    if case.circuit.n_declared < 6:
        return  # nothing is exponential at one small size
    algebra = ask(dla)
    touched = components_seen(case, ask, algebra.surely)
    largest = max((c for c in touched if is_exponential(c)), key=lambda c: c.pairs, default=None)
    if largest is None or largest.pairs < max(6, n / 2):
        if algebra.status is not Status.EXACT:
            minor = _limits(case, ask).aside or leaves_little(case, ask)
            raise Undecided("the dimension of its algebra is not known", minor=minor)
        return  # free fermions, small blocks, or blocks that the loss does not see
    limits = _limits(case, ask)
    yield Hit(
        f"The rotations generate {_algebra(algebra, largest)}; {_consequence(case, limits)}.",
        proof=_proof(algebra),
        help=(_help(case, limits),),
        severity=Severity.NOTE if limits.aside else None,
        span=case.circuit.span(_first_trained(case)),
        evidence={
            "algebra": largest.algebra,
            "log2_dimension": math.log2(algebra.surely.dimension),
            "pairs": largest.pairs,
            "light_cone": limits.seen,
        },
        structure=largest.algebra,
        brief=f"the rotations generate {_everything(n) if algebra.surely.is_full else largest.algebra}",
    )


def _first_trained(case: Case) -> int:
    """The first operation that a trainable parameter turns; fixed gates generate nothing."""
    parameters = case.circuit.parameters
    trained = (
        operation.number
        for operation in case.circuit.operations
        if any(parameters[p].role is Role.TRAINABLE for p, _ in operation.terms)
    )
    return next(trained)


class _Limits(NamedTuple):
    """How far the case is from the limit that the theorem is about.

    ``seen`` are the qubits of the widest light cone, ``shallow`` says that they are few, ``margin`` is the signal in units
    of the noise, ``elsewhere`` that the theorem is about another start or noise.
    """

    seen: int
    shallow: bool
    margin: float
    elsewhere: bool

    @property
    def healthy(self) -> bool:
        return self.margin >= HEALTHY

    @property
    def aside(self) -> bool:
        """Whether the declared circuit is no cause for a warning."""
        return self.shallow or self.elsewhere or self.healthy


def _limits(case: Case, ask: Ask) -> _Limits:
    n, context = case.circuit.n_qubits, case.context
    seen = max((term.light_cone for term in ask(locality).terms), default=n)
    elsewhere = not context.init.is_uniform or not context.noise.is_unital
    return _Limits(seen, seen < n / 2, margin(case, ask), elsewhere)


def _consequence(case: Case, limits: _Limits) -> str:
    """What the algebra means for this circuit, said in one breath with it: by itself it is no more than a name."""
    n, context = case.circuit.n_qubits, case.context
    if limits.shallow:
        return (
            f"the loss sees at most {limits.seen:,} of {n:,} qubits, so this depth is far from the plateau it leads to"
        )
    if not context.init.is_uniform:
        return f"from random angles its gradients would shrink, and the declared start, {context.init}, is not that"
    if not context.noise.is_unital:
        return "what that means for gradients under noise that is not unital is not known"
    more = "and ever more layers would shrink it to that of a random circuit"
    if limits.healthy:
        return f"at this depth the largest signal is still at least {number(limits.margin)} times the noise, {more}"
    if limits.margin >= 2:
        return f"at this depth the largest signal is {number(limits.margin)} times the noise or more, {more}"
    return "with enough layers its gradients shrink as fast as those of a random circuit"


def _help(case: Case, limits: _Limits) -> str:
    if not case.context.init.is_uniform and limits.healthy:
        return "nothing to mend at this start; what becomes of it once training leaves it:  --init uniform"
    if limits.healthy or limits.shallow:
        return "nothing to mend at this depth; lint again when you add layers"
    start = ", or start near the identity" if case.context.init.is_uniform else ""
    return f"keep a symmetry that the loss has{' or' if not start else ','} use fewer layers{start}"


def _algebra(algebra: Dla, largest: Component) -> str:
    """The whole algebra by its name, or by its dimension and its ``largest`` part where it has several."""
    copies = f"{largest.copies:,} copies of " if 1 < largest.copies < 1000 else ""
    dimension = f"{'' if algebra.separate else 'at least '}{whole(algebra.surely.dimension)}"
    if len(algebra.surely.components) > 1:
        return f"an algebra of dimension {dimension}, {copies}{largest.algebra} at its largest"
    full = f": {_everything(algebra.surely.n_qubits)}" if algebra.surely.is_full else ""
    return f"{copies}{largest.algebra}, dimension {dimension}{full}"


def _everything(n: int) -> str:
    return f"everything that {n:,} qubits can do"


def _proof(algebra: Dla) -> str:
    if not algebra.separate:
        return f"lower bound (Pauli classification of the generators that stand alone){algebra.reason and f': {algebra.reason}'}"
    if algebra.repeat is None:
        return "exact (Pauli classification)"
    if algebra.repeat.dimension == algebra.algebra.dimension:
        return "exact (Pauli classification); repeating the circuit does not enlarge it"
    return f"exact (Pauli classification); repeating the circuit enlarges it to {whole(algebra.repeat.dimension)}"


_HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
BAD = (
    Example(
        "RY, RZ and CZ on a path of 6, four layers, 300 shots: everything",
        _HEAD
        + "// bplint: observable = Z0\n// bplint: shots = 300\n"
        + "input array[float[64], 24] a;\ninput array[float[64], 24] b;\nqubit[6] q;\n"
        + "".join(
            "".join(f"ry(a[{6 * layer + i}]) q[{i}];\nrz(b[{6 * layer + i}]) q[{i}];\n" for i in range(6))
            + "".join(f"cz q[{i}], q[{i + 1}];\n" for i in range(5))
            for layer in range(4)
        ),
    ),
)
GOOD = (
    Example(
        "untied transverse-field Ising path: free fermions, so(12)",
        _HEAD
        + "// bplint: observable = Z0 Z1\ninput array[float[64], 6] a;\ninput array[float[64], 5] b;\nqubit[6] q;\n"
        + "".join(f"rx(a[{i}]) q[{i}];\n" for i in range(6))
        + "".join(f"cx q[{i}], q[{i + 1}];\nrz(b[{i}]) q[{i + 1}];\ncx q[{i}], q[{i + 1}];\n" for i in range(5)),
    ),
)

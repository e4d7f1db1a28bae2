"""The algebra is small, but what the rotations make of the loss is exponentially large.

## What it does

Counts, exactly at any width, the Pauli strings that each term of the loss becomes when the rotations act again and again
(its orbit, a basis of its module). Reports a loss whose weight lies mostly on terms with exponentially large orbits
although the dynamical Lie algebra (DLA) they meet is of the small kind, free fermions.

## Why it matters

A small algebra is no promise by itself. In the deep limit the variance of a term is the share of Z-type strings in its
orbit, whether or not the term lies in the algebra. Under matchgates a product of k Majorana modes becomes all C(2n, k)
of them: polynomially many for Z0 Z1 (k = 4), exponentially many for a string over half of the qubits. In the Ising ring
X0 and Z0 Z1 are fine, while Z0, which does not keep the ring's parity, becomes about 4^n strings.

## When it is fine

A shallow circuit is far from that limit: where every term of the loss sees less than half of the qubits, or the largest
signal is at least 100 times the noise of the shots, this is a note, as under noise that is not unital; where tied
rotations leave the rule undecided, that does not count then. A small-angle start
trains as well. BP301 measures the circuit you have.

## Conditions

At least 6 qubits; independent Pauli rotations (the dimension of the algebra is exact). A term counts as large where every
component that it meets is free fermions with at most n copies, its orbit has a Z-type string (else it is dead: BP104), and
its degree is at least max(6, n/2): k or the number of modes minus k, summed over components, and about the number of
modes where the term does not keep a parity of the axes. Such terms carry more than half of the loss's squared
coefficients. Degree 4, as of neighbouring ZZ, never fires. Projectors are left to BP201.
About the circuit without noise, which Pauli noise only makes worse; under amplitude damping this is a note.

## References

Diaz et al., arXiv:2310.11505 (modules, free fermions). Ragone et al., arXiv:2309.09342, theorem 1 (terms in the algebra).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bplint.analyses import Ask, dla, framed, locality
from bplint.analyses.deep_limit.deep_limit import deeper, orbits
from bplint.analyses.gradients.margin import HEALTHY, leaves_little, margin
from bplint.bounds import Status
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.ir.frame import Frame
from bplint.number_format import number, whole
from bplint.rule import Example, Undecided, rule

if TYPE_CHECKING:
    from bplint.analyses.deep_limit.orbits import Orbits


@rule("BP102", "large-module", Severity.WARNING, kind=Kind.EXACT, since="0.1", explains=("BP301",))
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    if not case.context.loss.of_rows:
        return  # the loss is no function of an observable
    n = case.circuit.n_qubits
    if n < 6 or not case.context.observable.terms:
        return  # nothing is exponential at one small size
    algebra = ask(dla)
    if not algebra.algebra.axes:
        return  # nothing turns
    cone = max((term.light_cone for term in ask(locality).terms), default=n)
    shallow, noise = cone < n / 2, case.context.noise
    if not algebra.separate:  # separate strings would overrate what a sum makes of them
        minor = shallow or not noise.is_unital or leaves_little(case, ask)
        raise Undecided("what becomes of the loss under tied rotations is not counted", minor=minor)
    if not any(component.free_fermion for component in algebra.algebra.components):
        return  # BP101's business
    answer = ask(orbits)
    large = list(_large(case, ask(framed), answer))
    share = math.fsum(coefficient**2 for _, coefficient in large) / case.context.observable.scale
    if share <= 0.5:
        return  # most of the loss stays in small modules, is dead, or meets a large algebra: BP101
    size, degree = (max(map(measure, (string for string, _ in large))) for measure in (answer.size, answer.degree))
    which = "The loss" if share == 1 else f"Most of the loss ({100 * share:.0f} % of its squared coefficients)"
    message = (
        f"{which} spreads over {whole(size)} Pauli strings, although the rotations generate an algebra of dimension "
        f"{whole(algebra.algebra.dimension)} only."
    )
    healthy = (above := margin(case, ask)) >= HEALTHY
    if shallow:
        message += f" It sees at most {cone:,} of {n:,} qubits, so this depth is far from the plateau it leads to."
    elif not noise.is_unital:
        message += " What that means for gradients under noise that is not unital is not known."
    elif healthy:
        message += f" At this depth the largest signal is still at least {number(above)} times the noise; more layers shrink it."
    else:
        whose = "its gradients" if share == 1 else "the gradients of that part"
        message += f" With enough layers {whose} shrink as if the algebra were exponential."
    deep = ask(deeper) if noise.is_trivial else None
    limit = f"; deep limit of the variance {number(deep.variance)}" if deep and deep.status is Status.EXACT else ""
    yield Hit(
        message,
        proof=f"exact (orbit under the Pauli axes, degree {degree:,}){limit}",
        help=(
            "nothing to mend at this depth; lint again when you add layers"
            if shallow or healthy
            else "measure terms that stay products of few Majorana modes, or use fewer layers",
        ),
        severity=Severity.NOTE if shallow or healthy or not noise.is_unital else None,
        span=case.context.observable_span,
        evidence={"log2_orbit": math.log2(size), "degree": degree, "share": share, "light_cone": cone},
        structure=f"degree {degree}",
        brief=f"the loss spreads over {whole(size)} Pauli strings",
    )


def _large(case: Case, frame: Frame, answer: Orbits) -> Iterator[tuple[int, float]]:
    """The terms with large orbits, pulled to the start."""
    n = case.circuit.n_qubits
    for string, coefficient in case.context.observable.terms:
        pulled = frame.pull(string)[0]
        met = answer.algebra.component_touching(pulled)
        if any(not component.free_fermion or component.copies > n for component in met):
            continue
        if answer.degree(pulled) >= max(6, n / 2) and answer.of(pulled).z_type != 0:
            yield pulled, coefficient


_HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'


def _ising_ring(observable: str) -> str:
    """Four layers of RX and of RZZ on a ring of 6, all angles apart."""
    text = f"{_HEAD}// bplint: observable = {observable}\ninput array[float[64], 48] a;\nqubit[6] q;\n"
    for layer in range(0, 48, 12):
        text += "".join(f"rx(a[{layer + i}]) q[{i}];\n" for i in range(6))
        for i, j in ((i, (i + 1) % 6) for i in range(6)):
            text += f"cx q[{i}], q[{j}];\nrz(a[{layer + 6 + i}]) q[{j}];\ncx q[{i}], q[{j}];\n"
    return text


BAD = (
    Example("Z0 does not keep the parity of the Ising ring, whose algebra is small", _ising_ring("Z0")),
    Example(
        "RX on every qubit and the product of all Z: 64 strings from an algebra of dimension 6",
        _HEAD
        + "// bplint: observable = Z0 Z1 Z2 Z3 Z4 Z5\ninput array[float[64], 6] a;\nqubit[6] q;\n"
        + "".join(f"rx(a[{i}]) q[{i}];\n" for i in range(6)),
    ),
)
GOOD = (
    Example("the same ring with Z0 Z1, a product of 2 of 12 Majorana modes", _ising_ring("Z0 Z1")),
    Example(
        "an exponential algebra is BP101's business",
        _HEAD
        + "// bplint: observable = Z0 Z1 Z2 Z3 Z4 Z5\ninput array[float[64], 17] a;\nqubit[6] q;\n"
        + "".join(f"rx(a[{i}]) q[{i}];\nrz(a[{6 + i}]) q[{i}];\n" for i in range(6))
        + "".join(f"cx q[{i}], q[{i + 1}];\nrz(a[{12 + i}]) q[{i + 1}];\ncx q[{i}], q[{i + 1}];\n" for i in range(5)),
    ),
)

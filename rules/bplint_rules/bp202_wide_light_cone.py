"""Every term of the loss can see the whole register.

## What it does

Follows each term of the loss backwards through the circuit and counts the qubits to which it can have spread at the start:
its light cone. Fires when that is every qubit, for every term that the rotations move.

## Why it matters

A local loss is safe in a shallow circuit because each term sees few qubits, however many there are: its gradient depends on
those alone. Once every cone is the whole register nothing of that protection is left, and whether there are gradients is up to
the algebra and the depth (BP101, BP301).

## When it is fine

When something else protects the gradients: a small algebra, symmetric (tied) parameters as in QAOA on dense graphs, a start
near the identity. Trees such as a QCNN spread over all qubits with log(n) layers and have no plateau. So nothing is said
where the largest signal is at least 100 times the noise of the shots.

## Conditions

At least 8 qubits: below, log2(n) layers of bricks already reach everything, and a wide cone says nothing. Something that the
loss sees is trained. The cone is an upper bound that knows what commutes: the term *can* have spread so far, a cancellation may
keep it narrower. Silent where most of the weight (coefficients squared) is global before it spreads, on half of the qubits
or more where the first rotation meets it, or a projector as wide (BP201), and where all that the loss touches in the algebra
is free fermions.

## References

Cerezo et al., arXiv:2001.00550 (theorem 2: local losses and shallow circuits). Pesah et al., arXiv:2011.02966 (trees).
"""

from __future__ import annotations

from collections.abc import Iterator

from bplint.analyses import Ask, dla, locality
from bplint.analyses.dla import components_seen, is_exponential
from bplint.analyses.gradients.margin import is_settled
from bplint.analyses.light_cone.locality import is_wide
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.number_format import plural
from bplint.rule import Example, rule


@rule("BP202", "wide-light-cone", Severity.NOTE, kind=Kind.EXACT, since="0.1")
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    if not case.context.loss.of_rows:
        return  # the loss is no function of an observable
    n = case.circuit.n_qubits
    if case.circuit.n_declared < 8:
        return  # a few layers reach everything
    moved = [term for term in ask(locality).terms if term.first_met is not None]
    if not moved or any(term.light_cone < n for term in moved):
        return  # some term sees less
    local = [term for term in moved if not is_wide(term.first_met or 0, n)]
    weight, total = (sum(term.coefficient**2 for term in terms) for terms in (local, moved))
    if 2 * weight < total or is_wide(len(case.context.observable.projector), n):
        return  # global before it spreads: BP201
    if not any(is_exponential(c) for c in components_seen(case, ask, ask(dla).algebra)):
        return  # nothing is trained, or free fermions
    if is_settled(case, ask):
        return  # something else protects the gradient, or the loss is dead: BP104
    widest = max(term.first_met or 0 for term in local)
    terms = "The term of the loss" if len(moved) == 1 else f"Each of the {len(moved):,} terms of the loss"
    yield Hit(
        f"{terms} can have spread over all {n:,} qubits at the start of the circuit: that the loss is local where the first "
        f"rotation meets it, on {plural(widest, 'qubit')}, does not protect its gradient.",
        proof=f"exact: what {plural(len(moved), 'term')} can reach through gates that do not commute, {n:,} of {n:,} qubits each",
        help=("fewer layers, or entanglers between fewer pairs, keep the cones narrow",),
        span=case.context.observable_span,
        evidence={"light_cone": n, "first_met": widest, "terms": len(moved), "n_qubits": n},
        structure="wide light cone",
        brief=f"the loss can spread over all {n:,} qubits",
    )


_HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: observable = mean(Z)\n'


def _bricks(layers: int) -> str:
    count = 16 * layers + 8
    lines, k = "", 0
    for layer in range(layers + 1):
        for name in ("ry", "rz") if layer < layers else ("ry",):
            for i in range(8):
                lines += f"{name}(a[{k}]) q[{i}];\n"
                k += 1
        if layer < layers:
            lines += "".join(f"cx q[{i}], q[{i + 1}];\n" for start in (0, 1) for i in range(start, 7, 2))
    return _HEAD + f"input array[float[64], {count}] a;\nqubit[8] q;\n" + lines


BAD = (Example("eight layers of bricks on 8 qubits, 1,000 shots", _bricks(8) + "// bplint: shots = 1000\n"),)
GOOD = (
    Example("one layer: no term sees all of them", _bricks(1)),
    Example(
        "free fermions: a matchgate circuit, however deep",
        _HEAD
        + "input array[float[64], 120] a;\nqubit[8] q;\n"
        + "".join(
            "".join(f"rz(a[{15 * layer + i}]) q[{i}];\n" for i in range(8))
            + "".join(f"rxx(a[{15 * layer + 8 + i}]) q[{i}], q[{i + 1}];\n" for i in range(7))
            for layer in range(8)
        ),
    ),
)

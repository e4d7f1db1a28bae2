"""The loss is global where the circuit first meets it.

## What it does

Pulls each term of the loss back to the first rotation that anticommutes with it and counts the qubits it acts on there.
Fires when terms on at least half of the qubits, and on more than four, carry most of the weight, or for a projector on
as many. Says whether the loss is so as it is declared, or what stands behind the last rotations makes it so.

## Why it matters

For a loss that asks about all qubits at once, such as the fidelity with |0…0>, gradients vanish exponentially at any depth,
even for a product of single-qubit rotations: (1/8)(3/8)^(n-1) there. A local loss with the same optimum, (1/n)Σ of
one-qubit terms, keeps them polynomial in shallow circuits.

## When it is fine

Small circuits, and losses that look global but are not: a CX ladder before the measurement turns Z⊗…⊗Z into one Z. That
is why the weight is taken where the first rotation meets the term. A ladder around one rotation, as in UCC and HVA circuits,
makes a term wide in passing only: it counts where rotations turn as many of its qubits at once. Terms on at most four
qubits are local at any width, as a product of k letters costs at most a factor 2^-k: neighbouring letters behind a layer of
CZ gates along a line are on four.

## Conditions

At least 6 qubits, and a loss that moves (else BP104). The weight counts coefficients squared. Terms that a fixed
non-Clifford rotation meets first count by their weight there. Option `share` (0.5): the part of the weight above which it fires.

## References

Cerezo et al., arXiv:2001.00550 (theorem 1, and the warm-up example for the product circuit).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bplint.analyses import Ask, framed, locality, reach
from bplint.analyses.gradients.parity import parity
from bplint.analyses.light_cone.alive import passage
from bplint.analyses.light_cone.locality import Term, is_wide
from bplint.analyses.light_cone.turned import turned_together
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.ir.observable import Observable
from bplint.ir.pauli import to_sparse
from bplint.repairs import local_loss, one_by_one
from bplint.rule import Example, rule

_TEXT = 60
"""Letters of a loss that is written out."""


@rule(
    "BP201",
    "global-observable",
    Severity.WARNING,
    kind=Kind.EXACT,
    since="0.1",
    repairs=(local_loss,),
    explains=("BP301",),
)
def check(case: Case, ask: Ask, *, share: float = 0.5) -> Iterator[Hit]:
    if not case.context.loss.of_rows:
        return  # the loss is no function of an observable
    n, observable = case.circuit.n_qubits, case.context.observable
    if case.circuit.n_declared < 6:
        return  # too small to speak of growth
    terms = ask(locality).terms
    if not ask(reach).live or not any(term.first_met for term in terms) or ask(parity).constant is not None:
        return  # nothing moves it: BP104
    span = case.context.observable_span
    if observable.projector:
        size = len(observable.projector)
        if is_wide(size, n):
            yield Hit(
                f"The loss is the projector on {size:,} of {n:,} qubits: it asks whether all of them are right at once, "
                "and almost no random start gives it a signal.",
                proof=f"exact: support {size:,} qubits",
                help=(f"use the local loss with the same optimum{_near(observable)}",),
                span=span,
                evidence={"weight": size, "n_qubits": n},
                structure=f"projector {size}",
                brief=f"the loss is on {size:,} of {n:,} qubits",
            )
        return
    wide = _wide(case, ask, terms)
    total = sum(term.coefficient**2 for term in terms)
    weight = sum(term.coefficient**2 for term in wide) / total
    if not wide or weight <= share:
        return  # local, or most of the weight is
    widest = max(wide, key=lambda term: term.first_met or 0)
    name = to_sparse(widest.string, n)
    assumed = case.context.observable_source == "assumed"
    yield Hit(
        f"The {'assumed ' * assumed}loss is global{_cause(widest, n)}: {_short(name)} acts on {widest.first_met:,} of {n:,} "
        "qubits where the first rotation meets it.",
        proof=f"exact: {len(wide):,} of {len(terms):,} terms act on half of the qubits or more, {100 * weight:.0f} % of the weight",
        help=(_help(widest, n, assumed=assumed),),
        wants_loss=assumed,
        span=span,
        evidence={"weight": widest.first_met, "declared": widest.declared, "share": weight, "n_qubits": n},
        structure=name,
        brief=f"the loss acts on {widest.first_met:,} of {n:,} qubits where it is first met",
    )


def _wide(case: Case, ask: Ask, terms: Sequence[Term]) -> list[Term]:
    """The terms that are wide where first met; one that is narrow as declared only if it is turned as a whole there."""
    n = case.circuit.n_qubits
    wide = [term for term in terms if is_wide(term.first_met or 0, n)]
    spread = [term for term in wide if not is_wide(term.declared, n)]
    if not spread:
        return wide
    strings = [term.string for term in spread]
    turned = turned_together(case.circuit, ask(passage), ask(framed).operations, strings)
    in_passing = {term.string for term, count in zip(spread, turned, strict=True) if not is_wide(count, n)}
    return [term for term in wide if term.string not in in_passing]


def _cause(widest: Term, n: int) -> str:
    return "" if is_wide(widest.declared, n) else ", though it is not declared so"


def _help(widest: Term, n: int, *, assumed: bool) -> str:
    if assumed:
        return "declare the loss that you train, for instance:  // bplint: observable = Z0 Z1"
    if is_wide(widest.declared, n):
        return "where the task allows, train a sum of one- and two-qubit terms: another loss, with another optimum"
    return "leave out, or reorder, the fixed gates between the last rotations and the measurement: they alone spread it"


def _near(observable: Observable) -> str:
    text = one_by_one(observable).text
    return (
        f":  // bplint: observable = {text}" if len(text) <= _TEXT else ", the mean of Z on the qubits of the projector"
    )


def _short(name: str) -> str:
    factors = name.split()
    return name if len(factors) <= 6 else f"{' '.join(factors[:3])} … {factors[-1]}"


_HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
_PRODUCT = "input array[float[64], 8] a;\nqubit[8] q;\n" + "".join(f"ry(a[{i}]) q[{i}];\n" for i in range(8))
BAD = (
    Example("Z on all of 8 qubits", _HEAD + "// bplint: observable = ZZZZZZZZ\n" + _PRODUCT),
    Example("fidelity with |0…0>", _HEAD + "// bplint: observable = projector(0..n-1)\n" + _PRODUCT),
)
GOOD = (
    Example("the local loss with the same optimum", _HEAD + "// bplint: observable = mean(Z)\n" + _PRODUCT),
    Example(
        "global as declared, one Z where it is first met",
        _HEAD
        + "// bplint: observable = ZZZZZZZZ\n"
        + _PRODUCT
        + "".join(f"cx q[{i}], q[{i + 1}];\n" for i in range(6, -1, -1)),
    ),
)

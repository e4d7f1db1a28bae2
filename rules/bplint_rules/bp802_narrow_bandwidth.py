"""The discrepancy to the target compares whole bit strings, and its gradient is below the noise.

## What it does

Where the loss is a maximum mean discrepancy with the kernel exp(-d/2σ), d the Hamming distance, bounds E[(∂L)²] of every
parameter and fires if the largest is surely below the noise of the shots. It suggests σ = n/4, with what that changes.

## Why it matters

The kernel is a sum over Z-strings of p n qubits on average, p = (1 - e^{-1/2σ})/2. With a constant σ these are a constant share
of all qubits, a global loss: its gradient vanishes exponentially. With σ in proportion to n they act on a few qubits, and the
gradient falls as a power of n.

## When it is fine

When the width is annealed from wide to narrow, and this is the end of it.

## Conditions

At least 6 qubits, trained angles, no noise, no data. Exact where the states of the parts that no gate joins are few, else between
bounds that are certain but for a chance of one in a million. A wide kernel is blind to correlations of many qubits: what it finds
small need not be.

## References

Rudolph et al., arXiv:2305.02881 (trainability barriers of generative losses; low-bodied discrepancies).
"""

from __future__ import annotations

from collections.abc import Iterator

from bplint.analyses import Ask, mmd
from bplint.bounds import Status
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.ir.loss_function import LossKind
from bplint.number_format import number
from bplint.repairs import wider_discrepancy
from bplint.rule import Example, Undecided, rule

QUBITS = 6
"""On fewer, all strings are seen."""


@rule("BP802", "narrow-bandwidth", Severity.WARNING, kind=Kind.ESTIMATE, since="0.2", repairs=(wider_discrepancy,))
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    n, loss, shots = case.circuit.n_qubits, case.context.loss, case.context.shots
    if loss.kind is not LossKind.MMD or n < QUBITS:
        return
    discrepancy = ask(mmd)
    if discrepancy.status is Status.SKIPPED:
        return  # no target, nothing trained
    if not discrepancy.status.told:
        raise Undecided(discrepancy.reason)
    low, high = discrepancy.signal_ends
    if low >= 1 / shots:
        return  # it shows
    if high >= 1 / shots:
        raise Undecided(f"the largest signal is between {number(low)} and {number(high)}")
    body = n * discrepancy.share
    yield Hit(
        f"With σ = {loss.value:g} the kernel compares {number(body)} of {n:,} qubits at a time: the largest signal of the "
        f"discrepancy is {'' if low == high else 'below '}{number(high)}, less than the noise of {shots:,} shots.",
        proof=f"{discrepancy.method}: {discrepancy.status}"
        + (f", with certainty 1 - {number(discrepancy.level)}" if discrepancy.level else ""),
        help=("anneal it: begin wide, and narrow it as the discrepancy falls",) if loss.value >= n / 4 else (),
        evidence={"signal_lower": low, "signal_upper": high, "sigma": loss.value, "body": body, "threshold": 1 / shots},
        structure=str(loss),
        brief=f"with σ = {loss.value:g} the kernel compares too many qubits at a time",
    )


def _product(n: int, loss: str) -> str:
    return (
        f'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: loss = {loss}\n// bplint: target = {"0" * n}\n'
        f"input array[float, {n}] t;\nqubit[{n}] q;\n" + "".join(f"ry(t[{q}]) q[{q}];\n" for q in range(n))
    )


BAD = (Example("64 qubits with a kernel of width 1", _product(64, "mmd:1")),)
GOOD = (
    Example("the same with a width of n/4", _product(64, "mmd:16")),
    Example("eight qubits", _product(8, "mmd:1")),
)

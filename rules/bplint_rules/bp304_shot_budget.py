"""The gradient is there, but the declared shots hardly show it.

## What it does

Tells how many shots per gradient component a signal-to-noise ratio of one takes, where the largest component is above the
noise of the declared shots, yet by less than `factor` (option, 10): 1/shots < S < factor/shots, S = E[(∂C)²]/(R² N(O)).

## Why it matters

With `shots` shots a component carries noise of about R² N(O)/shots: at S·shots = 1 its sign is hardly better than a guess. The
largest component is the best case; the median one, which the message names too, is what most steps are made of.

## When it is fine

When the optimiser averages over many steps.

## Conditions

The declared angle law, noise and observable. A signal below the noise is BP301, far above it there is nothing to say.

## References

The variance of a mean of N shots is N(O)/N. The path chain that measures S: arXiv:2309.12681.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from bplint.analyses import Ask, gradient, reach
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.number_format import number
from bplint.rule import Example, Undecided, rule


@rule("BP304", "shot-budget", Severity.NOTE, kind=Kind.ESTIMATE, since="0.1")
def check(case: Case, ask: Ask, *, factor: float = 10.0) -> Iterator[Hit]:
    if not case.context.loss.of_rows:
        return  # the loss is no function of an observable
    if not ask(reach).live:
        return  # nothing is trained, or the loss is dead: BP104
    measured = ask(gradient)
    shots = case.context.shots
    if not measured.components or measured.lower <= 1 / shots:
        if why := measured.unsettled(1 / shots):
            raise Undecided(why)
        return  # invisible: BP301
    if measured.signal >= factor / shots:
        return  # far above the noise
    largest = measured.signal
    live = sorted(c.signal for c in measured.components if not c.dead)
    median = live[len(live) // 2]
    rest = f", and about {number(1 / median)} for the median one" if median > 1e-300 else ""
    yield Hit(
        f"A signal-to-noise ratio of one takes about {number(1 / largest)} shots for the largest gradient component{rest}; "
        f"{shots:,} are declared.",
        proof=f"{measured.method}: largest signal {number(largest)}, median {number(median)}",
        help=(f"for a clear signal:  --shots {_round(factor / largest)}",),
        evidence={"signal_max": largest, "signal_median": median, "shots": shots},
        structure=case.context.observable.text,
        brief=f"the largest component takes about {number(1 / largest)} shots",
    )


def _round(shots: float) -> int:
    """A number to ask for: up to two significant digits, since what it rests on is no better known."""
    unit = int(10 ** max(math.ceil(math.log10(shots)) - 2, 0))
    return math.ceil(shots / unit) * unit


def _parity(n: int, shots: int) -> str:
    return (
        'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
        f"// bplint: observable = {'Z' * n}\n// bplint: shots = {shots}\n"
        f"input array[float, {n}] t;\nqubit[{n}] q;\n" + "".join(f"ry(t[{q}]) q[{q}];\n" for q in range(n))
    )


BAD = (Example("a parity of 6 qubits, 2^-6, with 200 shots", _parity(6, 200)),)
GOOD = (
    Example("with 10,000 shots", _parity(6, 10_000)),
    Example("with 20 shots nothing shows at all: BP301", _parity(6, 20)),
)

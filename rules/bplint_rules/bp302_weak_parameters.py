"""Most parameters have gradients below the noise of the shots, though the largest does not.

## What it does

Fires when the largest gradient component is surely above the noise of the shots, and more than half of the parameters that
can matter surely are below it: S = E[(∂C)²]/(R² N(O)) < 1/shots for each of them, with certainty 1 - 1e-6 for all together.

## Why it matters

The loss moves, so training seems to work; but most of its parameters take steps that are noise. Shots and parameters are
spent on directions that cannot be seen.

## When it is fine

When the parameters that do show are the ones you need, or the optimiser measures the others with more shots.

## Conditions

The declared angle law, noise, observable and shots, as for BP301. Parameters that cannot matter at all are BP203.

## References

Single directions may vanish while the loss does not: arXiv:2603.18479. The path chain: arXiv:2309.12681.
"""

from __future__ import annotations

from collections.abc import Iterator

from bplint.analyses import Ask, gradient, reach
from bplint.analyses.gradients.engines import weak
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.number_format import number, plural
from bplint.rule import Example, Undecided, rule


@rule("BP302", "weak-parameters", Severity.WARNING, kind=Kind.ESTIMATE, since="0.1")
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    if not case.context.loss.of_rows:
        return  # the loss is no function of an observable
    if not ask(reach).live:
        return  # nothing is trained, or the loss is dead: BP104
    measured = ask(gradient)
    shots = case.context.shots
    if measured.lower <= 1 / shots:
        if why := measured.unsettled(1 / shots):
            raise Undecided(why)
        return  # invisible as a whole: BP301
    answer = ask(weak)
    if answer is None:
        raise Undecided("how many parameters show is not known")
    if 2 * answer.number <= answer.live:
        return  # most are visible, or not surely invisible
    weakest = min((c for c in measured.components if not c.dead), key=lambda c: c.signal)
    sure = f"with certainty 1 - {number(answer.level)}, {plural(answer.samples, 'path')}" if answer.samples else "exact"
    yield Hit(
        f"{answer.number:,} of {plural(answer.live, 'parameter')} have gradients below the noise of {shots:,} shots, "
        f"{number(1 / shots)}; the largest signal, {number(measured.signal)}, is above it.",
        proof=f"{measured.method}: {sure}",
        help=("measure these with more shots, or drop the layers that the loss hardly sees",),
        span=case.circuit.span(weakest.operation),
        evidence={
            "weak": answer.number,
            "live": answer.live,
            "signal_max": measured.signal,
            "threshold": 1 / shots,
            "level": answer.level,
            "samples": answer.samples,
        },
        structure=case.context.observable.text,
        brief=f"{answer.number:,} of {plural(answer.live, 'parameter')} are below the noise",
    )


def _skewed(depth: int, shots: int) -> str:
    """One rotation acts on the loss; the others only through a parity of ever more qubits."""
    lines = [f"ry(t[{q}]) q[{q}];" for q in range(depth)]
    return (
        'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
        f"// bplint: observable = Z0 + 0.01*{' '.join(f'Z{q}' for q in range(1, depth))}\n// bplint: shots = {shots}\n"
        f"input array[float, {depth}] t;\nqubit[{depth}] q;\n" + "\n".join(lines) + "\n"
    )


BAD = (Example("one parameter of six carries the gradient", _skewed(6, 10_000)),)
GOOD = (
    Example("with more shots the others show", _skewed(6, 10_000_000)),
    Example("half of the parameters is not most of them", _skewed(2, 10_000)),
)

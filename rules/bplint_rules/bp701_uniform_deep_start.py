"""The plateau belongs to the start: with small angles instead of uniform ones the gradient shows.

## What it does

Where BP301 fires under the uniform law, tries laws uniform on [-r, r] for r from 1 down to 0.015, and reports the r with
which the largest signal is surely above the noise of the shots, and largest, with the signal it buys. Starts near quarter
turns that make the loss low, and near blocks whose second half undoes the first, are measured beside it, each at its best r.

## Why it matters

A deep circuit is close to the identity when its angles are of order 1/√depth: then the loss depends on few parameters at
once, and gradients stay large. Where to start costs nothing.

## When it is fine

When the angles are meant to be random, or the start is set elsewhere: declare it, as in `// bplint: init = normal:0.1`.

## Conditions

As for BP301, for circuits of up to 20,000 operations, 5,000 with noise behind gates; the trial laws are measured
with fewer samples, with bounds as valid.
The signal is that at the start. It does not promise that training stays where gradients are large: a start is verified only
where training ends as well from there as from anywhere, and with the declared shots surely comes further, which is measured for
circuits that can be trained here (4,096 basis states, or free fermions).

## References

Zhang et al., arXiv:2203.09376 (Gaussian starts). arXiv:2502.07889 (how wide a warm start may be). Ravi et al.,
arXiv:2202.12924 (quarter turns). Grant et al., arXiv:1903.05076 (blocks that are the identity).
"""

from __future__ import annotations

from collections.abc import Iterator

from bplint.analyses import Ask, gradient, reach
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.number_format import number
from bplint.repairs.starts import Start, identity_blocks, near_clifford, small_angles, widest_signal
from bplint.rule import Example, Undecided, rule

OPERATIONS = 20_000
"""A trial law for larger circuits takes too long."""

NOISY_OPERATIONS = 5_000
"""Likewise with noise behind the gates."""


@rule(
    "BP701",
    "uniform-deep-start",
    Severity.WARNING,
    kind=Kind.ESTIMATE,
    since="0.1",
    repairs=(small_angles, near_clifford, identity_blocks),
    explains=("BP301",),
)
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    if not case.context.loss.of_rows:
        return  # the loss is no function of an observable
    shots = case.context.shots
    most = NOISY_OPERATIONS if case.context.noise.follows_gates else OPERATIONS
    if not ask(reach).live or not case.context.init.is_uniform:
        return  # nothing is trained, or another start is declared
    if len(case.circuit) > most:
        raise Undecided(f"to try a start takes too long with more than {most:,} operations")
    measured = ask(gradient)
    if not measured.upper or measured.upper >= 1 / shots:
        if why := measured.unsettled(1 / shots):
            raise Undecided(why)
        return  # visible, so that BP301 does not fire
    start = ask(widest_signal, means=())
    if start is None:
        return  # no small start is surely visible
    width, near = start.width, start.signal
    yield Hit(
        f"The gradient vanishes because all angles start anywhere: within ±{width:g} of zero the largest signal is "
        f"{number(near.signal)}, above the noise of {shots:,} shots.",
        proof=f"{near.method}: above {number(near.lower)}, and below {number(measured.upper)} for "
        f"uniform angles, {_certainty(max(near.level, measured.level))}{_beside(start)}",
        help=(f"start near zero, and say so:  // bplint: init = range:{width:g}",),
        evidence={
            "width": width,
            "tried": [list(pair) for pair in start.tried],
            "signal_max": near.signal,
            "signal_lower": near.lower,
            "signal_uniform": measured.upper,
            "threshold": 1 / shots,
        },
        structure=case.context.observable.text,
        brief="angles start anywhere",
    )


def _beside(start: Start) -> str:
    """What the signal surely is at the other widths that were tried."""
    others = [f"{number(lower)} within ±{width:g}" for width, lower in start.tried if width != start.width]
    return f"; above {', '.join(others)}" if others else ""


def _certainty(level: float) -> str:
    return f"each with certainty 1 - {number(level)}" if level else "exact"


def _all_zero(n: int, init: str) -> str:
    return (
        'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
        f"// bplint: observable = projector(0..n-1)\n// bplint: init = {init}\n// bplint: shots = 1000\n"
        f"input array[float, {n}] t;\nqubit[{n}] q;\n" + "".join(f"ry(t[{q}]) q[{q}];\n" for q in range(n))
    )


BAD = (Example("whether eight qubits are all 0 is asked from anywhere", _all_zero(8, "uniform")),)
GOOD = (
    Example("the same near zero", _all_zero(8, "normal:0.2")),
    Example("four qubits show their signal from anywhere", _all_zero(4, "uniform")),
)

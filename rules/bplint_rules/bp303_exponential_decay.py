"""The largest gradient decays exponentially with the number of qubits.

## What it does

Measures the largest gradient signal S = max_k E[(∂_k C)²]/(R_k² N(O)) of each member of a family, and fits an exponential and a
power of the number of qubits to it. It fires when the exponential describes the signals, clearly better than the power,
with a rate whose 95 % interval is below zero and without a sign that the decay flattens.

## Why it matters

This is what a barren plateau is: a statement about a family, where one circuit has only numbers. A signal that shrinks by
a constant factor with each further qubit needs exponentially many shots, and soon more than anybody has.

## When it is fine

When the sizes measured are all that you need, and their signals show above the noise of your shots. Where BP301 is an error
at one of the sizes, this is an error too, else a warning. A law seen on these sizes may end beyond them: a circuit of fixed
depth whose gates are between neighbours decays only until the light cone of a local loss is smaller than the register.

## Conditions

At least five sizes with different numbers of qubits, three of them 6 or more; the declared angle law, noise and observable
of each. With fewer sizes, or where the two models describe the signals as well (χ² differs by less than 10, or a power is not
rejected at 1 %), where neither does, or where the decay flattens, nothing is said; `bplint sweep` prints which. A power may
count from another size than zero, and odd sizes may have another factor than even ones. A signal that is exactly zero is dead
(BP104) and no plateau. The signals are estimates with 95 % intervals; 2 % and 2^-n of a value are allowed for what no model
describes.

## References

McClean et al., arXiv:1803.11173. Cerezo et al., arXiv:2001.00550. Larocca et al., arXiv:2405.00781 (a review).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from bplint.analyses import gradient
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.number_format import number
from bplint.rule import Example, Scope, Undecided, rule

if TYPE_CHECKING:
    from bplint.analyses.decay import Point, Trend
    from bplint.analyses.family import AskOf, Family, Member


@rule(
    "BP303",
    "exponential-decay",
    Severity.WARNING,
    kind=Kind.ESTIMATE,
    since="0.1",
    scope=Scope.FAMILY,
    worst=Severity.ERROR,
)
def check(family: Family, ask: AskOf) -> Iterator[Hit]:
    from bplint.analyses.decay import Model, trend  # for families alone, here and below

    widths = [member.case.circuit.n_declared for member in family.members]
    if len(set(widths)) < len(widths) or sum(width >= 6 for width in widths) < 3:
        return  # a family in something else, or too small to speak of growth: any circuit mixes a few qubits
    measured = [_measured(member, ask) for member in family.members]
    told = [m for m in measured if m]
    points = [m.point for m in told]
    if len(told) < len(measured):
        raise Undecided("the signal is not known at every size")
    law = trend(points)
    first, last = min(points), max(points)
    if law.model is Model.UNDECIDED and last.interval[1] < first.interval[0]:
        raise Undecided(law.reason)
    if law.model is not Model.EXPONENTIAL or not law.decays:
        return  # a power of n, or no decay that shows
    hidden = [m for m in told if m.invisible]
    low, high = law.interval
    message = (
        f"The largest gradient signal decays exponentially, by a factor {number(2**law.rate)} for each further qubit: from "
        f"{number(first.value)} on {first.n:,} qubits to {number(last.value)} on {last.n:,}."
    )
    if hidden:
        message += f" On {hidden[0].point.n:,} qubits it is already below the noise of {hidden[0].shots:,} shots."
    yield Hit(
        message,
        proof=_proof(law, points),
        help=(_help(family.members[-1].case),),
        severity=Severity.ERROR if hidden else None,
        evidence={
            "qubits": [p.n for p in points],
            "signals": [p.value for p in points],
            "intervals": [list(p.interval) for p in points],
            "bounds": [m.bound for m in told],
            "rate": law.rate,
            "rate_interval": [low, high],
            "chi2_exponential": law.misfits[0],
            "chi2_power": law.misfits[1],
            "below_noise": [m.point.n for m in hidden],
        },
        structure="decay",
        brief=f"the largest signal decays by {number(2**law.rate)} a qubit",
    )


def _help(case: Case) -> str:
    start = ", or start near the identity" if case.context.init.is_uniform else ""
    return f"use a loss on fewer qubits{',' if start else ', or'} keep a symmetry that the loss has{start}"


class _Measured(NamedTuple):
    """The signal of one member by its qubits, the bound that is surely not exceeded, and the shots."""

    point: Point
    bound: float
    shots: int

    @property
    def invisible(self) -> bool:
        """Whether BP301 is an error here."""
        return self.point.n >= 6 and 0 < self.bound < 1 / self.shots


def _measured(member: Member, ask: AskOf) -> _Measured | None:
    from bplint.analyses.family import signal

    point = signal(ask, member)
    if point is None:
        return None
    bound = ask(gradient, of=member).upper
    return _Measured(point._replace(n=member.case.circuit.n_declared), bound, member.case.context.shots)


def _proof(law: Trend, points: Sequence[Point]) -> str:
    low, high = law.interval
    exponential, power = law.misfits
    values = ", ".join(f"{number(p.value)} ({p.n:,})" for p in points)
    return (
        f"2^({law.rate:.2f} n), 95 % interval {low:.2f} … {high:.2f}, over {len(points)} sizes; χ² {exponential:.1f} for the "
        f"exponential, {power:.1f} for a power of n; signals by qubits {values}"
    )


_HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'
_HEA = (
    _HEAD + "// bplint: observable = Z0\nconst int n = 6;\ninput array[float[64], 8 * n * n] t;\nqubit[n] q;\n"
    "for int layer in [0:4 * n - 1] {\n"
    "  for int i in [0:n - 1] { ry(t[2 * n * layer + i]) q[i]; rz(t[2 * n * layer + n + i]) q[i]; }\n"
    "  for int i in [0:n - 2] { cz q[i], q[i + 1]; }\n"
    "}\n"
)
_PRODUCT = (
    _HEAD + "// bplint: observable = {}\ninput int n;\ninput array[float[64], n] a;\nqubit[n] q;\n"
    "for int i in [0:n - 1] {{ ry(a[i]) q[i]; }}\n"
)
_MATCHGATES = (
    _HEAD + "// bplint: observable = Z0\nconst int n = 6;\ninput array[float[64], 2 * n * n] t;\nqubit[n] q;\n"
    "for int layer in [0:n - 1] {\n"
    "  for int i in [0:n - 1] { rz(t[2 * n * layer + i]) q[i]; }\n"
    "  for int i in [0:n - 2] { cx q[i], q[i + 1]; rx(t[2 * n * layer + n + i]) q[i]; cx q[i], q[i + 1]; }\n"
    "}\n"
)
BAD = (
    Example("RY, RZ and CZ on a path, 4n layers, a local loss", _HEA, (4, 6, 8, 10, 12, 14)),
    Example(
        "the fidelity of a product of RY with |0…0>: (3/8)^n", _PRODUCT.format("projector(0..n-1)"), (4, 5, 6, 7, 8)
    ),
)
GOOD = (
    Example("matchgates: n layers of RZ and RXX on a path", _MATCHGATES, (4, 6, 8, 10, 12)),
    Example("the local loss on a product", _PRODUCT.format("mean(Z)"), (4, 6, 8, 10, 12)),
    Example("four sizes are too few", _PRODUCT.format("projector(0..n-1)"), (4, 6, 8, 10)),
    Example("nothing is said of a few qubits", _PRODUCT.format("projector(0..n-1)"), (2, 3, 4, 5, 6)),
)

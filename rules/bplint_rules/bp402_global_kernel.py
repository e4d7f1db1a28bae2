"""Two data points have next to no overlap, so that the kernel matrix that is estimated will be the identity.

## What it does

Where the loss is a kernel, compares k(x, x') = |<0|V(x')† V(x)|0>|², of all pairs of rows or on average over the law of the data,
with the shots. Fires when less than one entry in ten off the diagonal will show a single count; and at the other end, when the
entries differ by less than the noise of one of them, as for data that hardly turns anything.
For `kernel:projected` it compares the states of single qubits instead.

## Why it matters

An entry that is estimated from N shots shows a count with probability at most N·E[k]. Without counts the matrix is the identity
whatever the data, and predictions do not depend on what is asked. For data over whole periods E[k] is 2^-n at any depth of an
embedding without symmetry, product embeddings included. The variance of k does not tell: rare pairs carry it.

## When it is fine

When the kernel is computed and not measured, with numbers of double precision.

## Conditions

At least 6 qubits, data declared, no noise. Over rows the share of entries with a count is exact; over a law it is bounded from
above by shots times E[k]. Where the states of all rows are too large, the first of them are compared.

## References

Thanasilp et al., arXiv:2208.11060 (concentration of kernels; four sources of it). Shaydulin and Wild, arXiv:2111.05451
(bandwidth). Huang et al., arXiv:2011.01938 (projected kernels).
"""

from __future__ import annotations

from collections.abc import Iterator

from bplint.analyses import Ask, kernel
from bplint.analyses.kernels.result import Overlaps, spread_in_shots
from bplint.bounds import Status
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case
from bplint.ir.loss_function import LossKind
from bplint.number_format import number
from bplint.repairs import narrower_data, projected_kernel
from bplint.rule import Example, Undecided, rule

QUBITS = 6
"""On fewer, entries are large."""

SHARE = 0.1
"""Of the entries, that have to show a count."""


@rule(
    "BP402",
    "global-kernel",
    Severity.WARNING,
    kind=Kind.ESTIMATE,
    since="0.2",
    repairs=(narrower_data, projected_kernel),
)
def check(case: Case, ask: Ask) -> Iterator[Hit]:
    if not case.context.loss.is_kernel or case.circuit.n_qubits < QUBITS:
        return
    overlaps = ask(kernel)
    if overlaps.status is Status.SKIPPED:
        return  # no data, or angles that are trained
    if not overlaps.status.told:
        raise Undecided(overlaps.reason)
    projected = case.context.loss.kind is LossKind.PROJECTED_KERNEL
    if message := _projected(overlaps) if projected else _whole(overlaps, case.circuit.n_qubits):
        yield Hit(
            message,
            proof=f"{overlaps.status}: {_over(overlaps)}",
            help=_help(projected, overlaps),
            evidence={
                "mean": overlaps.mean,
                "counted_share": overlaps.counted,
                "spread": overlaps.spread,
                "projected_variance": overlaps.resolution,
                "shots": overlaps.shots,
            },
            structure=str(case.context.loss),
            brief=f"entries of the kernel {'are too alike' if projected else 'show no count'}",
        )


def _whole(overlaps: Overlaps, n: int) -> str:
    """What is wrong with a fidelity kernel; empty where nothing is."""
    if overlaps.mean is None:
        raise Undecided("the states of the rows are too large to be written out")
    if overlaps.counted < SHARE:
        return (
            f"On {n:,} qubits two data points overlap by {number(overlaps.mean)} on average: with {overlaps.shots:,} shots "
            f"{_counted(overlaps)} shows a count, so the kernel matrix will be the identity."
        )
    if spread_in_shots(overlaps) < 1:
        return (
            f"All data points look alike: overlaps are {number(overlaps.mean)} on average, and differ by "
            f"{number((overlaps.spread or 0.0) ** 0.5)}, less than the noise of {overlaps.shots:,} shots."
        )
    return ""


def _counted(overlaps: Overlaps) -> str:
    """``at most one entry in 104 off the diagonal``."""
    if not overlaps.counted:
        return "no entry off the diagonal"
    most = "" if overlaps.counted_exactly else "at most "
    return f"{most}one entry in {number(1 / overlaps.counted)} off the diagonal"


def _projected(overlaps: Overlaps) -> str:
    """The same of a projected kernel."""
    if overlaps.resolution is None:
        raise Undecided("the states of single qubits take too much work")
    if overlaps.resolution >= 1 / overlaps.shots:
        return ""
    return (
        f"The states of single qubits are nearly the same for all data points: an expectation varies by "
        f"{number(overlaps.resolution)}, below the noise of {overlaps.shots:,} shots."
    )


def _over(overlaps: Overlaps) -> str:
    if not overlaps.compared:
        return "over the law of the data"
    return f"all pairs of {overlaps.compared:,} rows{' drawn from the law of the data' if overlaps.drawn else ''}"


def _help(projected: bool, overlaps: Overlaps) -> tuple[str, ...]:
    if projected:
        return ("entangle features less, or in fewer layers",)
    if overlaps.counted < SHARE:
        return ("take the mean of kernels of blocks of w qubits: its entries are near 2^-w at least",)
    return ("scale the data up, or upload it in more rotations",)


def _product(n: int, law: str, loss: str = "kernel") -> str:
    return (
        'OPENQASM 3.0;\ninclude "stdgates.inc";\n// bplint: data = x*\n'
        f"// bplint: loss = {loss}\n// bplint: data-law = {law}\n"
        f"input array[float, {n}] x;\nqubit[{n}] q;\n" + "".join(f"ry(x[{q}]) q[{q}];\n" for q in range(n))
    )


BAD = (
    Example("20 qubits of data over whole periods", _product(20, "uniform")),
    Example("data that turns next to nothing", _product(8, "range:0.001")),
)
GOOD = (
    Example("the same data, scaled", _product(20, "range:0.7")),
    Example("eight qubits", _product(8, "uniform")),
    Example("single qubits are compared", _product(20, "uniform", "kernel:projected")),
)

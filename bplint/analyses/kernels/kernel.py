"""The fidelity kernel k(x, x') = |<0|V(x')† V(x)|0>|² of an embedding, and how far apart its one-qubit states are.

Over given rows all pairs are compared, over a law of the data E[k] and E[k²] are moments of a loss, or points are drawn where
these are not measured (:mod:`.overlap_moments`). For independent uniform angles E[k] = |K| 2^-n, K the
Z-strings that all axes commute with, whatever the depth (Thanasilp et al., arXiv:2208.11060, on concentration; the identity
follows from k = 2^-n Σ <P><P>').

An entry of the kernel matrix that is estimated from ``shots`` shots shows a count with probability 1 - (1-k)^shots, which on
average is at most shots · E[k]. Where no entry does, the estimated matrix is the identity, whatever the data.
"""

from __future__ import annotations

from typing import NamedTuple

from bplint.analyses.ask import Ask, analysis
from bplint.analyses.kernels.result import Overlaps
from bplint.bounds import Status
from bplint.ir.circuit import Role
from bplint.ir.context import Case
from bplint.ir.loss_function import LossKind


def of_kernel(case: Case) -> bool:
    """Whether the loss of a case is a kernel."""
    return case.context.loss.is_kernel


@analysis("kernel", in_profile=of_kernel)
def kernel(case: Case, ask: Ask) -> Overlaps:
    """The overlaps of the case's rows, or of two points of the law of its data; skipped unless its loss is a kernel."""
    if not of_kernel(case):
        return Overlaps(Status.SKIPPED, "the loss is not a kernel")
    circuit = case.circuit
    used = [p for p, turns in zip(circuit.parameters, circuit.used(), strict=True) if turns]
    if any(p.role is Role.TRAINABLE for p in used):
        return Overlaps(Status.SKIPPED, "angles are trained, and a kernel is of an embedding alone")
    if not any(p.role is Role.DATA for p in used):
        return Overlaps(Status.SKIPPED, "no data parameter was found")
    if not case.context.noise.is_trivial:
        return Overlaps(Status.INCONCLUSIVE, "overlaps are not measured under noise")
    from bplint.analyses.kernels.overlap_moments import (  # here, for the circuits that need it
        of_law,
        of_points,
        of_rows,
    )

    if case.context.rows is not None:
        return of_rows(case, ask, case.context.rows)
    if opaque := next((p.name for p in used if p.sources), ""):
        return Overlaps(Status.INCONCLUSIVE, f"{opaque} is not affine in the data: declare rows")
    answer = of_law(case, ask)
    return answer if answer.status.told else of_points(case, ask)


class KernelSignal(NamedTuple):
    """What has to be above 1/shots for a kernel to be seen, between bounds: E[k], or of a projected kernel the mean of Var<P>."""

    value: float
    lower: float
    upper: float


def kernel_signal(case: Case, ask: Ask) -> KernelSignal | str:
    """The signal of a case whose loss is a kernel, or why it is not known."""
    answer = ask(kernel)
    if not answer.status.told:
        return answer.reason
    if case.context.loss.kind is LossKind.PROJECTED_KERNEL:
        one = answer.resolution
        return "the one-qubit states are not known" if one is None else KernelSignal(one, one, one)
    return "the overlaps are not known" if answer.mean is None else KernelSignal(answer.mean, *answer.mean_interval)

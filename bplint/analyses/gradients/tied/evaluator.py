"""What evaluates a loss at given angles: on reachable basis states, or on visible strings."""

from __future__ import annotations

from typing import Protocol

from bplint.ir.circuit import Floats


class LossEvaluator(Protocol):
    """The loss, without its constant, as a function of the angles ψ of the groups: ``offset`` and what moves."""

    work: int
    """Operations of one sample with derivatives."""
    batch: int
    """Samples best evaluated at once."""
    degrees: Floats
    """The largest frequency of l in each ψ, (groups,)."""

    offset: float
    """A part that is the same at all angles."""
    spread: float
    """No |l - offset| is larger, if the loss is a sum of strings."""

    @property
    def constant(self) -> float | None:
        """The loss if it does not depend on any angle, for what is certain."""

    def run(self, angles: Floats) -> tuple[Floats, Floats]:
        """l - offset, float64 (samples,), and its derivatives, (groups, samples), at angles (groups, samples)."""

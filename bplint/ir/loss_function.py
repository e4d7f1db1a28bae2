"""The loss that is trained, beyond a mean of ⟨O⟩: which function of the rows' expectation values, or of overlaps or samples."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import NamedTuple

from bplint.errors import BplintError


class LossFunctionError(BplintError):
    """The text is not a loss function."""


class LossKind(StrEnum):
    """What is averaged over rows with ℓ = ⟨O⟩ on a row and y its label, or else."""

    LINEAR = "linear"
    """yℓ, and ℓ without labels."""
    MSE = "mse"
    """(ℓ - y)²."""
    HINGE = "hinge"
    """max(0, 1 - yℓ)."""
    SIGMOID = "sigmoid"
    """log(1 + exp(-T y ℓ))."""
    CROSS_ENTROPY = "cross-entropy"
    """-log max(p, ε) with p = (1 + yℓ)/2."""
    KERNEL = "kernel"
    """Not trained: the fidelity of the states of two rows."""
    PROJECTED_KERNEL = "kernel:projected"
    """Not trained: the distance of their one-qubit states."""
    MMD = "mmd"
    """The maximum mean discrepancy between what is measured and samples, with the kernel exp(-|a - b|/2σ)."""
    KL = "kl"
    """The relative entropy of the samples to what is measured."""


class LossFunction(NamedTuple):
    """``value`` is T of sigmoid, ε of cross-entropy (0: not clipped), σ of mmd; 0 of the others."""

    kind: LossKind = LossKind.LINEAR
    value: float = 0.0

    @property
    def of_rows(self) -> bool:
        """Whether it is a mean over rows of a function of ⟨O⟩."""
        return self.kind in _OF_ROWS

    @property
    def needs_labels(self) -> bool:
        """Whether it is a function of labels too."""
        return self.of_rows and self.kind is not LossKind.LINEAR

    @property
    def is_kernel(self) -> bool:
        """Whether nothing is trained, and rows are compared by their states: it needs no observable."""
        return self.kind in (LossKind.KERNEL, LossKind.PROJECTED_KERNEL)

    @property
    def of_samples(self) -> bool:
        """Whether outcomes are compared with target samples: it needs no observable."""
        return self.kind in (LossKind.MMD, LossKind.KL)

    def __str__(self) -> str:
        return f"{self.kind}:{self.value:g}" if self.value else str(self.kind)


LINEAR = LossFunction()


def parse_loss_function(text: str) -> LossFunction:
    """``linear``, ``mse``, ``hinge``, ``sigmoid:T``, ``cross-entropy:EPS``, ``kernel``, ``kernel:projected``, ``mmd:SIGMA`` or
    ``kl``; ``cross-entropy`` alone is not clipped. ``LossFunctionError`` for anything else."""
    stated = text.strip()
    if stated in _ALONE:
        return LossFunction(LossKind(stated))
    name, colon, rest = (part.strip() for part in stated.partition(":"))
    if not colon or name not in _LARGEST:
        raise LossFunctionError(f"want {_FORMS}, got {stated[:40]!r}")
    try:
        value = float(rest)
    except ValueError:
        value = math.nan
    if not 0 < value <= _LARGEST[name]:
        raise LossFunctionError(
            f"want {name}:NUMBER with a number above 0 and up to {_LARGEST[name]:g}, got {stated[:40]!r}"
        )
    return LossFunction(LossKind(name), value)


_OF_ROWS = (LossKind.LINEAR, LossKind.MSE, LossKind.HINGE, LossKind.SIGMOID, LossKind.CROSS_ENTROPY)
_LARGEST = {"sigmoid": 1e6, "cross-entropy": 0.5, "mmd": 1e9}
"""Of the number of those that have one."""
_ALONE = {kind.value for kind in LossKind} - {"sigmoid", "mmd"}
_FORMS = "linear, mse, hinge, sigmoid:T, cross-entropy:EPS, kernel, kernel:projected, mmd:SIGMA or kl"

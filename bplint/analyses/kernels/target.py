"""What a circuit is to produce: samples, and the width of the kernel that compares with them."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from bplint.ir.circuit import Codes, Flags, Floats


class TargetSamples(NamedTuple):
    """The samples, uint8 (samples, n), and σ."""

    bits: Codes
    sigma: float

    @property
    def share(self) -> float:
        """p."""
        return -math.expm1(-1 / (2 * self.sigma)) / 2

    def means(self, chosen: Flags) -> Floats:
        """t of strings, one a row of bool (strings, n)."""
        odd = (chosen.astype(np.float64) @ self.bits.T.astype(np.float64)) % 2
        return np.asarray(1 - 2 * odd.mean(axis=1))

    @property
    def self_similarity(self) -> float:
        """Σ w_A t_A²: the mean of K over pairs of samples."""
        signs = 1 - 2 * self.bits.astype(np.float64)
        apart = (self.bits.shape[1] - signs @ signs.T) / 2
        return float(np.exp(-apart / (2 * self.sigma)).mean())

"""Symmetries of ansatz and observable, and the priors that follow: what an ansatz could keep and does not."""

from bplint.analyses.symmetry.listing import Symmetry
from bplint.analyses.symmetry.prior import Prior
from bplint.analyses.symmetry.symmetry import Symmetries, symmetry

__all__ = ["Prior", "Symmetries", "Symmetry", "symmetry"]

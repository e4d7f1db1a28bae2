"""Repairs: what could be changed about a circuit or about what is asked of it, and what that does to algebra and signal.

These are the names for rules; :mod:`.measure` and :mod:`.editing`, which measure a change and write it, are not needed to
name one, and are imported when one is tried.
"""

from __future__ import annotations

from bplint.repairs.changes import (
    Change,
    Repair,
    fewer_layers,
    local_loss,
    narrower_data,
    near_zero,
    one_by_one,
    projected_kernel,
    symmetry_priors,
    wider_discrepancy,
    without_culprit,
)

__all__ = [
    "Change",
    "Repair",
    "fewer_layers",
    "local_loss",
    "narrower_data",
    "near_zero",
    "one_by_one",
    "projected_kernel",
    "symmetry_priors",
    "wider_discrepancy",
    "without_culprit",
]

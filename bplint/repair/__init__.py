"""Repairs: what could be changed about a circuit or about what is asked of it, and what that does to algebra and signal."""

from __future__ import annotations

from bplint.repair.changes import Change, equivariants, fewer_layers, local, near_zero, without_culprit
from bplint.repair.editing import Declared, Text, edits_of
from bplint.repair.measure import ENOUGH, Measured, State, measure, priors, state

__all__ = [
    "ENOUGH",
    "Change",
    "Declared",
    "Measured",
    "State",
    "Text",
    "edits_of",
    "equivariants",
    "fewer_layers",
    "local",
    "measure",
    "near_zero",
    "priors",
    "state",
    "without_culprit",
]

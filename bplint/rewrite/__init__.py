"""Rewriting circuits: a symmetry prior or a repair becomes changes, and these a circuit or edits of the source text."""

from bplint.rewrite.building import rewritten
from bplint.rewrite.change import Angle, Counts, Placed, Refused, Rewrite
from bplint.rewrite.equivariant import equivariant
from bplint.rewrite.layers import depth, shallower, without
from bplint.rewrite.layout import Layout, layout_of
from bplint.rewrite.scaling import scaled_data
from bplint.rewrite.text import Edit, apply, edits, rewrite_source, tying_edits

__all__ = [
    "Angle",
    "Counts",
    "Edit",
    "Layout",
    "Placed",
    "Refused",
    "Rewrite",
    "apply",
    "depth",
    "edits",
    "equivariant",
    "layout_of",
    "rewrite_source",
    "rewritten",
    "scaled_data",
    "shallower",
    "tying_edits",
    "without",
]

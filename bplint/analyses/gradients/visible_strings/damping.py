"""What noise does to the coordinates of strings, backwards from the loss and forwards from the start."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from bplint.analyses.gradients.bit_rows import Words
from bplint.analyses.gradients.propagation.propagate import Scale
from bplint.analyses.gradients.visible_strings.search import StringFeed
from bplint.analyses.gradients.visible_strings.string_rows import StringRows
from bplint.ir.circuit import Floats, Index


class Damping(NamedTuple):
    """Coordinates at ``places`` are multiplied by ``factors``."""

    places: Index
    factors: Floats


def damping(steps: Iterable[Scale], words: Words, rows: StringRows) -> Damping:
    """Pauli noise, one after the other, on the strings of these words."""
    total = np.ones(len(words))
    for step in steps:
        local, factors = np.array([1.0, *step.local]), np.ones(len(words))
        anything = np.zeros(len(words), dtype=bool)
        for x, z in step.images:
            letters = rows.against(words, z) + 2 * rows.against(words, x)
            factors *= local[letters]
            anything |= letters > 0
        total *= np.where(anything, step.joint * factors, 1.0)
    places = np.flatnonzero(total != 1)
    return Damping(places, total[places])


def damped_back(o: Floats, noise: Damping | StringFeed) -> None:
    """Carry coordinates of the loss through it, in place; (strings, samples) or (strings,)."""
    if isinstance(noise, Damping):
        o[noise.places] *= _columns(noise.factors, o)
        return
    first = o[noise.first]
    o[noise.second] += _columns(noise.share, o) * first
    o[noise.first] = noise.kept * first


def damped_forth(v: Floats, noise: Damping | StringFeed) -> None:
    """The same of derivatives by the coordinates, from the start to the loss."""
    if isinstance(noise, Damping):
        v[noise.places] *= _columns(noise.factors, v)
        return
    v[noise.first] = noise.kept * v[noise.first] + _columns(noise.share, v) * v[noise.second]


def _columns(factors: Floats, like: Floats) -> Floats:
    return factors.reshape(-1, *[1] * (like.ndim - 1))

"""What the engines that do not sample return."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

Interval: TypeAlias = tuple[float, float]
"""(lower, upper), both certain."""


class Exact(NamedTuple):
    """E[l], E[l²], and for each trained parameter that turns a rotation (E[∂l], E[(∂l)²]).

    Derivatives are by the normalised coordinate, in which the largest |d(rotation angle)/d(parameter)| is 1.
    """

    mean: float
    second_moment: float
    gradients: Mapping[int, tuple[float, float]]


class Bounded(NamedTuple):
    """The same numbers as :class:`Exact`, each between certain bounds."""

    mean: Interval
    second_moment: Interval
    gradients: Mapping[int, tuple[Interval, Interval]]

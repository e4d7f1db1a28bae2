"""What every engine returns: numbers with their intervals, or why there are none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from bplint.bounds import Status


class Number(NamedTuple):
    """A number and an interval that holds it; equal ends are the exact number.

    ``value`` is None where only certain bounds are known: between them nothing is likelier than anything else.
    """

    value: float | None
    lower: float
    upper: float

    def within(self, lowest: float, highest: float) -> Number:
        """The same, no wider than a range that is certain; an exact number is left as it is."""
        if self.value is not None:
            return self
        return self._replace(lower=min(max(self.lower, lowest), highest), upper=max(min(self.upper, highest), lowest))

    def times(self, factor: float) -> Number:
        """The number times a positive factor."""
        return Number(None if self.value is None else self.value * factor, self.lower * factor, self.upper * factor)


def exactly(value: float) -> Number:
    """A number known up to rounding."""
    return Number(value, value, value)


def between(lower: float, upper: float) -> Number:
    """A number of which only certain bounds are known."""
    return exactly(lower) if lower == upper else Number(None, lower, upper)


class Slope(NamedTuple):
    """E[∂l] and E[(∂l)²] of one parameter; ``mean`` is None where it is not known.

    Derivatives are divided by the units of the problem: their second moments over N(O) are signals.
    """

    mean: Number | None
    second_moment: Number

    @property
    def variance(self) -> float | None:
        """E[(∂l)²] - E[∂l]², None where either is not known."""
        if self.mean is None or self.mean.value is None or self.second_moment.value is None:
            return None
        return max(self.second_moment.value - self.mean.value**2, 0.0)


NO_SLOPE = Slope(exactly(0.0), exactly(0.0))
"""Of a parameter that turns nothing alive."""


class Answer(NamedTuple):
    """The moments of a loss; ``slopes`` by trainable parameter that turns a rotation, or why they are not known.

    ``largest`` encloses the largest second moment of a slope but for a chance of ``level`` on each side, zero unless it is
    estimated; ``presumed`` is what it is below unless rare starts carry the mean (:mod:`.tied.presumption`), infinite where
    that is not known. Intervals hold 95 % of the time where the status is ESTIMATED, always where it is BOUNDED. ``reason`` says
    why the bounds do not decide about the threshold; empty if they do. ``of_rows``: it is about the declared loss of the rows of a
    data set (:mod:`.over_rows`), whose noise is another.
    """

    method: str
    status: Status
    mean: Number
    second_moment: Number
    variance: Number
    slopes: Mapping[int, Slope] | str
    largest: tuple[float, float]
    level: float = 0.0
    samples: int = 0
    reason: str = ""
    presumed: float = math.inf
    of_rows: bool = False

    def clipped(self, lowest: float, highest: float, steepest: Mapping[int, float]) -> Answer:
        """Bounds within what is possible: a loss between these ends, derivatives up to ``steepest`` by parameter.

        A variance is at most (highest - mean)(mean - lowest), by Bhatia and Davis.
        """
        most = max(lowest**2, highest**2)
        mean, second = self.mean.within(lowest, highest), self.second_moment.within(0.0, most)
        slopes = self.slopes
        if not isinstance(slopes, str):
            slopes = {
                p: Slope(
                    None if s.mean is None else s.mean.within(-steepest.get(p, 0.0), steepest.get(p, 0.0)),
                    s.second_moment.within(0.0, steepest.get(p, 0.0) ** 2),
                )
                for p, s in slopes.items()
            }
        middle = min(max((lowest + highest) / 2, mean.lower), mean.upper)  # the mean at which most is possible
        answer = certain(self.method, mean, second, slopes, self.reason)
        return answer._replace(variance=answer.variance.within(0.0, max((highest - middle) * (middle - lowest), 0.0)))

    def times(self, unit: float) -> Answer:
        """The moments of the loss times a positive ``unit``."""
        square, slopes = unit**2, self.slopes
        if not isinstance(slopes, str):
            slopes = {
                p: Slope(None if s.mean is None else s.mean.times(unit), s.second_moment.times(square))
                for p, s in slopes.items()
            }
        return self._replace(
            mean=self.mean.times(unit),
            second_moment=self.second_moment.times(square),
            variance=self.variance.times(square),
            slopes=slopes,
            largest=(self.largest[0] * square, self.largest[1] * square),
            presumed=self.presumed * square,
        )


class Declined(NamedTuple):
    """Why an engine gives no answer: which budget is too small, or which number is missing."""

    reason: str
    status: Status = Status.INCONCLUSIVE


def certain(
    method: str, mean: Number, second_moment: Number, slopes: Mapping[int, Slope] | str, reason: str = ""
) -> Answer:
    """The answer of an engine that does not sample: exact, or between certain bounds for this ``reason``."""
    squares = [] if isinstance(slopes, str) else [slope.second_moment for slope in slopes.values()]
    return Answer(
        method=method,
        status=Status.BOUNDED if reason else Status.EXACT,
        mean=mean,
        second_moment=second_moment,
        variance=variance(mean, second_moment),
        slopes=slopes,
        largest=(max((s.lower for s in squares), default=0.0), max((s.upper for s in squares), default=0.0)),
        reason=reason,
    )


def variance(mean: Number, second_moment: Number) -> Number:
    """E[x²] - E[x]², without rounding below zero; its interval holds wherever both of theirs do."""
    ends = sorted((mean.lower**2, mean.upper**2))
    least = 0.0 if mean.lower <= 0 <= mean.upper else ends[0]
    lower, upper = max(second_moment.lower - ends[1], 0.0), max(second_moment.upper - least, 0.0)
    if mean.value is None or second_moment.value is None:
        return between(lower, upper)
    return Number(max(second_moment.value - mean.value**2, 0.0), lower, upper)

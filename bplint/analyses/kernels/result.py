"""What is known of the overlaps of data points."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from bplint.bounds import Status
from bplint.number_format import number


class Overlaps(NamedTuple):
    """Moments of k over pairs of data points, with intervals; equal ends are exact.

    Over rows ``smallest`` and ``largest`` are those of two different ones, and ``compared`` is how many of them are. ``counted`` is
    the share of entries off the diagonal that show a count, from above if not ``counted_exactly``. ``distance`` is the mean of
    Σ_q ‖ρ_q - ρ'_q‖² over pairs, and ``resolution`` that of Var<P> over the 3n one-qubit strings P. ``drawn``: the rows were drawn
    from a law. ``mean`` is None where only the distance is known, as states of many qubits are not written out.
    """

    status: Status
    reason: str = ""
    mean: float | None = None
    mean_interval: tuple[float, float] = (0.0, 1.0)
    second_moment: float | None = None
    second_interval: tuple[float, float] = (0.0, 1.0)
    smallest: float | None = None
    largest: float | None = None
    counted: float = 0.0
    counted_exactly: bool = False
    distance: float | None = None
    resolution: float | None = None
    compared: int = 0
    drawn: bool = False
    shots: int = 1

    @property
    def spread(self) -> float | None:
        """Var[k]."""
        if self.mean is None or self.second_moment is None:
            return None
        return max(self.second_moment - self.mean**2, 0.0)

    def as_json(self) -> dict[str, object]:
        if not self.status.told:
            return {"status": self.status, "reason": self.reason}
        return {
            "status": self.status,
            "mean": self.mean,
            "mean_interval": list(self.mean_interval),
            "second_moment": self.second_moment,
            "second_moment_interval": list(self.second_interval),
            "min": self.smallest,
            "max": self.largest,
            "counted_share": self.counted,
            "counted_share_exact": self.counted_exactly,
            "projected_distance": self.distance,
            "projected_variance": self.resolution,
            "rows": self.compared,
            "drawn": self.drawn,
        }

    def sentences(self) -> Iterator[tuple[str, str]]:
        if not self.status.told:
            return
        over = f"{self.compared:,} rows{' drawn' if self.drawn else ''}" if self.compared else "the law of the data"
        second = "not known" if self.second_moment is None else number(self.second_moment)
        ends = "" if self.smallest is None else f", entries {number(self.smallest)} … {number(self.largest or 0.0)}"
        share = f"{'' if self.counted_exactly else 'at most '}{number(self.counted)}"
        counts = f"with {self.shots:,} shots {share} of the entries off the diagonal show a count"
        if self.mean is not None:
            yield "kernel", f"E[k] {number(self.mean)}, E[k²] {second}{ends} over {over} ({self.status}); {counts}"
        if self.distance is not None:
            yield (
                "kernel",
                f"one-qubit states of two rows are Σ‖ρ_q - ρ'_q‖² = {number(self.distance)} apart on average",
            )


def spread_in_shots(overlaps: Overlaps) -> float:
    """Var[k] · shots over E[k](1 - E[k]): below 1 entries differ by less than the noise of one of them; infinite if not known."""
    if overlaps.mean is None or overlaps.spread is None:
        return math.inf
    noise = overlaps.mean * (1 - overlaps.mean)
    return overlaps.spread * overlaps.shots / noise if noise > 0 else 0.0

"""How mixed small parts of the state are: average purities and their bounds.

Purities of one and two qubits show local mixing, not how entanglement grows with a region: they cannot tell a cluster
state from a random one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from bplint.bounds import lower_bound, upper_bound
from bplint.ir.circuit import Floats

DISPLAY = 0.05 / 2
"""Level of each side of an interval for display."""

Qubits: TypeAlias = tuple[int, ...]


class Average(NamedTuple):
    """The average purity of ``regions`` regions of ``size`` qubits.

    ``interval`` holds 95 % of the time, ``bound`` is above it but for a chance of the level asked for.
    """

    size: int
    regions: int
    value: float
    interval: tuple[float, float]
    bound: float

    @property
    def mixed(self) -> float:
        """The purity of the maximally mixed state."""
        return 0.5**self.size

    @property
    def ceiling(self) -> float:
        """The bound rounded up to three digits, for display."""
        return math.ceil(1000 * self.bound) / 1000

    @property
    def excess(self) -> float:
        """How far the bound is above the maximally mixed value, as a fraction of it."""
        return self.bound / self.mixed - 1


def page_purity(size: int, n_qubits: int) -> float:
    """The average purity of ``size`` qubits of a random pure state: (d_A + d_B) / (d_A d_B + 1) (Lubkin 1978)."""
    a, b = 2.0**-size, 2.0 ** -(n_qubits - size)
    return (a + b) / (1 + a * b)


def bounded(*, size: int, count: int, mean: float, unit: float, samples: int, level: float, pure: int = 0) -> Average:
    """The average of ``count`` regions, ``pure`` of them pure, the others of purity 2^-size + unit · (a variable in [0, 1]).

    ``mean`` is that variable's average over the regions and over ``samples`` (Hoeffding's bound).
    """

    def purity(mean: float) -> float:
        return min((pure + (count - pure) * (0.5**size + unit * mean)) / count, 1.0)

    low, high = lower_bound(mean, samples, DISPLAY), upper_bound(mean, samples, DISPLAY)
    bound = upper_bound(mean, samples, level)
    return Average(
        size=size, regions=count, value=purity(mean), interval=(purity(low), purity(high)), bound=purity(bound)
    )


class Paths(NamedTuple):
    """How many of the same number of paths ``each`` hit, by region, on average; regions without paths are pure."""

    hits: Mapping[Qubits, float]
    each: int = 0
    method: str = "pauli-path"

    @property
    def samples(self) -> int:
        """Paths drawn in all."""
        return self.each * len(self.hits)

    def average(self, regions: Sequence[Qubits], level: float = DISPLAY) -> Average:
        """Of regions of one size, whose paths are independent of each other."""
        size, sampled = len(regions[0]), [region for region in regions if region in self.hits]
        if not sampled:
            return Average(size=size, regions=len(regions), value=1.0, interval=(1.0, 1.0), bound=1.0)
        paths = self.each * len(sampled)
        return bounded(
            size=size,
            count=len(regions),
            mean=min(sum(self.hits[region] for region in sampled) / paths, 1.0),
            unit=2**size - 0.5**size,
            samples=paths,
            level=level,
            pure=len(regions) - len(sampled),
        )


class SampledPurities(NamedTuple):
    """The purity of each region in each of ``samples`` states, float64 (samples,)."""

    purities: Mapping[Qubits, Floats]
    samples: int
    method: str = "state-vector"

    def average(self, regions: Sequence[Qubits], level: float = DISPLAY) -> Average:
        """Of regions of one size; those of one state depend on each other, so the states count, not the regions."""
        import numpy as np

        size = len(regions[0])
        unit = 1 - 0.5**size
        mean = float(np.mean([self.purities[region] for region in regions]) - 0.5**size) / unit
        return bounded(
            size=size,
            count=len(regions),
            mean=min(max(mean, 0.0), 1.0),
            unit=unit,
            samples=self.samples,
            level=level,
        )

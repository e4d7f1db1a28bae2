"""The scale of every picture: decades of the signal, counted from the noise, orange below it and blue above.

Orange and blue are told apart with every common colour blindness; both are palest at the noise.
"""

from __future__ import annotations

import math

DECADES = 4
"""Shades on each side of the noise, the last without an end."""

COLOURS = ("#7f2704", "#b5490f", "#e07b33", "#f7c08a", "#b9d9ee", "#6cafd8", "#2b7bba", "#084a91")
"""One a shade, the weakest first."""

INK = ("#ffffff", "#ffffff", "#000000", "#000000", "#000000", "#000000", "#ffffff", "#ffffff")
"""What is written on each in."""


def shade(signal: float, noise: float) -> int:
    """0 to 7: the decade of signal/noise, 4 from the noise on, a tenth of it or more 3; what was never seen is 0."""
    if signal <= 0:
        return 0
    decade = math.floor(math.log10(signal / noise) + 1e-9)
    return min(max(decade + DECADES, 0), 2 * DECADES - 1)


def edges(noise: float) -> list[float]:
    """The signals between one shade and the next: seven, the noise in the middle."""
    return [noise * 10.0**k for k in range(1 - DECADES, DECADES)]

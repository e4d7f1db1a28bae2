"""Real coefficients as residues modulo a prime: rational numbers and cosines of dyadic angles exactly, others as unknowns.

If p = -1 modulo 2^(m+1), all 2 cos(kπ/2^m) are roots modulo p of their minimal polynomials: the reals that fixed rotations by
T gates and finer ones bring in have residues, and a rank modulo p is again exact or too low. For any other number a random
residue stands, the same one for the same number, and a random point of the circle for an angle. Then the rank is that of
generic values, which no special value exceeds: an upper bound, but for a chance of about dimension/p.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache

import numpy as np

FINEST = 12
"""Fractions of π down to π/2^12 are known."""

_DENOMINATOR = 10_000
_TOLERANCE = 1e-12


def rational(value: float) -> Fraction | None:
    """The fraction with a denominator up to 10,000 within 1e-12 of a number up to 1."""
    nearest = Fraction(value).limit_denominator(_DENOMINATOR)
    return nearest if abs(float(nearest) - value) <= _TOLERANCE else None


def dyadic(angle: float) -> int | None:
    """k if the angle is kπ/2^12 within 1e-9."""
    turns = angle * 2**FINEST / math.pi
    nearest = round(turns)
    return nearest if abs(turns - nearest) * math.pi / 2**FINEST <= 1e-9 else None


class Field:
    """Residues of the coefficients of one computation; ``generic`` once an unknown was needed."""

    def __init__(self, prime: int) -> None:
        if prime % 2 ** (FINEST + 1) != 2 ** (FINEST + 1) - 1:
            raise ValueError(f"want a prime that is -1 modulo {2 ** (FINEST + 1)}, got {prime}")
        self.prime = prime
        self.generic = False
        self._random = np.random.Generator(np.random.PCG64(prime))
        self._unknown: dict[tuple[str, int], int] = {}

    def number(self, value: float) -> int:
        """The residue of a number between -1 and 1."""
        fraction = rational(value)
        if fraction is not None:
            return fraction.numerator * pow(fraction.denominator, -1, self.prime) % self.prime
        residue = self._draw("number", abs(value) / _TOLERANCE)
        return residue if value > 0 else self.prime - residue

    def turn(self, angle: float) -> tuple[int, int]:
        """The residues of an angle's cosine and sine."""
        steps = dyadic(angle)
        if steps is not None:
            return self._cosine(steps), self._cosine(steps - 2 ** (FINEST - 1))
        angle = math.remainder(angle, 2 * math.pi)
        t = self._draw("angle", abs(angle) / _TOLERANCE)
        scale = pow(1 + t * t, -1, self.prime)
        cosine, sine = (1 - t * t) * scale % self.prime, 2 * t * scale % self.prime
        return cosine, sine if angle > 0 else self.prime - sine

    def _cosine(self, steps: int) -> int:
        """Of steps · π/2^12."""
        whole = 2**FINEST
        steps = abs(steps) % (2 * whole)
        steps = min(steps, 2 * whole - steps)
        cosines = _cosines(self.prime)
        return cosines[steps] if steps <= whole // 2 else -cosines[whole - steps] % self.prime

    def _draw(self, kind: str, scaled: float) -> int:
        self.generic = True
        key = (kind, round(scaled))
        return self._unknown.setdefault(key, int(self._random.integers(2, self.prime - 1)))


@cache
def _cosines(prime: int) -> list[int]:
    """cos(k·π/2^12) for k from 0 to 2^11: halved angles by square roots, whose signs are a choice of the roots, then multiples."""
    finest = 0  # cos(π/2)
    for _ in range(FINEST - 1):
        square = (1 + finest) * pow(2, -1, prime) % prime
        finest = pow(square, (prime + 1) // 4, prime)
    cosines = [1, finest]
    while len(cosines) <= 2 ** (FINEST - 1):
        cosines.append((2 * finest * cosines[-1] - cosines[-2]) % prime)
    return cosines

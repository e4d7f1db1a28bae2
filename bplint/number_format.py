"""Numbers as people read them, the same in every message."""

from __future__ import annotations

import math


def number(value: float) -> str:
    """Two significant digits: ``2.7e-5``, ``1e-4``, ``0.03``, ``1.5``, ``37,000``; what no double holds is ``1e308 or more``."""
    if math.isinf(value):
        return "1e308 or more" if value > 0 else "-1e308 or less"
    if value == 0 or 1e-2 <= abs(value) < 99.5:
        return f"{value:.2g}"
    if 99.5 <= abs(value) < 1e15:
        return f"{float(f'{value:.2g}'):,.0f}"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent)}"


def share(value: float) -> str:
    """A fraction to three digits, cut and not rounded, so that less than all is never told as all: ``0.942``, ``0.999``, ``1``."""
    return f"{math.floor(value * 1000 + 1e-6) / 1000:g}"


def plain(value: float) -> str:
    """A number that is meant exactly, such as an eigenvalue, with up to six digits: ``-0.5``, ``3``, and never ``-0``."""
    return f"{round(value, 12) + 0.0:.6g}"


def plural(count: int, noun: str) -> str:
    """``1 error``, ``2 errors``."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def whole(value: int) -> str:
    """An integer with separators, or as a power of two where it is too long to read: ``68,719,476,735``, ``about 2^2000``."""
    return f"{value:,}" if value < 10**15 else f"about 2^{(value + 1).bit_length() - 1}"


def integer(value: int) -> int | str:
    """For machines: integers beyond 2^53 as decimal strings, since JSON readers take numbers for doubles."""
    return value if value < 1 << 53 else str(value)

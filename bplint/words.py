"""Numbers as people read them, the same in every message."""

from __future__ import annotations


def number(value: float) -> str:
    """Two significant digits: ``2.7e-5``, ``0.03``, ``1.5``, ``37,000``."""
    if value == 0 or 1e-2 <= abs(value) < 100:
        return f"{value:.2g}"
    if 100 <= abs(value) < 1e15:
        return f"{float(f'{value:.2g}'):,.0f}"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def plural(count: int, noun: str) -> str:
    """``1 error``, ``2 errors``."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")

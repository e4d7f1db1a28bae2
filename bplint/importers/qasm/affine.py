"""Sums of multiples of symbols: what an angle expression is while it is being evaluated."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from bplint.importers.formulas import Combined


class AffineSum:
    """constant + Σ coefficient · symbol, no coefficient 0, changed in place by its methods; the symbols are names."""

    __slots__ = ("constant", "terms")

    def __init__(self, constant: float, terms: dict[str, float]) -> None:
        self.constant = constant
        self.terms = terms

    def scale(self, factor: float) -> AffineSum:
        """Multiply by a number."""
        self.constant *= factor
        self.terms = {name: scaled for name, c in self.terms.items() if (scaled := c * factor)}
        return self

    def add(self, other: AffineSum | float, sign: float) -> AffineSum:
        """Add ``sign`` times the other. Takes time in the shorter of the two, apart from a sign."""
        if not isinstance(other, AffineSum):
            self.constant += sign * other
            return self
        if len(other.terms) > len(self.terms):
            return other.scale(sign).add(self, 1.0) if sign != 1 else other.add(self, 1.0)
        self.constant += sign * other.constant
        for name, c in other.terms.items():
            total = self.terms.get(name, 0.0) + sign * c
            if total:
                self.terms[name] = total
            else:
                self.terms.pop(name, None)
        return self


Value = int | float | AffineSum


def as_text(value: Value) -> str:
    """The value as an expression that reads the same whichever way it was spelled; long ones are shortened."""
    if not isinstance(value, AffineSum):
        return _number(value)
    parts = [_term(name, c) for name, c in sorted(value.terms.items())]
    if value.constant or not parts:
        parts.append(_number(value.constant))
    text = parts[0] + "".join(f" - {p[1:]}" if p.startswith("-") else f" + {p}" for p in parts[1:])
    if len(text) <= _LONG:
        return text
    from hashlib import sha256  # rare, and slow to load

    return f"{text[:_LONG]}…{sha256(text.encode()).hexdigest()[:12]}"


def as_factor(value: Value) -> str:
    """The same, in parentheses unless it is a name, a number or a call."""
    text = as_text(value)
    return text if _ATOM.fullmatch(text) else f"({text})"


def combined(operation: str, operands: Sequence[Value]) -> Combined:
    """What an operator makes of these operands, which may change afterwards."""
    kept = (
        (operand.constant, tuple(operand.terms.items())) if isinstance(operand, AffineSum) else operand
        for operand in operands
    )
    return Combined(operation, tuple(kept))


_LONG = 200
_ATOM = re.compile(r"[\w.\[\]]+(\([^()]*\))?")


def _term(name: str, coefficient: float) -> str:
    if abs(coefficient) == 1:
        return name if coefficient > 0 else f"-{name}"
    return f"{_number(coefficient)}*{name}"


def _number(value: float) -> str:
    """With pi where it is a plain fraction of it."""
    twelfths = value / math.pi * 12
    if 0.5 < abs(twelfths) < 1000 and abs(twelfths - round(twelfths)) < 1e-12:
        from fractions import Fraction  # rare, and slow to load

        ratio = Fraction(round(twelfths), 12)
        factor = "-" if ratio.numerator == -1 else "" if ratio.numerator == 1 else f"{ratio.numerator}*"
        return f"{factor}pi" + (f"/{ratio.denominator}" if ratio.denominator > 1 else "")
    return repr(float(value)).removesuffix(".0")

"""Sums of multiples of symbols, and what operators and functions make of them: angles while they are being evaluated.

The length of a sum costs time, which is metered.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from bplint.errors import SourceError, Unsupported
from bplint.importers.formulas import Combined
from bplint.importers.operations import CLASSICAL, Number, TooLong, calculate
from bplint.importers.qasm.names import Names
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import quote


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


class Arithmetic:
    """Works out the operators of one file.

    ``divided`` is the place of the first quotient of whole numbers that is not whole, in a file that says 3: read to
    the letter, OpenQASM 3 cuts it off.
    """

    def __init__(self, source: SourceText, names: Names) -> None:
        self.divided: tuple[int, int] | None = None
        self._source = source
        self._names = names
        self._work = 0

    def spend(self, steps: int, start: int, end: int) -> None:
        """Enter work that the expression or statement at this place makes."""
        self._work += steps
        if self._work > self._source.limits.steps:
            self._source.check("steps", self._work, "steps of evaluation", start, end)

    def apply(self, name: str, operands: Sequence[Value], start: int, end: int) -> Value:
        """What the operator or function at this place makes of its operands. Sums among them are changed in place."""
        left, right = operands[0], operands[-1]
        if not (isinstance(left, AffineSum) or isinstance(right, AffineSum)):
            return self._calculated(name, operands, start, end)
        sums = [operand for operand in operands if isinstance(operand, AffineSum)]
        if name in CLASSICAL:
            raise self.unknown_value(next(iter(sums[0].terms)), start, end)
        adds = name in ("+", "-")
        self.spend(sum([1 if adds and operand is left else len(operand.terms) for operand in sums]), start, end)
        result = self._combined(name, left, right, start, end)
        if result is None:
            return self._opaque(name, operands)
        return result if result.terms else result.constant

    def finite(self, value: Number, start: int, end: int) -> float:
        """The number as a float. Raises SourceError if there is none for it."""
        try:
            result = float(value)
        except OverflowError:
            result = math.inf
        if not math.isfinite(result):
            raise self._no_number("angle is not finite", start, end)
        return result

    def unknown_value(self, symbol: str, start: int, end: int) -> SourceError:
        """The error for a parameter, or an expression of parameters, where a number must be known."""
        message = f"the value of the parameter {quote(symbol)} decides here"
        hint = f"give it with --set {symbol}=8" if symbol in self._names.whole else None
        return Unsupported(message, self._source.span(start, end), hint=hint)

    def _combined(self, name: str, left: Value, right: Value, start: int, end: int) -> AffineSum | None:
        """The result of an operator that keeps sums what they are; None for any other."""
        if name == "negate" and isinstance(left, AffineSum):
            return left.scale(-1.0)
        if name in ("+", "-"):
            total = left if isinstance(left, AffineSum) else AffineSum(self.finite(left, start, end), {})
            other = right if isinstance(right, AffineSum) else self.finite(right, start, end)
            return total.add(other, 1.0 if name == "+" else -1.0)
        if name == "*" and isinstance(right, AffineSum):
            left, right = right, left
        if name in ("*", "/") and isinstance(left, AffineSum) and not isinstance(right, AffineSum):
            factor = right if name == "*" else self._calculated("/", [1.0, right], start, end)
            return left.scale(self.finite(factor, start, end))
        return None

    def _opaque(self, operation: str, operands: Sequence[Value]) -> AffineSum:
        """A product or function of parameters: a symbol of its own, named by its text."""
        if operation.isalpha():
            name = f"{operation}({', '.join(map(as_text, operands))})"
        else:
            name = operation.join(map(as_factor, operands))
        # Sums may change afterwards.
        kept = [(o.constant, tuple(o.terms.items())) if isinstance(o, AffineSum) else o for o in operands]
        self._names.made_of[name] = Combined(operation, tuple(kept))
        return AffineSum(0.0, {name: 1.0})

    def _calculated(self, name: str, operands: Sequence[Value], start: int, end: int) -> Number:
        numbers = [n for n in operands if not isinstance(n, AffineSum)]
        try:
            result = calculate(name, numbers)
        except TooLong:
            raise self._too_long(start, end) from None
        except (ValueError, ZeroDivisionError, OverflowError):
            what = "division by zero" if name == "//" else "angle is not finite"
            raise self._no_number(what, start, end) from None
        if isinstance(result, int) and result.bit_length() > 4 * self._source.limits.digits:
            raise self._too_long(start, end)
        if name == "/" and self.divided is None and self._source.version == 3:
            a, b = numbers
            self.divided = (start, end) if isinstance(a, int) and isinstance(b, int) and a % b else None
        return result

    def _too_long(self, start: int, end: int) -> SourceError:
        return self._source.limit("digits", "a number of too many digits", start, end)

    def _no_number(self, what: str, start: int, end: int) -> SourceError:
        return self._source.error(f"{what}: {self._source.shown(start, end)}", start, end)


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

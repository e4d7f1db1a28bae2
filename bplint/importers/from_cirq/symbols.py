"""Sympy's symbols and the expressions built of them, as angles.

Affine expressions are exact. A product or a function of symbols becomes a parameter of its own, one for all its multiples.
"""

from __future__ import annotations

import math
from numbers import Number
from typing import Any

from bplint.errors import SourceError
from bplint.importers.framework import shown
from bplint.importers.limits import DEFAULTS
from bplint.importers.lowered import Angle
from bplint.importers.sympy_formulas import formula_of
from bplint.ir.circuit import Parameter, Role, Spelling
from bplint.ir.formula import Formula

Weighted = tuple[tuple[Any, float], ...]
"""Σ weight · value over pairs (value, weight); a value is a number or an expression of sympy."""


class SympySymbols:
    """The parameters met so far, numbered in the order in which they are met."""

    def __init__(self) -> None:
        self.parameters: list[Parameter] = []
        self.expressions: list[Any] = []
        """What each is in sympy: a symbol, or an expression that is not affine."""
        self.formulas: dict[str, Formula] = {}
        """What parameters that stand for expressions are, by name."""
        self._numbers: dict[Any, int] = {}
        self._known: dict[tuple[Any, float], Angle[int]] = {}

    @property
    def opaque(self) -> list[str]:
        """The expressions that became parameters of their own."""
        return [parameter.name for parameter in self.parameters if parameter.sources]

    def angle(self, weighted: Weighted) -> Angle[int]:
        """The sum of weight times value over pairs (value, weight). ``SourceError`` where it is not real and finite."""
        if len(weighted) == 1:
            return self._scaled(*weighted[0])
        constant, terms = 0.0, dict[int, float]()
        for value, weight in weighted:
            more = self._scaled(value, weight)
            constant += more.constant
            for number, c in more.terms:
                terms[number] = terms.get(number, 0.0) + c
        return Angle(constant, tuple((number, c) for number, c in terms.items() if c))

    def _scaled(self, value: Any, scale: float) -> Angle[int]:
        if not getattr(value, "free_symbols", None):
            return _literal(value, scale)
        if not hasattr(value, "is_Symbol"):  # such as a matrix
            raise SourceError(f"the angle {shown(value)} is not a number")
        angle = self._known.get((value, scale))
        if angle is None:
            constant, terms = self._affine(value, 0)
            kept = tuple((number, scale * c) for number, c in terms.items() if c)
            angle = self._known[value, scale] = Angle(scale * constant, kept)
        return angle

    def _affine(self, value: Any, depth: int) -> tuple[float, dict[int, float]]:
        """The constant and the coefficient of each parameter."""
        if depth > DEFAULTS.nesting:
            raise DEFAULTS.exceeded("nesting", "an expression is nested too deeply")
        if not value.free_symbols:
            return real(value), {}
        if value.is_Symbol:
            return 0.0, {self._number(value.name, value, ()): 1.0}
        if value.is_Add:
            constant, terms = 0.0, dict[int, float]()
            for part in value.args:
                more, inner = self._affine(part, depth + 1)
                constant += more
                for number, c in inner.items():
                    terms[number] = terms.get(number, 0.0) + c
            return constant, terms
        if value.is_Mul:
            moving = [part for part in value.args if part.free_symbols]
            factor = math.prod([real(part) for part in value.args if not part.free_symbols])
            if len(moving) == 1:
                constant, terms = self._affine(moving[0], depth + 1)
                return factor * constant, {number: factor * c for number, c in terms.items()}
            return 0.0, {self._opaque(value.func(*moving)): factor}
        return 0.0, {self._opaque(value): 1.0}

    def _opaque(self, expression: Any) -> int:
        sources = sorted({symbol.name for symbol in expression.free_symbols})
        if formula := formula_of(expression):
            self.formulas[str(expression)] = formula
        return self._number(expression, expression, tuple(sources))

    def _number(self, key: Any, expression: Any, sources: tuple[str, ...]) -> int:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.parameters)
            if number >= DEFAULTS.parameters:
                raise DEFAULTS.exceeded("parameters", f"more than {DEFAULTS.parameters:,} parameters")
            self.parameters.append(Parameter(str(expression), Role.TRAINABLE, sources=sources))
            self.expressions.append(expression)
        return number


def _literal(value: Any, scale: float) -> Angle[int]:
    """A number: precise if it has nine or more significant digits, as products with pi have."""
    number = scale * real(value)
    short = math.isclose(float(f"{number:.8g}"), number, rel_tol=1e-15)
    return Angle(number, (), Spelling.DECIMAL if short else Spelling.PRECISE)


def real(value: Any) -> float:
    """A number of Python's, NumPy's or sympy's. ``SourceError`` where it is not real and finite, or no number at all."""
    try:
        if not (isinstance(value, Number) or hasattr(value, "is_number") or getattr(value, "ndim", None) == 0):
            raise TypeError  # text and LineQubits have a complex value too
        number = complex(value)
    except (TypeError, ValueError, ArithmeticError) as error:
        raise SourceError(f"the angle {shown(value)} is not a number") from error
    if abs(number.imag) > 1e-12 * max(1.0, abs(number.real)) or not math.isfinite(number.real):
        raise SourceError(f"the angle {shown(value)} is not a finite real number")
    return number.real

"""Qiskit's parameters and the expressions built of them, as angles.

Affine expressions are exact: the gradient says the coefficients. Any other expression becomes a parameter of its own, and
expressions that are multiples of one another become one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from bplint.errors import SourceError
from bplint.importers.formulas import StepFormula
from bplint.importers.lowered import Angle
from bplint.importers.sympy_formulas import formula_of
from bplint.ir.circuit import Parameter, Role, Spelling


class Opaque(NamedTuple):
    """An expression that is not affine: its number as a parameter, what it is computed from, a value of it, the first
    statement that has it.
    """

    number: int
    expression: Any
    sources: tuple[int, ...]
    value: float
    statement: int

    @property
    def text(self) -> str:
        """As Qiskit prints it."""
        return str(self.expression)


class QiskitFormula(NamedTuple):
    """An expression of Qiskit, evaluated by its own arithmetic."""

    expression: Any

    def portable(self) -> StepFormula | None:
        """The same without Qiskit, for another process; None where sympy is not there to take it apart."""
        try:
            return formula_of(self.expression.sympify())
        except ImportError:
            return None

    def __call__(self, values: Mapping[str, float]) -> float:
        known = {symbol: values[symbol.name] for symbol in self.expression.parameters}
        value = _value(self.expression, known)
        if value is None:
            raise ArithmeticError(str(self.expression))
        return value


class QiskitSymbols:
    """The parameters met so far, numbered in the order in which they are met.

    Names are unique within one Qiskit circuit, but not between a circuit and the definitions in it: a parameter is an
    object, its name only finds it faster.
    """

    def __init__(self) -> None:
        self.statement = 0
        """The statement being read."""
        self._by_name: dict[str, int] = {}
        self._clashing: dict[Any, int] = {}
        self._met: list[Any] = []
        """The object by number, None for an opaque expression."""
        self._opaque: dict[tuple[object, ...], Opaque] = {}

    def __len__(self) -> int:
        """How many of Qiskit's parameters were met."""
        return len(self._met) - len(self._opaque)

    def number(self, parameter: Any) -> int:
        """The number of a parameter, met before or not."""
        name = parameter.name
        number = self._by_name.get(name)
        if number is None:
            number = self._by_name[name] = len(self._met)
            self._met.append(parameter)
        elif self._met[number] != parameter:
            known = self._clashing.get(parameter)
            number = self._clashing[parameter] = self._add(parameter) if known is None else known
        return number

    def angle(self, value: Any) -> Angle[int]:
        """A number or an expression. ``SourceError`` where it is not real and finite."""
        if not hasattr(value, "parameters"):
            return literal(value)
        if hasattr(value, "uuid"):
            return Angle(0.0, ((self.number(value), 1.0),))
        symbols = sorted(value.parameters, key=_order)
        if not symbols:
            return literal(value.numeric())
        return self._affine(value, symbols) or self._expression(value, symbols)

    def ordered(self) -> tuple[list[Parameter], list[int], list[Opaque]]:
        """The parameters as ``circuit.parameters`` sorts them, opaque ones last; the place of each number; the opaque ones."""
        opaque, met, order = list(self._opaque.values()), self._met, self._sorted()
        role = Role.TRAINABLE
        parameters = [Parameter(met[k].name, role) for k in order]
        for expression in opaque:
            sources = tuple([self._met[k].name for k in expression.sources])
            parameters.append(Parameter(expression.text, Role.TRAINABLE, sources=sources))
        order += [expression.number for expression in opaque]
        places = [0] * len(order)
        for place, number in enumerate(order):
            places[number] = place
        return parameters, places, opaque

    def expressions(self) -> list[Any]:
        """The objects in the same order; an opaque one as it was met first."""
        return [*(self._met[k] for k in self._sorted()), *(one.expression for one in self._opaque.values())]

    def _sorted(self) -> list[int]:
        """The numbers of Qiskit's own parameters, as ``circuit.parameters`` sorts them."""
        return [k for _, k in sorted([(_order(p), k) for k, p in enumerate(self._met) if p is not None])]

    def _add(self, parameter: Any) -> int:
        self._met.append(parameter)
        return len(self._met) - 1

    def _affine(self, value: Any, symbols: Sequence[Any]) -> Angle[int] | None:
        """The angle if every derivative is a number, or has one value wherever it is probed; else None."""
        terms = []
        for symbol in symbols:
            slope = _slope(value, symbol)
            if slope is None:
                return None
            if hasattr(slope, "parameters"):
                slope = _only([_value(slope, point) for point in _points(symbols)])
                if slope is None:
                    return None
            terms.append((symbol, _real(slope, value)))
        constant = _value(value, dict.fromkeys(symbols, 0.0))
        if constant is None:  # such as a * a / a
            probed = [(_value(value, point), point) for point in _points(symbols)]
            rests = [None if v is None else v - math.fsum(c * at[s] for s, c in terms) for v, at in probed]
            constant = _only(rests)
        return None if constant is None else Angle(constant, tuple((self.number(s), c) for s, c in terms if c))

    def _expression(self, value: Any, symbols: Sequence[Any]) -> Angle[int]:
        """A parameter of its own, one for all the multiples of an expression."""
        values = [_value(value, point) for point in _points(symbols)]
        first = next((v for v in values if v), 1.0)
        sources = tuple([self.number(symbol) for symbol in symbols])
        key = sources, *(None if v is None else f"{v / first:.9e}" for v in values)
        known = self._opaque.get(key)
        if known is None:
            known = self._opaque[key] = Opaque(self._add(None), value, sources, first, self.statement)
        return Angle(0.0, ((known.number, first / known.value),))


def literal(value: Any) -> Angle[int]:
    """A number: precise if it has nine or more significant digits, as products with pi have."""
    number = _real(value, value)
    return Angle(number, (), Spelling.DECIMAL if float(f"{number:.8g}") == number else Spelling.PRECISE)


def _real(value: Any, shown: Any) -> float:
    number = complex(value)
    if abs(number.imag) > 1e-12 * max(1.0, abs(number.real)) or not math.isfinite(number.real):
        raise SourceError(f"the angle {shown} is not a real number")
    return number.real


def _slope(expression: Any, symbol: Any) -> Any:
    """The derivative, None where Qiskit has none (of a sign)."""
    try:
        return expression.gradient(symbol)
    except RuntimeError:
        return None


def _value(expression: Any, values: dict[Any, float]) -> float | None:
    """The expression at a point, which may name more symbols than it has; None where it is not real or not finite."""
    known = expression.parameters
    try:
        return _real(expression.bind({s: v for s, v in values.items() if s in known}).numeric(), expression)
    except Exception:  # Qiskit has many ways to say that it divides by zero
        return None


def _only(values: Sequence[float | None]) -> float | None:
    """The first, if all are there and are equal."""
    first = values[0]
    if first is None or any(v is None or not math.isclose(v, first, rel_tol=1e-11, abs_tol=1e-11) for v in values):
        return None
    return first


def _order(parameter: Any) -> tuple[str, int]:
    """As ``QuantumCircuit.parameters`` sorts: by name, the elements of a vector by index."""
    vector = getattr(parameter, "vector", None)
    return (parameter.name, -1) if vector is None else (vector.name, parameter.index)


def _points(symbols: Sequence[Any]) -> Iterator[dict[Any, float]]:
    """Points of either sign with irregular coordinates in (-1, 1), where to probe an expression."""
    for step in (0.6180339887, 0.7320508076, -0.2360679775, -0.4142135624):
        yield {symbol: math.modf(k * step)[0] for k, symbol in enumerate(symbols, start=1)}

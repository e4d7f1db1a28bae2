"""Angles and numbers: what names come to in a scope, and expressions in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bplint.errors import Unsupported
from bplint.importers.lowered import Angle
from bplint.importers.operations import Number
from bplint.importers.outcomes import NotUnitary, Outcomes
from bplint.importers.qasm.arithmetic import AffineSum, Arithmetic, Value
from bplint.importers.qasm.names import Names
from bplint.importers.qasm.scopes import NO_VALUE, Affine, Array, Bindable, NameScope, Qubits, Unknowable
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import quote
from bplint.ir.circuit import Spelling
from bplint.number_format import plural

Run = Callable[[NameScope], Value]
"""What an expression comes to in a scope."""


class Expression(NamedTuple):
    """A compiled expression, its place, what running it counts as, and the names in it with their places.

    ``rounded`` says that it is one literal with fewer than nine significant digits, ``calls`` that subroutines are called.
    """

    run: Run
    start: int
    end: int
    steps: int
    names: tuple[tuple[str, int, int], ...]
    rounded: bool
    calls: bool


class AngleEvaluator(Arithmetic):
    """Looks up names and evaluates expressions of one file.

    What is looked up raises SourceError for a name that means nothing, Unsupported for one without a value.
    """

    def __init__(self, source: SourceText, names: Names, outcomes: Outcomes) -> None:
        super().__init__(source, names)
        self._outcomes = outcomes

    def evaluate(self, expression: Expression, scope: NameScope) -> Affine:
        """The angle. Raises SourceError for one that is not finite."""
        run, start, end, steps, names, rounded, _ = expression
        if names and steps == 1:
            angle = scope.values.get(names[0][0])
            if isinstance(angle, Angle):
                return angle
        self.spend(steps, start, end)
        value = run(scope)
        if isinstance(value, AffineSum) or not (rounded or self._rounded(names, scope)):
            return self._affine(value, start, end)
        return Angle(self.finite(value, start, end), (), Spelling.DECIMAL)

    def known(self, expression: Expression, scope: NameScope) -> Number:
        """A number with no parameter in it, whole ones kept whole."""
        run, start, end, steps, _, _, _ = expression
        self.spend(steps, start, end)
        value = run(scope.closed)
        if isinstance(value, AffineSum):
            raise self.unknown_value(next(iter(value.terms)), start, end)
        if type(value) is not int or value.bit_length() > _SHORT:
            self.finite(value, start, end)
        return value

    def named(self, name: str, indices: Sequence[int], start: int, end: int, scope: NameScope) -> Affine:
        """The angle that this name, or the element of this array, is."""
        self.spend(1, start, end)
        found = self._look_up(name, indices, start, end, scope)
        if isinstance(found, Angle) and (found.terms or not indices):
            return found
        return self._affine(self.number(found, name, start, end), start, end)

    def value(self, name: str, indices: Sequence[Value], start: int, end: int, scope: NameScope) -> Value:
        """The number that the name at this place stands for, or the element of an array."""
        whole = [self._index(index, start, end) for index in indices] if indices else ()
        return self.number(self._look_up(name, whole, start, end, scope), name, start, end)

    def size(self, name: str, dimension: int, start: int, end: int, scope: NameScope) -> int:
        """The size of an array in a dimension."""
        found = self._names.find(name, scope)
        if not isinstance(found, Array):
            raise self._source.error(f"{quote(name)} is not an array", start, end)
        return found.shape[self._source.position(name, dimension, len(found.shape), "dimension", start, end)]

    def number(self, found: Bindable, name: str, start: int, end: int) -> Value:
        """What the name at this place stands for, as a number; a sum belongs to who asks for it."""
        if isinstance(found, int):
            return found
        if isinstance(found, Angle):
            if not found.terms:
                return found.constant
            self.spend(len(found.terms) - 1, start, end)
            return AffineSum(found.constant, dict(found.terms))
        if isinstance(found, Qubits):
            what = "qubit" if isinstance(found.place, int) else "qubit register"
            raise self._source.error(f"{quote(name)} is a {what}, not a number", start, end)
        if isinstance(found, Unknowable):
            return self._outcome(found, name, start, end)
        if not found.bits:
            shape = " by ".join(f"{size:,}" for size in found.shape)
            raise self._source.error(f"{quote(name)} is an array of {shape}: name one element of it", start, end)
        # Bits that were never measured, beside some that were, are 0 as they are for who writes such programs.
        zero = any(is_outcome(bit) for bit in found.values)
        bits = [0 if zero and bit is NO_VALUE else self.number(bit, name, start, end) for bit in found.values]
        return sum(bit << i for i, bit in enumerate(bits) if isinstance(bit, int))

    def _outcome(self, found: Unknowable, name: str, start: int, end: int) -> int:
        text, span = quote(name), self._source.span(start, end)
        if found.outcome is None:
            raise (NotUnitary if found.measured else Unsupported)(f"{text} {found.why}", span)
        return int(self._outcomes.value(found.outcome, text, span, found.why))

    def _look_up(self, name: str, indices: Sequence[int], start: int, end: int, scope: NameScope) -> Bindable:
        """What a name stands for, or an element of it; an undeclared one becomes a parameter in a free scope."""
        found = self._names.find(name, scope)
        if found is None:
            if scope.free and len(indices) <= 1 and all(index >= 0 for index in indices):
                return self._names.free(f"{name}[{indices[0]}]" if indices else name, start, end)
            what = "parameter" if indices else "parameter or constant"
            known = sorted({*scope.values, *self._names.declared()})
            raise self._names.unknown(name, what, known, start, end)
        if not indices:
            return found
        if isinstance(found, int | Angle):
            raise self._source.error(f"{quote(name)} is one number, not an array", start, end)
        dimensions = len(found.shape) if isinstance(found, Array) else len(indices)
        if len(indices) != dimensions:
            message = f"{quote(name)} has {plural(dimensions, 'dimension')}; here {len(indices)}"
            raise self._source.error(message, start, end)
        for index in indices:
            if isinstance(found, Array):
                found = found.values[self._source.position(name, index, len(found.values), "element", start, end)]
        return found

    def _affine(self, value: Value, start: int, end: int) -> Affine:
        if not isinstance(value, AffineSum):
            return Angle(self.finite(value, start, end))
        terms = tuple([(name, self.finite(c, start, end)) for name, c in value.terms.items()])
        return Angle(self.finite(value.constant, start, end), terms)

    def _rounded(self, names: Sequence[tuple[str, int, int]], scope: NameScope) -> bool:
        """Whether one of the names stands for a number that was written with few digits."""
        for name, _, _ in names:
            found = self._names.find(name, scope)
            if isinstance(found, Angle) and found.spelling is Spelling.DECIMAL:
                return True
        return False

    def _index(self, value: Value, start: int, end: int) -> int:
        if isinstance(value, AffineSum):
            raise self.unknown_value(next(iter(value.terms)), start, end)
        if not isinstance(value, int):
            raise self._source.error(f"an index must be a whole number, here {value}", start, end)
        return value


def is_outcome(value: Bindable) -> bool:
    """Whether it is the outcome of one measurement."""
    return isinstance(value, Unknowable) and value.outcome is not None


def few_digits(literal: str) -> bool:
    """Whether a number is written with fewer than nine significant digits."""
    return len(_NO_DIGIT.sub("", literal.lower().partition("e")[0]).lstrip("0")) < 9


_SHORT = 1000
"""Whole numbers of so many bits are finite as floats."""
_NO_DIGIT = re.compile("[^0-9]")

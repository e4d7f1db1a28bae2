"""Angles and numbers: what names come to in a scope, and expressions in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bplint.errors import Unsupported
from bplint.importers.lowered import Angle
from bplint.importers.operations import Number
from bplint.importers.outcomes import NotUnitary, Outcomes
from bplint.importers.qasm.affine import AffineSum, Value
from bplint.importers.qasm.arithmetic import Arithmetic
from bplint.importers.qasm.names import Names
from bplint.importers.qasm.scopes import Affine, Array, Bindable, NameScope, Qubits, Unknowable
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


class Angles(Arithmetic):
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

    def as_whole(self, value: Number, what: str, start: int, end: int) -> int:
        """The value, if it is a whole number."""
        if not isinstance(value, int):
            text = quote(self._source.code[start:end])
            raise self._source.error(f"{what} must be a whole number, here {text}", start, end)
        return value

    def named(self, name: str, index: int | None, start: int, end: int, scope: NameScope) -> Affine:
        """The angle that this name, or the element of this array, is."""
        self.spend(1, start, end)
        found = self.find(name, scope) if index is None else self._element(name, [index], start, end, scope)
        if isinstance(found, Angle) and (index is None or found.terms):
            return found
        value = self.value(name, start, end, scope) if found is None else self.number(found, name, start, end)
        return self._affine(value, start, end)

    def find(self, name: str, scope: NameScope) -> Bindable | None:
        """What a name stands for in a scope or else in the file; None if it is not declared."""
        found = scope.values.get(name)
        return self._names.known.get(name) if found is None else found

    def value(self, name: str, start: int, end: int, scope: NameScope) -> Value:
        """The number that the name at this place stands for; an undeclared one becomes a parameter in a free scope."""
        found = self.find(name, scope)
        if found is None:
            if not scope.free:
                known = sorted({*scope.values, *self._names.declared()})
                raise self._names.unknown(name, "parameter or constant", known, start, end)
            found = self._names.free(name, start, end)
        return self.number(found, name, start, end)

    def element(self, name: str, indices: Sequence[Value], start: int, end: int, scope: NameScope) -> Value:
        """An element of an array, by as many indices as it has dimensions."""
        whole = [self._index(index, start, end) for index in indices]
        return self.number(self._element(name, whole, start, end, scope), name, start, end)

    def size(self, name: str, dimension: int, start: int, end: int, scope: NameScope) -> int:
        """The size of an array in a dimension."""
        found = self.find(name, scope)
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
        bits = [self.number(bit, name, start, end) for bit in found.values]
        return sum(bit << i for i, bit in enumerate(bits) if isinstance(bit, int))

    def _outcome(self, found: Unknowable, name: str, start: int, end: int) -> int:
        text, span = quote(name), self._source.span(start, end)
        if found.outcome is None:
            raise (NotUnitary if found.measured else Unsupported)(f"{text} {found.why}", span)
        return int(self._outcomes.value(found.outcome, text, span, found.why))

    def _element(self, name: str, indices: Sequence[int], start: int, end: int, scope: NameScope) -> Bindable:
        found = self.find(name, scope)
        if found is None:
            if scope.free and len(indices) == 1 and indices[0] >= 0:
                return self._names.free(f"{name}[{indices[0]}]", start, end)
            raise self._names.unknown(name, "parameter", [*scope.values, *self._names.declared()], start, end)
        shape = found.shape if isinstance(found, Array) else ()
        if isinstance(found, int | Angle):
            raise self._source.error(f"{quote(name)} is one number, not an array", start, end)
        if shape and len(indices) != len(shape):
            message = f"{quote(name)} has {plural(len(shape), 'dimension')}; here {len(indices)}"
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
            found = self.find(name, scope)
            if isinstance(found, Angle) and found.spelling is Spelling.DECIMAL:
                return True
        return False

    def _index(self, value: Value, start: int, end: int) -> int:
        if isinstance(value, AffineSum):
            raise self.unknown_value(next(iter(value.terms)), start, end)
        if not isinstance(value, int):
            raise self._source.error(f"an index must be a whole number, here {value}", start, end)
        return value


def few_digits(literal: str) -> bool:
    """Whether a number is written with fewer than nine significant digits."""
    return len(_NO_DIGIT.sub("", _EXPONENT.split(literal)[0]).lstrip("0")) < 9


_SHORT = 1000
"""Whole numbers of so many bits are finite as floats."""
_EXPONENT = re.compile("[eE]")
_NO_DIGIT = re.compile("[^0-9]")

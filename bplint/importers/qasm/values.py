"""Expressions of the tree in a scope: angles, whole numbers, and values of a declared type."""

from __future__ import annotations

import math

from bplint.errors import Unsupported
from bplint.importers.operations import Number, operation
from bplint.importers.qasm.compiling import FUNCTIONS_OF_NUMBERS, SCALARS, Compiler
from bplint.importers.qasm.grammar import ast, extent
from bplint.importers.qasm.scopes import (
    NO_DURATION,
    Affine,
    Array,
    Bindable,
    NameScope,
    Type,
    Unknowable,
    bits_of,
    copied,
)
from bplint.importers.qasm.source import MANY
from bplint.importers.quoting import quote


class Values(Compiler):
    """Evaluates what stands in one tree."""

    def angle(self, node: ast.Expression, scope: NameScope) -> Affine:
        """The value, which may depend on parameters."""
        return self._angles.evaluate(self.compile(node), scope)

    def constant(self, node: ast.Expression, scope: NameScope) -> Affine:
        """The same without parameters."""
        expression = self.compile(node)
        angle = self._angles.evaluate(expression, scope.closed)
        if angle.terms:
            raise self._angles.unknown_value(angle.terms[0][0], expression.start, expression.end)
        return angle

    def number(self, node: ast.Expression, scope: NameScope, *, whole: bool = False) -> Number:
        """The value, which must be known. ``whole`` cuts off quotients of whole numbers."""
        return self._angles.known(self.compile(node, whole=whole), scope)

    def whole(self, node: ast.Expression, scope: NameScope, what: str) -> int:
        """The value, which must be a known whole number; ``what`` it is for goes into the message."""
        if type(node) is ast.IntegerLiteral:
            return node.value
        value = self.number(node, scope, whole=True)
        if isinstance(value, int):
            return value
        message = f"{what} must be a whole number, here {self._source.shown(*extent(node))}"
        raise self._source.error(message, *extent(node))

    def range(self, node: ast.RangeDefinition, scope: NameScope) -> range:
        """The whole numbers from first to last, both included."""
        if node.start is None or node.end is None:
            raise self._source.error("a loop needs a first and a last value", *extent(node))
        step = self.whole(node.step, scope, "the step of a range") if node.step is not None else 1
        if not step:
            raise self._source.error("the step of a range cannot be 0", *extent(node))
        first = self.whole(node.start, scope, "the first value")
        last = self.whole(node.end, scope, "the last value")
        values = range(first, last + (1 if step > 0 else -1), step)
        if (last - first) // step >= MANY:
            raise self._source.limit("iterations", "more than 10^18 turns of loops", *extent(node))
        return values

    def type(self, node: ast.ClassicalType, scope: NameScope) -> Type:
        """A declared type. Raises Unsupported for complex numbers, SourceError for a size that is none."""
        if isinstance(node, ast.ArrayType | ast.ArrayReferenceType):
            return self._type_of_array(node, scope)
        known = SCALARS.get(type(node))
        if known is None:
            raise Unsupported("complex numbers are not read", self._source.span(*extent(node)))
        size = getattr(node, "size", None)
        if size is None:
            return Type(known, 1 if known in ("bit", "bool") else 0)
        width = self._size(size, scope, "the size of a type")
        self._source.check("qubits", width, "bits", *extent(node))
        return Type(known, width, (width,) if known == "bit" else ())

    def _type_of_array(self, node: ast.ArrayType | ast.ArrayReferenceType, scope: NameScope) -> Type:
        if not isinstance(node.dimensions, list):
            raise Unsupported("an array whose size is left open", self._source.span(*extent(node)))
        shape = tuple([self._size(d, scope, "the size of an array") for d in node.dimensions])
        self._source.check("parameters", math.prod(shape), "elements of an array", *extent(node))
        return Type(self.type(node.base_type, scope).name, 0, shape)

    def of_type(self, node: ast.Expression, kind: Type, scope: NameScope) -> Bindable:
        """The value of an expression that is assigned to a variable of this type."""
        if kind.name == "duration" and not kind.shape:
            return NO_DURATION
        if isinstance(node, ast.ArrayLiteral):
            return self._array(node, kind, kind.shape, scope)
        if kind.name == "bit" and isinstance(node, ast.FunctionCall) and node.name.name not in FUNCTIONS_OF_NUMBERS:
            return self._returned(node, kind, scope)
        if kind.shape and isinstance(node, ast.Identifier):
            value = self._names.find(node.name, scope)
            if isinstance(value, Array) and value.shape == kind.shape and value.bits == kind.bits:
                self._angles.spend(math.prod(kind.shape), *extent(node))
                return copied(value)
        if kind.bits:
            self._angles.spend(kind.width, *extent(node))
            return bits_of(self.whole(node, scope, "a row of bits"), kind.width)
        if kind.shape:
            raise self._source.error("want an array", *extent(node))
        if not kind.whole:
            return self.angle(node, scope)
        return int(operation(kind.name)(self.number(node, scope, whole=True), kind.width))

    def _returned(self, node: ast.FunctionCall, kind: Type, scope: NameScope) -> Bindable:
        """Bits that a subroutine returns, as outcomes of measurements where they are some."""
        result, name = self._call(node, scope), node.name.name
        if result is None:
            raise self._source.error(f"{quote(name)} returns no value", *extent(node))
        if isinstance(result, Array) and result.shape == kind.shape:
            return copied(result)
        if not kind.shape and isinstance(result, Unknowable):
            return result
        number = self._angles.number(result, f"{name}(…)", *extent(node))
        if not isinstance(number, int):
            raise self._source.error(f"{quote(name)} returns no bits", *extent(node))
        return bits_of(number, kind.width) if kind.shape else int(operation(kind.name)(number, kind.width))

    def _array(self, node: ast.ArrayLiteral, kind: Type, shape: tuple[int, ...], scope: NameScope) -> Bindable:
        if not shape or len(node.values) != shape[0]:
            want = f"{shape[0]:,} values" if shape else "one value"
            raise self._source.error(f"want {want}, got {len(node.values):,}", *extent(node))
        inner = Type(kind.name, kind.width, shape[1:])
        return Array([self.of_type(value, inner, scope) for value in node.values])

    def _size(self, node: ast.Expression, scope: NameScope, what: str) -> int:
        size = self.whole(node, scope, what)
        if size < 1:
            raise self._source.error(f"{what} must be at least 1, here {size}", *extent(node))
        return size

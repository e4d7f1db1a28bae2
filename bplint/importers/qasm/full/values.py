"""Expressions of the tree in a scope: angles, whole numbers, and values of a declared type."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from bplint.errors import Unsupported
from bplint.importers.qasm.angles import Angle, Angles, Array, Bindable
from bplint.importers.qasm.expressions import Expression, Item
from bplint.importers.qasm.full.expressions import Compiled, Compiler
from bplint.importers.qasm.full.scopes import Scope, Type, Variable, bits_of, copied
from bplint.importers.qasm.full.syntax import Places
from bplint.importers.qasm.operations import Number
from bplint.importers.qasm.source import Source
from bplint.importers.quoting import quote

if TYPE_CHECKING:
    from openqasm3 import ast

Call = Callable[[Any, Scope], Bindable | None]
"""Runs a subroutine that is called in this scope; None if it returns nothing."""


class Values:
    """Evaluates what stands in one tree. ``call`` is given the calls of subroutines."""

    def __init__(self, source: Source, places: Places, angles: Angles, call: Call) -> None:
        self._source = source
        self._places = places
        self._angles = angles
        self._call = call
        self._compiler = Compiler(source, places)

    def angle(self, node: ast.Expression, scope: Scope) -> Angle:
        """The value, which may depend on parameters."""
        compiled = self._compiler.compile(node)
        return self._angles.evaluate(compiled.expression, self._with_results(compiled, scope), free=scope.free)

    def number(self, node: ast.Expression, scope: Scope, *, whole: bool = False) -> Number:
        """The value, which must be known. ``whole`` cuts off quotients of whole numbers."""
        compiled = self._compiler.compile(node, whole=whole)
        return self._angles.constant(compiled.expression, self._with_results(compiled, scope))[0]

    def constant(self, node: ast.Expression, scope: Scope) -> tuple[Number, bool]:
        """The value, which must be known, and whether it was written with few digits."""
        compiled = self._compiler.compile(node)
        return self._angles.constant(compiled.expression, self._with_results(compiled, scope))

    def whole(self, node: Any, scope: Scope, what: str) -> int:
        """The value, which must be a known whole number; ``what`` it is for goes into the message."""
        if type(node).__name__ == "IntegerLiteral":  # as most indices are
            return int(node.value)
        return self._angles.as_whole(self.number(node, scope, whole=True), what, *self._places.of(node))

    def type(self, node: Any, scope: Scope) -> Type:
        """A declared type. Raises Unsupported for complex numbers, SourceError for a size that is none."""
        name = type(node).__name__
        if name in ("ArrayType", "ArrayReferenceType"):
            if not isinstance(node.dimensions, list):
                raise Unsupported("an array whose size is left open", self._source.span(*self._places.of(node)))
            shape = tuple([self._size(d, scope, "the size of an array") for d in node.dimensions])
            if math.prod(shape) > self._source.limits.parameters:
                amount = f"an array of {math.prod(shape):,} elements"
                raise self._source.limit("parameters", amount, *self._places.of(node))
            return Type(self.type(node.base_type, scope).name, 0, shape)
        known = _SCALARS.get(name)
        if known is None:
            raise Unsupported("complex numbers are not read", self._source.span(*self._places.of(node)))
        size = getattr(node, "size", None)
        if size is None:
            return Type(known, 1 if known in ("bit", "bool") else 0)
        width = self._size(size, scope, "the size of a type")
        if width > self._source.limits.qubits:
            raise self._source.limit("qubits", f"{width:,} bits", *self._places.of(node))
        return Type(known, width, (width,) if known == "bit" else ())

    def of_type(self, node: Any, kind: Type, scope: Scope) -> Bindable:
        """The value of an expression that is assigned to a variable of this type."""
        if type(node).__name__ == "ArrayLiteral":
            return self._array(node, kind, kind.shape, scope)
        if kind.shape and type(node).__name__ == "Identifier":
            variable = scope.find(node.name)
            if variable is not None and isinstance(variable.value, Array) and not variable.value.bits:
                return copied(variable.value)
        if kind.name == "bit" and kind.shape:
            return bits_of(self.whole(node, scope, "a row of bits"), kind.width)
        if kind.shape:
            raise self._source.error("want an array", *self._places.of(node))
        if not kind.whole:
            return self.angle(node, scope)
        return self.wrapped(self.number(node, scope, whole=True), kind)

    def wrapped(self, value: Number, kind: Type) -> Angle:
        """A number as a value of this scalar type."""
        if kind.name == "bool":
            return Angle(int(bool(value)))
        if not kind.whole:
            return Angle(value)
        cut = math.trunc(value)
        if kind.width and kind.width < _WIDE:
            size = 1 << kind.width
            cut = (cut + size // 2) % size - size // 2 if kind.name == "int" else cut % size
        return Angle(cut)

    def updated(
        self, place: tuple[int, int], name: str, operator: str, node: Any, variable: Variable, scope: Scope
    ) -> Angle:
        """The value after an assignment such as ``a += 1``, the name at this place."""
        compiled = self._compiler.compile(node, whole=variable.type.whole)
        start, end = self._places.of(node)
        if operator == "/" and variable.type.whole:
            operator = "//"
        items = (
            Item("name", *place, name),
            *compiled.expression.items,
            Item("operator", place[0], end, "xor" if operator == "^" else operator, 2),
        )
        bound = self._with_results(compiled, scope)
        angle = self._angles.evaluate(Expression(items, False), bound, free=scope.free)
        if not variable.type.whole:
            return angle
        if angle.terms:
            raise self._source.error(f"{quote(name)} is a whole number and cannot depend on a parameter", start, end)
        return self.wrapped(angle.constant, variable.type)

    def _with_results(self, compiled: Compiled, scope: Scope) -> Scope:
        """The scope, and in it the results of the subroutines that are called."""
        if not compiled.calls:
            return scope
        inner = scope.inner()
        for name, node in compiled.calls:
            result = self._call(node, scope)
            if result is None:
                raise self._source.error(f"{quote(node.name.name)} returns no value", *self._places.of(node))
            inner.variables[name] = Variable(Type("float"), result)
        return inner

    def _array(self, node: Any, kind: Type, shape: tuple[int, ...], scope: Scope) -> Bindable:
        if not shape or len(node.values) != shape[0]:
            want = f"{shape[0]:,} values" if shape else "one value"
            raise self._source.error(f"want {want}, got {len(node.values):,}", *self._places.of(node))
        inner = Type(kind.name, kind.width, shape[1:])
        return Array([self.of_type(value, inner, scope) for value in node.values])

    def _size(self, node: ast.Expression, scope: Scope, what: str) -> int:
        size = self.whole(node, scope, what)
        if size < 1:
            raise self._source.error(f"{what} must be at least 1, here {size}", *self._places.of(node))
        return size


_WIDE = 4096
_SCALARS: Mapping[str, str] = {
    "IntType": "int", "UintType": "uint", "FloatType": "float", "AngleType": "angle", "BoolType": "bool",
    "BitType": "bit", "DurationType": "duration",
}  # fmt: skip

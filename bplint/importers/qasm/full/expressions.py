"""Expressions of the syntax tree as the postfix steps that both readers evaluate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from bplint.errors import SourceError, Unsupported
from bplint.importers.qasm.expressions import Expression, Item, is_rounded
from bplint.importers.qasm.full.integer_closures import Function, function
from bplint.importers.qasm.grammar import extent
from bplint.importers.qasm.operations import FUNCTIONS, Number
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import quote

if TYPE_CHECKING:
    from openqasm3 import ast


class Compiled(NamedTuple):
    """An expression, and the calls of subroutines in it, whose results it looks up under these names.

    ``quick`` computes it where it is short and made of whole numbers; ``price`` is the steps it counts as, and its
    place.
    """

    expression: Expression
    calls: tuple[tuple[str, ast.FunctionCall], ...]
    quick: Function | None
    price: tuple[int, int, int]


class Compiler:
    """Compiles each expression of one tree once. ``whole`` cuts off quotients of whole numbers."""

    def __init__(self, source: SourceText, constants: Mapping[str, Number]) -> None:
        self._source = source
        self._constants = constants
        self._done: dict[tuple[int, bool], Compiled] = {}

    def compile(self, node: ast.Expression, *, whole: bool = False) -> Compiled:
        """The steps of an expression. Raises SourceError for what no angle or whole number is made of."""
        key = id(node), whole
        found = self._done.get(key)
        if found is None:
            items, calls = _Walk(self._source, whole).run(node)
            found = self._done[key] = self.of_items(items, calls)
        return found

    def of_items(self, items: tuple[Item, ...], calls: tuple[tuple[str, ast.FunctionCall], ...] = ()) -> Compiled:
        """These steps, compiled."""
        quick = function(items, self._constants) if not calls else None
        expression = Expression(items, is_rounded(self._source.code, items))
        return Compiled(expression, calls, quick, (len(items), expression.start, expression.end))


def names_in(node: Any) -> tuple[str, ...] | None:
    """The names in a node or a list of nodes; None if a subroutine is called."""
    found: dict[str, None] = {}
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif hasattr(node, "span"):  # as every node of the tree
            kind = type(node).__name__
            if kind == "FunctionCall" and node.name.name not in FUNCTIONS and node.name.name not in _BIT_FUNCTIONS:
                return None
            if kind == "Identifier":
                found[node.name] = None
            waiting += vars(node).values()
    return tuple(found)


class _Walk:
    def __init__(self, source: SourceText, whole: bool) -> None:
        self._source = source
        self._whole = whole
        self._items: list[Item] = []
        self._calls: list[tuple[str, ast.FunctionCall]] = []

    def run(self, node: ast.Expression) -> tuple[tuple[Item, ...], tuple[tuple[str, ast.FunctionCall], ...]]:
        self._visit(node)
        return tuple(self._items), tuple(self._calls)

    def _visit(self, node: Any) -> None:
        kind = type(node).__name__
        start, end = extent(node)
        if kind == "Identifier":
            self._add("name", start, start + len(node.name), node.name)
        elif kind in ("IntegerLiteral", "BooleanLiteral", "BitstringLiteral"):
            self._add("number", start, end, value=int(node.value))
        elif kind == "FloatLiteral":
            self._float(node.value, start, end)
        elif kind == "BinaryExpression":
            self._visit(node.lhs)
            self._visit(node.rhs)
            self._add("operator", start, end, self._operator(node.op.name), 2)
        elif kind == "UnaryExpression":
            self._visit(node.expression)
            self._add("operator", start, end, "negate" if node.op.name == "-" else node.op.name, 1)
        elif kind == "FunctionCall":
            self._call(node, start, end)
        elif kind == "IndexExpression":
            self._index(node, start, end)
        elif kind == "Cast":
            self._cast(node, start, end)
        elif kind == "SizeOf":
            self._visit_size(node, start, end)
        else:
            what = _REFUSED.get(kind, kind)
            raise Unsupported(f"{what} is no number that is known before a run", self._source.span(start, end))

    def _add(self, kind: str, start: int, end: int, name: str = "", value: float = 0) -> None:
        self._items.append(Item(kind, start, end, name, value))

    def _operator(self, name: str) -> str:
        if name == "/":
            return "//" if self._whole else "/"
        return "xor" if name == "^" else name

    def _float(self, value: float, start: int, end: int) -> None:
        if value in (float("inf"), float("nan")):
            raise self._source.error(f"angle is not finite: {quote(self._source.code[start:end])}", start, end)
        self._add("number", start, end, value=value)

    def _call(self, node: Any, start: int, end: int) -> None:
        name = node.name.name
        if name not in FUNCTIONS and name not in _BIT_FUNCTIONS:
            result = f"{name}(…) at {start}"
            self._calls.append((result, node))
            self._add("name", start, end, result)
            return
        want = FUNCTIONS.get(name) or _BIT_FUNCTIONS[name]
        if len(node.arguments) != want:
            count = "1 argument" if want == 1 else f"{want} arguments"
            raise self._source.error(f"{name} takes {count}; here {len(node.arguments)}", start, end)
        for argument in node.arguments:
            self._visit(argument)
        self._add("call", start, end, name, want)

    def _index(self, node: Any, start: int, end: int) -> None:
        """``a[i]``, ``a[i][j]`` and ``a[i, j]``: the indices, then one step that takes them all."""
        indices: list[Any] = []
        while type(node).__name__ == "IndexExpression":
            if not isinstance(node.index, list):
                raise self._not_an_element(start, end)
            indices[:0] = node.index
            node = node.collection
        if type(node).__name__ != "Identifier":
            raise self._not_an_element(start, end)
        before, self._whole = self._whole, True
        for index in indices:
            if type(index).__name__ == "RangeDefinition":
                raise self._not_an_element(start, end)
            self._visit(index)
        self._whole = before
        self._add("index", start, end, node.name, len(indices))

    def _not_an_element(self, start: int, end: int) -> SourceError:
        return Unsupported("part of an array is no number", self._source.span(start, end))

    def _cast(self, node: Any, start: int, end: int) -> None:
        to = _CASTS.get(type(node.type).__name__)
        if to is None:
            raise Unsupported("a cast to this type", self._source.span(start, end))
        before, self._whole = self._whole, False
        self._visit(node.argument)
        self._whole = before
        size = getattr(node.type, "size", None)
        if to == "float":
            return
        if size is not None and to != "bool":
            self._visit(size)
        self._add("call", start, end, to, 1 if size is None or to == "bool" else 2)

    def _visit_size(self, node: Any, start: int, end: int) -> None:
        if type(node.target).__name__ != "Identifier":
            raise self._source.error("sizeof takes the name of an array", start, end)
        which: Any = node.index
        if which is not None and type(which).__name__ != "IntegerLiteral":
            raise self._source.error("the second argument of sizeof must be a whole number", start, end)
        self._add("size", start, end, node.target.name, which.value if which is not None else 0)


_BIT_FUNCTIONS = {"popcount": 1}
_CASTS = {
    "IntType": "int", "UintType": "uint", "FloatType": "float", "AngleType": "float", "BoolType": "bool",
    "BitType": "bit",
}  # fmt: skip
_REFUSED = {
    "ImaginaryLiteral": "an imaginary number", "DurationLiteral": "a duration", "DurationOf": "durationof",
    "ArrayLiteral": "an array", "QuantumMeasurement": "the outcome of a measurement",
}  # fmt: skip

"""Expressions of the syntax tree as steps in postfix order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from bplint.errors import SourceError, Unsupported
from bplint.importers.operations import FUNCTIONS, Number
from bplint.importers.qasm.grammar import Memo, ast, extent
from bplint.importers.qasm.integer_closures import Function, function
from bplint.importers.qasm.postfix import Expression, Item, is_rounded
from bplint.importers.qasm.source import SourceText


class Compiled(NamedTuple):
    """An expression, and the calls of subroutines in it, whose results it looks up under these names.

    ``quick`` computes it where it is to be a whole number, short and made of such; ``price`` is the steps it counts as, and its
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

    def compile(self, node: ast.Expression, *, whole: bool = False) -> Compiled:
        """The steps of an expression. Raises SourceError for what no angle or whole number is made of."""
        memo = _WHOLE if whole else _ANY
        compiled = memo.of(node)
        if compiled is None:
            walk = _Walk(self._source, whole)
            walk.run(node)
            quick = function(walk.items, self._constants) if whole and not walk.calls else None
            expression = Expression(tuple(walk.items), is_rounded(self._source.code, walk.items))
            price = (len(walk.items), expression.start, expression.end)
            compiled = memo.keep(node, Compiled(expression, tuple(walk.calls), quick, price))
        return compiled


class _Walk:
    """Visits the parts of an expression, those of a node before the node itself, with a stack in place of recursion."""

    def __init__(self, source: SourceText, whole: bool) -> None:
        self.items: list[Item] = []
        self.calls: list[tuple[str, ast.FunctionCall]] = []
        self._source = source
        self._waiting: list[tuple[object, bool]] = []
        """Steps to add and nodes to visit, the next one last, and whether quotients are cut off in them."""
        self._whole = whole
        self._operators = {"^": "xor"} if source.version == 3 else {"**": "^"}

    def run(self, node: ast.Expression) -> None:
        self._waiting = [(node, self._whole)]
        while self._waiting:
            item, self._whole = self._waiting.pop()
            if isinstance(item, Item):
                self.items.append(item)
            else:
                self._visit(item)

    def _visit(self, node: object) -> None:
        assert isinstance(node, ast.QASMNode)
        start, end = extent(node)
        match node:
            case ast.IntegerLiteral() | ast.FloatLiteral() | ast.BooleanLiteral() | ast.BitstringLiteral():
                value = node.value if isinstance(node, ast.FloatLiteral) else int(node.value)
                self.items.append(Item("number", start, end, "", value))
            case ast.Identifier():
                self.items.append(Item("name", start, end, node.name))
            case ast.BinaryExpression():
                name = self._operators.get(node.op.name, node.op.name)
                self._then(
                    Item("operator", start, end, "//" if name == "/" and self._whole else name, 2), node.lhs, node.rhs
                )
            case ast.UnaryExpression():
                name = "negate" if node.op.name == "-" else node.op.name
                self._then(Item("operator", start, end, name, 1), node.expression)
            case ast.FunctionCall():
                self._call(node, start, end)
            case ast.IndexExpression():
                self._index(node, start, end)
            case ast.Cast():
                self._cast(node, start, end)
            case ast.SizeOf():
                self._size(node, start, end)
            case _:
                what = _REFUSED.get(type(node), type(node).__name__)
                raise Unsupported(f"{what} is no number that is known before a run", self._source.span(start, end))

    def _then(self, item: Item, *parts: ast.Expression, whole: bool | None = None) -> None:
        """Visit the parts, then add the step."""
        whole = self._whole if whole is None else whole
        self._waiting.append((item, whole))
        self._waiting += [(part, whole) for part in reversed(parts)]

    def _call(self, node: ast.FunctionCall, start: int, end: int) -> None:
        name = node.name.name
        if name not in FUNCTIONS and name not in _BIT_FUNCTIONS:
            result = f"{name}(…) at {start}"
            self.calls.append((result, node))
            self.items.append(Item("name", start, end, result))
            return
        want = FUNCTIONS.get(name) or _BIT_FUNCTIONS[name]
        if len(node.arguments) != want:
            count = "1 argument" if want == 1 else f"{want} arguments"
            raise self._source.error(f"{name} takes {count}; here {len(node.arguments)}", start, end)
        self._then(Item("call", start, end, name, want), *node.arguments)

    def _index(self, node: ast.Expression, start: int, end: int) -> None:
        """``a[i]``, ``a[i][j]`` and ``a[i, j]``: the indices, then one step that takes them all."""
        indices: list[ast.Expression] = []
        while isinstance(node, ast.IndexExpression):
            if not isinstance(node.index, list):
                raise self._not_an_element(start, end)
            here = [index for index in node.index if not isinstance(index, ast.RangeDefinition)]
            if len(here) != len(node.index):
                raise self._not_an_element(start, end)
            indices[:0] = here
            node = node.collection
        if not isinstance(node, ast.Identifier) or not indices:
            raise self._not_an_element(start, end)
        self._then(Item("index", start, end, node.name, len(indices)), *indices, whole=True)

    def _not_an_element(self, start: int, end: int) -> SourceError:
        return Unsupported("part of an array is no number", self._source.span(start, end))

    def _cast(self, node: ast.Cast, start: int, end: int) -> None:
        to = _CASTS.get(type(node.type))
        if to is None:
            raise Unsupported("a cast to this type", self._source.span(start, end))
        size = getattr(node.type, "size", None)
        if to == "float":
            self._waiting.append((node.argument, False))
        elif size is None or to == "bool":
            self._then(Item("call", start, end, to, 1), node.argument, whole=False)
        else:
            self._waiting += [(Item("call", start, end, to, 2), False), (size, self._whole), (node.argument, False)]

    def _size(self, node: ast.SizeOf, start: int, end: int) -> None:
        if not isinstance(node.target, ast.Identifier):
            raise self._source.error("sizeof takes the name of an array", start, end)
        if node.index is not None and not isinstance(node.index, ast.IntegerLiteral):
            raise self._source.error("the second argument of sizeof must be a whole number", start, end)
        self.items.append(Item("size", start, end, node.target.name, node.index.value if node.index else 0))


_ANY = Memo[Compiled]("compiled")
_WHOLE = Memo[Compiled]("compiled_as_whole")
_BIT_FUNCTIONS = {"popcount": 1}
_CASTS: Mapping[type, str] = {
    ast.IntType: "int",
    ast.UintType: "uint",
    ast.FloatType: "float",
    ast.AngleType: "float",
    ast.BoolType: "bool",
    ast.BitType: "bit",
}
_REFUSED: Mapping[type, str] = {
    ast.ImaginaryLiteral: "an imaginary number",
    ast.DurationLiteral: "a duration",
    ast.DurationOf: "durationof",
    ast.ArrayLiteral: "an array",
    ast.QuantumMeasurement: "the outcome of a measurement",
}

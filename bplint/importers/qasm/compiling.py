"""Expressions of the syntax tree as functions of the scope that they are evaluated in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bplint.errors import SourceError, Unsupported
from bplint.importers.operations import FUNCTIONS, operation
from bplint.importers.qasm.affine import Value
from bplint.importers.qasm.angles import Angles, Expression, Run, few_digits
from bplint.importers.qasm.bindable import Bindable
from bplint.importers.qasm.grammar import Memo, ast, extent
from bplint.importers.qasm.scopes import NameScope
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import quote

Call = Callable[[ast.FunctionCall, NameScope], Bindable | None]
"""Runs a subroutine that is called in this scope; None if it returns nothing."""


class Compiler:
    """Compiles each expression of one tree once; ``call`` runs the subroutines in them."""

    def __init__(self, source: SourceText, angles: Angles, call: Call) -> None:
        self._source = source
        self._angles = angles
        self._call = call

    def compile(self, node: ast.Expression, *, whole: bool = False) -> Expression:
        """An expression, where quotients are cut off if it is to be a ``whole`` number.

        Raises SourceError for what no angle or whole number is made of.
        """
        memo = _WHOLE if whole else _ANY
        expression = memo.of(node)
        if expression is None:
            parts = _Parts(self._source, self._angles, self._call)
            run = parts.function(node, whole)
            few = _is_rounded(node, self._source.code)
            expression = Expression(run, *extent(node), parts.steps, tuple(parts.names), few, parts.calls)
            memo.keep(node, expression)
        return expression


class _Parts:
    """Makes a function of each part of one expression. Chains of operators may be long, the rest is as deep as brackets are."""

    def __init__(self, source: SourceText, angles: Angles, call: Call) -> None:
        self.steps = 0
        self.names: list[tuple[str, int, int]] = []
        self.calls = False
        self._source = source
        self._angles = angles
        self._run_call = call
        self._operators = {"^": "xor"} if source.version == 3 else {"**": "^"}

    def function(self, node: ast.Expression, whole: bool) -> Run:
        """What the part comes to; quotients are cut off in it where ``whole``."""
        self.steps += 1
        start, end = extent(node)
        match node:
            case ast.IntegerLiteral() | ast.FloatLiteral() | ast.BooleanLiteral() | ast.BitstringLiteral():
                value = node.value if isinstance(node, ast.FloatLiteral) else int(node.value)
                return lambda scope: value
            case ast.Identifier():
                return self._name(node.name, start, end)
            case ast.BinaryExpression():
                return self._power(node, whole) if node.op.name == "**" else self._chain(node, whole)
            case ast.UnaryExpression():
                return self._signs(node, whole)
            case ast.FunctionCall():
                return self._call(node, whole)
            case ast.IndexExpression():
                return self._element(node)
            case ast.Cast():
                return self._cast(node, whole)
            case ast.SizeOf():
                return self._size(node)
        what = _REFUSED.get(type(node), type(node).__name__)
        raise Unsupported(f"{what} is no number that is known before a run", self._source.span(start, end))

    def _name(self, name: str, start: int, end: int) -> Run:
        self.names.append((name, start, end))
        look_up = self._angles.value

        def value(scope: NameScope) -> Value:
            known = scope.values.get(name)
            return known if type(known) is int else look_up(name, start, end, scope)

        return value

    def _chain(self, node: ast.Expression, whole: bool) -> Run:
        """``a + b - c``, from the left."""
        chain: list[ast.BinaryExpression] = []
        while isinstance(node, ast.BinaryExpression) and node.op.name != "**":
            chain.append(node)
            node = node.lhs
        first = self.function(node, whole)
        rest = [(self._operator(link, whole), self.function(link.rhs, whole)) for link in reversed(chain)]
        self.steps += len(chain) - 1

        def value(scope: NameScope) -> Value:
            total = first(scope)
            for operator, operand in rest:
                total = operator(total, operand(scope))
            return total

        return value

    def _power(self, node: ast.Expression, whole: bool) -> Run:
        """``a ** b ** c``, from the right."""
        chain: list[ast.BinaryExpression] = []
        while isinstance(node, ast.BinaryExpression) and node.op.name == "**":
            chain.append(node)
            node = node.rhs
        operands = [*(self.function(link.lhs, whole) for link in chain), self.function(node, whole)]
        operators = [self._operator(link, whole) for link in reversed(chain)]
        self.steps += len(chain) - 1

        def value(scope: NameScope) -> Value:
            values = [operand(scope) for operand in operands]
            total = values.pop()
            for operator in operators:
                total = operator(values.pop(), total)
            return total

        return value

    def _operator(self, node: ast.BinaryExpression, whole: bool) -> Callable[[Value, Value], Value]:
        """An operator; that of whole numbers which are not large gives such numbers, if it is one of many, in short."""
        start, end = extent(node)
        name = self._operators.get(node.op.name, node.op.name)
        name = "//" if name == "/" and whole else name
        apply, work_out, divides = self._angles.apply, operation(name), name in ("//", "%")
        if name not in _WHOLE_TO_WHOLE:
            return lambda left, right: apply(name, (left, right), start, end)

        def operator(left: Value, right: Value) -> Value:
            if type(left) is int and type(right) is int and (right or not divides):
                result = work_out(left, right)
                if -_LARGE < result < _LARGE:
                    return result
            return apply(name, (left, right), start, end)

        return operator

    def _signs(self, node: ast.Expression, whole: bool) -> Run:
        """``-a`` or ``!!a``"""
        signs: list[tuple[str, int, int]] = []
        while isinstance(node, ast.UnaryExpression):
            signs.append(("negate" if node.op.name == "-" else node.op.name, *extent(node)))
            node = node.expression
        operand, apply = self.function(node, whole), self._angles.apply
        signs.reverse()
        self.steps += len(signs) - 1

        def value(scope: NameScope) -> Value:
            result = operand(scope)
            for name, start, end in signs:
                result = apply(name, (result,), start, end)
            return result

        return value

    def _applied(self, name: str, operands: Sequence[Run], start: int, end: int) -> Run:
        """A function or a cast."""
        apply = self._angles.apply
        return lambda scope: apply(name, [operand(scope) for operand in operands], start, end)

    def _call(self, node: ast.FunctionCall, whole: bool) -> Run:
        name, (start, end) = node.name.name, extent(node)
        want = _FUNCTIONS.get(name)
        if want is None:
            return self._result(node)
        if len(node.arguments) != want:
            count = "1 argument" if want == 1 else f"{want} arguments"
            raise self._source.error(f"{name} takes {count}; here {len(node.arguments)}", start, end)
        return self._applied(name, [self.function(argument, whole) for argument in node.arguments], start, end)

    def _result(self, node: ast.FunctionCall) -> Run:
        """The result of a subroutine, which is run in place of its call."""
        self.calls = True
        name, (start, end) = node.name.name, extent(node)

        def value(scope: NameScope) -> Value:
            result = self._run_call(node, scope)
            if result is None:
                raise self._source.error(f"{quote(name)} returns no value", start, end)
            return self._angles.number(result, f"{name}(…)", start, end)

        return value

    def _element(self, node: ast.Expression) -> Run:
        """``a[i]``, ``a[i][j]`` and ``a[i, j]``"""
        start, end = extent(node)
        indices: list[ast.Expression] = []
        while isinstance(node, ast.IndexExpression):
            here = node.index if isinstance(node.index, list) else []
            expressions = [index for index in here if not isinstance(index, ast.RangeDefinition)]
            if not here or len(expressions) < len(here):
                raise self._not_an_element(start, end)
            indices[:0] = expressions
            node = node.collection
        if not isinstance(node, ast.Identifier):
            raise self._not_an_element(start, end)
        name, look_up = node.name, self._angles.element
        places = [self.function(index, True) for index in indices]
        return lambda scope: look_up(name, [place(scope) for place in places], start, end, scope)

    def _not_an_element(self, start: int, end: int) -> SourceError:
        return Unsupported("part of an array is no number", self._source.span(start, end))

    def _cast(self, node: ast.Cast, whole: bool) -> Run:
        start, end = extent(node)
        to, size = _CASTS.get(type(node.type)), getattr(node.type, "size", None)
        if to is None:
            raise Unsupported("a cast to this type", self._source.span(start, end))
        argument = self.function(node.argument, False)
        if to == "float":
            return argument
        operands = [argument] if size is None or to == "bool" else [argument, self.function(size, whole)]
        return self._applied(to, operands, start, end)

    def _size(self, node: ast.SizeOf) -> Run:
        start, end = extent(node)
        if not isinstance(node.target, ast.Identifier):
            raise self._source.error("sizeof takes the name of an array", start, end)
        if node.index is not None and not isinstance(node.index, ast.IntegerLiteral):
            raise self._source.error("the second argument of sizeof must be a whole number", start, end)
        name, dimension, look_up = node.target.name, node.index.value if node.index else 0, self._angles.size
        return lambda scope: look_up(name, dimension, start, end, scope)


def _is_rounded(node: ast.Expression, code: str) -> bool:
    """Whether this is one literal, signs apart, with fewer than nine significant digits."""
    while isinstance(node, ast.UnaryExpression) and node.op.name == "-":
        node = node.expression
    return isinstance(node, _LITERALS) and few_digits(code[slice(*extent(node))])


_ANY = Memo[Expression]("compiled")
_WHOLE = Memo[Expression]("compiled_as_whole")
_LITERALS = (ast.IntegerLiteral, ast.FloatLiteral, ast.BooleanLiteral, ast.BitstringLiteral)
_LARGE = 1 << 64
_WHOLE_TO_WHOLE = frozenset(["+", "-", "*", "//", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "&", "|", "xor"])
_FUNCTIONS = FUNCTIONS | {"popcount": 1}
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

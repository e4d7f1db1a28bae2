"""Expressions of the syntax tree as functions of the scope that they are evaluated in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bplint.errors import Unsupported
from bplint.importers.operations import FUNCTIONS, operation
from bplint.importers.qasm.angles import Expression, Run, few_digits
from bplint.importers.qasm.arithmetic import Value
from bplint.importers.qasm.grammar import Memo, ast, extent
from bplint.importers.qasm.grammar.expressions import SIZED, UNSIZED
from bplint.importers.qasm.reading import SourceReading
from bplint.importers.qasm.scopes import Bindable, NameScope
from bplint.importers.quoting import quote
from bplint.number_format import plural

Part = tuple[ast.Expression, bool]
"""A part of an expression, and whether quotients are cut off in it."""

Step = Callable[..., Value]
"""Takes the scope, and the values of the parts."""

Call = Callable[[ast.FunctionCall, NameScope], Bindable | None]
"""Runs a subroutine that is called in this scope; None if it returns nothing."""


class Compiler:
    """Compiles each expression of one tree once; ``call`` runs the subroutines in them.

    An expression becomes a list of steps, each after those for its parts: nothing here recurses, however long it is.
    """

    def __init__(self, reading: SourceReading, call: Call) -> None:
        self._source = reading.source
        self._names = reading.names
        self._angles = reading.angles
        self._call = call
        self._operators = {"^": "xor"} if reading.source.version == 3 else {"**": "^"}

    def compile(self, node: ast.Expression, *, whole: bool = False) -> Expression:
        """An expression, where quotients are cut off if it is to be a ``whole`` number.

        Raises SourceError for what no angle or whole number is made of.
        """
        memo = _WHOLE if whole else _ANY
        return memo.of(node) or memo.keep(node, self._compiled(node, whole))

    def _compiled(self, node: ast.Expression, whole: bool) -> Expression:
        steps: list[tuple[int, Step]] = []
        names: list[tuple[str, int, int]] = []
        calls, waiting = False, [(node, whole)]
        while waiting:
            part, cut = waiting.pop()
            step, inner = self._step(part, cut)
            steps.append((len(inner), step))
            waiting += inner
            if isinstance(part, ast.Identifier):
                names.append((part.name, *extent(part)))
            calls |= isinstance(part, ast.FunctionCall) and part.name.name not in FUNCTIONS_OF_NUMBERS
        few = _is_rounded(node, self._source.code)
        return Expression(_run(steps[::-1]), *extent(node), len(steps), tuple(names[::-1]), few, calls)

    def _step(self, node: ast.Expression, whole: bool) -> tuple[Step, Sequence[Part]]:
        """The last step of an expression, and the parts whose values it takes; quotients are cut off where ``whole``."""
        start, end = extent(node)
        match node:
            case ast.IntegerLiteral() | ast.FloatLiteral() | ast.BooleanLiteral() | ast.BitstringLiteral():
                value = node.value if isinstance(node, ast.FloatLiteral) else int(node.value)
                return lambda scope: value, ()
            case ast.Identifier():
                return self._name(node.name, start, end), ()
            case ast.BinaryExpression():
                name = "//" if whole and node.op.name == "/" else self._operators.get(node.op.name, node.op.name)
                return self._operator(name, start, end), ((node.lhs, whole), (node.rhs, whole))
            case ast.UnaryExpression():
                name = "negate" if node.op.name == "-" else node.op.name
                return self._applied(name, start, end), ((node.expression, whole),)
            case ast.FunctionCall():
                want, here = FUNCTIONS_OF_NUMBERS.get(node.name.name), len(node.arguments)
                if want is None:
                    return self._result(node), ()
                if here != want:
                    message = f"{node.name.name} takes {plural(want, 'argument')}; here {here}"
                    raise self._source.error(message, start, end)
                return self._applied(node.name.name, start, end), [(argument, whole) for argument in node.arguments]
            case ast.IndexExpression():
                return self._element(node)
            case ast.Cast():
                return self._cast(node, whole)
            case ast.SizeOf():
                return self._sizeof(node), ()
        what = _REFUSED.get(type(node), type(node).__name__)
        raise Unsupported(f"{what} is no number that is known before a run", self._source.span(start, end))

    def _name(self, name: str, start: int, end: int) -> Run:
        look_up = self._angles.value

        def value(scope: NameScope) -> Value:
            known = scope.values.get(name)
            return known if type(known) is int else look_up(name, (), start, end, scope)

        return value

    def _applied(self, name: str, start: int, end: int) -> Step:
        apply = self._angles.apply
        return lambda scope, *operands: apply(name, operands, start, end)

    def _operator(self, name: str, start: int, end: int) -> Step:
        """An operator of two operands, worked out at once where all are whole numbers that are not large."""
        in_general, work_out, divides = self._applied(name, start, end), operation(name), name in ("//", "%")
        if name not in _WHOLE_TO_WHOLE:
            return in_general

        def operator(scope: NameScope, left: Value, right: Value) -> Value:
            if type(left) is int and type(right) is int and (right or not divides):
                result = work_out(left, right)
                if -_LARGE < result < _LARGE:
                    return result
            return in_general(scope, left, right)

        return operator

    def _result(self, node: ast.FunctionCall) -> Run:
        """The result of a subroutine, which is run in place of its call."""
        name, (start, end) = node.name.name, extent(node)

        def value(scope: NameScope) -> Value:
            result = self._call(node, scope)
            if result is None:
                raise self._source.error(f"{quote(name)} returns no value", start, end)
            return self._angles.number(result, f"{name}(…)", start, end)

        return value

    def _element(self, node: ast.Expression) -> tuple[Step, Sequence[Part]]:
        """``a[i]``, ``a[i][j]`` and ``a[i, j]``"""
        start, end = extent(node)
        indices: list[Part] = []
        while isinstance(node, ast.IndexExpression):
            here = node.index if isinstance(node.index, list) else []
            places = [(index, True) for index in here if not isinstance(index, ast.RangeDefinition)]
            if not here or len(places) < len(here):
                break
            indices[:0] = places
            node = node.collection
        if not isinstance(node, ast.Identifier):
            raise Unsupported("part of an array is no number", self._source.span(start, end))
        name, look_up = node.name, self._angles.value
        return lambda scope, *places: look_up(name, places, start, end, scope), indices

    def _cast(self, node: ast.Cast, whole: bool) -> tuple[Step, Sequence[Part]]:
        place, argument = extent(node), (node.argument, False)
        to, size = SCALARS.get(type(node.type), "duration"), getattr(node.type, "size", None)
        if to == "duration":
            raise Unsupported("a cast to this type", self._source.span(*place))
        if to in ("float", "angle"):
            return lambda scope, value: value, (argument,)
        return self._applied(to, *place), (argument,) if size is None or to == "bool" else (argument, (size, whole))

    def _sizeof(self, node: ast.SizeOf) -> Run:
        start, end = extent(node)
        if not isinstance(node.target, ast.Identifier):
            raise self._source.error("sizeof takes the name of an array", start, end)
        if node.index is not None and not isinstance(node.index, ast.IntegerLiteral):
            raise self._source.error("the second argument of sizeof must be a whole number", start, end)
        name, dimension, look_up = node.target.name, node.index.value if node.index else 0, self._angles.size
        return lambda scope: look_up(name, dimension, start, end, scope)


def _run(steps: Sequence[tuple[int, Step]]) -> Run:
    """Steps, each with how many values it takes, one after the other."""
    if len(steps) == 1:
        return steps[0][1]
    if [count for count, _ in steps] == [0, 0, 2]:  # as most are
        (_, left), (_, right), (_, operator) = steps
        return lambda scope: operator(scope, left(scope), right(scope))

    def run(scope: NameScope) -> Value:
        stack: list[Value] = []
        for count, step in steps:
            if not count:
                stack.append(step(scope))
            elif count == 2:
                right = stack.pop()
                stack[-1] = step(scope, stack[-1], right)
            else:
                operands = stack[-count:]
                stack[-count:] = (step(scope, *operands),)
        return stack[0]

    return run


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
FUNCTIONS_OF_NUMBERS = FUNCTIONS | {"popcount": 1}
SCALARS = {kind: word for word, kind in {**SIZED, **UNSIZED}.items() if word != "stretch"}
"""What types of a single value are called."""
_REFUSED: Mapping[type, str] = {
    ast.ImaginaryLiteral: "an imaginary number",
    ast.DurationLiteral: "a duration",
    ast.DurationOf: "durationof",
    ast.ArrayLiteral: "an array",
    ast.QuantumMeasurement: "the outcome of a measurement",
}

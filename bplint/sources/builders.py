"""Which circuit builders a Python file holds, told from its syntax tree: nothing in the file runs.

A builder is a function at the top level of the module, decorated with ``@bplint.circuit(...)`` under whatever name bplint was
imported, or called ``ansatz_…``. What stands inside functions exists only while they run, and is not looked for; a decorated
method is refused, as the decorator refuses it.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Iterator
from typing import NamedTuple

from bplint.errors import LimitError, SourceError, Span
from bplint.family import item_name

LIMIT = 2_000_000
"""Bytes of one Python file: its tree takes a hundred times as much memory."""

PREFIX = "ansatz_"
"""Of functions that are builders by their name."""


class BuilderFunction(NamedTuple):
    """One builder: ``sizes`` as far as they stand in the decorator as numbers, ``declared`` if it has the decorator.

    ``line`` is that of ``def``; ``extent`` are the first and the last line, decorators included.
    """

    name: str
    line: int
    declared: bool
    sizes: tuple[int, ...] = ()
    extent: tuple[int, int] = (1, 1)

    def ids(self, path: str) -> list[str]:
        """Its node ids, one for each size: ``ansatz.py::hea[n=8]``."""
        return [f"{path}::{item_name(self.name, size)}" for size in self.sizes or (None,)]


def builders(data: bytes, named: Collection[str] = ()) -> list[BuilderFunction]:
    """The builders of a Python file, in the order of the file, and the functions that are ``named``.

    Where a name is defined twice the last one counts, as when the module runs. ``SourceError`` where the file is not Python,
    or at a decorated method.
    """
    statements = list(_top_level(_tree(data)))
    modules, decorators = _names(statements)
    by_name: dict[str, BuilderFunction] = {}
    for statement in statements:
        if isinstance(statement, ast.ClassDef):
            _refuse_methods(statement, modules, decorators)
        if isinstance(statement, ast.FunctionDef):
            by_name.pop(statement.name, None)
            call = next((d for d in statement.decorator_list if _is_ours(d, modules, decorators)), None)
            if call is not None or statement.name.startswith(PREFIX) or statement.name in named:
                sizes = _sizes(call) if call else ()
                first = min([statement.lineno, *(decorator.lineno for decorator in statement.decorator_list)])
                extent = (first, statement.end_lineno or statement.lineno)
                by_name[statement.name] = BuilderFunction(
                    name=statement.name, line=statement.lineno, declared=call is not None, sizes=sizes, extent=extent
                )
    return list(by_name.values())


def _tree(data: bytes) -> ast.Module:
    if len(data) > LIMIT:
        raise LimitError(f"over the limit of {LIMIT:,} bytes for one Python file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as an escape sequence that is none: no concern of ours
            return ast.parse(data)
    except SyntaxError as error:
        line, column = max(error.lineno or 1, 1), max(error.offset or 1, 1)
        raise SourceError(f"not Python: {error.msg}", Span(line, column, line, column + 1)) from error
    except ValueError as error:  # null bytes
        raise SourceError(f"not Python: {error}") from error
    except (RecursionError, MemoryError) as error:
        raise LimitError("nested too deeply for Python's parser") from error


def _top_level(module: ast.Module) -> Iterator[ast.stmt]:
    """The statements that run when the module is imported, those under ``if``, ``try`` and ``with`` included."""
    waiting = module.body[::-1]
    while waiting:
        statement = waiting.pop()
        yield statement
        if isinstance(statement, ast.If | ast.With | ast.Try):
            inner = [*statement.body, *getattr(statement, "orelse", ()), *getattr(statement, "finalbody", ())]
            inner += [line for handler in getattr(statement, "handlers", ()) for line in handler.body]
            waiting += inner[::-1]


def _names(statements: list[ast.stmt]) -> tuple[set[str], set[str]]:
    """What the module calls bplint, and what it calls the decorator."""
    modules, decorators = set(), set()
    for statement in statements:
        if isinstance(statement, ast.Import):
            modules |= {alias.asname or alias.name for alias in statement.names if alias.name == "bplint"}
        elif isinstance(statement, ast.ImportFrom) and statement.module in ("bplint", "bplint.family"):
            decorators |= {a.asname or a.name for a in statement.names if a.name == "circuit" and not statement.level}
    return modules, decorators


def _is_ours(decorator: ast.expr, modules: set[str], decorators: set[str]) -> bool:
    if not isinstance(decorator, ast.Call):
        return False
    called = decorator.func
    if isinstance(called, ast.Attribute):
        return called.attr == "circuit" and isinstance(called.value, ast.Name) and called.value.id in modules
    return isinstance(called, ast.Name) and called.id in decorators


def _refuse_methods(statement: ast.ClassDef, modules: set[str], decorators: set[str]) -> None:
    for inner in ast.walk(statement):
        if isinstance(inner, ast.FunctionDef) and any(_is_ours(d, modules, decorators) for d in inner.decorator_list):
            span = Span(
                inner.lineno, inner.col_offset + 1, inner.lineno, inner.col_offset + 1 + len(f"def {inner.name}")
            )
            raise SourceError(f"{inner.name} is a method, and builders are functions: move it out of the class", span)


def _sizes(call: ast.expr) -> tuple[int, ...]:
    """``sizes=`` where it is a list or tuple of numbers, or a range of them; else nothing."""
    assert isinstance(call, ast.Call)
    value = next((keyword.value for keyword in call.keywords if keyword.arg == "sizes"), None)
    if isinstance(value, ast.List | ast.Tuple):
        return _numbers(value.elts) or ()
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "range":
        numbers = _numbers(value.args)
        if numbers and len(numbers) <= 3 and (len(numbers) < 3 or numbers[2]) and not value.keywords:
            return tuple(range(*numbers)[:_SHOWN])
    return ()


def _numbers(expressions: list[ast.expr]) -> tuple[int, ...] | None:
    """All of them, or None if one is not a plain positive number."""
    values = [e.value if isinstance(e, ast.Constant) else None for e in expressions]
    numbers = [v for v in values if type(v) is int]
    return tuple(numbers) if len(numbers) == len(values) else None


_SHOWN = 1000
"""Sizes that one range lists."""

"""The gate statements of a tree, numbered in the order of its text, and which of them a block consists of."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from bplint.importers.qasm.grammar import extent
from bplint.importers.qasm.source import SourceText
from bplint.importers.quoting import quote


class Numbering:
    """The statements below ``statements``; ``count`` gives a statement at a place its number.

    Statements in the bodies of gates have none: what they make belongs to the call.
    """

    def __init__(self, source: SourceText, count: Callable[[int, int], int], statements: Iterable[Any]) -> None:
        self._source = source
        self._count = count
        self._numbers: dict[int, int] = {}
        self._blocks: dict[int, Any] = {}
        self._subroutines: dict[str, Any] = {}
        self._found: dict[int, Collection[int]] = {}
        self._enter(statements)

    def of(self, node: Any) -> int:
        """The number of a gate statement; -1 in the body of a gate."""
        return self._numbers.get(id(node), -1)

    def inside(self, start: int) -> Collection[int]:
        """The gate statements in the block, or in the subroutine called, that stands at this offset; none elsewhere.

        Raises SourceError for a subroutine that is called in other places too.
        """
        if start not in self._found:
            node = self._blocks.get(start)
            self._found[start] = {} if node is None else dict.fromkeys(self._within(node, set()))
        return self._found[start]

    def _enter(self, statements: Iterable[Any]) -> None:
        for node in statements:
            kind = type(node).__name__
            if is_gate(node) or (kind == "QuantumPhase" and node.modifiers):
                self._numbers[id(node)] = self._count(*extent(node))
            elif kind != "QuantumGateDefinition":
                self._blocks[extent(node)[0]] = node
                if kind == "SubroutineDefinition":
                    self._subroutines[node.name.name] = node
                for part in _parts(node):
                    self._enter(part)

    def _within(self, node: Any, seen: set[str]) -> Iterator[int]:
        if id(node) in self._numbers:
            yield self._numbers[id(node)]
        for part in _parts(node):
            for inner in part:
                yield from self._within(inner, seen)
        call: Any = getattr(node, "expression", None)
        if type(node).__name__ != "ExpressionStatement" or type(call).__name__ != "FunctionCall":
            return
        name = call.name.name
        if name in self._subroutines and name not in seen:
            seen.add(name)
            self._check_only_call(name, node)
            yield from self._within(self._subroutines[name], seen)

    def _check_only_call(self, name: str, node: Any) -> None:
        definition_and_call = 2
        if len(re.findall(rf"\b{name}\s*\(", self._source.code)) > definition_and_call:
            message = f"{quote(name)} is called in other places too, so an annotation here cannot speak of its gates"
            raise self._source.error(message, *extent(node), hint="annotate the gates in the subroutine")


def is_gate(node: Any) -> bool:
    """Whether this is the call of a gate; ``nop`` is a statement of newer grammars."""
    return type(node).__name__ == "QuantumGate" and node.name.name != "nop"


def _parts(node: Any) -> Iterator[list[Any]]:
    """The lists of statements in a statement."""
    if type(node).__name__ == "SwitchStatement":
        yield from (block.statements for _, block in node.cases)
        yield node.default.statements if node.default else []
    for name in ("statements", "body", "block", "if_block", "else_block"):
        part = getattr(node, name, None)
        if isinstance(part, list):
            yield part

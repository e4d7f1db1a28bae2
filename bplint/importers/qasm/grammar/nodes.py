"""The nodes of OpenQASM's reference syntax tree, and where each stands in the text."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Generic, TypeVar

__all__ = ["Block", "Memo", "OpaqueGate", "PlainCall", "ast", "extent", "placed", "walk"]


def _load() -> ModuleType:
    """``openqasm3.ast`` by itself: importing its package would load a parser, and the generator of that, with it."""
    name = "openqasm3.ast"
    if name in sys.modules:
        return sys.modules[name]
    package = find_spec("openqasm3")
    assert package is not None
    assert package.submodule_search_locations
    spec = spec_from_file_location(name, Path(package.submodule_search_locations[0]) / "ast.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if TYPE_CHECKING:
    from openqasm3 import ast
else:
    ast = _load()


@dataclass
class OpaqueGate(ast.Statement):
    """``opaque name(angles) qubits;`` of OpenQASM 2, which the tree of version 3 has no node for."""

    name: ast.Identifier


class PlainCall(ast.Statement):
    """The call of a gate without modifiers whose parts are not taken to pieces: in ``text`` its name, angles and operands.

    It stands for a ``QuantumGate`` where a program is run, so that it is made once for all turns of a loop.
    """

    def __init__(self, text: re.Match[str]) -> None:
        self.text = text
        placed(self, text.start(1), text.end())


class Block(list["ast.Statement"]):
    """The statements of a block, to which something can be attached."""


def walk(statements: Iterable[ast.Statement]) -> Iterator[ast.Statement]:
    """All statements in the order of the text, those in blocks too; the bodies of gates are left out."""
    for node in statements:
        yield node
        if isinstance(node, PlainCall | ast.QuantumGateDefinition):
            continue
        if isinstance(node, ast.SwitchStatement):
            yield from walk([block for _, block in node.cases])
            yield from walk([node.default] if node.default else [])
        for part in vars(node).values():
            if isinstance(part, Block):
                yield from walk(part)


Node = TypeVar("Node", bound="ast.QASMNode")
Kept = TypeVar("Kept")


def placed(node: Node, start: int, end: int) -> Node:
    """The node with its place, text[start:end], which stands in ``span`` as a pair of offsets."""
    node.span = (start, end)  # type: ignore[assignment]
    return node


def extent(node: ast.QASMNode) -> tuple[int, int]:
    """The offsets of the first character of a node and of the one after its last."""
    return node.span  # type: ignore[return-value]


class Memo(Generic[Kept]):
    """What is worked out for nodes and blocks of a tree once, kept on them under a name of its own."""

    def __init__(self, name: str) -> None:
        self._name = f"bplint_{name}"

    def of(self, node: ast.QASMNode | Block) -> Kept | None:
        """What was kept for this node; None if nothing was."""
        kept: Kept | None = node.__dict__.get(self._name)
        return kept

    def keep(self, node: ast.QASMNode | Block, value: Kept) -> Kept:
        """Keep it, and give it back."""
        node.__dict__[self._name] = value
        return value

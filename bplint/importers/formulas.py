"""Expressions that are not affine in the parameters, kept so that they can be evaluated once the parameters have values.

Nothing here recurses: an expression is built of others that were written down before it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bplint.importers.operations import Number, calculate


class Combined(NamedTuple):
    """An operator or function, and what it is applied to: numbers, and sums of multiples of symbols as (constant, terms)."""

    operation: str
    operands: tuple[Number | tuple[float, tuple[tuple[str, float], ...]], ...]

    @property
    def symbols(self) -> Iterator[str]:
        """The symbols in it."""
        return (name for operand in self.operands if isinstance(operand, tuple) for name, _ in operand[1])

    def value(self, known: Mapping[str, float]) -> float:
        """Its value where its symbols have these."""
        numbers: list[Number] = []
        for operand in self.operands:
            if isinstance(operand, tuple):
                constant, terms = operand
                numbers.append(math.fsum([constant, *(c * known[name] for name, c in terms)]))
            else:
                numbers.append(operand)
        return float(calculate(self.operation, numbers))


class StepFormula(NamedTuple):
    """A parameter computed step by step: named expressions, each after those in it, the last the parameter itself."""

    steps: tuple[tuple[str, Combined], ...]

    @classmethod
    def of(cls, name: str, made_of: Mapping[str, Combined]) -> StepFormula:
        """The expression of this name; ``made_of`` has every expression in it."""
        done: dict[str, Combined] = {}
        waiting = [name]
        while waiting:
            symbol = waiting[-1]
            before = [inner for inner in made_of[symbol].symbols if inner in made_of and inner not in done]
            if before:
                waiting += before
            else:
                done[waiting.pop()] = made_of[symbol]
        return cls(tuple(done.items()))

    @property
    def sources(self) -> set[str]:
        """The symbols that it is made of in the end."""
        return {symbol for _, step in self.steps for symbol in step.symbols} - {name for name, _ in self.steps}

    def __call__(self, values: Mapping[str, float]) -> float:
        known = dict(values)
        for name, step in self.steps:
            known[name] = step.value(known)
        return known[self.steps[-1][0]]

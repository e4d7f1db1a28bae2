"""Expressions as steps in postfix order, which are evaluated without recursion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bplint.importers.operations import Number


class Item(NamedTuple):
    """One step in postfix order, with the place of the expression that it completes.

    ``kind`` is ``number`` (its value in ``value``), ``name``, ``index`` (element of ``name`` by the ``value`` many
    values before it), ``size`` (of dimension ``value`` of the array ``name``), ``operator`` or ``call`` (``name``
    applied to the ``value`` many values before it).
    """

    kind: str
    start: int
    end: int
    name: str = ""
    value: Number = 0


class Expression(NamedTuple):
    """A parsed expression. ``rounded`` says that it is one literal with fewer than nine significant digits."""

    items: tuple[Item, ...]
    rounded: bool

    @property
    def start(self) -> int:
        """Offset of its first character."""
        return self.items[-1].start

    @property
    def end(self) -> int:
        """Offset after its last character."""
        return self.items[-1].end


def is_rounded(code: str, items: Sequence[Item]) -> bool:
    """Whether the steps are one literal, signs apart, with fewer than nine significant digits."""
    if items[0].kind != "number" or any(item.name != "negate" for item in items[1:]):
        return False
    return few_digits(code[items[0].start : items[0].end])


def few_digits(literal: str) -> bool:
    """Whether a number is written with fewer than nine significant digits."""
    return len(_NO_DIGIT.sub("", _EXPONENT.split(literal)[0]).lstrip("0")) < 9


_EXPONENT = re.compile("[eE]")
_NO_DIGIT = re.compile("[^0-9]")

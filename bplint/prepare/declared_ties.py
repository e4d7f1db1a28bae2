"""Numbers that a source declares to be one parameter, a directive a group: ``tie = 0.31, 0.62``."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from bplint.errors import SourceError
from bplint.importers.directives import TIE
from bplint.importers.program import Directive
from bplint.importers.quoting import quote
from bplint.ir.circuit import Circuit

Tie = tuple[float, ...]


def declared_ties(directives: Sequence[Directive], circuit: Circuit) -> list[Tie]:
    """The groups. ``SourceError`` at the directive for what is no number, stands in two groups or nowhere in the circuit."""
    declared = [directive for directive in directives if directive.key == TIE]
    if not declared:
        return []
    rows, constants = circuit.angles.rows(), circuit.angles.columns.constant
    known = {_size(value) for terms, value in zip(rows, constants, strict=True) if not terms}
    seen: dict[float, int] = {}
    ties = []
    for directive in declared:
        tie = tuple(_number(word, directive) for word in re.split(r"[\s,]+", directive.value.strip(", ")))
        for value in tie:
            first = seen.setdefault(_size(value), directive.span.line)
            if first != directive.span.line:
                raise SourceError(f"{value:g} is tied already, in line {first}", directive.span)
            if _size(value) not in known:
                raise SourceError(f"no angle is {value:g}", directive.span)
        ties.append(tie)
    return ties


def _number(word: str, directive: Directive) -> float:
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or not _size(value):
        raise SourceError(f"want numbers other than 0 that are tied, got {quote(word)}", directive.span)
    return value


def _size(value: float) -> float:
    return round(abs(value), 6)

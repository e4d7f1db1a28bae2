"""Which strings of the generators are generators by themselves: what separate strings say for sure of the algebra."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from bplint.ir.context import Case
from bplint.ir.generators import Generators


def separate_strings(groups: Generators, related: Collection[int]) -> dict[int, int]:
    """Strings that are generators by themselves, with the last rotation that it takes to see it.

    A group of one string is; so is the last unknown string of a group whose others are (a linear combination of
    generators). Groups of shared parameters do not count, as only their product is driven, nor those of ``related`` ones.
    """
    waiting = [g for g in groups.groups if g.parameter not in groups.shared and g.parameter not in related]
    last: dict[int, int] = {}
    while True:
        rest = []
        for group in waiting:
            unknown = [s for s, _ in group.terms if s not in last]
            if len(unknown) == 1:
                others = (last[s] for s, _ in group.terms if s in last)
                last[unknown[0]] = max(group.rotations[-1], *others, 0)
            elif unknown:
                rest.append(group)
        if len(rest) == len(waiting):
            return last
        waiting = rest


def independent(groups: Generators, related: Collection[int], fixed: list[int]) -> int:
    """A number of linearly independent generators: each has a string that none of those counted before has."""
    seen: set[int] = set()
    count = 0
    for group in groups.groups:
        strings = {s for s, _ in group.terms}
        sure = group.parameter not in groups.shared and group.parameter not in related
        if not sure or (fixed and group.rotations[-1] > fixed[0]) or strings <= seen:
            continue
        seen |= strings
        count += 1
    return count


def related_parameters(case: Case, groups: Generators) -> dict[int, str]:
    """Parameters that depend, through expressions, on a symbol that others depend on too, with that symbol."""
    parameters = dict.fromkeys(g.parameter for g in groups.groups)
    counts = Counter(s for p in parameters for s in set(_sources(case, p)))
    return {p: s for p in parameters for s in _sources(case, p) if counts[s] > 1}


def _sources(case: Case, parameter: int) -> tuple[str, ...]:
    p = case.circuit.parameters[parameter]
    return p.sources or (p.name,)

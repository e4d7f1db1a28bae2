"""Repairs that keep the loss exactly: dead parameters are dropped, redundant ones merged into one each.

A loss that does not depend on a parameter is what it is at zero. One that depends on a and b through a + 2b alone has b = 0, and
where both are numbers a becomes a + 2b.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from bplint.analyses.ask import Ask
from bplint.analyses.light_cone.alive import reach
from bplint.analyses.light_cone.mergeable import redundancy
from bplint.finding import Finding
from bplint.ir.context import Case
from bplint.repairs.changes import Change
from bplint.rewrite import Refused, Rewrite
from bplint.rewrite.elimination import eliminated


class Simpler(NamedTuple):
    """A circuit with fewer parameters and the same loss: how many dead ones are dropped, how many redundant ones merged."""

    rewrite: Rewrite
    dropped: int
    merged: int

    @property
    def change(self) -> Change:
        """As a change."""
        return Change("safe", "leave out what the loss does not need", self.rewrite)


def simpler(case: Case, ask: Ask, dead: Sequence[Finding], redundant: Sequence[Finding]) -> Simpler | Refused | None:
    """What these findings of dead and redundant parameters ask for; None where there are none."""
    if not (dead or redundant):
        return None
    is_dead, is_redundant = _named(dead), _named(redundant)
    parameters = case.circuit.parameters
    dropped = [p for p in ask(reach).dead if is_dead(parameters[p].name)]
    merged: list[int] = []
    shift: dict[int, float] = {}
    for merge in ask(redundancy):
        first, *others = merge.parameters
        if not all(is_redundant(parameters[p].name) for p in others):
            continue
        merged += others
        weights = zip(others, merge.weights[1:], strict=True)
        if amount := sum(weight * (parameters[p].value or 0.0) for p, weight in weights):
            shift[first] = amount
    if not dropped and not merged:
        return None
    if why := _refusal(case):
        return Refused(why)
    return Simpler(eliminated(case.circuit, {*dropped, *merged}, shift), len(dropped), len(merged))


def _refusal(case: Case) -> str:
    """Why the loss would not be kept, or may not be."""
    if case.context.observable_source == "assumed":
        return "the loss is assumed, and what it does not see is a guess; declare it: // bplint: observable = …"
    if case.context.noise.channels:
        return f"a gate that is left out takes its noise ({case.context.noise}) with it, and the loss would be another"
    return ""


def _named(findings: Sequence[Finding]) -> Callable[[str], bool]:
    """Whether a finding speaks of a parameter of this name."""
    structures = [finding.hit.structure for finding in findings]
    words = {word for structure in structures for word in structure.split(" ")}

    def names(name: str) -> bool:
        return name in words or (" " in name and any(name in structure for structure in structures))

    return names

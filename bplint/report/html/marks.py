"""Where in its picture a finding belongs: at a gate, at what the loss measures, or nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bplint.errors import Span
from bplint.finding import Finding
from bplint.ir.circuit import Circuit
from bplint.ir.context import Case
from bplint.pictures.heat_map import Spot, TurnedOperations
from bplint.rule import Rule, Spare


class Marks(NamedTuple):
    """By the numbers of the findings: the operation that each stands at, and those that stand at the loss."""

    operations: Mapping[int, int]
    loss: tuple[int, ...]


def marks(case: Case, findings: Sequence[Finding], rules: Iterable[Rule], told: TurnedOperations) -> Marks:
    """The first operation of the statement that a finding names, for one about dead parameters the first dead one."""
    dead = {rule.code for rule in rules if rule.spare is Spare.DEAD}
    statements = _operations(case.circuit, {f.hit.span for f in findings if f.hit.span})
    by_operation, loss = {}, []
    for number, finding in enumerate(findings, start=1):
        operations = statements.get(finding.hit.span)
        if operations:
            picked = [k for k in operations if told.spot[k] == Spot.DEAD] if finding.code in dead else operations
            by_operation[number] = (picked or operations)[0]
        elif finding.hit.span and finding.hit.span == case.context.observable_span:
            loss.append(number)
    return Marks(by_operation, tuple(loss))


def _operations(circuit: Circuit, spans: set[Span]) -> Mapping[Span | None, list[int]]:
    """The operations of the statements at these places, in order."""
    wanted = {k: span for k, span in enumerate(circuit.spans) if span in spans}
    by_span: dict[Span | None, list[int]] = defaultdict(list)
    for operation, gate in enumerate(circuit.columns.gate if wanted else ()):
        if span := wanted.get(circuit.gates.columns.statement[gate]):
            by_span[span].append(operation)
    return by_span

"""What is to be done about one circuit that was looked at: a suggestion by its name, or what the loss does not need taken out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bplint.analyses.ask import Ask, BudgetError
from bplint.finding import Suggestion, Verdict
from bplint.ir.context import Case
from bplint.rewrite import Refused
from bplint.rule import Rule, Spare
from bplint.runs.entries import CircuitReport

if TYPE_CHECKING:
    from bplint.repairs.editing import Source
    from bplint.repairs.safe import Simpler


def suggestion(entry: CircuitReport, name: str, source: Source | None) -> Suggestion | Refused:
    """The suggestion of this name, of the worst finding that has it, or a prior that no finding asks for; refused if it is refuted
    or cannot be written into ``source``."""
    offered = [s for finding in entry.findings for s in finding.suggestions]
    chosen = [s for s in offered if s.name == name] or _wanted(name, source, entry.case)
    if not chosen:
        offered += _wanted("", source, entry.case)
        names = ", ".join(dict.fromkeys(s.name for s in offered if s.is_shown))
        return Refused(f"{name} is not offered; what is: {names or 'nothing'}")
    # One that repairs some finding, if there is one; the first finding is the worst.
    best = min(chosen, key=lambda s: (list(Verdict).index(s.verdict), s.written is None))
    return best if best.written else Refused(f"{best.name} {best.why_unwritten}")


def unneeded(entry: CircuitReport, rules: Sequence[Rule]) -> Simpler | Refused | None:
    """The circuit without the dead and redundant parameters that its findings name; None where there are none."""
    from bplint.repairs.safe import simpler

    spared = {kind: {rule.code for rule in rules if rule.spare is kind} for kind in Spare}
    dead, redundant = ([f for f in entry.findings if f.code in spared[kind]] for kind in Spare)
    return simpler(entry.case, Ask(entry.case), dead, redundant)


def _wanted(name: str, source: Source | None, case: Case) -> list[Suggestion]:
    from bplint.verify import wanted

    try:
        return [judged.suggestion for judged in wanted(case, Ask(case), name, source)]
    except BudgetError:
        return []

"""How far the signal of the declared circuit stands above the noise: what tells a healthy depth from the deep limit."""

from __future__ import annotations

from bplint.analyses.ask import Ask, BudgetError
from bplint.analyses.gradients.gradient import gradient
from bplint.ir.context import Case

HEALTHY = 100.0
"""Times the noise from which on a circuit is left in peace."""


def margin(case: Case, ask: Ask) -> float:
    """How many times the noise of the shots the largest signal is at least; 0 where that is not known."""
    try:
        answer = ask(gradient)
    except BudgetError:
        return 0.0
    if answer.unknown:
        return 0.0
    return answer.lower * case.context.shots


def is_settled(case: Case, ask: Ask) -> bool:
    """Whether the gradient leaves nothing to warn of: it is far above the noise, or exactly zero."""
    try:
        answer = ask(gradient)
    except BudgetError:
        return False
    return not answer.unknown and (answer.upper == 0 or answer.lower * case.context.shots >= HEALTHY)

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


def leaves_little(case: Case, ask: Ask) -> bool:
    """Whether what could be found beside the gradient would presumably be no warning: it shows, and by its estimate far above the
    noise, or is exactly zero. For what is left open; a finding rests on :func:`is_settled`."""
    try:
        answer = ask(gradient)
    except BudgetError:
        return False
    shots = case.context.shots
    return not answer.unknown and (answer.upper == 0 or (answer.lower * shots > 1 and answer.signal * shots >= HEALTHY))


def is_settled(case: Case, ask: Ask) -> bool:
    """Whether the gradient leaves nothing to warn of: it is far above the noise, or exactly zero."""
    try:
        answer = ask(gradient)
    except BudgetError:
        return False
    return not answer.unknown and (answer.upper == 0 or answer.lower * case.context.shots >= HEALTHY)

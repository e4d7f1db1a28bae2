"""Exact second moments where one parameter turns several rotations: tied, controlled, shared.

The first module that is small enough is averaged over all angles (:mod:`.averaging`): strings that the loss becomes.
"""

from __future__ import annotations

from bplint.analyses.gradients.answer import Answer, Declined
from bplint.analyses.gradients.effort import Effort
from bplint.analyses.gradients.operator_module.action import LIMIT
from bplint.analyses.gradients.operator_module.averaging import averaged
from bplint.analyses.gradients.operator_module.on_strings import on_strings
from bplint.analyses.gradients.problem import Problem, rotations


def module_moments(problem: Problem, effort: Effort) -> Answer | Declined:
    """The moments, exact up to rounding, or the budget that is too small.

    Parameters count as independent, whatever expressions they stand for; no noise.
    """
    if not problem.noise.is_trivial:
        return Declined("the operator module knows no noise")
    found = rotations(problem)
    if isinstance(found, Declined):
        return found
    module = on_strings(problem, found, min(effort.limit, LIMIT))
    return module if isinstance(module, Declined) else averaged(problem, module, effort)

"""What a rule may ask for, each with ``from bplint.analyses import NAME`` and ``ask(NAME)``; loaded when it is first named.

=================  =====================================================================================
``dla``            the dynamical Lie algebra: its dimension, exact or between bounds
``structure``      its simple ideals, and the variance of deep circuits that they give
``gradient``       the second moment of every parameter's gradient, with intervals and bounds
``loss``           mean and variance of the loss over random starts
``deep_limit``     the same after ever more of the circuit's own layers
``locality``       how many qubits each term of the loss is on: as declared, where first met, at the start
``entanglement``   bounds on every cut, and average purities on the light cone of the loss
``symmetry``       what circuit and loss keep, and the priors that follow
``kernel``         overlaps of two data points, where the loss is a kernel
``mmd``            the maximum mean discrepancy to samples and its gradient, where it is the loss
=================  =====================================================================================

Not reported under a name, for rules that need them:

=====================  =================================================================================
``reach``              which trainable parameters the loss can feel
``framed``             all rotation axes in the frame of the start
``generator_groups``   the trainable generators there
=====================  =================================================================================

These names and their results are part of the interface that ``BPLINT_API`` counts. A plugin brings more by its own hook
``bplint_analyses``, as :func:`bplint_analyses` brings these.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bplint.analyses.ask import Analysis as Analysis
    from bplint.analyses.ask import Ask as Ask
    from bplint.analyses.ask import analysis as analysis
    from bplint.analyses.deep_limit.deep_limit import deep_limit as deep_limit
    from bplint.analyses.dla.dla import dla as dla
    from bplint.analyses.dla.structure import structure as structure
    from bplint.analyses.entanglement import entanglement as entanglement
    from bplint.analyses.gradients.gradient import gradient as gradient
    from bplint.analyses.gradients.gradient import loss as loss
    from bplint.analyses.kernels.kernel import kernel as kernel
    from bplint.analyses.kernels.mmd import mmd as mmd
    from bplint.analyses.light_cone.alive import reach as reach
    from bplint.analyses.light_cone.locality import locality as locality
    from bplint.analyses.symmetry.symmetry import symmetry as symmetry
    from bplint.analyses.views import framed as framed
    from bplint.analyses.views import generator_groups as generator_groups

REPORTED = {
    "dla": "dla.dla",
    "structure": "dla.structure",
    "symmetry": "symmetry.symmetry",
    "entanglement": "entanglement",
    "loss": "gradients.gradient",
    "gradient": "gradients.gradient",
    "locality": "light_cone.locality",
    "deep_limit": "deep_limit.deep_limit",
    "kernel": "kernels.kernel",
    "mmd": "kernels.mmd",
}
"""Name -> module, in the order in which a profile asks for them."""

_OTHERS = {
    "Analysis": "ask",
    "Ask": "ask",
    "analysis": "ask",
    "reach": "light_cone.alive",
    "framed": "views",
    "generator_groups": "views",
}
_HOMES = REPORTED | _OTHERS


def bplint_analyses() -> list[Analysis[Any]]:
    """The analyses of bplint that are reported, by the hook that every plugin uses."""
    return [__getattr__(name) for name in REPORTED]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


class _List(ModuleType):
    """This module, in which a room does not hide the analysis of its name: ``dla`` is what to ask for, not the package."""

    def __setattr__(self, name: str, value: object) -> None:
        if name not in _HOMES:
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _List

"""The built-in rules and the analyses that they ask for, provided through the hooks that every plugin uses.

One file is one rule, found by its name.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from bplint.analyses import bplint_analyses
from bplint.rule import Rule

__all__ = ["bplint_analyses", "bplint_rules"]

BPLINT_API = 1


def bplint_rules() -> list[Rule]:
    """Every rule in this package: the object ``check`` (or ``RULE``) of each module named ``bpNNN_…``."""
    modules = [import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__) if m.name.startswith("bp")]
    return [getattr(module, "check", None) or module.RULE for module in modules]

"""The built-in rules: one file a rule, found by file name, provided through the hook that every plugin uses."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from bplint.rule import Rule

BPLINT_API = 1


def bplint_rules() -> list[Rule]:
    """Every rule in this package: the object ``check`` (or ``RULE``) of each module named ``bpNNN_…``."""
    modules = [import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__) if m.name.startswith("bp")]
    return [getattr(module, "check", None) or module.RULE for module in modules]

"""The whole contract of a rule author.

A rule is a function in a file of its own. The module's docstring is the rule's page, ``BAD`` and ``GOOD`` are examples:
its tests and its documentation. ``check(case, ask)`` yields a :class:`~bplint.finding.Hit` for what it finds::

    @rule("BP201", "global-observable", Severity.WARNING, kind=Kind.EXACT, since="0.1")
    def check(case: Case, ask: Ask) -> Iterator[Hit]:
        if case.circuit.n_qubits < 6: return  # too small to speak of growth
        ...

Keyword-only arguments with defaults are the rule's options: ``def check(case, ask, *, share: float = 0.5)`` is set by
``[tool.bplint.rules.BP201] share = 0.75``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from bplint.analyses.ask import Ask
from bplint.finding import Hit, Kind, Severity
from bplint.ir.context import Case

HEADINGS = ("What it does", "Why it matters", "When it is fine", "Conditions", "References")
"""The sections of a rule's page, in order."""


class Example(NamedTuple):
    """A circuit as OpenQASM, with its context as ``// bplint:`` comments, and a line on why it fires or does not."""

    why: str
    source: str


Option: TypeAlias = bool | int | float | str
"""What an option of a rule may be; configuration must give the type of the default."""


class Rule(NamedTuple):
    """A rule as loaded. ``check`` is None for findings that the engine itself produces.

    ``options`` are further keyword arguments of ``check``, by name: the defaults, or what configuration says.
    """

    code: str
    name: str
    severity: Severity
    kind: Kind
    since: str
    check: Callable[..., Iterable[Hit]] | None
    module: str
    options: Mapping[str, Option] = MappingProxyType({})

    @property
    def page(self) -> str:
        """The module's docstring."""
        return sys.modules[self.module].__doc__ or ""

    @property
    def bad(self) -> tuple[Example, ...]:
        """Circuits on which it fires."""
        return tuple(getattr(sys.modules[self.module], "BAD", ()))

    @property
    def good(self) -> tuple[Example, ...]:
        """Circuits on which it is silent."""
        return tuple(getattr(sys.modules[self.module], "GOOD", ()))


def rule(
    code: str, name: str, severity: Severity, *, kind: Kind, since: str
) -> Callable[[Callable[[Case, Ask], Iterable[Hit]]], Rule]:
    """Turn a check function into a rule; the name should read well after "allow"."""

    def make(check: Callable[[Case, Ask], Iterable[Hit]]) -> Rule:
        options = MappingProxyType(getattr(check, "__kwdefaults__", None) or {})
        return Rule(code, name, severity, kind, since, check, check.__module__, options)

    return make

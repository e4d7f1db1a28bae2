"""The whole contract of a rule author.

A rule is a function in a file of its own. The module's docstring is the rule's page, ``BAD`` and ``GOOD`` are examples:
its tests and its documentation. ``check(case, ask)`` yields a :class:`~bplint.finding.Hit` for what it finds::

    @rule("EX201", "wide-loss", Severity.WARNING, kind=Kind.EXACT, since="0.1", repairs=(local_loss,))
    def check(case: Case, ask: Ask) -> Iterator[Hit]:
        if case.circuit.n_qubits < 6: return  # too small to speak of growth
        ...

A rule that cannot tell raises :class:`Undecided`. ``repairs`` are functions as in :mod:`bplint.repairs`: what they change is
measured, and suggested if it helps.

Keyword-only arguments with defaults are the rule's options: ``def check(case, ask, *, share: float = 0.5)`` is set by
``[tool.bplint.rules.EX201] share = 0.75``.

With ``scope=Scope.FAMILY`` the function is ``check(family, ask)``: it sees one circuit at all its sizes, and asks with
``ask(dla, of=member)`` about each :class:`~bplint.analyses.family.Member`. With ``scope=Scope.CHANGE`` it is ``check(versions,
ask)``: it sees one circuit before and after a change, where a run compares with another commit.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from bplint.errors import BplintError
from bplint.finding import Hit, Kind, Severity
from bplint.repairs import Repair

HEADINGS = ("What it does", "Why it matters", "When it is fine", "Conditions", "References")
"""The sections of a rule's page, in order."""


class Undecided(BplintError):
    """Raised by a check that could not tell, with the reason: that is not the same as to find nothing.

    ``minor`` says that it could find no more than a note: then nothing is left open that a user would have to settle.
    """

    def __init__(self, reason: str, *, minor: bool = False) -> None:
        super().__init__(reason)
        self.minor = minor


class Scope(StrEnum):
    """What a rule looks at: each circuit by itself, one circuit at all its sizes, or one before and after a change."""

    CIRCUIT = "circuit"
    FAMILY = "family"
    CHANGE = "change"


class Example(NamedTuple):
    """A circuit as OpenQASM, with its context as ``// bplint:`` comments, and a line on why it fires or does not.

    With ``sizes`` it is a family: OpenQASM 3 with ``const int n`` or ``input int n``, which takes these values. With ``before``
    it is a change of that circuit.
    """

    why: str
    source: str
    sizes: tuple[int, ...] = ()
    before: str = ""


class Spare(StrEnum):
    """What can be left out of a circuit without a change of its loss, where a rule finds it."""

    DEAD = "dead"
    """Parameters that the loss does not depend on."""
    REDUNDANT = "redundant"
    """Parameters that others can take over."""


Option: TypeAlias = bool | int | float | str
"""What an option of a rule may be; configuration must give the type of the default."""


class Rule(NamedTuple):
    """A rule as loaded: its check of a circuit, of a family, or one of each, or of a change; none for findings that the engine
    itself produces.

    ``options`` are further keyword arguments of ``check`` (of another if there is none), by name: the defaults, or what
    configuration says. ``worst`` is what a hit may be at most, where that is more than ``severity``.

    ``repairs`` are what may mend what it finds in a circuit, the best first. ``explains`` are the codes of rules whose
    findings it is a reason for. Where it is ``forbidden``, no repair of any rule may bring it about. An ``offer`` is a finding
    that says no more than that its repairs can be had: it yields to a finding that carries one of them, it need not be
    gone once one is made, and it is not looked for where no suggestions are wanted.
    """

    code: str
    name: str
    severity: Severity
    kind: Kind
    since: str
    module: str
    check: Callable[..., Iterable[Hit]] | None = None
    options: Mapping[str, Option] = MappingProxyType({})
    family: Callable[..., Iterable[Hit]] | None = None
    change: Callable[..., Iterable[Hit]] | None = None
    worst: Severity | None = None
    repairs: tuple[Repair, ...] = ()
    explains: tuple[str, ...] = ()
    forbidden: bool = False
    offer: bool = False
    capped: bool = True
    """Whether what rests on assumptions is a warning at most; not so for a finding about the assumption itself."""
    spare: Spare | None = None
    """What its findings name in their ``structure`` and can be left out with the loss kept: a safe repair."""

    @property
    def by_engine(self) -> bool:
        """Whether the engine itself produces the findings."""
        return self.check is None and self.family is None and self.change is None

    @property
    def only_notes(self) -> bool:
        """Whether no hit is more than a note: what it leaves open is minor."""
        return max(self.severity, self.worst or self.severity) is Severity.NOTE

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """What it looks at."""
        looks = {
            Scope.CIRCUIT: self.check or self.by_engine,
            Scope.FAMILY: self.family,
            Scope.CHANGE: self.change,
        }
        return tuple(scope for scope, check in looks.items() if check)

    def severity_of(self, hit: Hit) -> Severity:
        """The severity of a hit: the rule's own, unless the hit says less, or more as far as ``worst`` allows."""
        return min(hit.severity or self.severity, self.worst or self.severity)

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
    code: str,
    name: str,
    severity: Severity,
    *,
    kind: Kind,
    since: str,
    scope: Scope = Scope.CIRCUIT,
    family: Callable[..., Iterable[Hit]] | None = None,
    worst: Severity | None = None,
    repairs: tuple[Repair, ...] = (),
    explains: tuple[str, ...] = (),
    forbidden: bool = False,
    offer: bool = False,
    capped: bool = True,
    spare: Spare | None = None,
) -> Callable[[Callable[..., Iterable[Hit]]], Rule]:
    """Turn a check function into a rule; the name should read well after "allow".

    ``family`` is a check of families beside that of circuits; for a rule that has no other, ``scope`` says so. What the
    others say of the rule is told at :class:`Rule`.
    """

    def make(check: Callable[..., Iterable[Hit]]) -> Rule:
        options: Mapping[str, Any] = MappingProxyType(getattr(check, "__kwdefaults__", None) or {})
        return Rule(
            code=code,
            name=name,
            severity=severity,
            kind=kind,
            since=since,
            module=check.__module__,
            check=check if scope is Scope.CIRCUIT else None,
            options=options,
            family=check if scope is Scope.FAMILY else family,
            change=check if scope is Scope.CHANGE else None,
            capped=capped,
            spare=spare,
            worst=worst,
            repairs=repairs,
            explains=explains,
            forbidden=forbidden,
            offer=offer,
        )

    return make
